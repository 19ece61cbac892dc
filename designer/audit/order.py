"""Detect training rows later than held-out rows: a time series that was split at random."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from designer.audit.columns import Numbers, moments, neighbours

FEWEST_MOMENTS = 30
ECHO = 0.3
"""Minimum autocorrelation of the label over time."""


def future_rows(training: pd.DataFrame, held_out: pd.DataFrame, label: str) -> Iterable[tuple[str, int]]:
    """The time columns that the split ignores: name, and number of training rows later than the first held-out row."""
    if label not in training.columns or label not in held_out.columns:
        return
    answers = pd.concat([training[label], held_out[label]], ignore_index=True)
    labelled = answers.notna().to_numpy()
    for name in training.columns:
        if name == label or name not in held_out.columns:
            continue
        earlier, later = moments(training[name]), moments(held_out[name])
        if earlier is None or later is None or not np.isfinite([*earlier, *later]).all():
            continue
        both = np.concatenate([earlier, later])
        after = int((earlier > np.min(later)).sum())
        if _is_mixed(earlier, later) and _is_series(both) and neighbours(both[labelled], answers[labelled]) >= ECHO:
            yield str(name), after


def _is_mixed(training: Numbers, held_out: Numbers) -> bool:
    """Whether more than a fifth of the held-out rows precede the last tenth of the training rows."""
    return bool(np.mean(held_out < np.quantile(training, 0.9)) > 0.2)


def _is_series(values: Any) -> bool:
    """Whether times are roughly equidistant, with similar row counts."""
    different, counts = np.unique(values, return_counts=True)
    if len(different) < FEWEST_MOMENTS:
        return False
    steps = np.diff(different)
    usual = np.median(steps)
    regular = np.mean(np.abs(steps - usual) <= 0.12 * usual) >= 0.7
    return bool(regular and counts.std() <= 0.5 * counts.mean())
