"""Preprocess Text: every step against hand-made texts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from designer.contract.errors import InvalidParameter, WrongColumnType
from modules.text.preprocess_text import PreprocessText
from tests.modules.readings import run, same_as_script

OFF: dict[str, Any] = dict.fromkeys(
    ["contractions", "stop_words", "lemmas", "sentences", "lower", "numbers", "special", "repeats", "emails", "urls",
     "backslashes", "split"], False,
)  # fmt: skip


def cleaned(text: str, **steps: Any) -> str:
    table = pd.DataFrame({"s": pd.Series([text], dtype="str")})
    return str(run(PreprocessText.read({**OFF, **steps}), table)["Preprocessed s"].iloc[0])


@pytest.mark.parametrize(
    ("step", "text", "expected"),
    [
        ("contractions", "It isn't; we\u2019ve; can't, won't, I'm", "It is not; we have; can not, will not, i am"),
        ("stop_words", "The cat and the dog", "cat dog"),
        ("lemmas", "companies went running children mice", "company go run child mouse"),
        ("sentences", "One here. Two there! Three", "One here. ||| Two there! ||| Three"),
        ("lower", "MixED Ünï", "mixed ünï"),
        ("numbers", "in 2024 we sold 3.5 or 1,000 (12) 3test", "in we sold or 3test"),
        ("special", "a#b c_d naïve", "ab cd naïve"),
        ("repeats", "soooo goood!!!! aa", "soo good!! aa"),
        ("emails", "write to a.b@c.org now", "write to now"),
        ("urls", "see http://x.org/a?b=1 and www.y.com or ftp://z here", "see and or here"),
        ("backslashes", "a\\b", "a/b"),
        ("split", "MS---WORD AT&T", "MS - WORD AT & T"),
    ],
)  # fmt: skip
def test_each_step_alone(step: str, text: str, expected: str) -> None:
    assert cleaned(text, **{step: True}) == expected
    assert cleaned(text) == text


def test_the_custom_expression_comes_first() -> None:
    assert cleaned("a@b.c http://d", pattern="[@:/.]+", replacement=" ", emails=True, urls=True) == "a b c http d"


def test_all_steps_together_and_missing_cells() -> None:
    table = pd.DataFrame(
        {"s": pd.Series(["The companies aren't at http://x.org! 12 Cats ran.", None, "", "🙂"], dtype="str")}
    )
    result = run(PreprocessText(), table)
    assert result["Preprocessed s"].fillna("-").tolist() == ["company ||| cat run", "-", "", ""]
    assert result["s"].equals(table["s"])


def test_names_in_the_dictionary_stay_in_lower_case() -> None:
    assert cleaned("Plymouth and plymouth", lemmas=True, lower=True) == "plymouth and plymouth"
    assert cleaned("plymouth", lemmas=True) == "Plymouth"


def test_own_stop_words_take_the_place_of_the_built_in_ones() -> None:
    table = pd.DataFrame({"s": pd.Series(["The Cat sat"], dtype="str")})
    stops = pd.DataFrame({"word": pd.Series(["cat", None], dtype="str")})
    module = PreprocessText.read({"lemmas": False})
    assert run(module, table, stops)["Preprocessed s"].tolist() == ["the sat"]
    same_as_script(module, table, stops)
    with pytest.raises(WrongColumnType, match="first column is not text"):
        run(module, table, pd.DataFrame({"n": [1]}))


def test_a_very_long_text_takes_little_time() -> None:
    assert len(cleaned("word " * 50_000 + "x" * 500_000, **dict.fromkeys(OFF, True))) > 200_000


def test_the_script_cleans_the_same_and_a_bad_expression_is_named() -> None:
    table = pd.DataFrame({"s": pd.Series(["The companies aren't here. 12 cats!", None], dtype="str")})
    same_as_script(PreprocessText(), table)
    with pytest.raises(InvalidParameter, match="cannot be replaced"):
        run(PreprocessText.read({"pattern": "["}), table)
