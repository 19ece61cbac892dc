// Values selected from lists or toggled in the settings: like typed text, the draft keeps them until the server has
// turned them into an edit. Reflex draws these fields and names their target as `data-target`.

import { useEffect } from "react";
import { draft } from "./draft.js";

const flipped = (toggle) => (toggle.getAttribute("aria-checked") === "true" ? "False" : "True");

export function useChoosing() {
  useEffect(() => {
    const chosen = (event) => {
      const list = event.target.closest?.("select[data-target]");
      if (list) draft.type(list.dataset.target, list.value);
    };
    const switched = (event) => {
      const toggle = event.target.closest?.("[role=switch][data-target]");
      if (toggle) draft.type(toggle.dataset.target, flipped(toggle));
    };
    // Before React sees the event: the server may have answered and toggled the switch by then.
    document.addEventListener("change", chosen, true);
    document.addEventListener("click", switched, true);
    return () => {
      document.removeEventListener("change", chosen, true);
      document.removeEventListener("click", switched, true);
    };
  }, []);
}
