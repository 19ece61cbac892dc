// How a search orders what it finds: what is called exactly as typed comes first.
// `designer/ui/views/ranking.py` is the same rule in Python; both are held to `tests/ui/ranking.json`.

// The items that hold every word of the query, the best first; those alike stay in their order. An empty query finds
// all. `texts` gives the name of an item, its other names, and further words about it.
export function ranked(items, query, texts) {
  if (!query.trim()) return [...items];
  const placed = items.map((item) => [rank(query, ...texts(item)), item]).filter(([place]) => place !== null);
  return placed.sort(([a], [b]) => a - b).map(([, item]) => item);
}

// 0 for the exact name, more for what is less alike, null where a word is missing.
function rank(query, name, others, words) {
  const typed = plain(query);
  if (!typed) return rankOfSigns(query.trim(), name.trim());
  const [title, names, parts] = [plain(name), others.map(plain), typed.split(" ")];
  if (title === typed) return 0;
  if (`${title} `.startsWith(`${typed} `)) return 1;
  if (title.startsWith(typed)) return 2;
  if (names.includes(typed)) return 3;
  if (` ${title}`.includes(` ${typed}`)) return 4;
  if (parts.every((part) => ` ${title}`.includes(` ${part}`))) return 5;
  if (parts.every((part) => title.includes(part))) return 6;
  const near = [title, ...names].join(" ");
  if (parts.every((part) => near.includes(part))) return 7;
  const all = `${near} ${plain(words)}`;
  return parts.every((part) => all.includes(part)) ? 8 : null;
}

// Of a query without a letter or digit, such as `%`.
function rankOfSigns(sought, text) {
  if (text === sought) return 0;
  return text.includes(sought) ? 6 : null;
}

// Small letters without Latin accents, and words with one space between them: `K-Means` is found by `k means`.
const plain = (text) =>
  text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, " ").trim();
