"""Preprocess Text: clean text before counting words."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from designer.contract.errors import InvalidParameter, WrongColumnType
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table

from ..columns.chosen import chosen, require_free
from .cleaning_text import preprocess_columns
from .words import composed


def stop_words_of(stop_words: Table) -> list[str]:
    """The terms of the first column of a table, in lower case and composed form (NFC)."""
    return sorted({composed(str(cell).strip().lower()) for cell in stop_words.iloc[:, 0].dropna()})


class PreprocessText(
    Module,
    category="Text Analytics",
    icon="text-cursor-input",
    by_column=True,
    no_onnx="ONNX has no exact tokenization of text",
    synonyms=("clean text", "stop words", "lemmatization", "lowercase", "tokenize", "normalize text", "nlp"),
):
    """Clean English text: remove noise and normalize words.

    Enabled steps run in this order: apply the custom expression; remove URLs (starting with http, https, ftp or www)
    and e-mail addresses; separate sentences, which end with `.`, `!`, `?` or a line break, by `|||`; turn backslashes
    into slashes; expand contractions (`isn't` to `is not`); convert to lower case; shorten characters repeated more
    than twice to two; remove numeric words (`3test` stays); split words at special characters and remove these; remove
    stop words (scikit-learn's, or the first column of the table on the second input); lemmatize (`companies` to
    `company`, by simplemma). Words are separated by one space. The result is a new column `Preprocessed <column>`.
    Missing cells stay missing.

    Errors: 0011 for a selection that matches nothing, 0008 for an expression that cannot be read, 0017 for a non-text
    column or non-text stop words, 0028 if a new column name is taken.

    Example: `The companies aren't at http://x.org!` becomes `company`: all other words are stop words.
    """

    language: Literal["English"] = param("English", label="Language")
    """The language of the text."""

    columns: Columns = param(Columns.of_kind("String"), label="Text column to clean")
    """The text columns to clean."""

    contractions: bool = param(True, label="Expand verb contractions", when={"language": "English"})
    """Expand contractions such as isn't."""

    stop_words: bool = param(True, label="Remove stop words")
    """Remove frequent words such as the."""

    lemmas: bool = param(True, label="Use lemmatization")
    """Replace words by their lemma."""

    sentences: bool = param(True, label="Detect sentences")
    """Separate sentences by |||, so that n-grams do not cross them."""

    lower: bool = param(True, label="Normalize case to lowercase")
    """Convert to lower case."""

    numbers: bool = param(True, label="Remove numbers")
    """Remove numeric words."""

    special: bool = param(True, label="Remove special characters")
    """Remove characters other than letters and digits."""

    repeats: bool = param(True, label="Remove duplicate characters")
    """Shorten characters repeated more than twice to two."""

    emails: bool = param(True, label="Remove email addresses")
    """Remove e-mail addresses."""

    urls: bool = param(True, label="Remove URLs")
    """Remove URLs starting with http, https, ftp or www."""

    backslashes: bool = param(True, label="Normalize backslashes to slashes")
    """Turn backslashes into slashes."""

    split: bool = param(True, label="Split tokens on special characters")
    """Split words at characters such as & and -."""

    pattern: str = param("", label="Custom regular expression", required=False)
    """A Python regular expression to replace before all other steps."""

    replacement: str = param("", label="Custom replacement string", required=False)
    """The replacement for matches of the expression."""

    def run(
        self, dataset: Table, stop_words: Annotated[Table, "Stop words"] | None = None
    ) -> Annotated[Table, "Results dataset"]:
        columns = self._columns(Schema.of(dataset))
        require_free([f"Preprocessed {name}" for name in columns], list(dataset.columns))
        return preprocess_columns(dataset, columns, self._steps(), self._stops(stop_words))

    def infer(self, dataset: Schema, stop_words: Schema | None = None) -> Schema:
        columns = chosen(self.columns, dataset, (Kind.STRING,), "Text column to clean", lenient=True)
        return dataset.append(*(Column(f"Preprocessed {name}", Kind.STRING) for name in columns))

    def to_python(self, script: Script, dataset: Variable, stop_words: Variable | None = None) -> tuple[str, ...]:
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        columns = self._columns(dataset.schema)
        stops: Any = sorted(ENGLISH_STOP_WORDS) if self.stop_words else []
        if self.stop_words and stop_words is not None:
            stops = Variable(script.call(stop_words_of, stop_words, result="stop_words"))
        return (script.call(preprocess_columns, dataset, columns, self._steps(), stops, result="cleaned"),)

    def summary(self) -> str:
        return str(self.columns)

    def _columns(self, schema: Schema) -> list[str]:
        try:
            re.sub(self.pattern, self.replacement, "")
        except (re.error, IndexError) as error:
            raise InvalidParameter(
                f"'{self.pattern}' cannot be replaced by '{self.replacement}' ({error})",
                "Correct the expression.",
                parameter="Custom regular expression",
            ) from error
        return chosen(self.columns, schema, (Kind.STRING,), "Text column to clean")

    def _steps(self) -> dict[str, Any]:
        names = ("contractions", "lemmas", "sentences", "lower", "numbers", "special", "repeats", "emails", "urls",
                 "backslashes", "split", "pattern", "replacement")  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def _stops(self, stop_words: Table | None) -> list[str]:
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        if not self.stop_words:
            return []
        if stop_words is None:
            return sorted(ENGLISH_STOP_WORDS)
        if not stop_words.shape[1] or Schema.of(stop_words).columns[0].kind not in (Kind.STRING, Kind.CATEGORICAL):
            raise WrongColumnType("the first column is not text", "Give one term in each row.", port="Stop words")
        return stop_words_of(stop_words)
