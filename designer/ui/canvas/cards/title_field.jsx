// Edit a name in place. Finishes with the text, or with null if unchanged.

import { useEffect, useRef, useState } from "react";

export function TitleField({ text, label, finish }) {
  const [written, setWritten] = useState(text);
  const field = useRef(null);
  const isFinished = useRef(false);
  useEffect(() => {
    field.current?.select();
  }, []);
  // Blur follows Enter and Escape: handle the first event only.
  const leave = (result) => {
    if (!isFinished.current) finish(result);
    isFinished.current = true;
  };
  return (
    <input
      ref={field}
      className="nodrag title-field"
      aria-label={label}
      value={written}
      autoFocus
      onChange={(event) => setWritten(event.target.value)}
      onBlur={() => leave(written.trim())}
      onPointerDown={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (event.key === "Enter") leave(written.trim());
        if (event.key === "Escape") leave(null);
        event.stopPropagation();
      }}
    />
  );
}
