"""Word vectors: trained on texts, or read from a file."""

from __future__ import annotations

import gzip
import tempfile
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .words import texts_of, words


def vocabulary_of(dataset: pd.DataFrame, column: str, least: int, most: int) -> list[str]:
    """The words that are frequent enough, the most frequent first, ties in alphabetical order."""
    counts: Counter[str] = Counter()
    for text in texts_of(dataset, [column]):
        counts.update(words(text))
    frequent = sorted(counts, key=lambda word: (-counts[word], word))
    return [word for word in frequent if counts[word] >= least][:most]


def train_vectors(
    dataset: pd.DataFrame,
    column: str,
    least: int,
    most: int,
    algorithm: str,
    subwords: bool,
    size: int,
    window: int,
    epochs: int,
) -> pd.DataFrame:
    """A vector for each frequent word, trained on the texts of a column on one thread, for reproducibility."""
    import floret  # type: ignore[import-untyped]

    vocabulary = vocabulary_of(dataset, column, least, most)
    known = set(vocabulary)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.txt"
        with corpus.open("w", encoding="utf-8") as file:
            for text in texts_of(dataset, [column]):
                file.write(" ".join(word for word in words(text) if word in known) + "\n")
        model = floret.train_unsupervised(
            str(corpus),
            model=algorithm,
            dim=size,
            ws=window,
            epoch=epochs,
            minCount=1,
            minn=3 if subwords else 0,
            maxn=6 if subwords else 0,
            bucket=200_000 if subwords else 1,
            thread=1,
            verbose=0,
        )
    return vector_table(vocabulary, np.array([model.get_word_vector(word) for word in vocabulary], dtype="float64"))


def vector_table(vocabulary: list[str], vectors: np.ndarray[Any, Any]) -> pd.DataFrame:
    """The words with their vectors."""
    names = [f"Embedding dim {number}" for number in range(vectors.shape[1])]
    table = pd.DataFrame(vectors, columns=pd.Index(names, dtype="str"))
    return pd.concat([pd.DataFrame({"Vocabulary": pd.Series(vocabulary, dtype="str")}), table], axis=1)


def read_vectors(path: Path, wanted: Collection[str]) -> dict[str, np.ndarray[Any, Any]]:
    """Read the vectors of these words from a text file with a word and its numbers per line, and an optional header.

    Raises ValueError with the number of an invalid line.
    """
    left, vectors = set(wanted), {}
    length: int | None = None
    opening: Any = gzip.open if path.suffix == ".gz" else open
    with opening(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            word, _, rest = line.rstrip("\n").partition(" ")
            if number == 1 and len(rest.split()) == 1:
                continue
            if word not in left:
                continue
            try:
                vector = np.array(rest.split(), dtype="float64")
            except ValueError as error:
                raise ValueError(f"line {number} holds no numbers") from error
            length = len(vector) if length is None else length
            if len(vector) != length or not length:
                raise ValueError(f"line {number} has {len(vector)} numbers, others have {length}")
            vectors[word] = vector
            left.discard(word)
    return vectors
