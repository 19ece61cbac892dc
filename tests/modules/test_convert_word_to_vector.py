"""Convert Word to Vector: listed words, repeatability, and similarity of related words."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import FileMissing, InvalidValues, UnreadableFile
from designer.contract.files.sources import using
from modules.text.convert_word_to_vector import ConvertWordToVector
from tests.folder_sources import FolderSources
from tests.modules.readings import run, same_as_script

RANDOM = np.random.default_rng(1)
PETS, TOOLS = ["cat", "dog", "fur", "paw"], ["saw", "nail", "wood", "drill"]
TEXTS = [" ".join(RANDOM.choice(PETS if i % 2 else TOOLS, 10)) for i in range(400)]
TABLE = pd.DataFrame({"s": pd.Series([*TEXTS, "Rare words", None], dtype="str")})
READ = {"column": "s", "size": 12, "epochs": 40}


def vectors(settings: dict[str, object]) -> pd.DataFrame:
    return run(ConvertWordToVector.read({**READ, **settings}), TABLE).set_index("Vocabulary")


def near(embeddings: pd.DataFrame, one: str, two: str) -> float:
    a, b = embeddings.loc[one].to_numpy(), embeddings.loc[two].to_numpy()
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@pytest.mark.parametrize("strategy", ["Gensim Word2Vec", "Gensim FastText"])
@pytest.mark.parametrize("algorithm", ["Skip_gram", "CBOW"])
def test_words_used_alike_are_near_each_other(strategy: str, algorithm: str) -> None:
    embeddings = vectors({"strategy": strategy, "algorithm": algorithm})
    pets = [near(embeddings, "cat", word) for word in PETS[1:]]
    tools = [near(embeddings, "cat", word) for word in TOOLS]
    assert min(pets) > max(tools)


def test_the_most_frequent_words_are_listed_first() -> None:
    counts = pd.Series(" ".join(TEXTS).split()).value_counts()
    embeddings = vectors({"epochs": 1})
    assert set(embeddings.index) == set(PETS + TOOLS)
    assert counts[embeddings.index].is_monotonic_decreasing
    assert list(embeddings.columns) == [f"Embedding dim {i}" for i in range(12)]
    assert len(vectors({"epochs": 1, "least": 1})) == 10


def test_the_same_text_gives_the_same_vectors_also_in_the_script() -> None:
    pd.testing.assert_frame_equal(vectors({"epochs": 2}), vectors({"epochs": 2}))
    same_as_script(ConvertWordToVector.read({**READ, "epochs": 2}), TABLE)


@pytest.mark.parametrize("packed", [False, True])
def test_trained_vectors_are_read_from_an_upload(tmp_path: Path, packed: bool) -> None:
    text = "3 2\ncat 0.5 -1\ndog 2 3e-1\nother 9 9\n"
    name = tmp_path / f"glove-wiki-gigaword-100.{'gz' if packed else 'txt'}"
    name.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    with using(FolderSources(tmp_path)):
        embeddings = vectors({"strategy": "GloVe pretrained English Model"})
    assert embeddings.sort_index().to_numpy().tolist() == [[0.5, -1], [2, 0.3]]


def test_a_missing_or_broken_file_and_rare_words_are_errors(tmp_path: Path) -> None:
    with using(FolderSources(tmp_path)):
        with pytest.raises(FileMissing, match="glove-wiki-gigaword-100"):
            vectors({"strategy": "GloVe pretrained English Model"})
        (tmp_path / "glove-wiki-gigaword-100.txt").write_text("cat 1 2\ndog one two\n")
        with pytest.raises(UnreadableFile, match="line 2 holds no numbers"):
            vectors({"strategy": "GloVe pretrained English Model"})
    with pytest.raises(InvalidValues, match="occurs 9999 times"):
        vectors({"least": 9999})
