// A text field with one or several lines.

import { useWriting } from "./writing.js";

export function TextField({ value = "", name = "", label = "", rows = 0, isNumber = false, mono = false, wrong = false, target = "", onWrite }) {
  const writing = useWriting(value, onWrite, target);
  const common = {
    id: `field-${name}`,
    "data-field": name,
    "aria-label": label,
    "aria-invalid": wrong,
    className: `field ${wrong ? "bad-field" : ""} ${mono ? "mono" : ""}`,
    value: writing.text,
    spellCheck: false,
    autoComplete: "off",
    onChange: (event) => writing.type(event.target.value),
    onBlur: writing.leave,
  };
  if (rows > 0) return <textarea {...common} rows={rows} wrap={mono ? "off" : "soft"} />;
  return <input {...common} inputMode={isNumber ? "decimal" : "text"} />;
}
