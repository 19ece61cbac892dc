// Rank search results: exact names first. `designer/ui/views/ranking.py` implements the same rule in Python;
// tests/ui/ranking.json covers both.

// The items that contain every word of the query, best first; ties keep their order. An empty query matches all.
// `texts` returns an item's name, its aliases, and further words.
export function ranked(items, query, texts) {
  if (!query.trim()) return [...items];
  const placed = items.map((item) => [rank(query, ...texts(item)), item]).filter(([place]) => place !== null);
  return placed.sort(([a], [b]) => a - b).map(([, item]) => item);
}

// 0 for the exact name, higher for weaker matches, null if a word is missing.
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

// For a query without letters or digits, such as `%`.
function rankOfSigns(sought, text) {
  if (text === sought) return 0;
  return text.includes(sought) ? 6 : null;
}

// Lower case without Latin accents, words separated by one space: `k means` matches `K-Means`.
const plain = (text) =>
  text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, " ").trim();
