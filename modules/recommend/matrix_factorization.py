"""Matrix factorization by stochastic gradient descent, as pure numpy functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

BATCH = 256
REGULARIZATION = 0.02


def factorize(ratings: pd.DataFrame, factors: int, iterations: int, rate: float, seed: int) -> dict[str, Any]:
    """Fit the mean, and the bias and factors of each user and item, to a table of user, item, rating (Funk)."""
    users, user_codes = np.unique(names_of(ratings.iloc[:, 0]).to_numpy(dtype=object), return_inverse=True)
    items, item_codes = np.unique(names_of(ratings.iloc[:, 1]).to_numpy(dtype=object), return_inverse=True)
    values = ratings.iloc[:, 2].to_numpy(dtype="float64")
    random = np.random.default_rng(seed)
    learned: dict[str, Any] = {
        "users": users.tolist(),
        "items": items.tolist(),
        "mean": float(values.mean()),
        "low": float(values.min()),
        "high": float(values.max()),
        "user_bias": np.zeros(len(users)),
        "item_bias": np.zeros(len(items)),
        "user_factors": random.normal(0, 0.1 / np.sqrt(factors), (len(users), factors)),
        "item_factors": random.normal(0, 0.1 / np.sqrt(factors), (len(items), factors)),
    }
    with np.errstate(over="ignore", invalid="ignore"):  # diverges if the steps are too large: see `is_finite`
        for _ in range(iterations):
            order = random.permutation(len(values))
            for start in range(0, len(values), BATCH):
                rows = order[start : start + BATCH]
                descend(learned, user_codes[rows], item_codes[rows], values[rows], rate)
    return learned


def names_of(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Users or items as text; 7.0 reads 7, since a column with missing cells may be float."""
    whole = cells.dtype == "float64" and bool((cells.dropna() % 1 == 0).all())
    return (cells.astype("Int64") if whole else cells).astype(str)


def is_finite(learned: Mapping[str, Any]) -> bool:
    """Whether the descent converged to finite values."""
    return all(np.isfinite(learned[f"{of}_{part}"]).all() for of in ("user", "item") for part in ("bias", "factors"))


def descend(learned: dict[str, Any], users: Any, items: Any, values: Any, rate: float) -> None:
    """One gradient step on the squared error of a batch of ratings."""
    left, right = learned["user_factors"][users], learned["item_factors"][items]
    predicted = learned["mean"] + learned["user_bias"][users] + learned["item_bias"][items] + (left * right).sum(axis=1)
    errors = np.clip(values - predicted, -1e6, 1e6)
    np.add.at(learned["user_bias"], users, rate * (errors - REGULARIZATION * learned["user_bias"][users]))
    np.add.at(learned["item_bias"], items, rate * (errors - REGULARIZATION * learned["item_bias"][items]))
    np.add.at(learned["user_factors"], users, rate * (errors[:, np.newaxis] * right - REGULARIZATION * left))
    np.add.at(learned["item_factors"], items, rate * (errors[:, np.newaxis] * left - REGULARIZATION * right))


def codes_of(values: Any, known: Sequence[str]) -> np.ndarray[Any, Any]:
    """The positions of values among the known ones, -1 for unknown ones."""
    places = {name: i for i, name in enumerate(known)}
    return np.array([places.get(str(value), -1) for value in values], dtype="int64")


def predicted_ratings(learned: Mapping[str, Any], users: Any, items: Any) -> np.ndarray[Any, Any]:
    """The predicted ratings of pairs, clipped to the training range; an unknown user or item is treated as average."""
    u, i = codes_of(users, learned["users"]), codes_of(items, learned["items"])
    user_bias = np.where(u >= 0, learned["user_bias"][u], 0.0)
    item_bias = np.where(i >= 0, learned["item_bias"][i], 0.0)
    both = np.where((u >= 0) & (i >= 0), (learned["user_factors"][u] * learned["item_factors"][i]).sum(axis=1), 0.0)
    return np.asarray(np.clip(learned["mean"] + user_bias + item_bias + both, learned["low"], learned["high"]))


def best_items(
    learned: Mapping[str, Any], user: str, candidates: Sequence[str], most: int
) -> tuple[list[str], list[float]]:
    """The candidates with the highest predicted ratings; ties in order."""
    if not len(candidates):
        return [], []
    ratings = predicted_ratings(learned, [user] * len(candidates), candidates)
    order = np.argsort(-ratings, kind="stable")[:most]
    return [candidates[k] for k in order], [float(ratings[k]) for k in order]
