"""Latent Dirichlet Allocation against scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import decomposition
from sklearn.feature_extraction.text import CountVectorizer

from designer.contract.errors import InvalidParameter, InvalidValues
from modules.text.latent_dirichlet_allocation import LatentDirichletAllocation
from tests.modules.readings import run, same_as_script

RANDOM = np.random.default_rng(6)
FILM, FOOD = ["film", "actor", "scene", "plot"], ["oven", "spoon", "recipe", "salt"]
TEXTS = [" ".join(RANDOM.choice(FILM if i % 2 else FOOD, 12)) for i in range(40)]
TABLE = pd.DataFrame({"s": pd.Series([*TEXTS, None], dtype="str"), "n": range(41)})
TWO = {"topics": 2, "size": 1}


def test_equals_scikit_learn_with_the_catalogues_settings() -> None:
    result = run(LatentDirichletAllocation.read(TWO), TABLE)
    counts = CountVectorizer().fit([*TEXTS, ""])
    cells = counts.transform([*TEXTS, ""])
    peer = decomposition.LatentDirichletAllocation(
        2, doc_topic_prior=0.01, topic_word_prior=0.01, learning_method="online", learning_decay=0.5,
        learning_offset=1.0, max_iter=25, batch_size=32, total_samples=1000, random_state=0,
    ).fit(cells)  # fmt: skip
    np.testing.assert_allclose(result[0][["Topic 1", "Topic 2"]], peer.transform(cells), rtol=1e-9)
    assert result[1]["Feature"].tolist() == sorted(counts.vocabulary_)
    weights = peer.components_.T / peer.components_.sum(axis=1)
    np.testing.assert_allclose(result[1][["Topic 1", "Topic 2"]], weights, rtol=1e-9)


def test_texts_of_two_kinds_lean_to_different_topics_and_rows_sum_to_one() -> None:
    topics = run(LatentDirichletAllocation.read(TWO), TABLE)[0]
    first = topics["Topic 1"].iloc[:40] > 0.5
    assert first.iloc[::2].nunique() == first.iloc[1::2].nunique() == 1
    assert first.iloc[0] != first.iloc[1]
    np.testing.assert_allclose(topics["Topic 1"] + topics["Topic 2"], 1)
    assert topics["Topic 1"].iloc[40] == pytest.approx(0.5)


def test_the_matrix_sums_to_one_only_where_it_is_normalized() -> None:
    matrix = run(LatentDirichletAllocation.read(TWO), TABLE)[1]
    np.testing.assert_allclose(matrix[["Topic 1", "Topic 2"]].sum(), 1)
    raw = run(LatentDirichletAllocation.read({**TWO, "normalize": False}), TABLE)[1]
    assert raw[["Topic 1", "Topic 2"]].sum().min() > 2


def test_the_dictionary_keeps_the_most_frequent_terms_or_terms_are_hashed() -> None:
    matrix = run(LatentDirichletAllocation.read({**TWO, "dictionary": 3}), TABLE)[1]
    counts = pd.Series(" ".join(TEXTS).split()).value_counts()
    assert counts[matrix["Feature"]].min() >= counts.drop(matrix["Feature"]).max()
    hashed = run(LatentDirichletAllocation.read({**TWO, "build": False, "bits": 5}), TABLE)[1]
    assert hashed["Feature"].tolist() == [f"Hash {i}" for i in range(32)]


def test_the_transformation_gives_other_texts_shares_of_the_same_topics() -> None:
    result = run(LatentDirichletAllocation.read(TWO), TABLE)
    new = result[2].apply(TABLE.iloc[[3]].reset_index(drop=True))
    np.testing.assert_allclose(new["Topic 1"], result[0]["Topic 1"].iloc[[3]], rtol=1e-9)


def test_every_option_reaches_scikit_learn() -> None:
    settings = {"show_all": True, "rho": 0.5, "alpha": 0.25, "documents": 7, "batch": 3, "start": 9, "power": 0.75,
                "iterations": 4, "build_prior": False, "bits_prior": 6, "seed": 2}  # fmt: skip
    model = run(LatentDirichletAllocation.read({**TWO, **settings}), TABLE)[2].state["model"].get_params()
    expected = {"topic_word_prior": 0.5, "doc_topic_prior": 0.25, "total_samples": 7, "batch_size": 3,
              "learning_offset": 9, "learning_decay": 0.75, "max_iter": 4, "random_state": 2}  # fmt: skip
    assert {name: model[name] for name in expected} == expected


def test_the_script_finds_the_same_topics() -> None:
    same_as_script(LatentDirichletAllocation.read(TWO), TABLE)


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(InvalidValues, match="no text has a word"):
        run(LatentDirichletAllocation(), TABLE.assign(s=pd.Series(["..."] * 41, dtype="str")))
    with pytest.raises(InvalidParameter, match="too many"):
        run(LatentDirichletAllocation.read({"build": False, "bits": 31}), TABLE)
