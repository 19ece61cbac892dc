// Messages from the canvas to Python: Reflex supplies the handlers, all other code calls these.

export const outbox = {
  onReady: () => {},
  onNews: () => {},
  onEdit: () => {},
  onSelect: () => {},
  onCommand: () => {},
};

export const command = (name, details = {}) => outbox.onCommand({ command: name, ...details });

const LATE = "/edit";
// Browsers limit keepalive requests of a closing page to this size; after a reload, sessionStorage has all of it.
const LATE_BYTES = 60_000;

export function sendLate(message) {
  const body = JSON.stringify(message);
  if (body.length > LATE_BYTES) return;
  const headers = { "Content-Type": "application/json" };
  fetch(LATE, { method: "POST", keepalive: true, headers, body }).catch(() => {});
}
