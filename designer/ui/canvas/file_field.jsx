// A field for a file: its path, or a file of this computer that is streamed to the upload route.

import { useEffect, useRef, useState } from "react";

const UPLOAD = "/upload/dataset";

async function upload(file) {
  const headers = { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) };
  const response = await fetch(UPLOAD, { method: "POST", headers, body: file });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return `${answer.upload}/${answer.name}`;
  const { message = `The file was refused (${response.status}).`, hint = "" } = answer.error ?? {};
  throw new Error(`${message} ${hint}`.trim());
}

export function FileField({ value = "", name = "", label = "", wrong = false, onWrite }) {
  const [path, setPath] = useState(value);
  const [said, setSaid] = useState("");
  const chooser = useRef(null);
  useEffect(() => setPath(value), [value]);

  const write = (next) => {
    if (next !== value) onWrite?.(next);
  };
  const chosen = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    setSaid(`Reading ${file.name}`);
    try {
      const kept = await upload(file);
      setPath(kept);
      setSaid("");
      write(kept);
    } catch (error) {
      setSaid(error.message);
    }
    event.target.value = "";
  };

  return (
    <>
      <div className="row g2">
        <input
          className={`field ${wrong ? "bad-field" : ""}`}
          id={`field-${name}`}
          data-field={name}
          aria-label={label}
          aria-invalid={wrong}
          placeholder="Path of a file"
          value={path}
          onChange={(event) => setPath(event.target.value)}
          onBlur={() => write(path.trim())}
        />
        <button type="button" className="btn" onClick={() => chooser.current.click()}>Choose</button>
      </div>
      <input ref={chooser} type="file" hidden aria-hidden="true" tabIndex={-1} onChange={chosen} data-testid={`file-${name}`} />
      {said && <div className="help" role="status">{said}</div>}
    </>
  );
}
