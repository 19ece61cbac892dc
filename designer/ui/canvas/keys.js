// All keys of the canvas with their actions and labels; the shortcut list is generated from this table.

// Key notation: modifiers in the order Ctrl Alt Shift, then `event.key` or the digit of `event.code`.
export const KEYS = [
  ["Add", "Add by search at the pointer", ["Tab"], "addHere"],
  ["Add", "Note", ["N"], "note"],
  ["Edit", "Delete", ["Delete", "Backspace"], "remove"],
  ["Edit", "Delete and heal the wires", ["Ctrl+Delete", "Ctrl+Backspace"], "removeAndHeal"],
  ["Edit", "Duplicate", ["Ctrl+D"], "duplicate"],
  ["Edit", "Undo", ["Ctrl+Z"], "undo"],
  ["Edit", "Redo", ["Ctrl+Shift+Z", "Ctrl+Y"], "redo"],
  ["Edit", "Disable (bypass)", ["D"], "disable"],
  ["Edit", "Rename", ["F2"], "rename"],
  ["Edit", "Group", ["Ctrl+G"], "group"],
  ["Edit", "Ungroup", ["Ctrl+Shift+G"], "ungroup"],
  ["Edit", "Collapse or expand the group", ["Shift+G"], "fold"],
  ["Edit", "Open settings", ["Enter"], "openSettings"],
  ["Select", "All", ["Ctrl+A"], "selectAll"],
  ["Select", "None", ["Escape"], "selectNone"],
  ["Select", "Along the wires", ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"], "walk"],
  ["Select", "Extend along the wires", ["Shift+ArrowUp", "Shift+ArrowDown", "Shift+ArrowLeft", "Shift+ArrowRight"], "extend"],
  ["Select", "Find a node", ["Ctrl+F"], "find"],
  ["Select", "Commands and modules", ["Ctrl+K"], "commands"],
  ["Arrange", "Nudge", ["Ctrl+Shift+ArrowUp", "Ctrl+Shift+ArrowDown", "Ctrl+Shift+ArrowLeft", "Ctrl+Shift+ArrowRight"], "nudge"],
  ["Arrange", "Align in a row", ["Shift+H"], "alignRow"],
  ["Arrange", "Align in a column", ["Shift+V"], "alignColumn"],
  ["Arrange", "Tidy", ["Shift+L"], "tidy"],
  ["Arrange", "Flow to the right, or down", ["Shift+R"], "turn"],
  ["View", "Fit", ["1"], "fit"],
  ["View", "100 %", ["0"], "actualSize"],
  ["View", "Zoom in", ["+", "="], "zoomIn"],
  ["View", "Zoom out", ["-"], "zoomOut"],
  ["Run", "Run all", ["Ctrl+Enter"], "run"],
  ["Run", "Run to here", ["Ctrl+Shift+Enter"], "runToHere"],
  ["Run", "Cancel", ["Ctrl+Alt+Enter"], "cancel"],
  ["Run", "Preview output port 1 to 9", ["Shift+1", "Shift+2", "Shift+3", "Shift+4", "Shift+5", "Shift+6", "Shift+7", "Shift+8", "Shift+9"], "preview"],
  ["Help", "This list", ["?"], "shortcuts"],
].map(([group, label, keys, action]) => ({ group, label, keys, action }));

// Handled by the browser; for the list only.
export const GESTURES = [
  { group: "Add", label: "The same with the mouse", keys: ["Double click"] },
  { group: "Add", label: "Module that fits a wire", keys: ["Drop the wire on the canvas"] },
  { group: "Add", label: "Insert on a wire", keys: ["Drop a module on it", "Plus on the wire"] },
  { group: "Edit", label: "Copy, cut, paste", keys: ["Ctrl+C", "Ctrl+X", "Ctrl+V"] },
  { group: "Select", label: "Box", keys: ["Drag on the canvas"] },
  { group: "Select", label: "Add to the selection", keys: ["Shift+Click", "Ctrl+Click"] },
  { group: "View", label: "Pan", keys: ["Space+Drag", "Middle drag", "Two fingers"] },
  { group: "View", label: "Zoom", keys: ["Ctrl+Wheel", "Pinch"] },
];

// Keys that work while a text field has the focus, since no field uses them.
const ALSO_IN_FIELDS = new Set(["run", "runToHere", "cancel", "commands"]);

export function nameOf(event) {
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const key = event.key === "?" ? "?" : digit && event.shiftKey ? digit : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shifted = event.shiftKey && (key.length > 1 || /[A-Z0-9]/.test(key));
  const modifiers = [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", shifted && "Shift"];
  return [...modifiers.filter(Boolean), key].join("+");
}

export function actionFor(event) {
  const name = nameOf(event);
  const binding = KEYS.find((entry) => entry.keys.includes(name));
  if (!binding) return null;
  return isTextField(event.target) && !ALSO_IN_FIELDS.has(binding.action) ? null : binding.action;
}

export function isTextField(element) {
  return Boolean(element?.closest?.("input, textarea, select, [contenteditable='true'], .cm-editor"));
}
