// The JavaScript counterpart of designer/pipeline/edit.py: pure functions from document to document, and their
// inverses.

export const EMPTY = { name: "", kind: "training", description: "", nodes: {}, edges: [], notes: [], groups: [], layout: {} };

// Defaults of optional document fields: data flows down, no parameters, no groups.
export const flowsRight = (document) => document.direction === "right";

export const parametersOf = (document) => document.parameters ?? {};

export const groupsOf = (document) => document.groups ?? [];

export const edgeKey = (edge) => `${edge.source}/${edge.output}>${edge.target}/${edge.input}`;

export const newId = (module, taken) => {
  const stem = module.split("@")[0];
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? stem : `${stem}-${number}`;
    if (!taken(id)) return id;
  }
};

export function applyAll(document, operations) {
  return operations.reduce(applyOne, document);
}

// The inverse operations, in the order to apply them.
export function inverseOf(document, operations) {
  const inverses = [];
  let before = document;
  for (const operation of operations) {
    inverses.unshift(...INVERSE[operation.op](before, operation));
    before = applyOne(before, operation);
  }
  return inverses;
}

export function applyOne(document, operation) {
  return APPLY[operation.op](document, operation);
}

const without = (mapping, ids) => Object.fromEntries(Object.entries(mapping).filter(([id]) => !ids.has(id)));

const changed = (document, id, fields) =>
  document.nodes[id]
    ? { ...document, nodes: { ...document.nodes, [id]: { ...document.nodes[id], ...fields } } }
    : document;

const APPLY = {
  add(document, { id, module, version = 1, x = 0, y = 0, parameters = {}, comment = "", title = "", disabled = false, compute = "" }) {
    const node = { module, version, parameters, comment, title, disabled, compute };
    return {
      ...document,
      nodes: { ...document.nodes, [id]: node },
      layout: { ...document.layout, [id]: [x, y] },
    };
  },
  remove(document, { ids }) {
    const gone = new Set(ids);
    return {
      ...document,
      nodes: without(document.nodes, gone),
      layout: without(document.layout, gone),
      edges: document.edges.filter((edge) => !gone.has(edge.source) && !gone.has(edge.target)),
      groups: groupsWithout(groupsOf(document), gone),
    };
  },
  connect(document, { source, output, target, input }) {
    const kept = document.edges.filter((edge) => edge.target !== target || edge.input !== input);
    return { ...document, edges: [...kept, { source, output, target, input }] };
  },
  disconnect(document, operation) {
    return { ...document, edges: document.edges.filter((edge) => edgeKey(edge) !== edgeKey(operation)) };
  },
  move(document, { positions }) {
    const known = Object.entries(positions).filter(([id]) => document.nodes[id]);
    return { ...document, layout: { ...document.layout, ...Object.fromEntries(known) } };
  },
  set(document, { id, parameters, replace = false }) {
    const before = replace ? {} : document.nodes[id]?.parameters;
    return changed(document, id, { parameters: { ...before, ...parameters } });
  },
  comment: (document, { id, text }) => changed(document, id, { comment: text }),
  title: (document, { id, text }) => changed(document, id, { title: text }),
  disable(document, { ids, disabled = true }) {
    return ids.reduce((current, id) => changed(current, id, { disabled }), document);
  },
  compute(document, { ids, compute }) {
    return ids ? ids.reduce((current, id) => changed(current, id, { compute }), document) : { ...document, compute };
  },
  note(document, { op: _, ...note }) {
    const known = document.notes.some((other) => other.id === note.id);
    const notes = known
      ? document.notes.map((other) => (other.id === note.id ? note : other))
      : [...document.notes, note];
    return { ...document, notes };
  },
  remove_note: (document, { id }) => ({ ...document, notes: document.notes.filter((note) => note.id !== id) }),
  group(document, { op: _, ...group }) {
    const others = groupsOf(document).filter((other) => other.id !== group.id);
    const groups = [...groupsWithout(others, new Set(group.nodes)), group];
    return { ...document, groups: groups.sort((a, b) => (a.id < b.id ? -1 : 1)) };
  },
  ungroup: (document, { id }) => ({ ...document, groups: groupsOf(document).filter((group) => group.id !== id) }),
  parameter(document, { op: _, name, ...fields }) {
    const declared = { ...DECLARED, ...fields };
    return { ...document, parameters: { ...parametersOf(document), [name]: declared } };
  },
  remove_parameter(document, { name }) {
    const declared = parametersOf(document)[name];
    if (!declared) return document;
    const nodes = Object.entries(document.nodes).map(([id, node]) => [id, detached(node, name, declared.default)]);
    return { ...document, nodes: Object.fromEntries(nodes), parameters: without(parametersOf(document), new Set([name])) };
  },
  turn: (document, { direction }) => ({ ...document, direction }),
  rename: (document, { name }) => ({ ...document, name }),
};

