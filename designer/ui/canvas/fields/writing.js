// A text that is being written: it comes out when writing pauses and when the field is left, once each. `field` says which
// field of the pipeline it is; the draft keeps the text until the server has taken it.

import { useEffect, useRef, useState } from "react";
import { draft } from "../graph/draft.js";

const PAUSE_MS = 600;

// 1 and 1.0 are the same number: what one is typing is not rewritten under one's hands.
const isSame = (a, b) => a === b || (a.trim() !== "" && b.trim() !== "" && Number(a) === Number(b));

export function useWriting(value, onWrite, field = "") {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef(0);

  useEffect(() => {
    // A value that did not come from here: another selection, or undo.
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
    // What was not typed but chosen comes out at once.
    put(next) {
      setText(next);
      if (field) draft.type(field, next);
      write(next);
    },
    leave: () => write(text),
  };
}
