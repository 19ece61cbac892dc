// A name that is edited where it stands. It is finished with the text, or with null where nothing should change.

import { useEffect, useRef, useState } from "react";

export function TitleField({ text, label, finish }) {
  const [written, setWritten] = useState(text);
  const field = useRef(null);
  const isFinished = useRef(false);
  useEffect(() => {
    field.current?.select();
  }, []);
  // Leaving follows Enter and Escape: only the first of them counts.
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
