// One line at the pointer: why something was refused, and the fix as a button.

import { useEffect } from "react";
import { CircleAlert, X } from "lucide-react";
import { notice, useOverlay } from "./overlays.js";

const SHOWN_MS = 12000;

export function Notice() {
  const current = useOverlay(notice);
  useEffect(() => {
    const timer = current && setTimeout(notice.close, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [current]);
  if (!current) return null;
  const { title, text, fix, x = window.innerWidth / 2, y = 96 } = current;
  const place = { left: Math.min(x + 12, window.innerWidth - 332), top: Math.min(y + 12, window.innerHeight - 132) };
  return (
    <div className="pop notice" role="alert" style={place} data-testid="notice">
      <CircleAlert size={16} strokeWidth={1.75} className="warn" aria-hidden="true" />
      <div className="grow">
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
      <button type="button" className="btn g sm i" aria-label="Dismiss" onClick={notice.close}>
        <X size={14} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </div>
  );
}
