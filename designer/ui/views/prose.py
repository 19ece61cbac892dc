"""Parse text with *emphasis* and `code`, as in docstrings, into pieces; never rendered as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from designer.contract.wording.stops import stopped

_MARKS = re.compile(
    r"(?P<fence>`+)(?P<code>.+?)(?P=fence)(?!`)"
    r"|(?<![\w*])\*\*(?P<strong>[^\s*](?:[^*]*[^\s*])?)\*\*(?![\w*])"
    r"|(?<![\w*])\*(?P<em>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])",
    re.DOTALL,
)
_ITEM = re.compile(r"\s*[-*]\s+")
_NEXT = re.compile(r"\n\s*\n|\n(?=\s*[-*]\s)")


@dataclass(frozen=True)
class Piece:
    """A run of characters in one style: `em`, `strong` or `code`; empty for plain text."""

    text: str
    look: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or a list item."""

    pieces: list[Piece] = field(default_factory=list)
    is_item: bool = False


def inline(text: str) -> list[Piece]:
    """The text in pieces. An unpaired mark is an ordinary character."""
    return list(_pieces(" ".join(text.split())))


def plain(text: str) -> str:
    """The text without marks, for places without styles."""
    return "".join(piece.text for piece in inline(text))


def sentence(text: str) -> str:
    """The text as a sentence: capitalized, with a full stop."""
    return stopped(text[:1].upper() + text[1:])


def paragraphs(text: str) -> list[Paragraph]:
    """A docstring in paragraphs, separated by blank lines; a line starting with `-` is a list item."""
    parts = [part for part in _NEXT.split(text) if part.strip()]
    return [Paragraph(inline(_ITEM.sub("", part, count=1)), True) if _ITEM.match(part) else Paragraph(inline(part))
            for part in parts]  # fmt: skip


def _pieces(text: str) -> Iterator[Piece]:
    last = 0
    for match in _MARKS.finditer(text):
        if match.start() > last:
            yield Piece(text[last : match.start()])
        look = str(match.lastgroup)
        yield Piece(match[look].strip() if look == "code" else match[look], look)
        last = match.end()
    if last < len(text):
        yield Piece(text[last:])
