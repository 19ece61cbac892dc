"""Words and n-grams of a text."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pandas as pd

SENTENCE_MARK = "|||"


def words(text: str) -> list[str]:
    """The runs of letters and digits, in lower case."""
    return re.findall(r"[^\W_]+", text.lower())


def ngrams(text: str, size: int, shortest: int = 1, longest: int = 1_000_000) -> list[str]:
    """Runs of one to `size` neighbouring words joined by `_`, none across a sentence mark.

    Runs with a word shorter or longer than allowed are left out; their neighbours do not close up.
    """
    found: list[str] = []
    for sentence in text.split(SENTENCE_MARK):
        tokens = words(sentence)
        fitting = [shortest <= len(word) <= longest for word in tokens]
        found += tokens if all(fitting) else itertools.compress(tokens, fitting)
        for length in range(2, min(size, len(tokens)) + 1):
            runs = zip(*(tokens[start:] for start in range(length)), strict=False)
            whole = map(all, zip(*(fitting[start:] for start in range(length)), strict=False))
            found += map("_".join, runs if all(fitting) else itertools.compress(runs, whole))
    return found


def texts_of(dataset: pd.DataFrame, columns: list[str]) -> list[str]:
    """One text for each row: its cells, with a sentence mark between them; nothing for a missing cell."""
    cells = [dataset[name].astype(object).where(dataset[name].notna(), "") for name in columns]
    return [f" {SENTENCE_MARK} ".join(map(str, row)) for row in zip(*cells, strict=True)]


def beside(dataset: pd.DataFrame, names: list[str], cells: np.ndarray[Any, Any]) -> pd.DataFrame:
    """The table with the columns of a matrix at its end."""
    new = pd.DataFrame(cells, columns=pd.Index(names, dtype="str"), index=dataset.index)
    return pd.concat([dataset, new], axis=1)
