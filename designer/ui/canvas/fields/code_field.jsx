// A code field: plain text with line numbers. Tab indents; Escape then Tab leaves the field.

import { useRef } from "react";
import { useWriting } from "./writing.js";

const INDENT = "    ";

export function CodeField({ value = "", name = "", language = "", label = "", readOnly = false, target = "", onWrite }) {
  const writing = useWriting(value, onWrite, target);
  const { text } = writing;
  const leaving = useRef(false);
  const numbers = useRef(null);
  const lines = text.split("\n").length;

  const pressed = (event) => {
    if (event.key === "Escape") leaving.current = true;
    else if (event.key === "Tab" && !event.shiftKey && !leaving.current && !readOnly) {
      event.preventDefault();
      const { selectionStart: start, selectionEnd: end } = event.target;
      writing.type(text.slice(0, start) + INDENT + text.slice(end));
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
        id={name ? `field-${name}` : undefined}
        data-field={name || undefined}
        aria-label={label}
        readOnly={readOnly}
        value={text}
        rows={Math.min(24, Math.max(8, lines + 1))}
        onChange={(event) => writing.type(event.target.value)}
        onBlur={writing.leave}
        onKeyDown={pressed}
        onScroll={(event) => (numbers.current.scrollTop = event.target.scrollTop)}
      />
    </div>
  );
}
