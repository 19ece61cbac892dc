"""Extract N-Gram Features from Text: build an n-gram vocabulary, with one column per term."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from designer.contract.errors import InvalidParameter, InvalidValues, MissingInput
from designer.contract.estimator import Transform, Unfitted
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from designer.contract.values import Table, Transformation
from designer.contract.wording.counting import counted

from ..columns.chosen import chosen_column, require_free, require_present, wrong_kind
from .vocabulary import (
    apply_ngrams,
    feature_names,
    learn_ngrams,
    read_vocabulary,
    vocabulary_problem,
    vocabulary_table,
)

CREATE = "Create"
LIMIT = 10_000
VOCABULARY = Schema(
    (
        Column("ID", Kind.INTEGER),
        Column("NGram", Kind.STRING),
        Column("DF", Kind.INTEGER),
        Column("IDF", Kind.DECIMAL),
    )
)


class Extracted(NamedTuple):
    """The outputs of Extract N-Gram Features from Text."""

    results_dataset: Table
    result_vocabulary: Table
    n_gram_transformation: Annotated[Transformation, "N-gram transformation"]


class ExtractNGramFeaturesFromText(
    Transform,
    category="Text Analytics",
    icon="text-cursor-input",
    id="extract-n-gram-features-from-text",
    title="Extract N-Gram Features from Text",
    no_onnx="ONNX has no exact tokenization of text",
    synonyms=("tf-idf", "bag of words", "count vectorizer", "tokenize", "ngram", "bigram", "vectorize text"),
):
    """Build a vocabulary of the n-grams of a text column, and one column per n-gram.

    Words are runs of letters (with their marks) and digits, in lower case; n-grams are sequences of one to *N-Grams
    size* consecutive words within a sentence (between marks |||). N-grams with a word shorter or longer than allowed
    (not counting marks), in fewer rows than the minimum or in a larger share of rows than the maximum are left out. New
    columns are `<column>.[<n-gram>]`, with `_` between words, in alphabetical order.

    *Binary Weight* is 1 if the n-gram occurs, *TF Weight* its count, *IDF Weight* ln(rows / rows with the n-gram) if it
    occurs, *TF-IDF Weight* the product of TF and IDF. Normalizing divides a row by its Euclidean norm. A missing text
    has no n-grams. The text column is kept: exclude it before training.

    *Result vocabulary* lists the n-grams with number, rows (DF) and IDF. With *ReadOnly*, such a table on the second
    input replaces the learned vocabulary. The transformation also holds the vocabulary; an inference pipeline pins it.
    The new columns are known only after a run.

    Errors: 0001 for a missing column, 0003 without a vocabulary with ReadOnly, 0008 for more than 10,000 n-grams, 0017
    for a non-text column, 0039 if no n-gram is left or the vocabulary is invalid.

    Example: of `big cat`, `cat` and `big dog`, `cat` has DF 2 and IDF ln(3/2) = 0.405.
    """

    fits = learn_ngrams
    applies = apply_ngrams

    column: ColumnName = param("", label="Text column")
    """The text column."""

    mode: Literal["Create", "ReadOnly"] = param(CREATE, label="Vocabulary mode")
    """Learn a vocabulary from this text, or use the one on the second input."""

    size: int = param(1, ge=1, label="N-Grams size", when={"mode": CREATE})
    """Maximum length of an n-gram."""

    weighting: Literal["Binary Weight", "TF Weight", "IDF Weight", "TF-IDF Weight"] = param(
        "Binary Weight", label="Weighting function"
    )
    """The weighting of n-grams."""

    shortest: int = param(3, ge=1, label="Minimum word length", when={"mode": CREATE})
    """Shorter words are left out."""

    longest: int = param(25, ge=2, label="Maximum word length", when={"mode": CREATE})
    """Longer words are left out."""

    least: float = param(5.0, ge=1, label="Minimum n-gram document absolute frequency", when={"mode": CREATE})
    """An n-gram in fewer rows is left out."""

    most: float = param(1.0, ge=0.0001, label="Maximum n-gram document ratio", when={"mode": CREATE})
    """An n-gram in a larger share of the rows is left out."""

    normalize: bool = param(False, label="Normalize n-gram feature vectors")
    """Divide each row by its Euclidean norm."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        column = chosen_column(self.column, dataset, (Kind.STRING,), "Text column")
        if self.shortest > self.longest:
            raise InvalidParameter(
                f"the minimum {self.shortest} is above the maximum {self.longest}",
                "Swap them.",
                parameter="Minimum word length",
            )
        return {
            "column": column,
            "size": self.size,
            "shortest": self.shortest,
            "longest": self.longest,
            "least": self.least,
            "most": self.most,
            "weighting": self.weighting,
            "normalize": self.normalize,
        }

    def run(self, dataset: Table, input_vocabulary: Table | None = None) -> Extracted:
        state = self.fit(dataset) if self.mode == CREATE else self._given(dataset, input_vocabulary)
        if len(state["ngrams"]) > LIMIT:
            raise InvalidParameter(
                f"{len(state['ngrams']):,} n-grams are too many",
                f"Raise the minimum frequency; {LIMIT:,} is the limit.",
                parameter="Minimum n-gram document absolute frequency",
            )
        return Extracted(self.apply(state, dataset), vocabulary_table(state), self.transformation(state))

    def fit(self, dataset: Table) -> dict[str, Any]:
        state = learn_ngrams(dataset, **self.arguments(dataset))
        if not state["ngrams"]:
            raise InvalidValues(
                f"no n-gram of column '{self.column}' is frequent enough in {counted(len(dataset), 'row')}",
                "Lower the minimum frequency or the minimum word length.",
                parameter="Text column",
                column=self.column,
            )
        return state

    def apply(self, state: Any, dataset: Table) -> Table:
        schema = Schema.of(dataset)
        require_present(schema, [state["column"]])
        if schema[state["column"]].kind is not Kind.STRING:
            raise wrong_kind(schema, state["column"], (Kind.STRING,), "Text column", "Convert it with Edit Metadata.")
        require_free(feature_names(state), schema.names)
        return apply_ngrams(dataset, state)

    def infer(self, dataset: Schema, input_vocabulary: Schema | None = None) -> tuple[Any, ...]:
        return self.infer_applied(None, dataset), VOCABULARY, Unfitted(self)

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is None:
            return dataset.open()
        require_present(dataset, [state["column"]])
        return dataset.append(*(Column(name, Kind.DECIMAL) for name in feature_names(state)))

    def to_python(self, script: Script, *inputs: Variable, **named: Variable) -> tuple[str, ...]:
        dataset, *rest = (*inputs, *named.values())
        if self.mode == CREATE:
            learned = script.call(learn_ngrams, dataset, **self.arguments(dataset.schema), result="learned")
        else:
            if not rest:
                raise self._no_vocabulary()
            settings = (self.column, self.weighting, self.normalize)
            learned = script.call(read_vocabulary, rest[0], *settings, result="learned")
        vocabulary = script.call(vocabulary_table, Variable(learned), result="vocabulary")
        transformed = script.call(apply_ngrams, dataset, Variable(learned), result="transformed")
        script.require("from functools import partial")
        transformation = script.variable("transformation")
        script.line(f"{transformation} = partial({apply_ngrams.__name__}, learned={learned})")
        return transformed, vocabulary, transformation

    def summary(self) -> str:
        return f"{self.column}, {self.weighting}" if self.column else ""

    def explain(self, inputs: Any, outputs: Any) -> str:
        return f"{len(outputs['result_vocabulary']):,} n-grams."

    @property
    def learns(self) -> bool:
        """With ReadOnly nothing is learned from these rows."""
        return self.mode == CREATE

    def _given(self, dataset: Table, vocabulary: Table | None) -> dict[str, Any]:
        chosen_column(self.column, dataset, (Kind.STRING,), "Text column")
        if vocabulary is None:
            raise self._no_vocabulary()
        problem = vocabulary_problem(vocabulary)
        if problem:
            raise InvalidValues(problem, "Use the Result vocabulary of this module.", port="Input vocabulary")
        return read_vocabulary(vocabulary, self.column, self.weighting, self.normalize)

    def _no_vocabulary(self) -> MissingInput:
        return MissingInput("there is no vocabulary", "Wire one, or choose Create.", port="Input vocabulary")
