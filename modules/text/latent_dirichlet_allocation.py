"""Latent Dirichlet Allocation: the topics of texts."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.counting import counted
from designer.contract.errors import InvalidParameter, InvalidValues, TooFewRows
from designer.contract.estimator import Transform, Unfitted
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table, Transformation

from ..columns.chosen import chosen, require_free, require_present, wrong_kind
from .words import beside, ngrams, texts_of

CELL_LIMIT = 1 << 25


def learn_topics(
    dataset: pd.DataFrame, columns: list[str], size: int, dictionary: int, bits: int, model: dict[str, Any]
) -> dict[str, Any]:
    """The fitted topics of the texts of each row; without a dictionary terms are hashed."""
    from sklearn import decomposition

    learned: dict[str, Any] = {"columns": columns, "size": size, "bits": bits, "terms": []}
    if dictionary:
        counts: Counter[str] = Counter()
        for text in texts_of(dataset, columns):
            counts.update(ngrams(text, size))
        frequent = sorted(counts, key=lambda term: (-counts[term], term))[:dictionary]
        learned["terms"] = sorted(frequent)
    topics = decomposition.LatentDirichletAllocation(learning_method="online", **model)
    return {**learned, "model": topics.fit(term_counts(dataset, learned))}


def term_counts(dataset: pd.DataFrame, learned: dict[str, Any]) -> Any:
    """How often each term occurs in each row."""
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer

    analyzer = partial(ngrams, size=learned["size"])
    texts = texts_of(dataset, learned["columns"])
    if learned["terms"]:
        places = {term: place for place, term in enumerate(learned["terms"])}
        return CountVectorizer(analyzer=analyzer, vocabulary=places).transform(texts)
    hashing = HashingVectorizer(analyzer=analyzer, n_features=2 ** learned["bits"], alternate_sign=False, norm=None)
    return hashing.transform(texts)


def apply_topics(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """The share of each topic at the end of the table."""
    names = topic_names(learned["model"].n_components)
    if not len(dataset):
        return beside(dataset, names, np.zeros((0, len(names))))
    return beside(dataset, names, learned["model"].transform(term_counts(dataset, learned)))


def topic_names(count: int) -> list[str]:
    """The new columns."""
    return [f"Topic {number + 1}" for number in range(count)]


def topic_matrix(learned: dict[str, Any], normalize: bool) -> pd.DataFrame:
    """The weight of each term in each topic; normalized, a topic's weights sum to 1."""
    weights = learned["model"].components_.T
    if normalize:
        weights = weights / weights.sum(axis=0)
    terms = learned["terms"] or [f"Hash {number}" for number in range(len(weights))]
    return beside(pd.DataFrame({"Feature": pd.Series(terms, dtype="str")}), topic_names(weights.shape[1]), weights)


class Topics(NamedTuple):
    """The outputs of Latent Dirichlet Allocation."""

    transformed_dataset: Table
    feature_topic_matrix: Table
    lda_transformation: Annotated[Transformation, "LDA transformation"]


MORE = {"show_all": True}
FEW = {"show_all": False}


