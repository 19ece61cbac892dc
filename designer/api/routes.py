"""All operations of the API, and how a request finds its operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from designer.api import components, datasets, datastores, outputs, pipelines, published, runs, schedules, workspace
from designer.api.limits import Limits
from designer.api.operation import Operation


def all_operations(limits: Limits, version: str) -> tuple[Operation, ...]:
    """The operations of the API; `version` is that of the installed Designer."""
    return (
        *workspace.operations(limits, version),
        *datasets.OPERATIONS,
        *components.OPERATIONS,
        *pipelines.OPERATIONS,
        *runs.OPERATIONS,
        *outputs.OPERATIONS,
        *published.OPERATIONS,
        *schedules.OPERATIONS,
        *datastores.OPERATIONS,
    )


@dataclass(frozen=True)
class Found:
    """The operation of a request with the variable parts of its path; without one, the methods that the path has."""

    operation: Operation | None
    path: Mapping[str, str]
    methods: Sequence[str] = ()


class Routes:
    """Finds operations by method and path.

    Paths are matched before they are decoded, so that the name of a dataset may hold a slash, written as %2F.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._routes = [(tuple(operation.path.strip("/").split("/")), operation) for operation in operations]

    def find(self, method: str, raw_path: bytes) -> Found:
        """The operation of a request; `raw_path` is percent-encoded and relative to the address of the API."""
        parts = raw_path.decode("latin-1").removeprefix("/").split("/")
        matching = [
            (path, operation) for form, operation in self._routes if (path := _matched(form, parts)) is not None
        ]
        for path, operation in matching:
            if operation.method == method:
                return Found(operation, path)
        return Found(None, {}, sorted({operation.method for _, operation in matching}))


def _matched(form: Sequence[str], parts: Sequence[str]) -> dict[str, str] | None:
    """The variable parts by name; None for another path."""
    if len(form) != len(parts):
        return None
    path: dict[str, str] = {}
    for wanted, part in zip(form, parts, strict=True):
        if wanted.startswith("{"):
            text = _decoded(part)
            if not text:
                return None
            path[wanted.strip("{}")] = text
        elif wanted != part:
            return None
    return path


def _decoded(part: str) -> str:
    try:
        return unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        return ""
