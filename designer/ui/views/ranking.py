"""The order of search results: exact matches of the name come first.

`designer/ui/canvas/graph/ranking.js` implements the same rule in the browser; `tests/ui/ranking.json` holds cases for
both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Texts = Callable[[Item], tuple[str, Sequence[str], str]]
"""The name of an item, its other names, and further words about it."""

_LATIN_MARKS = re.compile("[\u0300-\u036f]")


def ranked(items: Iterable[Item], query: str, texts: Texts[Item]) -> list[Item]:
    """The items that match every word of the query, best first; equal ranks keep their order.

    An empty query matches all.
    """
    if not query.strip():
        return list(items)
    placed = [(_rank(query, *texts(item)), item) for item in items]
    return [item for rank, item in sorted(((r, i) for r, i in placed if r is not None), key=lambda pair: pair[0])]


def _rank(query: str, name: str, others: Sequence[str], words: str) -> int | None:
    """0 for the exact name, higher for weaker matches, None where a word is missing."""
    typed = _plain(query)
    if not typed:
        return _rank_of_signs(query, name)
    title, names = _plain(name), [_plain(other) for other in others]
    parts = typed.split()
    if title == typed:
        return 0
    if f"{title} ".startswith(f"{typed} "):
        return 1
    if title.startswith(typed):
        return 2
    if typed in names:
        return 3
    if f" {typed}" in f" {title}":
        return 4
    if all(f" {part}" in f" {title}" for part in parts):
        return 5
    if all(part in title for part in parts):
        return 6
    near = " ".join((title, *names))
    if all(part in near for part in parts):
        return 7
    return 8 if all(part in f"{near} {_plain(words)}" for part in parts) else None


def _rank_of_signs(query: str, name: str) -> int | None:
    """The rank for a query without letters or digits, such as `%`."""
    sought, text = query.strip(), name.strip()
    if text == sought:
        return 0
    return 6 if sought in text else None


def _plain(text: str) -> str:
    """Fold case and Latin accents, and separate words by one space: `k means` finds `K-Means`."""
    folded = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()
    return " ".join("".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in folded).split())