class LatentDirichletAllocation(
    Transform,
    category="Text Analytics",
    icon="book-open",
    no_onnx="ONNX has no exact way to find the words of a text",
    synonyms=("lda", "topic model", "topics", "themes", "cluster text", "dimensionality reduction of text"),
):
    """Find topics in texts, and the share of each topic in every row.

    The text columns of a row together are a document; its terms are runs of one to *N-grams* neighbouring words
    (letters and digits, in lower case), the most frequent of all rows where a dictionary is built, or hashed into a
    number of columns. The result has a column `Topic 1`, `Topic 2`, ... for each topic, which sum to 1 in each row; a
    missing text has equal shares. The feature topic matrix lists the weight of each term in each topic; under
    *Normalize* the weights of a topic sum to 1. Topics are learned online, as by scikit-learn's
    LatentDirichletAllocation; rho and alpha are the priors of terms in topics and of topics in documents. An initial
    iteration of 0 counts as 1.

    The transformation gives other tables shares of the same topics. More topics than documents are allowed and mean
    little.

    Errors: 0011 for a selection that matches nothing, 0008 for more topics and terms than fit into memory, 0017 for a
    column that is not text, 0021 for a table without rows, 0039 where no text has a word.

    Example: with two topics, reviews of films and of kitchens lean to one or the other.
    """

    fits = learn_topics
    applies = apply_topics

    columns: Columns = param(Columns.of_kind("String"), label="Target columns")
    """The text columns."""

    topics: int = param(5, ge=1, le=1000, label="Number of topics to model")
    """How many topics are found."""

    size: int = param(2, ge=1, le=10, label="N-grams")
    """The longest run of words that counts as a term."""

    normalize: bool = param(True, label="Normalize")
    """Let the weights of each topic in the feature topic matrix sum to 1."""

    show_all: bool = param(False, label="Show all options")
    """Show what rarely needs a change; otherwise it keeps its defaults."""

    rho: float = param(0.01, ge=0.00001, le=1, label="Rho parameter", when=MORE)
    """The prior of terms in topics: the smaller, the fewer terms make up a topic."""

    alpha: float = param(0.01, ge=0.00001, le=1, label="Alpha parameter", when=MORE)
    """The prior of topics in documents: the smaller, the fewer topics make up a document."""

    documents: int = param(1000, ge=1, le=2147483647, label="Estimated number of documents", when=MORE)
    """How many documents the learning reckons with."""

    batch: int = param(32, ge=1, le=1024, label="Size of the batch", when=MORE)
    """How many documents are read at a time."""

    start: int = param(0, ge=0, le=2147483647, when=MORE,
                       label="Initial value of iteration used in learning rate update schedule")  # fmt: skip
    """The larger, the less the first batches count."""

    power: float = param(0.5, ge=0, le=1, label="Power applied to the iteration during updates", when=MORE)
    """How fast later batches count less."""

    iterations: int = param(25, ge=1, le=1024, label="Number of training iterations", when=MORE)
    """How often all documents are read."""

    build: bool = param(True, label="Build dictionary of ngrams", when=FEW)
    """Use the most frequent terms; otherwise terms are hashed, and the matrix cannot name them."""

    dictionary: int = param(
        20000, ge=1, label="Maximum size of ngram dictionary", when={"show_all": False, "build": True}
    )
    """How many terms are used at most."""

    bits: int = param(12, ge=1, le=31, label="Number of bits to use for feature hashing",
                      when={"show_all": False, "build": False})  # fmt: skip
    """Terms are hashed into 2 to the power of this many columns."""

    build_prior: bool = param(True, label="Build dictionary of ngrams prior to LDA", when=MORE)
    """Use the most frequent terms; otherwise terms are hashed, and the matrix cannot name them."""

    dictionary_prior: int = param(20000, ge=1, label="Maximum number of ngrams in dictionary",
                                  when={"show_all": True, "build_prior": True})  # fmt: skip
    """How many terms are used at most."""

    bits_prior: int = param(12, ge=1, le=31, label="Number of hash bits", when={"show_all": True, "build_prior": False})
    """Terms are hashed into 2 to the power of this many columns."""

    seed: int = param(0, ge=0, le=4294967295, label="Random seed")
    """The same seed finds the same topics."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        build, dictionary, bits = self.build, self.dictionary, self.bits
        if self.show_all:
            build, dictionary, bits = self.build_prior, self.dictionary_prior, self.bits_prior
        terms = dictionary if build else 1 << bits
        if not build and terms * self.topics > CELL_LIMIT:
            raise InvalidParameter(
                f"{counted(self.topics, 'topic')} of {terms:,} terms are too many",
                "Use fewer bits.",
                parameter="Number of hash bits",
            )
        return {
            "columns": chosen(self.columns, dataset, (Kind.STRING,), "Target columns"),
            "size": self.size,
            "dictionary": dictionary if build else 0,
            "bits": bits,
            "model": self._model(),
        }

    def run(self, dataset: Table) -> Topics:
        state = self.fit(dataset)
        return Topics(self.apply(state, dataset), topic_matrix(state, self.normalize), self.transformation(state))

    def fit(self, dataset: Table) -> dict[str, Any]:
        arguments = self.arguments(dataset)
        if not len(dataset):
            raise TooFewRows("the table has no rows", "Topics need at least one text.", port="Dataset")
        if not any(ngrams(text, 1) for text in texts_of(dataset, arguments["columns"])):
            raise InvalidValues("no text has a word", "Choose other columns.", parameter="Target columns")
        return learn_topics(dataset, **arguments)

    def apply(self, state: Any, dataset: Table) -> Table:
        schema = Schema.of(dataset)
        require_present(schema, state["columns"])
        for name in state["columns"]:
            if schema[name].kind is not Kind.STRING:
                raise wrong_kind(schema, name, (Kind.STRING,), "Target columns", "Convert it with Edit Metadata.")
        require_free(topic_names(self.topics), schema.names)
        return apply_topics(dataset, state)

    def infer(self, dataset: Schema) -> tuple[Any, ...]:
        matrix = Schema((Column("Feature", Kind.STRING), *self._topic_columns()))
        return self.infer_applied(None, dataset), matrix, Unfitted(self)

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is not None:
            require_present(dataset, state["columns"])
        return dataset.append(*self._topic_columns())

    def to_python(self, script: Script, *inputs: Variable, **named: Variable) -> tuple[str, ...]:
        transformed, transformation = super().to_python(script, *inputs, **named)
        learned = Variable(f"{transformation}.keywords['learned']")
        return transformed, script.call(topic_matrix, learned, self.normalize, result="matrix"), transformation

    def summary(self) -> str:
        return f"{counted(self.topics, 'topic')} of {self.columns}"

    def _topic_columns(self) -> list[Column]:
        return [Column(name, Kind.DECIMAL) for name in topic_names(self.topics)]

    def _model(self) -> dict[str, Any]:
        shown = self.show_all
        return {
            "n_components": self.topics,
            "topic_word_prior": self.rho if shown else 0.01,
            "doc_topic_prior": self.alpha if shown else 0.01,
            "total_samples": self.documents if shown else 1000,
            "batch_size": self.batch if shown else 32,
            "learning_offset": float(max(self.start, 1)) if shown else 1.0,
            "learning_decay": self.power if shown else 0.5,
            "max_iter": self.iterations if shown else 25,
            "random_state": self.seed,
        }
