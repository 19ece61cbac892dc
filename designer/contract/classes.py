"""The order of classes, the positive one of two last; shared by training, evaluation and exported scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

YES = ("yes", "true", "1", "y", "t", "ja", "j", "wahr", "oui", "vrai", "si", "sí", "sì", "sim", "vero", "tak",
       "positive", "positiv", "positif", "positivo", "pos", "+")  # fmt: skip
"""Spellings of yes, in lower case."""


def ordered_classes(values: Iterable[Any], positive: str = "") -> list[Any]:
    """The distinct values in ascending order; of two, the positive one last.

    The positive class is the one that `positive` names. If that is empty: the larger of two numbers, else the only
    value that means yes, else the last one.
    """
    distinct = list(dict.fromkeys(values))
    try:
        ascending = sorted(distinct)
    except TypeError:
        ascending = sorted(distinct, key=str)
    if len(ascending) != 2:
        return ascending
    first, last = ascending
    return [last, first] if _is_first_positive(first, last, positive) else ascending


def class_like(text: str, classes: Sequence[Any]) -> Any:
    """The class that a text names: by its text, else ignoring case and blanks, else by its number; or None."""
    exact = [value for value in classes if str(value) == text.strip()]
    alike = [value for value in classes if str(value).strip().casefold() == text.strip().casefold()]
    number = number_in(text)
    equal = [value for value in classes if number is not None and number_in(value) == number]
    return next(iter([*exact, *alike, *equal]), None)


def number_in(value: Any) -> float | None:
    """The value as a float; None if it is not a number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _is_first_positive(first: Any, last: Any, positive: str) -> bool:
    """Whether the smaller of two values is the positive class."""
    if positive:
        chosen = class_like(positive, [first, last])
        return chosen is not None and bool(chosen == first)
    numbers = number_in(first), number_in(last)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0] > numbers[1]
    says_yes = [str(value).strip().casefold() in YES for value in (first, last)]
    return says_yes == [True, False]
