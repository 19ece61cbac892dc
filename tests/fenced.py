"""Fenced code blocks of a Markdown text, by heading."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"^```(\S*)\s*$")


@dataclass(frozen=True)
class Block:
    """A fenced block: the heading above it, its index among the blocks of that heading, and its text."""

    heading: str
    place: int
    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The shell commands, with continued lines and multi-line quotes joined."""
        commands, open_lines = [], ""
        for line in self.text.splitlines():
            open_lines = f"{open_lines}\n{line}" if open_lines else line
            if not line.endswith("\\") and open_lines.count("'") % 2 == 0:
                commands.append(open_lines)
                open_lines = ""
        return [command for command in commands if command.strip()]


def blocks(text: str) -> list[Block]:
    """The fenced blocks in order."""
    result: list[Block] = []
    heading, language, lines = "", None, list[str]()
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if language is not None and fence:
            place = sum(block.heading == heading for block in result)
            result.append(Block(heading, place, language, "\n".join(lines)))
            language = None
        elif language is not None:
            lines.append(line)
        elif fence:
            language, lines = fence[1], []
        elif line.startswith("#"):
            heading = line.lstrip("# ").strip()
    return result
