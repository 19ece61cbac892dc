"""Parse the expressions of Split Data: a pattern or comparisons on one column."""

from __future__ import annotations

import operator as operators
import re
from typing import Any

import numpy as np
import pandas as pd

from ..columns.dates import read_moment

TARGET = re.compile(r'\s*(?:\\"(?P<name>[^"]+)"|\(\\(?P<place>\d+)\))\s*(?P<rest>.*)$', re.DOTALL)
COMPARISON = re.compile(
    r"""\s*(?P<operator><=|>=|==|!=|<|>)\s*(?P<value>"[^"]*"|'[^']*'|[^&|]*?)\s*(?:(?P<joint>[&|])|$)""", re.DOTALL
)


OPERATIONS = {"<": "lt", ">": "gt", "<=": "le", ">=": "ge", "==": "eq", "!=": "ne"}


class Unreadable(ValueError):
    """An expression that cannot be parsed, or does not fit the column."""


def read_pattern(text: str) -> tuple[str | int, str]:
    """The column (a name, or a position from 0) and the regular expression."""
    column, pattern = _target(text)
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise Unreadable(f"'{pattern}' is not a regular expression ({error})") from None
    return column, pattern


def read_relation(text: str) -> tuple[str | int, list[list[tuple[str, str]]]]:
    """The column, and alternatives (joined by |) of comparisons (joined by &)."""
    column, rest = _target(text)
    return column, _alternatives(rest)


def _target(text: str) -> tuple[str | int, str]:
    match = TARGET.match(text)
    if not match or not match["rest"].strip():
        raise Unreadable(f"'{text}' does not name a column and a condition")
    return (match["name"] if match["name"] else int(match["place"])), match["rest"]


def _alternatives(text: str) -> list[list[tuple[str, str]]]:
    alternatives: list[list[tuple[str, str]]] = [[]]
    place = 0
    while True:
        comparison = COMPARISON.match(text, place)
        if not comparison or not comparison["value"]:
            raise Unreadable(f"'{text[place:].strip()}' is not a comparison")
        alternatives[-1].append((comparison["operator"], _unquoted(comparison["value"])))
        if not comparison["joint"]:
            return alternatives
        alternatives += [[]] if comparison["joint"] == "|" else []
        place = comparison.end()


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def matching(series: pd.Series[Any], test: Any) -> Any:
    """Mask of the cells that match the pattern or comparisons; missing cells never match."""
    present = series.notna().to_numpy()
    if isinstance(test, str):
        hits = series.dropna().astype("str").str.contains(re.compile(test), regex=True).to_numpy(dtype=bool)
    else:
        cells = series.dropna()
        hits = np.zeros(len(cells), dtype=bool)
        for alternative in test:
            every = np.ones(len(cells), dtype=bool)
            for operator, value in alternative:
                every &= compared(cells, operator, value)
            hits |= every
    chosen = np.zeros(len(series), dtype=bool)
    chosen[np.flatnonzero(present)] = hits
    return chosen


def compared(cells: pd.Series[Any], operator: str, value: str) -> Any:
    """Mask of the cells that satisfy one comparison; raises Unreadable if the value does not fit the column."""
    other: Any = value
    try:
        if cells.dtype.kind in "iuf" and cells.dtype.name != "category":
            other = float(value)
        elif cells.dtype.kind == "M":
            other = read_moment(value, getattr(cells.dtype, "tz", None))
        elif cells.dtype.kind == "b":
            other, cells = {"true": 1, "1": 1, "false": 0, "0": 0}[value.lower()], cells.astype("int64")
        else:
            cells = cells.astype("str")
            if operator not in ("==", "!="):
                raise Unreadable(f"text compares with == and != only, not with {operator}")
    except (ValueError, KeyError) as error:
        message = str(error) if isinstance(error, Unreadable) else f"'{value}' does not fit a column of {cells.dtype}"
        raise Unreadable(message) from None
    return np.asarray(getattr(operators, OPERATIONS[operator])(cells, other), dtype=bool)
