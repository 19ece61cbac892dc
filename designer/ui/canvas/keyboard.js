// Window-level key and clipboard handlers; text fields keep their own.

import { useEffect, useMemo } from "react";
import { paste, readPart, textOf } from "./graph/clipboard.js";
import { forgetGlance } from "./cards/glance.js";
import { actionFor, isTextField } from "./keys.js";
import { finder, glance, notice, quickAdd } from "./overlays.js";

// Keys that a focused control handles itself.
const CONTROL_KEYS = new Set(["Enter", "Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Delete", "Backspace"]);

// Regions in which Escape returns to the card whose settings are shown.
const PANEL = "[data-settings]";

// Single-line fields that commit on Enter, as on blur.
const COMMITTED = "input.name-field, [data-settings] input";

export function useKeyboard({ root, pointer, actions, flow }) {
  const copying = useMemo(() => clipboardActions({ actions, flow, pointer }), [actions, flow, pointer]);

  useEffect(() => {
    const isElsewhere = (event) => {
      const { activeElement } = document;
      const inCanvas = root.current?.contains(activeElement) || activeElement === document.body || activeElement?.id === "content";
      return !inCanvas && CONTROL_KEYS.has(event.key) && !event.ctrlKey;
    };
    const pressed = (event) => {
      if (event.key === "Enter" && !event.ctrlKey && event.target.matches?.(COMMITTED)) event.target.blur();
      if (event.key === "Escape" && event.target.closest?.(PANEL) && !event.defaultPrevented) return actions.focusSelected();
      if (event.key === "Escape" && glance.current()) return forgetGlance();
      const row = event.key === "Enter" && event.target.closest?.("[data-module]");
      if (row) return actions.addRow(row);
      if (event.defaultPrevented || quickAdd.current() || finder.current()) return;
      const action = actionFor(event);
      if (!action || isElsewhere(event) || document.querySelector("[role='dialog']")) return;
      if (event.key === "Enter" && event.target.closest?.("button") && !event.ctrlKey) return;
      event.preventDefault();
      actions[action](event);
    };
    // A focused button of a menu would take Ctrl+Enter, a key of the canvas, for Enter.
    const pressedOnMenu = (event) => {
      if (event.key !== "Enter" || !event.ctrlKey || !event.target.closest?.("[aria-haspopup='menu']")) return;
      event.stopPropagation();
      pressed(event);
    };
    const copied = (cut) => (event) => {
      if (isTextField(event.target) || String(window.getSelection())) return;
      const chosen = actions.chosen();
      if (chosen.nodes.length + chosen.notes.length === 0) return;
      event.preventDefault();
      event.clipboardData.setData("text/plain", textOf(chosen));
      if (cut) actions.remove();
    };
    const pasted = (event) => {
      if (isTextField(event.target)) return;
      const part = readPart(event.clipboardData.getData("text/plain"));
      if (!part) return;
      event.preventDefault();
      actions.showNew(paste(part, pointer.current && flow.screenToFlowPosition(pointer.current)));
    };
    const [copy, cut] = [copied(false), copied(true)];
    window.addEventListener("keydown", pressed);
    window.addEventListener("keydown", pressedOnMenu, true);
    document.addEventListener("copy", copy);
    document.addEventListener("cut", cut);
    document.addEventListener("paste", pasted);
    return () => {
      window.removeEventListener("keydown", pressed);
      window.removeEventListener("keydown", pressedOnMenu, true);
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", cut);
      document.removeEventListener("paste", pasted);
    };
  }, [root, pointer, actions, flow]);

  return copying;
}

// The same from the menu, through the asynchronous clipboard API.
function clipboardActions({ actions, flow, pointer }) {
  const copy = () => navigator.clipboard.writeText(textOf(actions.chosen()));
  return {
    copy,
    cut: () => copy().then(() => actions.remove()),
    async paste() {
      try {
        const part = readPart(await navigator.clipboard.readText());
        if (part) actions.showNew(paste(part, pointer.current && flow.screenToFlowPosition(pointer.current)));
        else notice.open({ text: "The clipboard does not contain part of a pipeline." });
      } catch {
        notice.open({ text: "The browser blocks access to the clipboard. Press Ctrl V instead." });
      }
    },
  };
}
