"""Pipelines saved in a workspace."""

from __future__ import annotations

from collections.abc import Iterator

from designer.pipeline.document import from_document
from designer.sdk.connections.connection import Connection
from designer.sdk.pipelines import Pipeline


class SavedPipeline:
    """A pipeline of a workspace, as the canvas shows it."""

    def __init__(self, id: str, connection: Connection) -> None:
        self.id = id
        self._connection = connection

    @property
    def name(self) -> str:
        """Its name."""
        return self._connection.pipeline(self.id).name

    @property
    def revision(self) -> int:
        """How often it was saved."""
        return self._connection.pipeline(self.id).revision

    @property
    def url(self) -> str | None:
        """The address of its canvas; None if Designer does not run."""
        return self._connection.address(self._path)

    def load(self) -> Pipeline:
        """The pipeline as it is saved now."""
        return Pipeline.of(from_document(self._connection.pipeline(self.id).document))

    def open(self) -> str:
        """Open it on the canvas; returns the address, which works once."""
        return self._connection.open(self._path)

    def __repr__(self) -> str:
        return f"<saved pipeline {self.name!r}, revision {self.revision}>"

    @property
    def _path(self) -> str:
        return f"/pipelines/{self.id}"


class Pipelines:
    """The saved pipelines of a workspace: `pipelines["Census"]` by name, id or a prefix of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, pipeline: Pipeline, *, replace: bool = False) -> SavedPipeline:
        """See `Pipeline.save`."""
        return SavedPipeline(
            self._connection.save_pipeline(pipeline.packed(self._connection), replace=replace).id, self._connection
        )

    def __getitem__(self, name: str) -> SavedPipeline:
        return SavedPipeline(self._connection.pipeline(name).id, self._connection)

    def __iter__(self) -> Iterator[SavedPipeline]:
        return (SavedPipeline(draft.id, self._connection) for draft in self._connection.pipelines())

    def __len__(self) -> int:
        return len(self._connection.pipelines())
