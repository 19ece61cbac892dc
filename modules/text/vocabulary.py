"""The vocabulary and features of Extract N-Gram Features from Text."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from .words import beside, composed, ngrams, texts_of


def learn_ngrams(
    dataset: pd.DataFrame,
    column: str,
    size: int,
    shortest: int,
    longest: int,
    least: float,
    most: float,
    weighting: str,
    normalize: bool,
) -> dict[str, Any]:
    """The sufficiently frequent n-grams of a column in alphabetical order, with DF and IDF."""
    rows: Counter[str] = Counter()
    for text in texts_of(dataset, [column]):
        rows.update(set(ngrams(text, size, shortest, longest)))
    vocabulary = sorted(gram for gram, count in rows.items() if count >= least and count <= most * len(dataset))
    return {
        "column": column,
        "ngrams": vocabulary,
        "df": [rows[gram] for gram in vocabulary],
        "idf": [float(np.log(len(dataset) / rows[gram])) for gram in vocabulary],
        "weighting": weighting,
        "normalize": normalize,
    }


def apply_ngrams(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Append one column per n-gram."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import Normalizer

    places = {gram: place for place, gram in enumerate(learned["ngrams"])}
    size = max(gram.count("_") for gram in places) + 1
    counting = CountVectorizer(analyzer=partial(ngrams, size=size), vocabulary=places)
    cells = counting.transform(texts_of(dataset, [learned["column"]])).astype("float64")
    if learned["weighting"] in ("Binary Weight", "IDF Weight"):
        cells = (cells > 0).astype("float64")
    if learned["weighting"] in ("IDF Weight", "TF-IDF Weight"):
        cells = cells.multiply(np.array(learned["idf"])).tocsr()
    if learned["normalize"] and len(dataset):
        cells = Normalizer().transform(cells)
    return beside(dataset, feature_names(learned), cells.toarray())


def feature_names(learned: dict[str, Any]) -> list[str]:
    """The new columns."""
    return [f"{learned['column']}.[{gram}]" for gram in learned["ngrams"]]


def vocabulary_table(learned: dict[str, Any]) -> pd.DataFrame:
    """The vocabulary as a table."""
    return pd.DataFrame(
        {
            "ID": pd.Series(range(len(learned["ngrams"])), dtype="int64"),
            "NGram": pd.Series(learned["ngrams"], dtype="str"),
            "DF": pd.Series(learned["df"], dtype="int64"),
            "IDF": pd.Series(learned["idf"], dtype="float64"),
        }
    )


def read_vocabulary(vocabulary: pd.DataFrame, column: str, weighting: str, normalize: bool) -> dict[str, Any]:
    """Read the result of `learn_ngrams` from a table of n-grams."""
    return {
        "column": column,
        "ngrams": [composed(gram) for gram in vocabulary["NGram"]],
        "df": vocabulary["DF"].astype("int64").tolist(),
        "idf": vocabulary["IDF"].astype("float64").tolist(),
        "weighting": weighting,
        "normalize": normalize,
    }


def vocabulary_problem(vocabulary: pd.DataFrame) -> str:
    """The problem with a table of n-grams; empty if valid."""
    kinds = {"ID": ("int64", "Int64"), "NGram": ("str",), "DF": ("int64", "Int64"), "IDF": ("float64", "int64")}
    for name, types in kinds.items():
        if list(vocabulary.columns).count(name) != 1:
            return f"the vocabulary has no column '{name}' of its own"
        series = vocabulary[name]
        if series.dtype.name not in types:
            return f"column '{name}' of the vocabulary is {series.dtype.name}, not {types[0]}"
        if series.isna().any():
            return f"column '{name}' of the vocabulary has missing cells"
    if not len(vocabulary):
        return "the vocabulary is empty"
    grams = vocabulary["NGram"].map(composed)
    twice = grams[grams.duplicated()]
    return f"n-gram '{twice.iloc[0]}' comes twice" if len(twice) else ""
