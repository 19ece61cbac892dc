"""Events of tasks as plain values that Dask can carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from designer.engine.backend import Ended, TaskEvent

TOPIC = "designer"
"""The topic of Dask under which workers send events."""

_KINDS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in get_args(TaskEvent) if kind is not Ended}
"""All but the end, which is the result of the task."""


def packed(event: TaskEvent) -> list[Any]:
    """An event as plain values."""
    return [type(event).__name__, dict(vars(event))]


def unpacked(message: list[Any]) -> TaskEvent:
    """Read back what `packed` wrote."""
    kind, values = message
    event: TaskEvent = _KINDS[kind](**values)
    return event
