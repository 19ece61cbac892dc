"""Check whether decimal text survives the conversion to double."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_Array: TypeAlias = Any
SAFE_DIGITS = 15
"""Any decimal with at most this many digits round-trips through the nearest double, except close to zero."""

SMALLEST = 1e-300
_LARGEST = 1.8e19
"""Upper bound of numbers that fit into an unsigned 64-bit integer."""

_PARTS = r"^[+-]?(?P<whole>[0-9]*)\.?(?P<fraction>[0-9]*)(?:e(?P<exponent>[+-]?[0-9]{1,3}))?$"
_NAMES = ("whole", "fraction", "exponent")
_NOT_ZERO = r"^[+-]?[0.]*[1-9]"


def keeps_digits(text: str, number: float) -> bool:
    """Whether a finite double, rounded to the number of digits of the text, equals the text.

    True for `0.1`, for `0.10000000000000001`, which is the same double, and for its full expansion; False for
    `0.123456789012345678`.
    """
    written = Decimal(text).normalize()
    count = len(written.as_tuple().digits)
    if count <= SAFE_DIGITS and abs(number) > SMALLEST:
        return True
    # Python writes a double halfway between two numbers of that many digits by either of them: 2^-24 ends in 3, not 2.
    return written in (Decimal(f"{number:.{count - 1}e}"), Decimal(repr(number)))


def first_lost(texts: pa.ChunkedArray, numbers: pa.ChunkedArray) -> int | None:
    """The first row whose text does not round-trip; None if all do."""
    rows = lost_rows(texts, numbers, only_first=True)
    return int(rows[0]) if len(rows) else None


def lost_rows(texts: pa.ChunkedArray, numbers: pa.ChunkedArray, only_first: bool = False) -> _Array:
    """The rows whose text does not round-trip.

    Two vectorized comparisons settle most rows: the shortest representation of the double, and its exact digits. Only
    the remaining rows are checked one by one.
    """
    rows = _doubtful(texts, numbers)
    for agree in (_are_shortest, _are_digits):
        if len(rows) == 0:
            return rows
        taken = pa.array(rows)
        rows = rows[~agree(texts.take(taken), numbers.take(taken))]
    lost: list[int] = []
    for row in rows:
        if not keeps_digits(texts[int(row)].as_py(), numbers[int(row)].as_py()):
            lost.append(int(row))
            if only_first:
                break
    return np.array(lost, dtype=rows.dtype)


def _doubtful(texts: pa.ChunkedArray, numbers: pa.ChunkedArray) -> _Array:
    long = np.flatnonzero(pc.fill_null(pc.greater(pc.binary_length(texts), SAFE_DIGITS), False).to_numpy())
    tiny = np.flatnonzero(pc.fill_null(pc.less(pc.abs(numbers), SMALLEST), False).to_numpy())
    if len(tiny) == 0:
        return long
    nonzero = pc.match_substring_regex(texts.take(pa.array(tiny)), _NOT_ZERO).to_numpy()
    return np.union1d(long, tiny[nonzero])


def _are_shortest(texts: pa.ChunkedArray, numbers: pa.ChunkedArray) -> _Array:
    return pc.fill_null(pc.equal(texts, numbers.cast(pa.string())), True).to_numpy()


def _are_digits(texts: pa.ChunkedArray, numbers: pa.ChunkedArray) -> _Array:
    """Whether a double times a power of ten differs from the integer of its written digits by less than 0.5.

    The product is exact as a sum of two doubles (Dekker), for up to 19 digits and a power of ten up to 22.
    """
    parts = pc.extract_regex(pc.utf8_lower(texts), _PARTS).combine_chunks()
    whole, fraction, exponent = (pc.struct_field(parts, name).fill_null("") for name in _NAMES)
    digits = pc.utf8_ltrim(pc.binary_join_element_wise(whole, fraction, ""), "0")
    sizes = np.abs(numbers.to_numpy())
    power = pc.utf8_length(fraction).to_numpy() - _whole_numbers(exponent, pa.int64())
    can_tell = (
        parts.is_valid().to_numpy(False)
        & (pc.utf8_length(digits).to_numpy() <= 19)
        & (power >= 0)
        & (power <= 22)
        & (sizes < _LARGEST)
    )
    written = _whole_numbers(pc.if_else(pa.array(can_tell), digits, "0"), pa.uint64())
    high, low = _product(np.where(can_tell, sizes, 0.0), 10.0 ** np.where(can_tell, power, 0).astype("float64"))
    nearest = np.rint(np.where(high < _LARGEST, high, 0.0))
    apart = (nearest.astype("uint64") - written).astype("int64") + (high - nearest) + low
    return can_tell & (np.abs(apart) < 0.5)


def _whole_numbers(texts: pa.Array, kind: pa.DataType) -> _Array:
    return pc.if_else(pc.equal(texts, ""), "0", pc.utf8_ltrim(texts, "+")).cast(kind).to_numpy()


def _product(first: _Array, second: _Array) -> tuple[_Array, _Array]:
    """The product of two doubles and its rounding error (Dekker)."""
    high = first * second
    (a, b), (c, d) = _halves(first), _halves(second)
    return high, ((a * c - high) + a * d + b * c) + b * d


def _halves(number: _Array) -> tuple[_Array, _Array]:
    shifted = number * 134217729.0
    upper = shifted - (shifted - number)
    return upper, number - upper
