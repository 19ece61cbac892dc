"""The page of messages lists what the source raises, and each message follows the style rules."""

from __future__ import annotations

import re

import pytest

from tests.messages import ROOT, Message, messages, page

MESSAGES = messages()
WITHOUT_REMEDY = {
    "DamagedDocument",  # the place of the damage shows what to repair
    "IntegrityLost",  # raised by the check of the scoring process, which adds the remedy
    "ModelFailed",  # the caller adds the remedy
    "NotExportable",  # a property of a module or a format, without remedy
    "Refused",  # the HTTP status is enough
    "RefusedEdit",  # the canvas reverts the edit
    "StaleAttempt",  # another process continues the run
}
"""Errors that need no remedy."""
_NAMED = re.compile(
    r"(?<!['‘“])(?<!position )\{(name|column|column\.name|label\.name|names\[0\]|missing\[0\]|twice|node\.id)\}"
)


def without_braces(text: str) -> str:
    return re.sub(r"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}", "", text)


def broken(message: Message) -> list[str]:
    """The style rules that a message breaks."""
    words = without_braces(f"{message.found} {message.remedy}").replace("=None", "")
    is_open = message.remedy.endswith(("}", ":"))
    rules = {
        "the finding has no period of its own": message.found.endswith("."),
        "a remedy ends as a sentence": bool(message.remedy) and not is_open and message.remedy[-1] not in ".?!",
        "a finding begins in lower case": bool(re.match(r"(The|A|An|It|There|This|No) ", message.found)),
        "a remedy begins with a capital": bool(re.match(r"[a-z]", message.remedy)),
        "None is no word": bool(re.search(r"\bNone\b", words)),
        "no path of a machine": bool(re.search(r"(^|\s)/(home|root|tmp|usr|var|work)\b", words)),
        "names stand in quotes": bool(_NAMED.search(message.found)),
        "no guess at memory": "probably" in words,
        "the name of a class is not for people": bool(re.search(r"\b\w+Error\b", words)),
    }
    return [rule for rule, is_broken in rules.items() if is_broken]


def test_the_page_lists_what_the_source_raises() -> None:
    assert (ROOT / "docs" / "messages.md").read_text(encoding="utf-8") == page(), "run `make docs`"


def test_the_page_reads_the_messages_that_a_function_builds() -> None:
    entries = {(message.error, message.found) for message in MESSAGES}
    assert ("MissingInput", "nothing is connected") in entries
    assert ("ColumnNotFound", "no column '{name}' ({_count(len(names), 'column')})") in entries or len(MESSAGES) > 400


@pytest.mark.parametrize("file", sorted({message.file for message in MESSAGES}))
def test_messages_keep_the_rules(file: str) -> None:
    entries = [(m.line, m.found, m.remedy, broken(m)) for m in MESSAGES if m.file == file]
    assert [line for line in entries if line[3]] == []


@pytest.mark.parametrize("file", sorted({message.file for message in MESSAGES}))
def test_messages_say_what_would_do(file: str) -> None:
    mute = [m for m in MESSAGES if m.file == file and not m.remedy and m.error not in WITHOUT_REMEDY]
    assert [(m.line, m.found) for m in mute] == []


def test_a_bad_message_breaks_its_rules() -> None:
    bad = Message("x.py", "E", "The column {name} is None.", "repair /home/x", "", 1)
    assert len(broken(bad)) == 7
