"""Extract N-Gram Features from Text against hand calculations and scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from designer.contract.errors import InvalidValues, MissingInput
from designer.contract.schema import Schema
from modules.text.extract_n_gram_features_from_text import ExtractNGramFeaturesFromText
from modules.text.words import ngrams
from tests.modules.readings import agree, run, same_as_script, script_of

TABLE = pd.DataFrame({"s": pd.Series(["Big cat", "cat ||| cat", "big dog", None], dtype="str"), "n": [1, 2, 3, 4]})
READ = {"column": "s", "least": 1}


def cells(settings: dict[str, object]) -> dict[str, list[float]]:
    features = run(ExtractNGramFeaturesFromText.read({**READ, **settings}), TABLE)[0]
    return {name.removeprefix("s.[").removesuffix("]"): features[name].tolist() for name in features.columns[2:]}


def test_the_vocabulary_has_rows_and_inverse_document_frequency() -> None:
    table = TABLE.iloc[:3]
    vocabulary = run(ExtractNGramFeaturesFromText.read({**READ, "size": 2}), table)[1]
    assert vocabulary["NGram"].tolist() == ["big", "big_cat", "big_dog", "cat", "dog"]
    assert vocabulary["DF"].tolist() == [2, 1, 1, 2, 1]
    assert vocabulary["ID"].tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(vocabulary["IDF"], np.log([3 / 2, 3, 3, 3 / 2, 3]), rtol=1e-15)


@pytest.mark.parametrize(
    ("weighting", "cat", "dog"),
    [
        ("Binary Weight", [1, 1, 0, 0], [0, 0, 1, 0]),
        ("TF Weight", [1, 2, 0, 0], [0, 0, 1, 0]),
        ("IDF Weight", [np.log(2), np.log(2), 0, 0], [0, 0, np.log(4), 0]),
        ("TF-IDF Weight", [np.log(2), 2 * np.log(2), 0, 0], [0, 0, np.log(4), 0]),
    ],
)
def test_hand_calculated_weights(weighting: str, cat: list[float], dog: list[float]) -> None:
    weights = cells({"weighting": weighting})
    assert list(weights) == ["big", "cat", "dog"]
    np.testing.assert_allclose(weights["cat"], cat, rtol=1e-15)
    np.testing.assert_allclose(weights["dog"], dog, rtol=1e-15)


def test_normalized_rows_have_length_one_and_empty_ones_stay_empty() -> None:
    weights = np.array(list(cells({"normalize": True, "weighting": "TF-IDF Weight"}).values()))
    np.testing.assert_allclose((weights**2).sum(axis=0), [1, 1, 1, 0])


def test_lengths_and_frequencies_bound_the_vocabulary() -> None:
    assert list(cells({"least": 2})) == ["big", "cat"]
    assert list(cells({"most": 0.25})) == ["dog"]
    text = pd.DataFrame({"s": pd.Series(["bank of america", "internationalization"], dtype="str")})
    short = run(ExtractNGramFeaturesFromText.read({**READ, "size": 3, "longest": 7}), text)[1]
    assert short["NGram"].tolist() == ["america", "bank"]


def test_counts_equal_scikit_learn_on_longer_text() -> None:
    random = np.random.default_rng(0)
    texts = [" ".join(random.choice(["aaa", "bbb", "ccc", "ddd"], 30)) for _ in range(20)]
    table = pd.DataFrame({"s": pd.Series(texts, dtype="str")})
    features = run(ExtractNGramFeaturesFromText.read({"column": "s", "size": 3, "weighting": "TF Weight"}), table)[0]
    peer = CountVectorizer(ngram_range=(1, 3), min_df=5)
    expected = peer.fit_transform(texts).toarray()
    names = [name.removeprefix("s.[").removesuffix("]").replace("_", " ") for name in features.columns[1:]]
    order = [peer.vocabulary_[name] for name in names]
    assert len(names) == len(peer.vocabulary_)
    np.testing.assert_array_equal(features.iloc[:, 1:], expected[:, order])


def test_a_vocabulary_is_used_again_read_only() -> None:
    created = run(ExtractNGramFeaturesFromText.read({**READ, "size": 2, "weighting": "TF-IDF Weight"}), TABLE)
    other = pd.DataFrame({"s": pd.Series(["a big cat cat bird", None], dtype="str")})
    reader = ExtractNGramFeaturesFromText.read({"column": "s", "mode": "ReadOnly", "weighting": "TF-IDF Weight"})
    result = run(reader, other, created[1])
    pd.testing.assert_frame_equal(result[0], created[2].apply(other))
    pd.testing.assert_frame_equal(result[1], created[1])
    assert result[0]["s.[cat]"].iloc[0] == pytest.approx(2 * np.log(2))
    agree(created[2].apply(other), created[2].infer(Schema.of(other)))


def test_the_script_gives_the_same_columns_and_vocabulary() -> None:
    module = ExtractNGramFeaturesFromText.read({**READ, "size": 2, "weighting": "TF-IDF Weight", "normalize": True})
    same_as_script(module, TABLE)
    pd.testing.assert_frame_equal(script_of(module, TABLE)[1], module.run(TABLE)[1])
    reader = ExtractNGramFeaturesFromText.read({"column": "s", "mode": "ReadOnly"})
    same_as_script(reader, TABLE, module.run(TABLE)[1])


def test_errors_name_what_is_wrong_with_a_vocabulary() -> None:
    reader = ExtractNGramFeaturesFromText.read({"column": "s", "mode": "ReadOnly"})
    good = run(ExtractNGramFeaturesFromText.read(READ), TABLE)[1]
    with pytest.raises(MissingInput, match="no vocabulary"):
        run(reader, TABLE)
    with pytest.raises(InvalidValues, match="no column 'DF'"):
        reader.run(TABLE, good.drop(columns="DF"))
    with pytest.raises(InvalidValues, match="'ID' of the vocabulary is str"):
        reader.run(TABLE, good.assign(ID=good["NGram"]))
    with pytest.raises(InvalidValues, match="'cat' comes twice"):
        reader.run(TABLE, good.assign(NGram=pd.Series(["cat"] * 3, dtype="str")))
    with pytest.raises(InvalidValues, match="frequent enough in 4 rows"):
        run(ExtractNGramFeaturesFromText.read({"column": "s"}), TABLE)


def test_runs_are_made_of_neighbours_within_a_sentence_only() -> None:
    assert ngrams("A big cat ||| sat", 2) == ["a", "big", "cat", "a_big", "big_cat", "sat"]
    assert ngrams("a big cat sat", 3, shortest=2) == ["big", "cat", "sat", "big_cat", "cat_sat", "big_cat_sat"]
    assert ngrams("very big cat", 2, longest=3) == ["big", "cat", "big_cat"]
