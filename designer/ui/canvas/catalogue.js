// What modules there are, which ports fit each other, and how a search finds them.

export const catalogue = { modules: new Map() };

export function fillCatalogue(specs) {
  catalogue.modules = new Map(specs.flatMap((spec) => [spec.id, ...spec.replaces].map((id) => [id, spec])));
}

export const specOf = (node) => (node ? catalogue.modules.get(node.module) : undefined);

export const allSpecs = () => [...new Set(catalogue.modules.values())];

export const accepts = (input, output) => input === "any" || output === "any" || input === output;

const WORDS = {
  data: "data",
  "untrained model": "an untrained model",
  "trained model": "a trained model",
  transformation: "a transformation",
  evaluation: "an evaluation",
  archive: "an archive",
  any: "anything",
};

export const inWords = (type) => WORDS[type] ?? type;

const CATEGORY_KEYS = [
  ["data input", "data"],
  ["dataset", "data"],
  ["algorithm", "algorithm"],
  ["anomaly", "algorithm"],
  ["recommendation", "algorithm"],
  ["training", "train"],
  ["scor", "score"],
  ["evaluation", "score"],
  ["python", "script"],
  ["r language", "script"],
  ["web service", "web"],
];

export function categoryKey(category = "") {
  const lower = category.toLowerCase();
  return CATEGORY_KEYS.find(([part]) => lower.includes(part))?.[1] ?? "transform";
}

// Modules that match the words of a query, best first.
export function searchModules(query, specs = allSpecs()) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = specs.map((spec) => [score(spec, words), spec]).filter(([points]) => points > 0);
  return scored.sort((a, b) => b[0] - a[0] || a[1].title.localeCompare(b[1].title)).map(([, spec]) => spec);
}

function score(spec, words) {
  const title = spec.title.toLowerCase();
  const near = [...spec.synonyms, spec.category].join(" ").toLowerCase();
  let points = 1;
  for (const word of words) {
    if (title.startsWith(word)) points += 8;
    else if (title.split(/[\s-]+/).some((part) => part.startsWith(word))) points += 5;
    else if (title.includes(word)) points += 3;
    else if (near.includes(word)) points += 2;
    else if (spec.description.toLowerCase().includes(word)) points += 1;
    else return 0;
  }
  return points;
}

// Modules with a port on the other side that fits `port`, the likeliest first; `side` is the side of that port, `source`
// the module it is of.
export function modulesThatFit(port, side, source = "") {
  const fits = side === "out" ? (spec) => inputFor(spec, port.type) : (spec) => outputFor(spec, port.type);
  const points = (spec) => likely(spec, port, side) - rank(spec, source);
  return allSpecs()
    .filter(fits)
    .sort((a, b) => points(b) - points(a) || a.title.localeCompare(b.title));
}

// A port of exactly that type is likelier than one that takes anything, a required one than an optional one.
function likely(spec, port, side) {
  const found = side === "out" ? inputFor(spec, port.type) : outputFor(spec, port.type);
  const ports = side === "out" ? spec.inputs : spec.outputs;
  return (found.type === port.type ? 4 : 0) + (found.optional ? 0 : 2) - ports.indexOf(found);
}

// What comes next most often, in this order; only scored rows are evaluated, and then first of all.
const USUAL = ["select-columns-in-dataset", "clean-missing-data", "split-data", "train-model", "score-model"];

function rank(spec, source) {
  if (spec.id === "evaluate-model") return source.startsWith("score-") ? -1 : 1;
  const place = USUAL.indexOf(spec.id);
  return place < 0 ? 1 : place / 10;
}

export const inputFor = (spec, type) =>
  spec.inputs.find((port) => port.type === type) ?? spec.inputs.find((port) => accepts(port.type, type));

export const outputFor = (spec, type) =>
  spec.outputs.find((port) => port.type === type) ?? spec.outputs.find((port) => accepts(type, port.type));

// A module that turns what is there into what is needed: the fix offered with a refused wire. Of several, the one
// whose name shares most words with the module the wire comes from (clustering goes to clustering), then the plainest.
export function bridge(have, need, source) {
  const words = new Set(`${source.title} ${source.category}`.toLowerCase().match(/[a-z]{4,}/g));
  const shared = (spec) => spec.title.toLowerCase().split(" ").filter((word) => words.has(word)).length;
  return allSpecs()
    .filter((spec) => spec.inputs.some((port) => port.type === have) && spec.outputs.some((port) => port.type === need))
    .sort((a, b) => shared(b) - shared(a) || rank(a, "") - rank(b, ""))[0];
}
