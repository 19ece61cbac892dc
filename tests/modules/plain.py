"""Real data sets of scikit-learn, and the documented features of Train Model in plain numpy and scikit-learn.

One numeric column of each data set is binned into words, to provide categories, and some cells are set to missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.preprocessing import MinMaxScaler

Way = Literal["scaled", "unscaled", "trees", "native"]
"""scaled: scaled numbers and indicators. unscaled: numbers and indicators. trees: the same, with missing numbers kept.
native: category codes before the numbers, with missing values kept."""

WORDS = "words"


@dataclass(frozen=True)
class Rows:
    """Training rows, all rows, and the label (none for clustering)."""

    training: pd.DataFrame
    table: pd.DataFrame
    label: str = "y"


@cache
def rows(name: str) -> Rows:
    """`number`: patients with a positive target; `two`: tumors of two classes; `many`: wines of three growers."""
    loaded: Any = {"number": load_diabetes, "two": load_breast_cancer, "many": load_wine}[name](as_frame=True)
    frame = loaded.data.iloc[:, :8].copy()
    binned = frame.columns[3]
    words = pd.qcut(frame[binned], 3, labels=["low", "middle", "high"]).astype("str")
    frame = frame.drop(columns=binned).assign(**{WORDS: words})
    frame.loc[frame.index % 10 == 4, frame.columns[0]] = np.nan
    frame.loc[frame.index % 13 == 5, WORDS] = None
    target = loaded.target
    frame["y"] = target if name == "number" else pd.Series(loaded.target_names.astype(str)[target], dtype="str")
    return Rows(frame[frame.index % 3 > 0].reset_index(drop=True), frame)


def unlabelled(name: str) -> Rows:
    """The same rows without their label."""
    labelled = rows(name)
    return Rows(labelled.training.drop(columns="y"), labelled.table.drop(columns="y"), "")


def usable(table: pd.DataFrame, way: Way) -> np.ndarray:
    """Mask of the rows a learner uses: all for trees, those without missing numbers for others."""
    if way in ("trees", "native"):
        return np.ones(len(table), dtype=bool)
    return table.select_dtypes("float64").notna().all(axis=1).to_numpy()


def features(data: Rows, way: Way) -> tuple[np.ndarray, np.ndarray]:
    """The features of the usable training rows and of all usable rows."""
    training, table = (frame[usable(frame, way)] for frame in (data.training, data.table))
    numbers = [name for name in training if name not in (WORDS, data.label)]
    known = sorted(training[WORDS].dropna().unique())
    if way == "native":
        codes = [pd.Categorical(frame[WORDS], known).codes.astype(float) for frame in (training, table)]
        first, second = (np.where(code < 0, np.nan, code) for code in codes)
        return np.column_stack([first, training[numbers]]), np.column_stack([second, table[numbers]])
    first, second = (np.column_stack([frame[WORDS] == word for word in known]).astype(float)
                     for frame in (training, table))  # fmt: skip
    left, right = training[numbers].to_numpy(), table[numbers].to_numpy()
    if way == "scaled":
        scaler = MinMaxScaler().fit(left)
        left, right = scaler.transform(left), scaler.transform(right)
    return np.column_stack([left, first]), np.column_stack([right, second])


def target(data: Rows, way: Way) -> np.ndarray:
    """The labels of the usable training rows."""
    return data.training[data.label][usable(data.training, way)].to_numpy()


def spread_out(answers: np.ndarray, table: pd.DataFrame, way: Way) -> np.ndarray:
    """The answers at the positions of the usable rows, missing elsewhere."""
    spread = np.full((len(table), *answers.shape[1:]), np.nan)
    spread[usable(table, way)] = answers
    return spread
