"""Put the article before a noun."""

from __future__ import annotations


def with_article(noun: str) -> str:
    """The noun with its article: `a Table`, `an object`, `an ndarray`, `an int`."""
    has_vowel = noun[:1].lower() in tuple("aeiou") or noun.startswith("nd")  # ndarray is spelled out
    return f"{'an' if has_vowel else 'a'} {noun}"
