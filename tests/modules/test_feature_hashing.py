"""Feature Hashing against MurmurHash3 and scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.utils import murmurhash3_32

from designer.contract.errors import InvalidParameter
from modules.text.feature_hashing import FeatureHashing
from tests.modules.readings import run, same_as_script

TABLE = pd.DataFrame({"s": pd.Series(["The cat, the CAT!", None, "dog_cat ünï"], dtype="str"), "n": [1, 2, 3]})


def hashed(settings: dict[str, object]) -> np.ndarray:
    result = run(FeatureHashing.read(settings), TABLE)
    return result.filter(like="Hashing").to_numpy()


def test_ten_bits_give_1024_columns_named_as_documented() -> None:
    result = run(FeatureHashing(), TABLE)
    assert list(result.columns)[:3] == ["s", "n", "s - Hashing feature 0"]
    assert result.shape[1] == 2 + 1024


def test_each_word_falls_on_its_murmur_hash() -> None:
    counts = hashed({"bits": 8, "size": 1})
    expected = np.zeros((3, 256))
    for row, words in enumerate([["the", "the", "cat", "cat"], [], ["dog", "cat", "ünï"]]):
        for word in words:
            expected[row, abs(murmurhash3_32(word.encode(), 0)) % 256] += 1
    np.testing.assert_array_equal(counts, expected)


def test_phrases_count_as_in_scikit_learn() -> None:
    peer = HashingVectorizer(n_features=64, ngram_range=(1, 3), norm=None, alternate_sign=False,
                             token_pattern=r"[^\W_]+")  # fmt: skip
    spaced = [t.lower() for t in TABLE["s"].fillna("")]
    analyze = peer.build_analyzer()
    joined = HashingVectorizer(n_features=64, norm=None, alternate_sign=False,
                               analyzer=lambda text: [gram.replace(" ", "_") for gram in analyze(text)])  # fmt: skip
    np.testing.assert_array_equal(hashed({"bits": 6, "size": 3}), joined.transform(spaced).toarray())


def test_without_n_grams_the_whole_cell_is_one_term() -> None:
    counts = hashed({"bits": 8, "size": 0})
    assert counts.sum(axis=1).tolist() == [1, 0, 1]
    assert counts[0, abs(murmurhash3_32(b"The cat, the CAT!", 0)) % 256] == 1


def test_script_hashes_the_same_and_too_many_columns_are_refused() -> None:
    same_as_script(FeatureHashing.read({"bits": 4}), TABLE)
    with pytest.raises(InvalidParameter, match="too many"):
        run(FeatureHashing.read({"bits": 31}), TABLE)
