// The way from the canvas to Python: Reflex gives the handlers, everything else only calls these.

export const outbox = {
  onReady: () => {},
  onNews: () => {},
  onEdit: () => {},
  onSelect: () => {},
  onCommand: () => {},
};

export const command = (name, details = {}) => outbox.onCommand({ command: name, ...details });

const LATE = "/edit";
// A browser sends no more than this for a page that is gone; a reload has it all in sessionStorage.
const LATE_BYTES = 60_000;

export function sendLate(message) {
  const body = JSON.stringify(message);
  if (body.length > LATE_BYTES) return;
  const headers = { "Content-Type": "application/json" };
  fetch(LATE, { method: "POST", keepalive: true, headers, body }).catch(() => {});
}
