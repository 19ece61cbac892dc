// What is chosen from a list or switched in the settings: the draft keeps it, as it keeps what is typed, until the server
// has made an edit of it. These fields are drawn by Reflex and name what they write as `data-target`.

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
    // Before React hears of it: the server may answer, and the switch have turned, at once.
    document.addEventListener("change", chosen, true);
    document.addEventListener("click", switched, true);
    return () => {
      document.removeEventListener("change", chosen, true);
      document.removeEventListener("click", switched, true);
    };
  }, []);
}
