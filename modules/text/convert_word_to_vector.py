"""Convert Word to Vector: embedding vectors for the words of a text column."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np

from designer.contract.errors import (
    DesignerError,
    FileMissing,
    InvalidParameter,
    InvalidValues,
    NotExportable,
    UnreadableFile,
)
from designer.contract.files.sources import sources
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from designer.contract.values import Table

from ..columns.chosen import chosen_column
from .embedding import read_vectors, train_vectors, vector_table, vocabulary_of

GLOVE, WORD2VEC, FASTTEXT = "GloVe pretrained English Model", "Gensim Word2Vec", "Gensim FastText"
TRAINED = {"strategy": (WORD2VEC, FASTTEXT)}
SUFFIXES = (".txt", ".gz", ".txt.gz")
SIZE_LIMIT = 5000


class ConvertWordToVector(
    Module,
    category="Text Analytics",
    icon="book-open",
    no_onnx="it describes a vocabulary, not rows",
    synonyms=("word2vec", "embedding", "fasttext", "glove", "skip-gram", "cbow", "word vectors"),
):
    """Learn an embedding vector for each frequent word of a text column.

    *Gensim Word2Vec* and *Gensim FastText* keep the names of the original; they are trained by floret, a fastText
    library, with negative sampling on one thread, so the same text gives the same vectors (not the same numbers as
    Gensim). FastText also uses subwords of 3 to 6 characters. *GloVe pretrained English Model* reads the vectors from a
    file `glove-wiki-gigaword-100.txt` (or `.gz`) that you put into the workspace's uploads; nothing is downloaded.
    Words are runs of letters (with their marks) and digits in lower case; those that are frequent enough are listed in
    `Vocabulary`, the most frequent first, next to `Embedding dim 0`, `Embedding dim 1`, ...

    Errors: 0001 for a missing column, 0017 for a non-text column, 0039 if no word is frequent enough, 0049 for a file
    without vectors, 0065 if the file is missing.

    Example: in a text about pets, `cat` and `dog` get similar vectors.
    """

    column: ColumnName = param("", label="Target column")
    """The text column."""

    strategy: Literal["GloVe pretrained English Model", "Gensim Word2Vec", "Gensim FastText"] = param(
        WORD2VEC, label="Word2Vec strategy"
    )
    """Train word vectors, train word and subword vectors, or read pretrained ones."""

    algorithm: Literal["Skip_gram", "CBOW"] = param("Skip_gram", label="Word2Vec Training Algorithm", when=TRAINED)
    """Skip-gram predicts the context from a word, CBOW a word from its context."""

    size: int = param(100, ge=1, label="Length of word embedding", when=TRAINED)
    """The dimension of the vectors."""

    window: int = param(5, ge=1, label="Context window size", when=TRAINED)
    """The context window: number of words on each side."""

    epochs: int = param(5, ge=1, label="Number of epochs", when=TRAINED)
    """Number of passes over the text (epochs)."""

    pretrained: Literal["glove-wiki-gigaword-100"] = param(
        "glove-wiki-gigaword-100", label="Pretrained model", when={"strategy": GLOVE}
    )
    """The name of the file with the vectors."""

    most: int = param(10000, ge=10, label="Maximum vocabulary size")
    """Maximum number of words to list, the most frequent first."""

    least: int = param(5, ge=1, label="Minimum word count")
    """Words with fewer occurrences are left out."""

    @property
    def reads_other_rows(self) -> bool:
        """A vocabulary depends on all rows."""
        return True

    def run(self, dataset: Table) -> Annotated[Table, "Vocabulary with embeddings"]:
        column = self._column(Schema.of(dataset))
        vocabulary = vocabulary_of(dataset, column, self.least, self.most)
        if not vocabulary:
            raise InvalidValues(
                f"no word of column '{column}' occurs {self.least} times",
                "Lower the minimum word count.",
                parameter="Minimum word count",
                column=column,
            )
        if self.strategy == GLOVE:
            return self._read(vocabulary)
        return train_vectors(dataset, column, **self._settings())

    def infer(self, dataset: Schema) -> Schema:
        known = Schema((Column("Vocabulary", Kind.STRING),))
        if self.strategy == GLOVE or self.size > SIZE_LIMIT:
            return known.open()
        return known.append(*(Column(f"Embedding dim {i}", Kind.DECIMAL) for i in range(self.size)))

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        if self.strategy == GLOVE:
            raise NotExportable("the vectors come from a file of the workspace", "Train them instead.")
        column = self._column(dataset.schema)
        return (script.call(train_vectors, dataset, column, **self._settings(), result="vectors"),)

    def fingerprint(self) -> str | None:
        if self.strategy != GLOVE:
            return None
        try:
            with self._file().open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (DesignerError, OSError):
            return None

    def summary(self) -> str:
        return f"{self.column}, {self.strategy}" if self.column else self.strategy

    def _column(self, schema: Schema) -> str:
        if self.strategy != GLOVE and self.size > SIZE_LIMIT:
            raise InvalidParameter(
                f"vectors of {self.size:,} numbers are too long",
                f"Use at most {SIZE_LIMIT:,}.",
                parameter="Length of word embedding",
            )
        return chosen_column(self.column, schema, (Kind.STRING,), "Target column")

    def _settings(self) -> dict[str, Any]:
        return {
            "least": self.least,
            "most": self.most,
            "algorithm": "skipgram" if self.algorithm == "Skip_gram" else "cbow",
            "subwords": self.strategy == FASTTEXT,
            "size": self.size,
            "window": self.window,
            "epochs": self.epochs,
        }

    def _file(self) -> Path:
        for suffix in SUFFIXES:
            try:
                path = sources().file(f"{self.pretrained}{suffix}")
            except FileMissing:
                continue
            if path.is_file():
                return path
        raise FileMissing(
            f"there is no file '{self.pretrained}.txt'",
            "Upload it, or train vectors instead.",
            parameter="Pretrained model",
            file=f"{self.pretrained}.txt",
        )

    def _read(self, vocabulary: list[str]) -> Table:
        path = self._file()
        try:
            vectors = read_vectors(path, vocabulary)
        except (ValueError, OSError, EOFError) as error:
            raise UnreadableFile(
                f"this is not a file of vectors ({error})", "Upload another.", file=path.name
            ) from error
        listed = [word for word in vocabulary if word in vectors]
        if not listed:
            raise InvalidValues(
                "none of the words has a vector in the file", "Train vectors instead.", parameter="Target column"
            )
        return vector_table(listed, np.array([vectors[word] for word in listed]))
