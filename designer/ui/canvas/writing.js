// A text that is being written: it comes out when writing pauses and when the field is left, once each.

import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 600;

// 1 and 1.0 are the same number: what one is typing is not rewritten under one's hands.
const isSame = (a, b) => a === b || (a.trim() !== "" && b.trim() !== "" && Number(a) === Number(b));

export function useWriting(value, onWrite) {
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
    if (next === sent.current) return;
    sent.current = next;
    onWrite?.(next);
  };
  return {
    text,
    type(next) {
      setText(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => write(next), PAUSE_MS);
    },
    leave: () => write(text),
  };
}
