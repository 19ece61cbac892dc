"""Feature Hashing: hash n-grams to columns, without a vocabulary."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from ..columns.chosen import chosen, require_free
from .words import beside, composed, ngrams, texts_of

LIMIT = 10_000


def hash_features(dataset: pd.DataFrame, columns: list[str], bits: int, size: int) -> pd.DataFrame:
    """The count of n-grams per hash bucket in each text, for each column."""
    from sklearn.feature_extraction.text import HashingVectorizer

    table = dataset
    for name in columns:
        analyzer = partial(ngrams, size=size) if size else whole_text
        hashing = HashingVectorizer(analyzer=analyzer, n_features=2**bits, alternate_sign=False, norm=None)
        counts = np.zeros((0, 2**bits), dtype="int64")
        if len(dataset):
            counts = hashing.transform(texts_of(dataset, [name])).astype("int64").toarray()
        table = beside(table, hashed_names(name, bits), counts)
    return table


def whole_text(text: str) -> list[str]:
    """A text as one term in composed form (NFC); none if empty."""
    return [composed(text)] if text else []


def hashed_names(column: str, bits: int) -> list[str]:
    """The new columns of a text column."""
    return [f"{column} - Hashing feature {number}" for number in range(2**bits)]


class FeatureHashing(
    Module,
    category="Text Analytics",
    icon="hash",
    by_column=True,
    no_onnx="ONNX has no exact tokenization of text",
    synonyms=("hashing trick", "murmurhash", "bag of words", "vectorize text", "hashing vectorizer"),
):
    """Turn text into a fixed number of n-gram counts by feature hashing, without a vocabulary.

    Each n-gram of one to *N-grams* consecutive words (letters with their marks, and digits, in lower case) is hashed by
    MurmurHash3 to a bucket below 2 to the power of *Hashing bitsize*; column `<column> - Hashing feature <i>` counts
    bucket i, and different n-grams may collide. With *N-grams* = 0 the whole cell is one term, unchanged. A missing
    cell has no terms. Nothing is learned, so other tables get the same columns. The text column is kept.

    Errors: 0011 for a selection that matches nothing, 0008 for more than 10,000 new columns, 0017 for a non-text
    column, 0028 if a new column name is taken.

    Example: 10 bits give 1,024 columns for each text column.
    """

    columns: Columns = param(Columns.of_kind("String"), label="Target columns")
    """The text columns to hash."""

    bits: int = param(10, ge=1, le=31, label="Hashing bitsize")
    """Number of hash bits; the number of new columns is 2 to this power."""

    size: int = param(2, ge=0, le=10, label="N-grams")
    """Maximum length of an n-gram."""

    def run(self, dataset: Table) -> Annotated[Table, "Transformed dataset"]:
        columns = self._columns(Schema.of(dataset))
        require_free([name for column in columns for name in hashed_names(column, self.bits)], list(dataset.columns))
        return hash_features(dataset, columns, self.bits, self.size)

    def infer(self, dataset: Schema) -> Schema:
        columns = chosen(self.columns, dataset, (Kind.STRING,), "Target columns", lenient=True)
        if len(columns) << self.bits > LIMIT:
            return dataset.open()
        return dataset.append(*(Column(n, Kind.INTEGER) for name in columns for n in hashed_names(name, self.bits)))

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (
            script.call(hash_features, dataset, self._columns(dataset.schema), self.bits, self.size, result="hashed"),
        )

    def summary(self) -> str:
        return f"{counted(1 << self.bits, 'column')}, n-grams to {self.size}"

    def _columns(self, schema: Schema) -> list[str]:
        columns = chosen(self.columns, schema, (Kind.STRING,), "Target columns")
        if len(columns) << self.bits > LIMIT:
            raise InvalidParameter(
                f"{counted(len(columns), 'column')} of {counted(1 << self.bits, 'feature')} each are too many",
                f"Use fewer bits; the limit is {LIMIT:,} new columns.",
                parameter="Hashing bitsize",
            )
        return columns
