"""Format numbers for display: thousands separators, true minus signs, units, sizes and times in words."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from numbers import Integral

from designer.contract.wording.counting import counted

EXACT = 1e15
"""From here on a float has no more digits than are shown; it is written with an exponent, as 1e+300."""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def count(number: float) -> str:
    """A whole number: `45,211`; an integer keeps all digits, even beyond a float's precision."""
    if isinstance(number, Integral):
        return _minus(f"{number:,}")
    return _minus(f"{number:,.0f}" if abs(number) < EXACT else f"{number:.6g}")


def number(value: float, digits: int = 2) -> str:
    """A number with `digits` digits after the point; more for small values, none for large whole ones."""
    if not math.isfinite(value):
        return "–"
    if abs(value) >= EXACT:
        return _minus(f"{value:.6g}")
    if value == int(value) and abs(value) >= 1e6:
        return count(value)
    if value and abs(value) < 10**-digits:
        return _minus(f"{value:.3g}")
    return _minus(f"{value:,.{digits}f}")


def short(value: float) -> str:
    """A number in short form: `18`, `0.25`, `1.2M`, `1.2 × 10¹⁷`."""
    if abs(value) >= 1e15:
        mantissa, _, exponent = f"{value:.2e}".partition("e+")
        return _minus(f"{float(mantissa):g} × 10{exponent.translate(_RAISED)}")
    for size, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if abs(value) >= size:
            scaled = value / size
            return _minus(f"{scaled:.3g}{unit}" if abs(scaled) < 999.5 else f"{scaled:.0f}{unit}")
    if value == int(value):
        return _minus(f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}")
    return _minus(f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}")


def span(low: float, high: float) -> tuple[str, str]:
    """The two ends of a range in short form, with enough digits to tell them apart."""
    if low == high or short(low) != short(high):
        return short(low), short(high)
    if low == int(low) and high == int(high):
        return count(low), count(high)
    ends = ((f"{low:.{digits}g}", f"{high:.{digits}g}") for digits in range(5, 18))
    first, last = next(pair for pair in ends if pair[0] != pair[1])
    return _minus(first), _minus(last)


def percent(share: float, digits: int = 1) -> str:
    """A share as a percentage: `10.5 %`."""
    return f"{_minus(f'{100 * share:.{digits}f}')} %"


def signed(value: float, digits: int = 3) -> str:
    """A difference with its sign: `+0.019`, `−0.044`."""
    return _minus(f"{value:+,.{digits}f}" if abs(value) < EXACT else f"{value:+.6g}")


def bytes_in_words(size: int) -> str:
    """A file's size: `4.6 MB`."""
    amount = float(size)
    for unit in ("bytes", "KB", "MB"):
        if round(amount, 1) < 1000:
            return counted(size, "byte") if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def duration(seconds: float) -> str:
    """A duration: `0.3 s`, `1:05 min`, `2 h 4 min`, `2 days 4 h`."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds >= 0.05 else "under 0.1 s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{counted(days, 'day')} {hours} h"


def moment(seconds: float, now: float | None = None, *, exact: bool = False, zone: tzinfo | None = None) -> str:
    """A time relative to now: `today 12:11`, `18 Nov, 12:11`, `18 Nov 2025`; `exact` adds seconds: `today 12:11:07`.

    It is local time unless a time zone is given.
    """
    then = datetime.fromtimestamp(seconds, zone)
    today = datetime.fromtimestamp(time.time() if now is None else now, zone)
    clock = f"{then:%H:%M:%S}" if exact else f"{then:%H:%M}"
    if then.date() == today.date():
        return f"today {clock}"
    day = f"{then.day} {then:%b}"
    if then.year != today.year:
        day = f"{day} {then.year}"
    return f"{day}, {clock}" if exact or then.year == today.year else day


def distinct_times(moments: Iterable[float], tell: Callable[[float, bool], str]) -> list[str]:
    """Format each time with `tell(time, exact)`: exactly where the short forms of several coincide."""
    short_forms = [(moment, tell(moment, False)) for moment in moments]
    alike = Counter(words for _, words in short_forms)
    return [tell(moment, True) if alike[words] > 1 else words for moment, words in short_forms]


def _minus(text: str) -> str:
    return text.replace("-", "−")
