"""The protocol of child processes: messages amid other output, errors of their own class, reported exits."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from designer.contract.errors import ColumnNotFound, DesignerError
from designer.engine.children.child import ChildEnded, Messages, ask, packed

ROOT = str(Path(__file__).parents[2])


def call_child(request: Any, **settings: Any) -> Any:
    return ask("tests.engine.asked", ["x"], request, what="the work", is_quiet=True, PYTHONPATH=ROOT, **settings)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_messages_are_parsed_from_split_and_noisy_output(size: int) -> None:
    sent = [{"answer": {"text": "a\nb", "n": 2**70}}, {"fraction": None, "text": "ü"}, {"error": {"found": "x"}}]
    stream = b"noise\n[1, 2]\n" + b"\xff\xfe\n".join(packed(message) for message in sent)
    messages = Messages()
    parts = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert [message for part in parts for message in messages.feed(part)] == sent


def test_an_answer_comes_back_and_progress_before_it_whatever_is_printed() -> None:
    reports: list[tuple[float, str]] = []
    answer = call_child("print", report=lambda fraction, text: reports.append((fraction, text)))
    assert answer == {"asked": "print", "argument": "x"}
    assert reports == [(0.5, "half")]


def test_an_error_comes_back_as_what_it_was() -> None:
    with pytest.raises(ColumnNotFound, match="no column 'agee'") as refused:
        call_child("refuse")
    assert (refused.value.remedy, refused.value.code) == ("Did you mean 'age'?", "0001")
    assert (refused.value.place.node, refused.value.place.row, refused.value.place.column) == ("n1", 7, "agee")
    with pytest.raises(DesignerError, match="there is not enough memory for it"):
        call_child("starve")


@pytest.mark.parametrize(("request_", "code"), [("raise", 1), ("die", 3)])
def test_a_child_that_ends_without_an_answer_raises_an_error(request_: str, code: int) -> None:
    with pytest.raises(ChildEnded, match=rf"the work ended without an answer \(code {code}\)"):
        call_child(request_)


def test_a_child_that_takes_too_long_is_ended() -> None:
    begun = time.monotonic()
    with pytest.raises(ChildEnded, match="the work took more than 2 seconds"):
        call_child("sleep", seconds=2)
    assert time.monotonic() - begun < 20
