"""How much a feature says about a target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

GROUPS = 10


def best_features(
    dataset: pd.DataFrame, names: list[str], target: str, count: int, method: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The target with the best features, best first, and the scores of all."""
    score = correlation if method == "PearsonCorrelation" else chi_squared
    scores = np.array([score(dataset[name], dataset[target]) for name in names], dtype="float64")
    order = np.argsort(-scores, kind="stable")
    ranked = [names[place] for place in order]
    table = pd.DataFrame({"Feature": pd.Series(ranked, dtype="str"), "Score": scores[order]})
    return dataset[[target, *ranked[:count]]].copy(), table


def correlation(feature: pd.Series[Any], target: pd.Series[Any]) -> float:
    """The absolute correlation; classes of the target stand for the mean of the feature in them."""
    if not is_number(feature):
        return 0.0
    both = (feature.notna() & target.notna()).to_numpy()
    x = feature[both].to_numpy(dtype="float64")
    if len(x) < 2 or not np.isfinite(x).all() or x.min() == x.max():
        return 0.0
    if is_number(target):
        y = target[both].to_numpy(dtype="float64")
    else:
        y = pd.Series(x).groupby(pd.factorize(target[both])[0]).transform("mean").to_numpy()
    if not np.isfinite(y).all() or np.ptp(y) <= 1e-12 * np.abs(y).max():
        return 0.0
    with np.errstate(all="ignore"):
        x, y = x - x.mean(), y - y.mean()
        share = float(abs(x @ y) / np.sqrt((x @ x) * (y @ y)))
    return min(share, 1.0) if np.isfinite(share) else 0.0


def chi_squared(feature: pd.Series[Any], target: pd.Series[Any]) -> float:
    """The chi-squared statistic of the counts of both, numbers grouped."""
    from scipy.stats import chi2_contingency

    both = feature.notna() & target.notna()
    whole = both.all()
    counts = count_pairs(groups(feature if whole else feature[both]), groups(target if whole else target[both]))
    if min(counts.shape, default=0) < 2:
        return 0.0
    return float(chi2_contingency(counts, correction=False).statistic)


def count_pairs(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How often each group of one goes with each of the other; groups without rows are left out."""
    rows, columns = int(first.max(initial=-1)) + 1, int(second.max(initial=-1)) + 1
    counts = np.bincount(first * columns + second, minlength=rows * columns).reshape(rows, columns)
    return np.asarray(counts[counts.any(axis=1)][:, counts.any(axis=0)])


def groups(cells: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """A number for each group of cells: one value, or one tenth of many numbers."""
    if is_number(cells) and cells.nunique() > GROUPS:
        values = finite_cells(cells.to_numpy(dtype="float64"))
        return np.searchsorted(np.quantile(values, np.linspace(0, 1, GROUPS + 1))[1:-1], values)
    return pd.factorize(cells)[0]


def finite_cells(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Numbers in the same order, infinite ones just beyond the others: between infinities lies no quantile."""
    finite = values[np.isfinite(values)]
    return values if len(finite) == len(values) else np.clip(values, finite.min() - 1, finite.max() + 1)


def is_number(cells: pd.Series[Any]) -> bool:
    """Whether a column holds numbers or flags."""
    return cells.dtype.kind in "iufb" and cells.dtype.name != "category"
