"""Dates that a user writes."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

YEAR_FIRST = r"\s*\d{4}([-/.]?\d\d.*)?\s*"


def read_moment(text: str, zone: Any = None) -> pd.Timestamp:
    """A date written with the year first, like 2024-06-30 12:00, in a time zone or in none.

    Raises ValueError for anything else: pandas would read `now` as the time of the run, `3/4` as it pleases.
    """
    if not re.fullmatch(YEAR_FIRST, text):
        raise ValueError(text)
    found = pd.Timestamp(text.strip())
    if zone is not None:
        return found.tz_localize(zone) if found.tzinfo is None else found.tz_convert(zone)
    return found if found.tzinfo is None else found.tz_convert("UTC").tz_localize(None)
