// A field for code: plain text with line numbers. Tab indents; Escape then Tab leaves the field.

import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 600;
const INDENT = "    ";

export function CodeField({ value = "", language = "", label = "", readOnly = false, onWrite }) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef(0);
  const leaving = useRef(false);
  const numbers = useRef(null);
  const lines = text.split("\n").length;

  useEffect(() => {
    // A value that did not come from here: another selection, or undo.
    if (value !== sent.current) {
      sent.current = value;
      setText(value);
    }
  }, [value]);

  const write = (next) => {
    clearTimeout(timer.current);
    if (next === sent.current) return;
    sent.current = next;
    onWrite?.(next);
  };
  const typed = (next) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => write(next), PAUSE_MS);
  };
  const pressed = (event) => {
    if (event.key === "Escape") leaving.current = true;
    else if (event.key === "Tab" && !event.shiftKey && !leaving.current) {
      event.preventDefault();
      const { selectionStart: start, selectionEnd: end } = event.target;
      typed(text.slice(0, start) + INDENT + text.slice(end));
      requestAnimationFrame(() => event.target.setSelectionRange(start + INDENT.length, start + INDENT.length));
    } else if (event.key !== "Tab") leaving.current = false;
  };

  return (
    <div className="code-field" data-language={language}>
      <pre ref={numbers} className="numbers" aria-hidden="true">
        {Array.from({ length: lines }, (_, index) => index + 1).join("\n")}
      </pre>
      <textarea
        spellCheck={false}
        wrap="off"
        aria-label={label}
        readOnly={readOnly}
        value={text}
        rows={Math.min(24, Math.max(8, lines + 1))}
        onChange={(event) => typed(event.target.value)}
        onBlur={() => write(text)}
        onKeyDown={pressed}
        onScroll={(event) => (numbers.current.scrollTop = event.target.scrollTop)}
      />
    </div>
  );
}
