"""Marks of states, ports and categories, from `canvas/legend.json`, which the canvas uses too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from designer.contract.ports import PortType


@dataclass(frozen=True)
class StateMark:
    """How a state is shown: a word, a Lucide icon and a tone, never the tone alone."""

    word: str
    icon: str
    tone: str


@dataclass(frozen=True)
class PortMark:
    """How a port type is shown: `words` for use in a sentence, a colour name in tokens.css, and a shape."""

    words: str
    colour: str
    shape: str
    hollow: bool = False


@cache
def state_marks() -> Mapping[str, StateMark]:
    """Every state that a step or run can be shown in."""
    return {name: StateMark(**mark) for name, mark in _table()["states"].items()}


@cache
def port_marks() -> Mapping[PortType, PortMark]:
    """Every port type."""
    return {PortType(name): PortMark(**mark) for name, mark in _table()["ports"].items()}


def shown_state(state: str) -> str:
    """The state as which a stored one is shown, e.g. a crashed step as failed."""
    return str(_table()["shown_as"].get(state, state))


def state_word(state: str) -> str:
    """The badge word of a stored state."""
    return state_marks()[shown_state(state)].word


def category_key(category: str) -> str:
    """The colour and icon key of a category: data, transform, algorithm, train, score, script or web."""
    rules: Sequence[tuple[str, str]] = _table()["categories"]
    return next(key for part, key in rules if part in category.lower())


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(files("designer.ui.canvas").joinpath("legend.json").read_text("utf-8"))
    return table
