// Notices at the pointer: why an action was refused, or a warning, with the fix as a button; a wire may have several.

import { useEffect } from "react";
import { CircleAlert, X } from "lucide-react";
import { notice, useOverlay } from "../overlays.js";

const SHOWN_MS = 12000;

export function Notice() {
  const current = useOverlay(notice);
  useEffect(() => {
    const timer = current && setTimeout(notice.close, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [current]);
  if (!current) return null;
  const { parts = [current], x = window.innerWidth / 2, y = 96 } = current;
  const top = Math.max(8, Math.min(y + 12, window.innerHeight - 132 * parts.length));
  const place = { left: Math.min(x + 12, window.innerWidth - 332), top, maxHeight: window.innerHeight - top - 8 };
  return (
    <div className="pop notice" role="alert" style={place} data-testid="notice">
      <CircleAlert size={16} strokeWidth={1.75} className="warn" aria-hidden="true" />
      <div className="grow">
        {parts.map((part, index) => <Part key={index} {...part} />)}
      </div>
      <button type="button" className="btn g sm i" aria-label="Dismiss" onClick={notice.close}>
        <X size={14} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </div>
  );
}

function Part({ title, text, fix }) {
  return (
    <div className="part">
      {title && <div className="b">{title}</div>}
      <div className={title ? "t2" : ""}>{text}</div>
      {fix && (
        <div className="row g2 fix">
          <button type="button" className="btn sm" onClick={() => { fix.run(); notice.close(); }}>
            {fix.label}
          </button>
          <button type="button" className="btn g sm" onClick={notice.close}>Ignore</button>
        </div>
      )}
    </div>
  );
}
