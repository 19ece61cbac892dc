"""Words of any language in every text module: combining marks are kept, and both Unicode normal forms are equal."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from modules.text.words import letters, words
from tests.modules.learning import LIBRARY
from tests.modules.readings import same_as_script

NFC, NFD = (unicodedata.normalize(form, "pâté maison") for form in ("NFC", "NFD"))
HINDI = "हिन्दी किताब"
TEXTS = pd.DataFrame({"text": pd.Series([HINDI, NFD, NFC] * 5, dtype="str")})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HINDI, ["हिन्दी", "किताब"]),
        (NFD, ["pâté", "maison"]),
        ("Straße, ÉTÉ_naïve", ["straße", "été", "naïve"]),
        ("ที่นี่ ดี", ["ที่นี่", "ดี"]),
        ("السَّلامُ عَلَيْكُم", ["السَّلامُ", "عَلَيْكُم"]),
        ("שָׁלוֹם", ["שָׁלוֹם"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("தமிழ் 한국어 日本語", ["தமிழ்", "한국어", "日本語"]),
        ("a\u0301\u0323 x̄", ["ạ́", "x̄"]),
        ("naïve-42 don't", ["naïve", "42", "don", "t"]),
    ],
)
def test_marks_belong_to_their_letter(text: str, expected: list[str]) -> None:
    assert words(text) == [unicodedata.normalize("NFC", word) for word in expected]
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


def test_marks_do_not_make_a_word_longer() -> None:
    assert letters("हिन्दी") == 3
    assert letters("x̄") == 1


def test_ngrams_of_two_scripts_and_two_forms_are_four_words() -> None:
    settings = {"column": "text", "shortest": 1, "least": 1}
    vocabulary = LIBRARY["extract-n-gram-features-from-text"].read(settings).run(TEXTS)[1].set_index("NGram")["DF"]
    assert vocabulary.to_dict() == {"हिन्दी": 5, "किताब": 5, unicodedata.normalize("NFC", "pâté"): 10, "maison": 10}


def test_both_forms_are_the_same_to_every_text_module() -> None:
    rows = pd.DataFrame({"text": pd.Series([NFC, NFD], dtype="str")})
    for id, settings in (
        ("feature-hashing", {"columns": ["text"], "bits": 6}),
        ("feature-hashing", {"columns": ["text"], "bits": 6, "size": 0}),
        ("preprocess-text", {"columns": ["text"]}),
        ("replace-text", {"columns": ["text"], "find": "pâté", "replacement": "pie", "mode": "Plain text"}),
    ):
        result = LIBRARY[id].read(settings).run(rows)
        first, second = (
            result.drop(columns="text").to_numpy() if "text" in result and id != "replace-text" else result["text"]
        )
        assert (first == second) if isinstance(first, str) else (first == second).all()


def test_cleaning_keeps_marks() -> None:
    module = LIBRARY["preprocess-text"].read({"columns": ["text"], "lemmas": False, "stop_words": False})
    cleaned = module.run(pd.DataFrame({"text": pd.Series([f"{HINDI}, (x̄)", "ที่นี่?"], dtype="str")}))
    assert cleaned["Preprocessed text"].tolist() == [f"{HINDI} x̄", "ที่นี่"]


def test_the_scripts_find_the_same_words() -> None:
    same_as_script(LIBRARY["feature-hashing"].read({"columns": ["text"], "bits": 5}), TEXTS)
    same_as_script(LIBRARY["preprocess-text"].read({"columns": ["text"]}), TEXTS)
    same_as_script(LIBRARY["replace-text"].read({"columns": ["text"], "find": "maison", "replacement": "x"}), TEXTS)
