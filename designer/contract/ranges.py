"""The range of a parameter that a search draws from: an interval, linear or logarithmic, or a list of choices."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from designer.contract.errors import InvalidParameter

POINTS = 5
"""How many values of an interval a grid tries."""

_LOG_RATIO = 10
_INTERVAL = re.compile(r"^\s*(\S+?)\s*\.\.\s*(\S+)(?:\s+(\S+))?\s*$")


@dataclass(frozen=True)
class Range:
    """The values that a parameter may take: from `low` to `high`, both included, or one of `choices`."""

    low: float = 0.0
    high: float = 0.0
    is_log: bool = False
    is_integer: bool = False
    choices: tuple[Any, ...] = ()

    @classmethod
    def of(cls, values: Sequence[Any]) -> Self:
        """The range that spans these values.

        Two or more different numbers span an interval, logarithmic if all are positive and the largest is at least ten
        times the smallest; integers span integers. A single value, text, booleans and None are choices.
        """
        distinct = tuple(dict.fromkeys(values))
        is_number = all(type(value) in (int, float) and math.isfinite(value) for value in distinct)
        if len(distinct) < 2 or not is_number:
            return cls(choices=distinct)
        low, high = min(distinct), max(distinct)
        is_integer = all(type(value) is int for value in distinct)
        return cls(low, high, low > 0 and high / low >= _LOG_RATIO, is_integer)

    def points(self, count: int = POINTS) -> list[Any]:
        """Evenly spaced values of the range, by ratio if it is logarithmic; all choices."""
        if self.choices:
            return list(self.choices)
        shares = [i / (count - 1) for i in range(count)]
        return list(dict.fromkeys(self.at(share) for share in shares))

    def at(self, share: float) -> Any:
        """The value at a share of the range, from 0 to 1."""
        if self.choices:
            return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]
        if share in (0, 1):
            value = (self.low, self.high)[int(share)]
        elif self.is_log:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + (self.high - self.low) * share
        return round(value) if self.is_integer else float(value)

    def to_json(self) -> dict[str, Any]:
        """The range as a JSON document."""
        return {**vars(self), "choices": list(self.choices)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        return cls(**{**document, "choices": tuple(document["choices"])})


def read_interval(text: str, label: str) -> Range | None:
    """The interval in a text like `1 .. 50` or `0.01 .. 1 log`; None if the text is a list of values.

    Raises InvalidParameter, naming the parameter by its label.
    """
    match = _INTERVAL.match(text)
    if match is None and ".." in text:
        raise _invalid(f"'{text.strip()}' is no range", label)
    if match is None:
        return None
    low, high = (_number(part, text, label) for part in (match[1], match[2]))
    if match[3] not in (None, "log"):
        raise _invalid(f"'{match[3]}' after the range '{text.strip()}' is unknown", label)
    if low >= high:
        raise _invalid(f"the range '{text.strip()}' does not ascend", label)
    if match[3] and low <= 0:
        raise _invalid(f"a logarithmic range cannot begin at {match[1]}", label)
    is_integer = type(low) is int and type(high) is int
    return Range(low, high, bool(match[3]), is_integer)


def _number(part: str, text: str, label: str) -> float:
    for kind in (int, float):
        try:
            number = kind(part)
        except ValueError:
            continue
        if math.isfinite(number):
            return number
    raise _invalid(f"'{part}' in the range '{text.strip()}' is not a number", label)


def _invalid(problem: str, label: str) -> InvalidParameter:
    return InvalidParameter(problem, "Write a range like 1 .. 50 or 0.01 .. 1 log.", parameter=label)
