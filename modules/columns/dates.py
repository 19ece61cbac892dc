"""Parse dates typed by a user."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

YEAR_FIRST = r"\s*\d{4}([-/.]?\d\d.*)?\s*"


def read_moment(text: str, zone: Any = None) -> pd.Timestamp:
    """Parse a year-first date such as 2024-06-30 12:00, with or without a time zone.

    Raises ValueError for anything else: pandas would read `now` as the current time and guess the order of `3/4`.
    """
    if not re.fullmatch(YEAR_FIRST, text):
        raise ValueError(text)
    moment = pd.Timestamp(text.strip())
    if zone is not None:
        return moment.tz_localize(zone) if moment.tzinfo is None else moment.tz_convert(zone)
    return moment if moment.tzinfo is None else moment.tz_convert("UTC").tz_localize(None)
