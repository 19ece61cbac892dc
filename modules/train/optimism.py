"""The estimate of a nested cross-validation beside the tuned figure, and the difference in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Honest:
    """The mean over the outer folds, and half the width of its 95 % interval (Student's t)."""

    mean: float
    margin: float


def honest(values: Sequence[float]) -> Honest | None:
    """The estimate from the values of the outer folds; None with fewer than two that are defined."""
    from scipy.stats import t

    known = np.array([value for value in values if not np.isnan(value)])
    if len(known) < 2:
        return None
    margin = t.ppf((1 + CONFIDENCE) / 2, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known))
    return Honest(float(known.mean()), float(margin))


def in_words(metric: str, tuned: float, values: Sequence[float], trials: int, *, lower_is_better: bool) -> str:
    """The tuned figure, the honest estimate and the optimism."""
    estimate = honest(values)
    if estimate is None:
        return f"{metric}: tuned {tuned:.3g}, the best of {trials:,} and therefore somewhat optimistic."
    optimism = estimate.mean - tuned if lower_is_better else tuned - estimate.mean
    better = f"the tuned figure is {optimism:.2g} too good" if optimism > 0 else "the tuned figure is not too good"
    return f"{metric}: tuned {tuned:.3g}; honest estimate {estimate.mean:.3g} ± {estimate.margin:.2g}: {better}."
