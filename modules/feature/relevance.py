"""Scores of a feature against a target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from designer.contract.spread import above_base, is_rounding, quantile_edges, whole_base, without_rounding

GROUPS = 10


def best_features(
    dataset: pd.DataFrame, names: list[str], target: str, count: int, method: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The target with the best features, best first, and all scores."""
    score = correlation if method == "PearsonCorrelation" else chi_squared
    scores = np.array([score(dataset[name], dataset[target]) for name in names], dtype="float64")
    order = np.argsort(-scores, kind="stable")
    ranked = [names[place] for place in order]
    table = pd.DataFrame({"Feature": pd.Series(ranked, dtype="str"), "Score": scores[order]})
    return dataset[[target, *ranked[:count]]].copy(), table


def correlation(feature: pd.Series[Any], target: pd.Series[Any]) -> float:
    """The absolute correlation; classes of the target are replaced by the feature's class means."""
    if not is_number(feature):
        return 0.0
    both = (feature.notna() & target.notna()).to_numpy()
    x = varying(feature[both])
    if len(x) < 2 or not np.isfinite(x).all() or x.min() == x.max():
        return 0.0
    y = varying(target[both]) if is_number(target) else class_means(x, target[both])
    if not np.isfinite(y).all() or y.min() == y.max():
        return 0.0
    with np.errstate(all="ignore"):
        x, y = x - x.mean(), y - y.mean()
        share = float(abs(x @ y) / np.sqrt((x @ x) * (y @ y)))
    return min(share, 1.0) if np.isfinite(share) else 0.0


def class_means(x: np.ndarray[Any, Any], target: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """For each row the mean of its class; one value for all if the means differ only by rounding error."""
    above = x - x.min()
    means = pd.Series(above).groupby(pd.factorize(target)[0]).transform("mean").to_numpy()
    return np.zeros(len(x)) if is_rounding(np.ptp(means), above.max(), len(x)) else means


def chi_squared(feature: pd.Series[Any], target: pd.Series[Any]) -> float:
    """The chi-squared statistic of the contingency table, numbers binned."""
    from scipy.stats import chi2_contingency

    both = feature.notna() & target.notna()
    whole = both.all()
    counts = count_pairs(groups(feature if whole else feature[both]), groups(target if whole else target[both]))
    if min(counts.shape, default=0) < 2:
        return 0.0
    return float(chi2_contingency(counts, correction=False).statistic)


def count_pairs(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The contingency table of two groupings, without empty groups."""
    rows, columns = int(first.max(initial=-1)) + 1, int(second.max(initial=-1)) + 1
    counts = np.bincount(first * columns + second, minlength=rows * columns).reshape(rows, columns)
    return np.asarray(counts[counts.any(axis=1)][:, counts.any(axis=0)])


def groups(cells: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """The group of each cell: its value, or its decile where there are many numbers."""
    if not is_number(cells):
        return pd.factorize(cells)[0]
    values = varying(cells)
    if cells.nunique() > GROUPS and len(np.unique(values)) > 1:
        values = finite_cells(values)
        return np.searchsorted(quantile_edges(values, GROUPS), values)
    return pd.factorize(values)[0]


def varying(cells: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Numbers relative to a base: integers beyond 2^53 without loss, values within rounding error made equal."""
    return without_rounding(above_base(cells, whole_base(cells)))


def finite_cells(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Clip infinities to just beyond the finite numbers, since no quantile lies between infinities."""
    finite = values[np.isfinite(values)]
    return values if len(finite) == len(values) else np.clip(values, finite.min() - 1, finite.max() + 1)


def is_number(cells: pd.Series[Any]) -> bool:
    """Whether a column holds numbers or flags."""
    return cells.dtype.kind in "iufb" and cells.dtype.name != "category"
