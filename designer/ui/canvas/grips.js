// The borders between docked panels: drag to resize, double click to close or open; sizes are stored.

import { useEffect } from "react";

const PANELS = {
  palette: { property: "--palette-width", axis: "clientX", sign: 1, least: 200, most: 480, usual: 232 },
  settings: { property: "--settings-width", axis: "clientX", sign: -1, least: 200, most: 480, usual: 320 },
  dock: { property: "--dock-height", axis: "clientY", sign: -1, least: 100, most: 640, usual: 200 },
};
const STEP = 16;

const key = (name) => `designer:panel:${name}`;
const page = () => document.getElementById("design");

function sizeOf(name) {
  const kept = Number(localStorage.getItem(key(name)));
  return localStorage.getItem(key(name)) !== null && Number.isFinite(kept) ? kept : PANELS[name].usual;
}

function resize(name, size) {
  const { property, least, most } = PANELS[name];
  const kept = size < least / 2 && name !== "dock" ? 0 : Math.max(least, Math.min(most, size));
  localStorage.setItem(key(name), String(kept));
  page()?.style.setProperty(property, `${kept}px`);
}

const toggle = (name) => resize(name, sizeOf(name) > 0 ? 0 : PANELS[name].usual);

export function useGrips() {
  useEffect(() => {
    Object.keys(PANELS).forEach((name) => resize(name, sizeOf(name)));
    const gripOf = (event) => event.target.closest?.("[data-grip]");
    const pressed = (event) => {
      const grip = gripOf(event);
      if (!grip) return;
      const name = grip.dataset.grip;
      const { axis, sign } = PANELS[name];
      const [start, before] = [event[axis], sizeOf(name)];
      const moved = (next) => resize(name, before + sign * (next[axis] - start));
      grip.setPointerCapture(event.pointerId);
      grip.classList.add("held");
      grip.addEventListener("pointermove", moved);
      grip.addEventListener("pointerup", () => { grip.removeEventListener("pointermove", moved); grip.classList.remove("held"); }, { once: true });
      event.preventDefault();
    };
    const twice = (event) => gripOf(event) && gripOf(event).dataset.grip !== "dock" && toggle(gripOf(event).dataset.grip);
    const keyed = (event) => {
      const name = gripOf(event)?.dataset.grip;
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!name || (!step && event.key !== "Enter")) return;
      event.preventDefault();
      event.stopPropagation();
      if (step) resize(name, sizeOf(name) + step * STEP * PANELS[name].sign);
      else if (name !== "dock") toggle(name);
    };
    document.addEventListener("pointerdown", pressed);
    document.addEventListener("dblclick", twice);
    document.addEventListener("keydown", keyed, true);
    return () => {
      document.removeEventListener("pointerdown", pressed);
      document.removeEventListener("dblclick", twice);
      document.removeEventListener("keydown", keyed, true);
    };
  }, []);
}
