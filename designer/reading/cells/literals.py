"""Type inference for text cells: number, boolean, date or missing. Every reader uses these rules.

A text is a number only if it round-trips. Surrounding blanks, trailing zeros of a fraction, a plus in front of a
fraction, and an exponent with a sign or after a decimal point are allowed. `01234`, `+49301234`, `12E3`, `5_13`,
integers beyond 64 bits and fractions with more digits than a double holds stay text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from designer.contract.errors import UnreadableFile
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Kind
from designer.reading.cells.date_order import NUMERIC_DATE, in_iso, is_of_other_order, possible_orders
from designer.reading.cells.digits import first_lost, lost_rows
from designer.reading.cells.patterns import all_match, any_match

TRUE = ("true", "1", "yes", "t", "y", "1.0")
FALSE = ("false", "0", "no", "f", "n", "0.0")
"""Accepted spellings of true and false in a column known to be boolean, case-insensitive."""

_INTEGER = r"^(0|-?[1-9][0-9]{0,18})$"
_PLAIN = r"^(-?(0|[1-9][0-9]*)|[+-]?((0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+))"
_FRACTION, _DECIMAL = _PLAIN + "$", _PLAIN + "([eE][+-]?[0-9]+)?$"
_SURELY_DECIMAL = r"\.|[eE][+-]"
_CODE = r"^-?[0-9]+[eE][0-9]+$"
_LONG_CODE = r"^-?[0-9]{2,}[eE][0-9]+$"
_BOOLEAN = r"^([Tt]rue|TRUE|[Ff]alse|FALSE)$"
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?$"
_ZONED = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$"
MOMENT_TEXT = f"({_MOMENT})|({_ZONED})"
"""Pattern of an ISO 8601 date, with or without a time zone."""

_WHOLE = r"^[+-]?[0-9]+(\.0*)?$"
_NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_BEYOND_MICROSECONDS = r"(\.[0-9]{6})[0-9]+"
_OPEN = "does not say whether the day or the month is first"
_FIRST_MOMENT, _LAST_MOMENT = -62_135_596_800_000_000, 253_402_300_799_999_999
"""The valid range of dates, years 1 to 9999, in microseconds since 1970."""


@dataclass(frozen=True)
class Fitted:
    """Text cells cast to a known column kind. `reasons` maps each row that does not fit to an explanation."""

    cells: pa.ChunkedArray
    reasons: dict[int, str] = field(default_factory=dict)


def infer_cells(
    cells: pa.ChunkedArray, name: str, first_row: int = 1, options: ReadOptions | None = None
) -> pa.ChunkedArray:
    """Cast the cells to the narrowest type that holds them all unchanged.

    A blank cell is missing, unless the column is text. A column without values is decimal. Raises UnreadableFile for a
    number that overflows a double.
    """
    options = options or ReadOptions()
    trimmed, cells = without_missing(cells, options)
    if trimmed.null_count == len(cells):
        return pa.chunked_array([pa.nulls(len(cells), pa.float64())])
    plain = _plain_numbers(trimmed, options)
    numbers = _numbers(plain, name, first_row) if plain is not None else None
    if numbers is not None:
        return numbers
    if all_match(trimmed, _BOOLEAN):
        return pc.equal(pc.utf8_lower(trimmed), "true")
    moments = infer_moments(trimmed, options.date_order)
    return cells if moments is None else moments


def infer_moments(cells: pa.ChunkedArray, order: str = "") -> pa.ChunkedArray | None:
    """Cast the cells to timestamps in microseconds; None unless all of them are dates.

    `order` sets whether the day or the month is first in dates like 03.04.2023; if empty, it is inferred.
    """
    for pattern, zone in ((_MOMENT, None), (_ZONED, "UTC")):
        if cells.null_count < len(cells) and all_match(cells, pattern):
            return _moments(cells, zone)
    chosen = date_order_of(cells, order)
    return _moments(in_iso(cells, chosen), None) if chosen else None


def date_order_of(cells: pa.ChunkedArray, order: str = "") -> str:
    """The day/month order that parses all cells: the given one, else the only possible one; empty if there is none."""
    possible = possible_orders(cells)
    if order:
        return order if order in possible else ""
    return possible[0] if len(possible) == 1 else ""


def fit_cells(cells: pa.ChunkedArray | pa.Array, kind: Kind, options: ReadOptions | None = None) -> Fitted:
    """Cast text cells to a known kind, by the same rules as `infer_cells`.

    Rows that do not fit are null and have a reason. Dates with a time zone are converted to UTC.
    """
    options = options or ReadOptions()
    chunked = cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells])
    trimmed, text = without_missing(chunked.cast(pa.string()), options)
    match kind:
        case Kind.STRING | Kind.CATEGORICAL:
            return Fitted(text)
        case Kind.BOOLEAN:
            return _flags(trimmed)
        case Kind.DATETIME:
            return _dates(trimmed, options.date_order)
        case Kind.INTEGER:
            return _wholes(trimmed, options)
        case Kind.DECIMAL:
            return _decimals(trimmed, options)


def without_missing(cells: pa.ChunkedArray, options: ReadOptions) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """The cells trimmed, with empty ones null, and the cells untrimmed; markers of missing values are null in both."""
    trimmed = pc.utf8_trim_whitespace(cells)
    markers = [marker.strip() for marker in options.missing if marker.strip()]
    if markers:
        marked = pc.is_in(trimmed, pa.array(markers, pa.string()))
        trimmed, cells = (pc.if_else(marked, pa.scalar(None, pa.string()), part) for part in (trimmed, cells))
    blank = pc.equal(trimmed, "")
    if pc.any(blank).as_py():
        trimmed = pc.if_else(blank, pa.scalar(None, pa.string()), trimmed)
    if "" in options.missing:
        cells = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
    return trimmed, cells


def _plain_numbers(trimmed: pa.ChunkedArray, options: ReadOptions) -> pa.ChunkedArray | None:
    """The cells with `.` as the decimal mark and no thousands marks; None if some cell uses other marks."""
    if options.decimal == "." and not options.thousands:
        return trimmed
    if not all_match(trimmed, marked_number(options)):
        return None
    return _with_plain_marks(trimmed, options)


def number_texts(cells: pa.ChunkedArray, options: ReadOptions) -> pa.ChunkedArray:
    """The trimmed cells that are numbers and round-trip, with plain marks; the others are null."""
    plain, fits = cells, pc.match_substring_regex(cells, _DECIMAL)
    if options.decimal != "." or options.thousands:
        plain = _with_plain_marks(cells, options)
        is_marked = pc.match_substring_regex(cells, marked_number(options))
        fits = pc.and_(is_marked, pc.match_substring_regex(plain, _DECIMAL))
    numbers = _where(fits, plain, pa.string())
    keep = np.ones(len(cells), dtype=bool)
    keep[lost_rows(numbers, _floats(numbers))] = False
    return _where(pa.array(keep), numbers, pa.string())


def marked_number(options: ReadOptions) -> str:
    """The regular expression of a number with the decimal and thousands marks of these options."""
    decimal, thousands = (_MARKS[mark] for mark in (options.decimal, options.thousands))
    grouped = rf"[0-9]{{1,3}}({thousands}[0-9]{{3}})+|" if thousands else ""
    return rf"^[+-]?(({grouped}[0-9]+)({decimal}[0-9]*)?|{decimal}[0-9]+)([eE][+-]?[0-9]+)?$"


def _with_plain_marks(cells: pa.ChunkedArray, options: ReadOptions) -> pa.ChunkedArray:
    if options.thousands:
        cells = pc.replace_substring_regex(cells, _MARKS[options.thousands], "")
    return cells if options.decimal == "." else pc.replace_substring(cells, options.decimal, ".")


_MARKS = {"": "", ".": r"\.", ",": ",", "'": "['’]", " ": "[ \u00a0\u202f]"}


def _numbers(cells: pa.ChunkedArray, name: str, first_row: int) -> pa.ChunkedArray | None:
    if all_match(cells, _INTEGER):
        try:
            return cells.cast(pa.int64())
        except pa.ArrowInvalid:
            return None
    if not all_match(cells, _FRACTION) and (not all_match(cells, _DECIMAL) or _are_codes(cells)):
        return None
    numbers = _finite(cells, name, first_row)
    return None if first_lost(cells, numbers) is not None else numbers


def _are_codes(cells: pa.ChunkedArray) -> bool:
    """Whether cells like `12E3` are codes: `8E5` is a number only if the column has fractions or huge exponents."""
    if not any_match(cells, _CODE):
        return False
    if any_match(cells, _LONG_CODE):
        return True
    return not any_match(cells, _SURELY_DECIMAL) and not any_match(cells, r"[eE][0-9]{3,}$")


def _finite(cells: pa.ChunkedArray, name: str, first_row: int) -> pa.ChunkedArray:
    numbers = _floats(cells)
    infinite = np.flatnonzero(pc.fill_null(pc.is_inf(numbers), False).to_numpy())
    if len(infinite):
        raise too_large(name, first_row + int(infinite[0]), cells[int(infinite[0])].as_py())
    return numbers


def too_large(name: str, row: int, text: str) -> UnreadableFile:
    """The error for a number that overflows a double."""
    return UnreadableFile(
        f"column '{name}', row {row}: {text[:40]} is too large for a number",
        "Correct it, or add it to the missing values.",
        column=name,
        row=row,
    )


def _floats(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_ltrim(cells, "+").cast(pa.float64())


def _moments(cells: pa.ChunkedArray, zone: str | None) -> pa.ChunkedArray | None:
    if any_match(cells, _BEYOND_MICROSECONDS):
        cells = pc.replace_substring_regex(cells, _BEYOND_MICROSECONDS, r"\1")
    if zone and any_match(cells, r"[0-9] (Z|[+-])"):
        cells = pc.replace_substring_regex(cells, r"([0-9]) (Z|[+-])", r"\1\2")
    try:
        moments = cells.cast(pa.timestamp("us", zone))
    except pa.ArrowInvalid:
        return None  # a month above 12
    ends = pc.min_max(moments.cast(pa.int64())).as_py()
    is_outside = ends["min"] is not None and (ends["min"] < _FIRST_MOMENT or ends["max"] > _LAST_MOMENT)
    return None if is_outside else moments


def _flags(cells: pa.ChunkedArray) -> Fitted:
    lower = pc.utf8_lower(cells)
    true, false = (pc.is_in(lower, pa.array(words)) for words in (TRUE, FALSE))
    recognized = pc.if_else(pc.is_valid(cells), pc.or_(true, false), pa.scalar(None, pa.bool_()))
    return Fitted(_where(recognized, true, pa.bool_()), _reasons(cells, recognized, "is not true or false"))


def _wholes(cells: pa.ChunkedArray, options: ReadOptions) -> Fitted:
    is_marked = pc.match_substring_regex(cells, marked_number(options))
    plain = _with_plain_marks(cells, options)
    fits = pc.and_(is_marked, pc.match_substring_regex(plain, _WHOLE))
    digits = pc.utf8_ltrim(pc.replace_substring_regex(plain, r"\.0*$", ""), "+")
    short = pc.and_(fits, pc.less_equal(pc.binary_length(digits), 18))
    values, reasons = _cast_each(_where(fits, digits, pa.string()), pa.int64(), short)
    return Fitted(values, {**_reasons(cells, fits, "is not a whole number"), **reasons})


def _cast_each(cells: pa.ChunkedArray, type: pa.DataType, safe: Any) -> tuple[pa.ChunkedArray, dict[int, str]]:
    """Cast the cells; if that fails, cast the ones that are not `safe` one by one and collect the reasons."""
    try:
        return cells.cast(type), {}
    except pa.ArrowInvalid:
        pass
    values = _where(safe, cells, pa.string()).cast(type).to_pylist()
    reasons: dict[int, str] = {}
    for row in np.flatnonzero(pc.fill_null(pc.invert(safe), False).to_numpy()):
        try:
            values[row] = cells[int(row)].cast(type).as_py()
        except pa.ArrowInvalid:
            reasons[int(row)] = f"{_shown(cells[int(row)].as_py())} does not fit into 64 bits"
    return pa.chunked_array([pa.array(values, type)]), reasons


def _decimals(cells: pa.ChunkedArray, options: ReadOptions) -> Fitted:
    is_marked = pc.match_substring_regex(cells, marked_number(options))
    plain = _with_plain_marks(cells, options)
    fits = pc.and_(is_marked, pc.match_substring_regex(plain, _NUMBER))
    numbers = _floats(_where(fits, plain, pa.string()))
    reasons = _reasons(cells, fits, "is not a number")
    infinite = pc.is_inf(numbers)
    reasons |= _reasons(cells, pc.invert(infinite), "is too large for a number")
    numbers = pc.if_else(infinite, None, numbers)
    lost = lost_rows(plain, numbers)
    for row in lost:
        reasons[int(row)] = f"{_shown(cells[int(row)].as_py())} has more digits than a decimal number holds"
    if len(lost):
        keep = np.ones(len(cells), dtype=bool)
        keep[lost] = False
        numbers = _where(pa.array(keep), numbers, pa.float64())
    return Fitted(numbers, reasons)


def _dates(written: pa.ChunkedArray, order: str) -> Fitted:
    cells = in_iso(written, order) if order else written
    plain, zoned = (pc.match_substring_regex(cells, pattern) for pattern in (_MOMENT, _ZONED))
    together = _moments(_where(plain, cells, pa.string()), None)
    in_utc = _moments(_where(zoned, cells, pa.string()), "UTC")
    if together is None or in_utc is None:
        return _dates_each(cells, written, order)
    moments = pc.if_else(zoned, in_utc.cast(pa.timestamp("us")), together)
    reasons = _reasons(written, pc.or_(plain, zoned), "is not a date")
    if reasons and not order:
        open_rows = pc.fill_null(pc.match_substring_regex(written, NUMERIC_DATE), False).to_pylist()
        reasons = {
            row: f"{_shown(written[row].as_py())} {_OPEN}" if open_rows[row] else reasons[row] for row in reasons
        }
    return Fitted(moments, reasons)


def _is_no_numeric_date(cells: pa.ChunkedArray) -> Any:
    return pc.invert(pc.match_substring_regex(cells, NUMERIC_DATE))


def _dates_each(cells: pa.ChunkedArray, written: pa.ChunkedArray, order: str) -> Fitted:
    """Parse dates one by one, for columns in which a cell matches the pattern but is not a valid date."""
    values: list[Any] = []
    reasons: dict[int, str] = {}
    for row, cell in enumerate(cells):
        single = pa.chunked_array([pa.array([cell.as_py()], pa.string())])
        moment = infer_moments(single)
        values.append(moment.cast(pa.timestamp("us"))[0].as_py() if moment is not None else None)
        if moment is None and cell.is_valid:
            text = written[row].as_py()
            wanted = f" in the order {order}" if is_of_other_order(text, order) else ""
            reasons[row] = f"{_shown(text)} is not a date{wanted}"
    return Fitted(pa.chunked_array([pa.array(values, pa.timestamp("us"))]), reasons)


def _where(chosen: Any, cells: Any, kind: pa.DataType) -> pa.ChunkedArray:
    result: Any = pc.if_else(chosen, cells, pa.scalar(None, kind))
    return result if isinstance(result, pa.ChunkedArray) else pa.chunked_array([result])


def _reasons(cells: pa.ChunkedArray, fits: Any, why: str) -> dict[int, str]:
    rows = np.flatnonzero(pc.fill_null(pc.invert(fits), False).to_numpy())
    return {int(row): f"{_shown(cells[int(row)].as_py())} {why}" for row in rows}


def _shown(text: str) -> str:
    written = repr(text)
    return written if len(written) <= 40 else f"{written[:37]}..."
