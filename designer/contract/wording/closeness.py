"""Suggest the name that was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LISTED = 12


def closest(name: str, names: Iterable[str], listing: str) -> str:
    """`Did you mean 'x'?` for a close name, else the names after `listing`; empty if there are none."""
    known = list(names)
    folded = {other.casefold().replace("-", "_").replace(" ", "_"): other for other in known}
    close = difflib.get_close_matches(name.casefold().replace("-", "_").replace(" ", "_"), folded, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{folded[close[0]]}'?"
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return f"{listing}: {', '.join(known[:_LISTED])}{more}." if known else ""
