"""What a child process sends while it works, as events: progress, logged metrics, tags."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from designer.engine.backend import Logged, Measured, Progressed, Tagged, Unusable
from designer.store.history.submission import TAG_LENGTH, is_usable_name

TEXT_LENGTH = 1_000
"""A longer text that is logged as the value of a metric is cut."""

STEPS = 2**63
"""Steps are below this number: the database keeps them in 64 bits."""


def event_of(message: Mapping[str, Any]) -> Progressed | Logged | Measured | Tagged | Unusable:
    """The event in a message of a child. Raises KeyError if it does not follow the protocol.

    {"metric": name, "value": number or text, "step": integer or null}, {"tag": name, "value": text}, {"measured":
    number or null, "step": integer} or {"fraction": number or null, "text": text}. Metrics and tags that cannot be
    recorded become Unusable.
    """
    if "metric" in message:
        return _logged(message["metric"], message.get("value"), message.get("step"))
    if "measured" in message:
        return Measured(int(message["step"]), _number(message["measured"]))
    if "tag" in message:
        return _tagged(message["tag"], message.get("value"))
    return Progressed(message["fraction"], str(message["text"]))


def _logged(name: object, value: object, step: object) -> Logged | Unusable:
    if not isinstance(name, str) or not is_usable_name(name):
        return Unusable(f"a metric cannot have the name {_cut(name)}")
    if isinstance(step, float) and step.is_integer():
        step = int(step)
    if step is not None and not (type(step) is int and abs(step) < STEPS):
        return Unusable(f"metric '{name}': the step {_cut(step)} is no integer")
    if isinstance(value, str):
        return Logged(name, value[:TEXT_LENGTH], step)
    number = _number(value)
    if number is None:
        return Unusable(f"metric '{name}': the value {_cut(value)} is no finite number and no text")
    return Logged(name, number, step)


def _tagged(name: object, value: object) -> Tagged | Unusable:
    if not isinstance(name, str) or not is_usable_name(name):
        return Unusable(f"a tag cannot have the name {_cut(name)}")
    if not isinstance(value, str | int | float):
        return Unusable(f"tag '{name}': the value {_cut(value)} is no text")
    return Tagged(name, str(value)[:TAG_LENGTH])


def _number(value: object) -> float | None:
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _cut(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