const INVERSE = {
  add: (_, { id }) => [{ op: "remove", ids: [id] }],
  remove(document, { ids }) {
    const gone = new Set(ids.filter((id) => document.nodes[id]));
    const nodes = [...gone].map((id) => addOf(document, id));
    const lost = document.edges.filter((edge) => gone.has(edge.source) || gone.has(edge.target));
    return [...nodes, ...lost.map(restoring), ...groupsWith(document, gone)];
  },
  connect(document, operation) {
    const taken = document.edges.find((edge) => edge.target === operation.target && edge.input === operation.input);
    return taken ? [restoring(taken)] : [{ ...operation, op: "disconnect" }];
  },
  disconnect(document, operation) {
    const there = document.edges.some((edge) => edgeKey(edge) === edgeKey(operation));
    return there ? [restoring(operation)] : [];
  },
  move(document, { positions }) {
    const before = Object.keys(positions).filter((id) => document.layout[id]);
    return [{ op: "move", positions: Object.fromEntries(before.map((id) => [id, document.layout[id]])) }];
  },
  set: (document, { id }) =>
    document.nodes[id] ? [{ op: "set", id, parameters: document.nodes[id].parameters, replace: true }] : [],
  comment: (document, { id }) => [{ op: "comment", id, text: document.nodes[id]?.comment ?? "" }],
  title: (document, { id }) => [{ op: "title", id, text: document.nodes[id]?.title ?? "" }],
  disable(document, { ids }) {
    const of = (disabled) => ids.filter((id) => Boolean(document.nodes[id]?.disabled) === disabled);
    return [true, false]
      .map((disabled) => ({ op: "disable", ids: of(disabled), disabled }))
      .filter((operation) => operation.ids.length > 0);
  },
  compute(document, { ids }) {
    if (!ids) return [{ op: "compute", compute: document.compute ?? "" }];
    const known = ids.filter((id) => document.nodes[id]);
    return known.map((id) => ({ op: "compute", ids: [id], compute: document.nodes[id].compute ?? "" }));
  },
  note(document, { id }) {
    const before = document.notes.find((note) => note.id === id);
    return [before ? { op: "note", ...before } : { op: "remove_note", id }];
  },
  remove_note(document, { id }) {
    const before = document.notes.find((note) => note.id === id);
    return before ? [{ op: "note", ...before }] : [];
  },
  group(document, { id, nodes }) {
    const before = groupsOf(document).find((group) => group.id === id);
    return [...(before ? [] : [{ op: "ungroup", id }]), ...groupsWith(document, new Set(nodes), id)];
  },
  ungroup: (document, { id }) => groupsOf(document).filter((group) => group.id === id).map(asOperation),
  parameter(document, { name }) {
    const before = parametersOf(document)[name];
    return [before ? { op: "parameter", name, ...before } : { op: "remove_parameter", name }];
  },
  remove_parameter(document, { name }) {
    const before = parametersOf(document)[name];
    if (!before) return [];
    const bound = Object.entries(document.nodes).filter(([, node]) => refersTo(node, name));
    const fields = bound.map(([id, node]) => ({ op: "set", id, parameters: node.parameters, replace: true }));
    return [{ op: "parameter", name, ...before }, ...fields];
  },
  turn: (document) => [{ op: "turn", direction: document.direction ?? "down" }],
  rename: (document) => [{ op: "rename", name: document.name }],
};

const DECLARED = { default: null, title: "", description: "", minimum: null, maximum: null, choices: [] };

// The name of the pipeline parameter that a value refers to, as in designer/contract/reference.py.
export function referenced(value) {
  const isReference = value !== null && typeof value === "object" && Object.keys(value).length === 1;
  return isReference && typeof value.$parameter === "string" ? value.$parameter : null;
}

const refersTo = (node, name) => Object.values(node.parameters ?? {}).some((value) => referenced(value) === name);

