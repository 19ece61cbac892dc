"""Latent Dirichlet Allocation: topic modelling of texts."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter, InvalidValues, TooFewRows
from designer.contract.estimator import Transform, Unfitted
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table, Transformation
from designer.contract.wording.counting import counted

from ..columns.chosen import chosen, require_free, require_present, wrong_kind
from .words import beside, ngrams, texts_of

CELL_LIMIT = 1 << 25


def learn_topics(
    dataset: pd.DataFrame, columns: list[str], size: int, dictionary: int, bits: int, model: dict[str, Any]
) -> dict[str, Any]:
    """Fit topics to the texts of the rows; without a vocabulary terms are hashed."""
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
    """The document-term count matrix."""
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer

    analyzer = partial(ngrams, size=learned["size"])
    texts = texts_of(dataset, learned["columns"])
    if learned["terms"]:
        places = {term: place for place, term in enumerate(learned["terms"])}
        return CountVectorizer(analyzer=analyzer, vocabulary=places).transform(texts)
    hashing = HashingVectorizer(analyzer=analyzer, n_features=2 ** learned["bits"], alternate_sign=False, norm=None)
    return hashing.transform(texts)


def apply_topics(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Append the proportion of each topic."""
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
    no_onnx="ONNX has no exact tokenization of text",
    synonyms=("lda", "topic model", "topics", "themes", "cluster text", "dimensionality reduction of text"),
):
    """Fit a topic model to texts, and compute the topic proportions of each row.

    The text columns of a row form a document; its terms are n-grams of one to *N-grams* consecutive words (letters and
    digits, in lower case): the most frequent ones if a vocabulary is built, otherwise hashed into a number of columns.
    The result has a column `Topic 1`, `Topic 2`, ... per topic, which sum to 1 in each row; a missing text has equal
    proportions. The feature topic matrix lists the weight of each term in each topic; with *Normalize* the weights of a
    topic sum to 1. Topics are learned online, by scikit-learn's LatentDirichletAllocation; rho and alpha are the priors
    of the topic-word and the document-topic distribution. An initial iteration of 0 counts as 1.

    The transformation computes proportions of the same topics for other tables. More topics than documents are allowed
    but hardly meaningful.

    Errors: 0011 for a selection that matches nothing, 0008 for more topics and terms than fit into memory, 0017 for a
    non-text column, 0021 for a table without rows, 0039 if no text has a word.

    Example: with two topics, reviews of films and of kitchens lean to one or the other.
    """

    fits = learn_topics
    applies = apply_topics

    columns: Columns = param(Columns.of_kind("String"), label="Target columns")
    """The text columns."""

    topics: int = param(5, ge=1, le=1000, label="Number of topics to model")
    """Number of topics."""

    size: int = param(2, ge=1, le=10, label="N-grams")
    """Maximum length of an n-gram."""

    normalize: bool = param(True, label="Normalize")
    """Normalize the weights of each topic in the feature topic matrix to sum to 1."""

    show_all: bool = param(False, label="Show all options")
    """Show advanced settings; otherwise their defaults apply."""

    rho: float = param(0.01, ge=0.00001, le=1, label="Rho parameter", when=MORE)
    """Prior of the topic-word distribution: smaller values give topics with fewer terms."""

    alpha: float = param(0.01, ge=0.00001, le=1, label="Alpha parameter", when=MORE)
    """Prior of the document-topic distribution: smaller values give documents with fewer topics."""

    documents: int = param(1000, ge=1, le=2147483647, label="Estimated number of documents", when=MORE)
    """Estimated total number of documents, for online learning."""

    batch: int = param(32, ge=1, le=1024, label="Size of the batch", when=MORE)
    """Number of documents per mini-batch."""

    start: int = param(0, ge=0, le=2147483647, when=MORE,
                       label="Initial value of iteration used in learning rate update schedule")  # fmt: skip
    """Learning offset: larger values downweight early batches."""

    power: float = param(0.5, ge=0, le=1, label="Power applied to the iteration during updates", when=MORE)
    """Learning decay: how fast the weight of later batches decreases."""

    iterations: int = param(25, ge=1, le=1024, label="Number of training iterations", when=MORE)
    """Number of passes over all documents."""

    build: bool = param(True, label="Build dictionary of ngrams", when=FEW)
    """Build a vocabulary of the most frequent terms; otherwise terms are hashed, and the matrix cannot name them."""

    dictionary: int = param(
        20000, ge=1, label="Maximum size of ngram dictionary", when={"show_all": False, "build": True}
    )
    """Maximum number of terms."""

    bits: int = param(12, ge=1, le=31, label="Number of bits to use for feature hashing",
                      when={"show_all": False, "build": False})  # fmt: skip
    """Number of hash bits; terms are hashed to 2 to this power columns."""

    build_prior: bool = param(True, label="Build dictionary of ngrams prior to LDA", when=MORE)
    """Build a vocabulary of the most frequent terms; otherwise terms are hashed, and the matrix cannot name them."""

    dictionary_prior: int = param(20000, ge=1, label="Maximum number of ngrams in dictionary",
                                  when={"show_all": True, "build_prior": True})  # fmt: skip
    """Maximum number of terms."""

    bits_prior: int = param(12, ge=1, le=31, label="Number of hash bits", when={"show_all": True, "build_prior": False})
    """Number of hash bits; terms are hashed to 2 to this power columns."""

    seed: int = param(0, ge=0, le=4294967295, label="Random seed")
    """The same seed gives the same topics."""

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
