// Debounce typed text: emit it once when typing pauses and once when the field loses focus. `field` identifies the
// field in the pipeline; the draft keeps the text until the server has confirmed it.

import { useEffect, useRef, useState } from "react";
import { draft } from "../graph/draft.js";

const PAUSE_MS = 600;

// 1 and 1.0 are the same number: do not rewrite text while the user types.
const isSame = (a, b) => a === b || (a.trim() !== "" && b.trim() !== "" && Number(a) === Number(b));

export function useWriting(value, onWrite, field = "") {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef(0);

  useEffect(() => {
    // The value changed elsewhere: another selection, or undo.
    if (!isSame(value, sent.current)) {
      sent.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const write = (next) => {
    clearTimeout(timer.current);
    if (next === sent.current) {
      if (field) draft.type(field, null);
      return;
    }
    sent.current = next;
    onWrite?.(next);
  };
  return {
    text,
    type(next) {
      setText(next);
      if (field) draft.type(field, next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => write(next), PAUSE_MS);
    },
    // Emit a chosen value (not typed) at once.
    put(next) {
      setText(next);
      if (field) draft.type(field, next);
      write(next);
    },
    leave: () => write(text),
  };
}
