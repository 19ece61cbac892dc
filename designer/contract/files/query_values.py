"""Values for the `:name`s of a query, as people write them: `year = 2024`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from designer.contract.errors import InvalidParameter


def read_values(lines: Iterable[str]) -> dict[str, Any]:
    """The values of lines `name = value`: numbers, true, false, null, and text with or without double quotes.

    Raises InvalidParameter for a line that is none.
    """
    values: dict[str, Any] = {}
    for line in filter(str.strip, lines):
        name, equals, text = line.partition("=")
        name = name.strip().removeprefix(":")
        if not equals or not name.isidentifier():
            raise InvalidParameter(f"'{line.strip()}' is no value", "Write name = value.", parameter="Values")
        values[name] = _value(text.strip())
    return values


def _value(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, str | int | float | bool) or value is None else text
