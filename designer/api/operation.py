"""One operation of the API: where it is called, what it takes, what it answers, what it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from designer.store.records import AccessToken
from designer.store.tokens import Scope
from designer.workbench.workbench import Workbench

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

BYTES = "application/octet-stream"
ARROW = "application/vnd.apache.arrow.file"
PARQUET = "application/vnd.apache.parquet"
CSV = "text/csv"
ZIP = "application/zip"
JSON = "application/json"


class NoQuery(BaseModel):
    """An operation without query parameters."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Call:
    """A request that was admitted, with what it carried.

    `path` holds the variable parts of the path, `query` and `body` instances of the operation's models, `file` the
    streamed content of a request that has some; it is removed after the answer.
    """

    bench: Workbench
    token: AccessToken
    path: Mapping[str, str]
    query: Any = None
    body: Any = None
    file: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_over: Callable[[], Awaitable[bool]] | None = None
    """Whether the client has left or the server stops; for operations that wait."""


@dataclass(frozen=True)
class Answer:
    """The answer of an operation: one document, a list of them, a text, a file, or nothing.

    A `temporary` file is removed once it was sent.
    """

    content: BaseModel | list[Any] | dict[str, Any] | str | Path | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = JSON
    is_temporary: bool = False


@dataclass(frozen=True)
class Operation:
    """An operation.

    `path` is relative to the address of the API. `body` is the model of a JSON body, `takes` are the content types of a
    body that is streamed to a file. `answers` are the models of its answers by status, with a tuple of content types
    for a file and None for an empty answer. `refusals` are the further statuses with which it refuses.
    """

    method: Method
    path: str
    summary: str
    handle: Callable[[Call], Answer] | None = None
    waits: Callable[[Call], Awaitable[Answer]] | None = None
    """In place of `handle`, for an operation that waits for something without a thread."""

    scope: Scope = "read"
    query: type[BaseModel] = NoQuery
    body: type[BaseModel] | None = None
    takes: tuple[str, ...] = ()
    answers: Mapping[int, Any] = field(default_factory=dict)
    refusals: tuple[int, ...] = ()
    missing: int | None = None
    """The status where something is missing that the request names: 404 if its path names it, else 422."""

    @property
    def missing_status(self) -> int:
        """The status of FileMissing."""
        return self.missing or (404 if "{" in self.path else 422)
