"""Events of tasks cross a cluster unchanged."""

from __future__ import annotations

from typing import get_args

import pytest

from designer.engine.backend import (
    Ended,
    Logged,
    Measured,
    Printed,
    Progressed,
    Started,
    Tagged,
    TaskEvent,
    Unusable,
)
from designer.engine.dask.messages import packed, unpacked

EVENTS: list[TaskEvent] = [
    Started(), Progressed(0.5, "half"), Logged("loss", 0.25, 3), Tagged("kind", "test"), Unusable("a list"),
    Printed(b"bytes"), Measured(2, 0.75),
]  # fmt: skip


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_back_as_it_was(event: TaskEvent) -> None:
    assert unpacked(packed(event)) == event


def test_every_kind_of_event_is_tried() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(TaskEvent)) - {Ended}
