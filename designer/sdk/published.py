"""Published pipelines in code: run them with other values, switch versions, disable and enable them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from designer.contract.errors import FileMissing
from designer.pipeline.document import from_document
from designer.pipeline.graph import PipelineParameter
from designer.sdk.connections.connection import Connection
from designer.sdk.pipelines import Pipeline
from designer.store.history.submission import DEFAULT, Submission
from designer.store.records import EndpointVersion

if TYPE_CHECKING:
    from designer.sdk.runs import Run

MakesRun: TypeAlias = "Callable[[str, Connection], Run]"
"""Makes a run of its id."""


@dataclass(frozen=True)
class PublishedVersion:
    """One version, which never changes: its number, its label, and the pipeline as it was published."""

    number: int
    label: str
    created: datetime
    document: Mapping[str, Any]

    @classmethod
    def of_row(cls, row: EndpointVersion) -> PublishedVersion:
        """The version as the workspace has it on record."""
        return cls(row.version, row.label, datetime.fromtimestamp(row.created).astimezone(), row.document)

    @property
    def parameters(self) -> Mapping[str, PipelineParameter]:
        """Its parameters by name: type, default, bounds, choices."""
        return from_document(self.document).parameters

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline, to be changed and published again."""
        return Pipeline.from_document(self.document)

    def __repr__(self) -> str:
        return f"<version {self.number}{f', {self.label}' if self.label else ''}>"


class Published:
    """A published pipeline of a workspace."""

    def __init__(self, address: str, connection: Connection, makes_run: MakesRun) -> None:
        self.address = address
        self._connection = connection
        self._makes_run = makes_run

    @property
    def name(self) -> str:
        """Its name."""
        return self._connection.published(self.address).title

    @property
    def description(self) -> str:
        """Its description."""
        return self._connection.published(self.address).description

    @property
    def endpoint(self) -> str:
        """The address to send requests to, by POST with its key. Raises NotStarted where no Designer runs."""
        return f"{self._connection.published_address(self.address)}/submit"

    @property
    def key(self) -> str:
        """A key that opens it. Raises FileMissing where only digests of keys are stored."""
        keys = (self._connection.published_key(self.address, slot) for slot in ("primary", "secondary"))
        key = next((key for key in keys if key), None)
        if key is None:
            remedy = f"Make a new one: designer published keys {self.address} --rotate primary."
            raise FileMissing(f"the keys of '{self.name}' are stored as digests only", remedy)
        return key

    @property
    def is_enabled(self) -> bool:
        """Whether it takes runs."""
        return self._connection.published(self.address).state == "ready"

    @property
    def default(self) -> PublishedVersion:
        """The version that runs where none is named."""
        return PublishedVersion.of_row(self._connection.published_version(self.address, None))

    @property
    def versions(self) -> list[PublishedVersion]:
        """Its versions, newest first."""
        return [PublishedVersion.of_row(row) for row in self._connection.published_versions(self.address)]

    @property
    def parameters(self) -> Mapping[str, PipelineParameter]:
        """The parameters of the default version by name."""
        return self.default.parameters

    @property
    def runs(self) -> list[Run]:
        """Its newest runs, however they were submitted."""
        return [
            self._makes_run(row.id, self._connection) for row in self._connection.published_runs(self.address, LISTED)
        ]

    def submit(
        self,
        parameters: Mapping[str, Any] | None = None,
        *,
        version: int | str | None = None,
        experiment: str = DEFAULT,
        tags: Mapping[str, str] | None = None,
        description: str = "",
    ) -> Run:
        """Queue a run; returns at once. `version` is a number or a label, by default the default version.

        Raises InvalidParameter for a value that does not fit, PublishedDisabled, TooManyRuns where the queue is full.
        """
        about = Submission(experiment, description, dict(tags or {}), trigger={"kind": "sdk"})
        row = self._connection.submit_published(self.address, version, parameters or {}, about)
        return self._makes_run(row.id, self._connection)

    def set_default(self, version: int | str) -> PublishedVersion:
        """Make a version, by number or label, the one that runs where none is named."""
        return PublishedVersion.of_row(self._connection.set_published_default(self.address, version))

    def disable(self) -> None:
        """Refuse new runs, over REST with 503; its runs stay."""
        self._connection.enable_published(self.address, enabled=False)

    def enable(self) -> None:
        """Take runs again."""
        self._connection.enable_published(self.address, enabled=True)

    def delete(self) -> None:
        """Remove it with its versions and keys; its runs stay."""
        self._connection.delete_published(self.address)

    def open(self) -> str:
        """Open its page; returns the address, which works once."""
        return self._connection.open(f"/published/{self.address}")

    def __repr__(self) -> str:
        row = self._connection.published(self.address)
        return f"<published pipeline {row.title!r}, version {row.default_version}>"


LISTED = 50


class AllPublished:
    """The published pipelines of a workspace: `published["My pipeline"]` by name or address."""

    def __init__(self, connection: Connection, makes_run: MakesRun) -> None:
        self._connection = connection
        self._makes_run = makes_run

    def __getitem__(self, name: str) -> Published:
        return Published(self._connection.published(name).name, self._connection, self._makes_run)

    def __iter__(self) -> Iterator[Published]:
        return (Published(row.name, self._connection, self._makes_run) for row in self._connection.all_published())

    def __len__(self) -> int:
        return len(self._connection.all_published())

    def _ipython_key_completions_(self) -> list[str]:
        return [row.title for row in self._connection.all_published()]