// A node whose references to a parameter are replaced by its default, or dropped where it has none.
function detached(node, name, value) {
  if (!refersTo(node, name)) return node;
  const fields = Object.entries(node.parameters).filter(([, present]) => referenced(present) !== name || value !== null);
  const parameters = fields.map(([field, present]) => [field, referenced(present) === name ? value : present]);
  return { ...node, parameters: Object.fromEntries(parameters) };
}

// Restore an earlier wire even if the modules at its ends have changed.
const restoring = ({ source, output, target, input }) => ({ op: "connect", source, output, target, input, restored: true });

const asOperation = (group) => ({ op: "group", ...group });

// The operations that restore the groups of these nodes, and the group with this id.
function groupsWith(document, nodes, id = "") {
  return groupsOf(document).filter((group) => group.id === id || group.nodes.some((node) => nodes.has(node))).map(asOperation);
}

// Groups without some nodes; an empty group is dropped.
function groupsWithout(groups, gone) {
  return groups
    .map((group) => (group.nodes.some((id) => gone.has(id)) ? { ...group, nodes: group.nodes.filter((id) => !gone.has(id)) } : group))
    .filter((group) => group.nodes.length > 0);
}

export function addOf(document, id) {
  const [x, y] = document.layout?.[id] ?? [0, 0];
  const { module, version = 1, parameters = {}, comment = "", title = "", disabled = false, compute = "" } = document.nodes[id];
  return { op: "add", id, module, version, x, y, parameters, comment, title, disabled, compute };
}

export function descendants(document, id) {
  const next = new Map();
  for (const edge of document.edges) next.set(edge.source, [...(next.get(edge.source) ?? []), edge.target]);
  const reached = new Set();
  const open = [id];
  while (open.length > 0) {
    for (const target of next.get(open.pop()) ?? []) {
      if (!reached.has(target)) {
        reached.add(target);
        open.push(target);
      }
    }
  }
  return reached;
}

// An excerpt of a document, as put on the clipboard.
export function excerpt(document, ids, noteIds = []) {
  const kept = new Set(ids.filter((id) => document.nodes[id]));
  const pick = (mapping) => Object.fromEntries([...kept].map((id) => [id, mapping[id]]));
  return {
    format: 2,
    name: document.name,
    nodes: pick(document.nodes),
    parameters: parametersIn(document, [...kept]),
    edges: document.edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target)),
    notes: document.notes.filter((note) => noteIds.includes(note.id)),
    groups: groupsOf(document).filter((group) => group.nodes.every((id) => kept.has(id))),
    layout: pick(document.layout),
  };
}

// The parameters that some nodes refer to.
function parametersIn(document, ids) {
  const names = new Set(ids.flatMap((id) => Object.values(document.nodes[id].parameters ?? {})).map(referenced));
  return Object.fromEntries(Object.entries(parametersOf(document)).filter(([name]) => names.has(name)));
}

// The operations that insert an excerpt, shifted and with fresh ids; and the new elements, to select them.
export function insertionOf(document, part, [dx, dy]) {
  const names = {};
  const operations = [];
  for (const [name, declared] of Object.entries(part.parameters ?? {})) {
    if (!parametersOf(document)[name]) operations.push({ op: "parameter", name, ...declared });
  }
  for (const id of Object.keys(part.nodes ?? {})) {
    const taken = (name) => document.nodes[name] || Object.values(names).includes(name);
    names[id] = newId(part.nodes[id].module, taken);
    const [x, y] = part.layout?.[id] ?? [0, 0];
    operations.push({ ...addOf(part, id), id: names[id], x: x + dx, y: y + dy });
  }
  for (const edge of part.edges ?? []) {
    if (names[edge.source] && names[edge.target]) {
      operations.push(restoring({ ...edge, source: names[edge.source], target: names[edge.target] }));
    }
  }
  const ids = Object.values(names);
  const noteIds = new Set(document.notes.map((note) => note.id));
  for (const note of part.notes ?? []) {
    const id = newId("note", (name) => noteIds.has(name));
    noteIds.add(id);
    ids.push(`note:${id}`);
    operations.push({ op: "note", ...note, id, x: note.x + dx, y: note.y + dy });
  }
  const groupIds = new Set(groupsOf(document).map((group) => group.id));
  for (const group of part.groups ?? []) {
    const id = newId("group", (name) => groupIds.has(name));
    groupIds.add(id);
    operations.push({ op: "group", ...group, id, nodes: group.nodes.map((node) => names[node]).filter(Boolean) });
  }
  return { operations, ids };
}
