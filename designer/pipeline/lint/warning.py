"""Lint warnings on a pipeline, and the edits that fix them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Edge, Pipeline
from designer.pipeline.propagate import Propagation

Fix = tuple[Mapping[str, Any], ...]
"""Operations of `pipeline.edit`."""


@dataclass(frozen=True)
class Warning:
    """A warning on an edge, or on a node if `wire` is None, with an explanation and, if there is one, a fix."""

    rule: str
    node: str
    title: str
    message: str
    wire: Edge | None = None
    fix_title: str = ""
    fix: Fix = ()

    def to_json(self) -> dict[str, Any]:
        """The warning as a JSON document."""
        return {**vars(self), "wire": dict(vars(self.wire)) if self.wire else None, "fix": list(self.fix)}


Rule = Callable[[Pipeline, Library, Propagation], Iterable[Warning]]


def listed(names: Sequence[str]) -> str:
    """Column names for a title; at most three, and the number of others."""
    shown = ", ".join(f"“{name}”" for name in names[:3])
    return f"{shown} and {len(names) - 3:,} more" if len(names) > 3 else shown


def fresh_id(pipeline: Pipeline, stem: str) -> str:
    """An unused id for a node that a fix adds."""
    number = 1
    while f"{stem}_{number}" in pipeline.nodes:
        number += 1
    return f"{stem}_{number}"
