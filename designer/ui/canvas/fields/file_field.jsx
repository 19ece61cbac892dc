// A file field: a path, or a local file streamed to the upload route.

import { useRef, useState } from "react";
import { useWriting } from "./writing.js";

const UPLOAD = "/upload/dataset";

async function upload(file) {
  const headers = { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) };
  const response = await fetch(UPLOAD, { method: "POST", headers, body: file });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return `${answer.upload}/${answer.name}`;
  const { message = `The file was refused (${response.status}).`, hint = "" } = answer.error ?? {};
  throw new Error(`${message} ${hint}`.trim());
}

export function FileField({ value = "", name = "", label = "", wrong = false, accept = "", target = "", onWrite }) {
  const writing = useWriting(value, onWrite, target);
  const [status, setStatus] = useState("");
  const chooser = useRef(null);
  const chosen = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    setStatus(`Reading ${file.name}`);
    try {
      const kept = await upload(file);
      setStatus("");
      writing.put(kept);
    } catch (error) {
      setStatus(error.message);
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
          placeholder="File path"
          value={writing.text}
          onChange={(event) => writing.type(event.target.value)}
          onBlur={writing.leave}
        />
        <button type="button" className="btn" onClick={() => chooser.current.click()}>Choose</button>
      </div>
      <input ref={chooser} type="file" accept={accept} hidden aria-hidden="true" tabIndex={-1} onChange={chosen} data-testid={`file-${name}`} />
      {status && <div className="help" role="status">{status}</div>}
    </>
  );
}
