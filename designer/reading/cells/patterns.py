"""Match text cells against regular expressions."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_SAMPLE = 1000


def all_match(cells: pa.ChunkedArray, pattern: str) -> bool:
    """Whether every cell that is not null matches; a sample is tried first, since most columns fail on it."""
    for part in (cells.slice(0, _SAMPLE), cells):
        matched: Any = pc.all(pc.match_substring_regex(part, pattern)).as_py()
        if matched is False:
            return False
    return True


def any_match(cells: pa.ChunkedArray, pattern: str) -> bool:
    """Whether some cell matches."""
    return bool(pc.any(pc.match_substring_regex(cells, pattern)).as_py())
