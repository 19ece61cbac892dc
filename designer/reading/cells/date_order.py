"""Infer whether the day or the month is first in dates like `15.08.2023` or `8/15/2023 9:30`.

A cell that is a date in one order only, like `15.08.2023`, decides for its column. If all cells are dates in both
orders, the user has to choose.
"""

from __future__ import annotations

import re
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from designer.contract.files.read_options import DAY_FIRST, MONTH_FIRST
from designer.reading.cells.patterns import all_match

_TIME = r"([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?"
_FORMS = tuple(rf"^[0-9]{{1,2}}{mark}[0-9]{{1,2}}{mark}[0-9]{{4}}{_TIME}$" for mark in (r"\.", "/", "-"))
NUMERIC_DATE = "|".join(f"({form})" for form in _FORMS)
"""Pattern of a date of three numbers that ends in the year, with or without a time."""

_PADDED = (
    (r"^([0-9])([./-])", r"0\1\2"),
    (r"^([0-9]{2}[./-])([0-9])([./-])", r"\g<1>0\2\3"),
    (r"([ T])([0-9]):", r"\g<1>0\2:"),
)
_WHOLE = r"^([0-9]{2})[./-]([0-9]{2})[./-]([0-9]{4})(.*)$"
_AS_ISO = {DAY_FIRST: r"\3-\2-\1\4", MONTH_FIRST: r"\3-\1-\2\4"}
_PYTHON_FORM = re.compile(NUMERIC_DATE)
_LATE_DAY, _MONTH = "(1[3-9]|2[0-9]|3[01])", "(0?[1-9]|1[0-2])"
_MARK, _YEAR = "[./-]", "[./-][0-9]{4}"
ONLY_IN = {
    DAY_FIRST: f"^{_LATE_DAY}{_MARK}{_MONTH}{_YEAR}",
    MONTH_FIRST: f"^{_MONTH}{_MARK}{_LATE_DAY}{_YEAR}",
}
"""Patterns of the dates that are dates in one order only."""

OTHER_ORDER = {DAY_FIRST: MONTH_FIRST, MONTH_FIRST: DAY_FIRST}


def possible_orders(cells: pa.ChunkedArray) -> tuple[str, ...]:
    """The orders in which all cells are dates, only one if both give the same dates; empty if they are not dates."""
    if cells.null_count == len(cells) or not any(all_match(cells, form) for form in _FORMS):
        return ()
    read = {order: _moments(in_iso(cells, order)) for order in _AS_ISO}
    if read[DAY_FIRST] is not None and read[DAY_FIRST] == read[MONTH_FIRST]:
        return (DAY_FIRST,)
    return tuple(order for order, moments in read.items() if moments is not None)


def in_iso(cells: pa.ChunkedArray, order: str) -> pa.ChunkedArray:
    """Rewrite numeric dates in ISO 8601; other cells are unchanged."""
    for pattern, replacement in (*_PADDED, (_WHOLE, _AS_ISO[order])):
        cells = pc.replace_substring_regex(cells, pattern, replacement.replace(r"\g<1>", r"\1"))
    return cells


def one_in_iso(text: str, order: str) -> str:
    """Rewrite a numeric date in ISO 8601; other text is unchanged."""
    if not order or not _PYTHON_FORM.match(text):
        return text
    for pattern, replacement in (*_PADDED, (_WHOLE, _AS_ISO[order])):
        text = re.sub(pattern, replacement, text)
    return text


def is_of_other_order(text: str, order: str) -> bool:
    """Whether the text is a date only in the order that is not the given one."""
    return bool(order) and re.match(ONLY_IN[OTHER_ORDER[order]], text.strip()) is not None


def example(text: str, order: str) -> str:
    """A date in words: `15 August 2023`."""
    moment = datetime.fromisoformat(one_in_iso(text, order)[:10])
    return f"{moment.day} {moment:%B %Y}"


def _moments(cells: pa.ChunkedArray) -> pa.ChunkedArray | None:
    try:
        return cells.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None  # a month above 12
