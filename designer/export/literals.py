"""Values and calls as Python source, broken into lines as a formatter would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

WIDTH = 120


class Source(str):
    """Python source in the place of a value."""


_INDENT = "    "


def literal(value: Any, indent: str = "", room: int = WIDTH) -> str:
    """A JSON value as Python; `room` is the width that the first line has left."""
    flat = _flat(value)
    if "\n" not in flat and len(indent) + len(flat) <= room:
        return flat
    match value:
        case dict() if value:
            items = [f"{_quoted(name)}: {literal(item, indent + _INDENT)}" for name, item in value.items()]
        case list() | tuple() if value:
            items = [literal(item, indent + _INDENT) for item in value]
        case _:
            return flat
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]") if isinstance(value, list) else ("(", ")")
    return _broken(opening, items, closing, indent)


def call(name: str, arguments: Iterable[str], indent: str = "") -> str:
    """A call with these arguments, each on a line of its own where they do not fit on one."""
    listed = list(arguments)
    flat = f"{name}({', '.join(listed)})"
    if "\n" not in flat and len(indent) + len(flat) <= WIDTH:
        return flat
    return f"{name}{_broken('(', listed, ')', indent)}"


def keywords(values: Mapping[str, Any], indent: str = _INDENT) -> list[str]:
    """The values as keyword arguments."""
    return [f"{name}={literal(value, indent, WIDTH - len(name) - 2)}" for name, value in values.items()]


def _broken(opening: str, items: Iterable[str], closing: str, indent: str) -> str:
    lines = "".join(f"{indent}{_INDENT}{item},\n" for item in items)
    return f"{opening}\n{lines}{indent}{closing}"


def _flat(value: Any) -> str:
    match value:
        case Source():
            return str(value)
        case str() if "\n" in value and _is_plain(value):
            escaped = value.replace("\\", "\\\\")
            return f'"""\\\n{escaped}"""'
        case dict():
            return f"{{{', '.join(f'{_quoted(name)}: {_flat(item)}' for name, item in value.items())}}}"
        case list():
            return f"[{', '.join(_flat(item) for item in value)}]"
        case tuple():
            return f"({', '.join(_flat(item) for item in value)}{',' if len(value) == 1 else ''})"
        case str():
            return _quoted(value)
        case _:
            return repr(value)


def _quoted(text: str) -> str:
    """In double quotes, as formatters write it, where that needs no more escapes."""
    written = repr(text)
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in written and "\\'" not in written else written


def _is_plain(text: str) -> bool:
    """Whether a text reads the same between triple quotes: no control characters but line breaks, no such quotes."""
    lines = text.split("\n")
    return all(line.isprintable() for line in lines) and '"""' not in text and not text.endswith('"')
