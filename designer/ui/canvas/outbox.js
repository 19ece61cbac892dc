// The way from the canvas to Python: Reflex gives the handlers, everything else only calls these.

export const outbox = {
  onReady: () => {},
  onNews: () => {},
  onEdit: () => {},
  onSelect: () => {},
  onCommand: () => {},
};

export const command = (name, details = {}) => outbox.onCommand({ command: name, ...details });
