"""The cleaning steps of Preprocess Text."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from .words import composed, marks_in

CONTRACTIONS = (
    (r"\b(wo)n't\b", "will not"), (r"\b(sha)n't\b", "shall not"), (r"\bcan't\b", "can not"), (r"\bain't\b", "is not"),
    (r"\blet's\b", "let us"), (r"\by'all\b", "you all"), (r"n't\b", " not"), (r"'re\b", " are"), (r"'ve\b", " have"),
    (r"'ll\b", " will"), (r"'d\b", " would"), (r"\bi'm\b", "i am"),
    (r"\b(he|she|it|that|this|what|where|there|here|who|how|when|why)'s\b", r"\1 is"),
)  # fmt: skip
URL = r"\b(?:https?://|ftps?://|www\.)\S*[^\s.,;:!?)\]]"
EMAIL = r"(?<![^\s@<>])[^\s@<>]++@[^\s@<>]++"  # match at word starts only, so a long word is scanned once
SENTENCE_END = r"(?<=[.!?])\s+|\n"
LONGEST = 50
NUMBER = r"[+-]?\d+(?:[.,:/]\d+)*%?"


def preprocess_columns(
    dataset: pd.DataFrame, columns: list[str], steps: Mapping[str, Any], stop_words: Collection[str]
) -> pd.DataFrame:
    """Append the cleaned text of each column; missing cells stay missing."""
    stops = frozenset(stop_words)
    lemmas: dict[str, str] = {}
    cleaned = {
        f"Preprocessed {name}": dataset[name]
        .map(lambda text: preprocess_text(text, steps, stops, lemmas), na_action="ignore")
        .astype("str")
        for name in columns
    }
    return dataset.assign(**cleaned)


def preprocess_text(text: str, steps: Mapping[str, Any], stops: Collection[str], lemmas: dict[str, str]) -> str:
    """One text in composed form (NFC) after the enabled steps."""
    text = composed(text)
    if steps["pattern"]:
        text = re.sub(composed(steps["pattern"]), steps["replacement"], text)
    if steps["urls"]:
        text = re.sub(URL, " ", text, flags=re.IGNORECASE)
    if steps["emails"]:
        text = re.sub(EMAIL, " ", text)
    sentences = re.split(SENTENCE_END, text) if steps["sentences"] else [text]
    cleaned = [preprocess_sentence(sentence, steps, stops, lemmas) for sentence in sentences]
    return " ||| ".join(sentence for sentence in cleaned if sentence)


def preprocess_sentence(text: str, steps: Mapping[str, Any], stops: Collection[str], lemmas: dict[str, str]) -> str:
    """The remaining words of a sentence, separated by single spaces."""
    text = text.replace("\\", "/") if steps["backslashes"] else text
    if steps["contractions"]:
        text = expanded(text)
    text = text.lower() if steps["lower"] else text
    if steps["repeats"]:
        text = re.sub(r"(.)\1{2,}", r"\1\1", text)
    if steps["numbers"]:
        text = re.sub(rf"(?<!\S)[(\[]*{NUMBER}[)\].,;:!?]*(?!\S)", " ", text)
    special = special_character(text)
    if steps["split"]:
        text = re.sub(rf"({special})\1*", r" \1 ", text)
    if steps["special"]:
        text = re.sub(rf"(?:{special})+", " " if steps["split"] else "", text)
    tokens = text.split()
    if steps["numbers"]:
        tokens = [token for token in tokens if not re.fullmatch(NUMBER, token)]
    if stops:
        tokens = [token for token in tokens if token.lower() not in stops]
    if steps["lemmas"]:
        tokens = [lemma_of(token, lemmas) for token in tokens]
    cleaned = " ".join(tokens)
    return cleaned.lower() if steps["lower"] else cleaned  # the dictionary capitalizes names


def special_character(text: str) -> str:
    """A pattern for anything but letters with their marks, digits and blanks."""
    return rf"(?:_|[^\w\s{marks_in(text)}])"


def expanded(text: str) -> str:
    """Expand contractions of English verbs."""
    text = text.replace("\u2019", "'")
    if "'" not in text:
        return text
    for pattern, full in CONTRACTIONS:
        text = re.sub(pattern, full, text, flags=re.IGNORECASE)
    return text


def lemma_of(token: str, lemmas: dict[str, str]) -> str:
    """The lemma of an English word."""
    import simplemma

    if token not in lemmas:
        lemmas[token] = simplemma.lemmatize(token, lang="en") if token.isalpha() and len(token) <= LONGEST else token
    return lemmas[token]
