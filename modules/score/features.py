"""The feature frame of learners and models: pure functions, included in exported scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.values import cells

PART_ROWS = 100_000
SINGLE = 3.4028234663852886e38
"""The largest single-precision number."""


def feature_frame(table: pd.DataFrame, features: Mapping[str, str]) -> pd.DataFrame:
    """The features in the form learners expect: numbers as float64, text as objects with None for missing."""
    return pd.DataFrame({name: cells(table[name], kind) for name, kind in features.items()}, index=table.index)


def complete_rows(frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Mask of the rows without missing numbers."""
    return frame.select_dtypes("float64").notna().all(axis=1).to_numpy()


def in_parts(function: Callable[[pd.DataFrame], Any], frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """A row-wise prediction computed in batches, to bound the memory of prepared features."""
    starts = range(0, len(frame), PART_ROWS)
    return np.concatenate([np.asarray(function(frame.iloc[start : start + PART_ROWS])) for start in starts])


def within_single(frame: pd.DataFrame, estimator: Any) -> pd.DataFrame:
    """Clip numbers to the single-precision range for trees that cast to it.

    Such a number exceeds every threshold of such a tree, and so does the largest one: the prediction is the same.
    """
    numbers = frame.select_dtypes("float64")
    if not (numbers.abs() > SINGLE).to_numpy().any() or not rounds_to_single(estimator):
        return frame
    return frame.assign(**{str(name): column for name, column in numbers.clip(-SINGLE, SINGLE).items()})


def rounds_to_single(estimator: Any) -> bool:
    """Whether an estimator uses scikit-learn's trees, which cast to single precision."""
    from sklearn.tree import BaseDecisionTree

    if isinstance(estimator, BaseDecisionTree):
        return True
    return any(rounds_to_single(part) for part in np.ravel(getattr(estimator, "estimators_", [])))
