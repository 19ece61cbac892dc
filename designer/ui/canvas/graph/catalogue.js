// The module catalogue: modules and datasets, port compatibility, and search.

import legend from "../legend.json";
import { ranked } from "./ranking.js";

export const catalogue = { modules: new Map(), datasets: [] };

// Modules by id, and datasets: each dataset is the module that reads it, with its name set.
export function fillCatalogue(specs, datasets) {
  catalogue.modules = new Map(specs.flatMap((spec) => [spec.id, ...spec.replaces].map((id) => [id, spec])));
  catalogue.datasets = datasets.map(({ module, title, hint, parameters }) => ({
    ...catalogue.modules.get(module), title, description: hint, synonyms: [], replaces: [], parameters, key: `dataset ${title}`,
  }));
}

// The unique key of a module or dataset.
export const keyOf = (spec) => spec.key ?? spec.id;

// The modules and datasets available for the canvas.
export const allChoices = () => [...allSpecs(), ...catalogue.datasets];

export const specOf = (node) => (node ? catalogue.modules.get(node.module) : undefined);

// Components that only this pipeline uses are known, but not offered.
export const allSpecs = () => [...new Set(catalogue.modules.values())].filter((spec) => spec.offered !== false);

// The types of all ports of a pipeline, each once.
export const typesIn = (document) => [
  ...new Set(
    Object.values(document.nodes).flatMap((node) => {
      const spec = specOf(node);
      return spec ? [...spec.inputs, ...spec.outputs].map((port) => port.type) : [];
    }),
  ),
];

const CONVERTED = { folder: ["data", "file"], file: ["data"] };

// As `PortType.accepts` in contract/ports.py.
export const accepts = (input, output) =>
  input === "any" || output === "any" || input === output || Boolean(CONVERTED[input]?.includes(output));

export const inWords = (type) => legend.ports[type]?.words ?? type;

// The key of a category's colour and icon; each legend rule matches part of the category name.
export function categoryKey(category = "") {
  const lower = category.toLowerCase();
  return legend.categories.find(([part]) => lower.includes(part))[1];
}

// Modules and datasets that match a query, best first.
export function searchModules(query, specs = allChoices()) {
  const inOrder = [...specs].sort((a, b) => a.title.localeCompare(b.title));
  const otherNames = (spec) => (spec.key ? [] : [...spec.synonyms, spec.id, ...spec.replaces]);
  return ranked(inOrder, query, (spec) => [spec.title, otherNames(spec), spec.key ? "" : `${spec.category} ${spec.description}`]);
}

// Modules with a compatible port on the other side, most likely first; `side` is the side of `port`, `source` its
// module.
export function modulesThatFit(port, side, source = "") {
  const fits = side === "out" ? (spec) => inputFor(spec, port.type) : (spec) => outputFor(spec, port.type);
  const points = (spec) => likely(spec, port, side) - rank(spec, source);
  return allChoices()
    .filter(fits)
    .sort((a, b) => points(b) - points(a) || a.title.localeCompare(b.title));
}

// Prefer exact port types over generic ones and required ports over optional ones. Datasets, of which there may be
// hundreds, come after the modules unless searched for.
function likely(spec, port, side) {
  const match = side === "out" ? inputFor(spec, port.type) : outputFor(spec, port.type);
  const ports = side === "out" ? spec.inputs : spec.outputs;
  return (match.type === port.type ? 4 : 0) + (match.optional ? 0 : 2) - ports.indexOf(match) - (spec.key ? 9 : 0);
}

// Rank by how often modules follow each other; evaluation modules come first after scored rows and last otherwise.
function rank(spec, source) {
  if (spec.outputs.some((port) => port.type === "evaluation")) return spec.suggested && scores(source) ? -1 : 1;
  return spec.suggested ? spec.suggested / 10 : 1;
}

const scores = (id) => {
  const spec = catalogue.modules.get(id);
  return Boolean(
    spec?.inputs.some((port) => port.type === "trained model") && spec.outputs.some((port) => port.type === "data"),
  );
};

export const inputFor = (spec, type) =>
  spec.inputs.find((port) => port.type === type) ?? spec.inputs.find((port) => accepts(port.type, type));

export const outputFor = (spec, type) =>
  spec.outputs.find((port) => port.type === type) ?? spec.outputs.find((port) => accepts(type, port.type));

// A module that converts the available type to the required one: the fix for a refused wire. Of several, prefer the one
// sharing most words with the source module's name (clustering to clustering), then the simplest.
export function bridge(have, need, source) {
  const words = new Set(`${source.title} ${source.category}`.toLowerCase().match(/[a-z]{4,}/g));
  const shared = (spec) => spec.title.toLowerCase().split(" ").filter((word) => words.has(word)).length;
  return allSpecs()
    .filter((spec) => spec.inputs.some((port) => port.type === have) && spec.outputs.some((port) => port.type === need))
    .sort((a, b) => shared(b) - shared(a) || rank(a, "") - rank(b, ""))[0];
}
