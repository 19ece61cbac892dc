"""Words and n-grams of a text."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Any

import numpy as np
import pandas as pd

SENTENCE_MARK = "|||"


def words(text: str) -> list[str]:
    """The sequences of letters and digits with their marks, in lower case and composed form (NFC)."""
    if text.isascii():
        return re.findall(r"[^\W_]+", text.lower())
    parts = [part if part.isalnum() or is_mark(part) else " " for part in composed(text.lower())]
    return [word for word in "".join(parts).split() if not all(map(is_mark, word))]


def composed(text: str) -> str:
    """The text in NFC, where an accented letter is one character if such a character exists."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_mark(character: str) -> bool:
    """Whether a character belongs to the preceding letter (an accent, a vowel sign of Hindi, Thai or Arabic) or joins
    two within a word. `\\w` of `re` excludes these."""
    return character > "\u02ff" and (unicodedata.category(character)[0] == "M" or character in "\u200c\u200d")


def marks_in(text: str) -> str:
    """The marks of a text, escaped for a character class."""
    return "" if text.isascii() else "".join(sorted(filter(is_mark, set(text))))


def letters(word: str) -> int:
    """The length of a word without marks and joiners."""
    return len(word) if word.isascii() else sum(not is_mark(character) for character in word)


def ngrams(text: str, size: int, shortest: int = 1, longest: int = 1_000_000) -> list[str]:
    """The n-grams of one to `size` consecutive words joined by `_`, none across a sentence mark.

    N-grams with a word shorter or longer than allowed are left out; the words around a removed word are not joined.
    """
    grams: list[str] = []
    for sentence in text.split(SENTENCE_MARK):
        tokens = words(sentence)
        fitting = [shortest <= letters(word) <= longest for word in tokens]
        grams += tokens if all(fitting) else itertools.compress(tokens, fitting)
        for length in range(2, min(size, len(tokens)) + 1):
            runs = zip(*(tokens[start:] for start in range(length)), strict=False)
            whole = map(all, zip(*(fitting[start:] for start in range(length)), strict=False))
            grams += map("_".join, runs if all(fitting) else itertools.compress(runs, whole))
    return grams


def texts_of(dataset: pd.DataFrame, columns: list[str]) -> list[str]:
    """One text per row: its cells joined by a sentence mark; missing cells are empty."""
    cells = [dataset[name].astype(object).where(dataset[name].notna(), "") for name in columns]
    return [f" {SENTENCE_MARK} ".join(map(str, row)) for row in zip(*cells, strict=True)]


def beside(dataset: pd.DataFrame, names: list[str], cells: np.ndarray[Any, Any]) -> pd.DataFrame:
    """Append the columns of a matrix to the table."""
    new = pd.DataFrame(cells, columns=pd.Index(names, dtype="str"), index=dataset.index)
    return pd.concat([dataset, new], axis=1)
