"""Confidence intervals and significance of model differences, as pure functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from designer.contract.spread import is_rounding

Z = 1.959963984540054


def wilson(right: int, rows: int) -> tuple[float, float]:
    """The Wilson 95 % interval of a proportion."""
    if not rows:
        return float("nan"), float("nan")
    share, weight = right / rows, Z**2 / rows
    middle = (share + weight / 2) / (1 + weight)
    half = Z * np.sqrt(share * (1 - share) / rows + weight / (4 * rows)) / (1 + weight)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def compare_errors(
    first: np.ndarray[Any, Any], second: np.ndarray[Any, Any], metric: str, sign: int, largest: float = 1.0
) -> pd.DataFrame:
    """The paired difference of two models by row: its 95 % interval and p-value (exact sign test for correct/incorrect
    rows, else normal approximation). `largest` is the magnitude of the values that errors are differences of:
    differences within their rounding error count as none."""
    from scipy.stats import binomtest

    gaps = first.astype(float) - second.astype(float)
    if is_rounding(float(np.abs(gaps).max(initial=0.0)), largest, len(gaps)):
        gaps = np.zeros(len(gaps))
    half = Z * gaps.std(ddof=1) / np.sqrt(len(gaps)) if len(gaps) > 1 else np.nan
    if first.dtype == bool:
        apart = int((gaps != 0).sum())
        chance = binomtest(int((gaps > 0).sum()), apart).pvalue if apart else 1.0
    else:
        chance = normal_chance(gaps)
    mean = gaps.mean() if len(gaps) else np.nan
    line = {"metric": metric, "difference": mean, "low": mean - half, "high": mean + half, "p": chance}
    return pd.DataFrame([{**line, "better": "A" if sign * mean > 0 else "B" if sign * mean < 0 else ""}])


def normal_chance(gaps: np.ndarray[Any, Any]) -> float:
    """The two-sided p-value of a mean this far from 0."""
    spread = gaps.std(ddof=1) / np.sqrt(len(gaps)) if len(gaps) > 1 else 0.0
    if not spread:
        return 1.0
    from scipy.stats import norm

    return float(2 * norm.sf(abs(gaps.mean()) / spread))
