"""The feature frame that learners and models see: pure functions, carried by exported scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.values import cells

PART_ROWS = 100_000


def feature_frame(table: pd.DataFrame, features: Mapping[str, str]) -> pd.DataFrame:
    """The features as learners take them: numbers as float64, text as objects with None for missing."""
    return pd.DataFrame({name: cells(table[name], kind) for name, kind in features.items()}, index=table.index)


def complete_rows(frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows miss no number."""
    return frame.select_dtypes("float64").notna().all(axis=1).to_numpy()


def in_parts(function: Callable[[pd.DataFrame], Any], frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """What a model answers row by row, asked part by part so that prepared features never fill the memory."""
    starts = range(0, len(frame), PART_ROWS)
    return np.concatenate([np.asarray(function(frame.iloc[start : start + PART_ROWS])) for start in starts])
