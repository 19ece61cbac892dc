"""Store the values of pipelines as files: tables as Arrow, folders as archives, files as they are, all else as pickles.

A pickle is loaded only if its digest matches.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from blake3 import blake3

from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing, InvalidValues, UnknownModule
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.contract.values import Archive, Evaluation, File, Folder, TrainedModel, Transformation, UntrainedModel
from designer.contract.wording.articles import with_article
from designer.store.artifacts.blobs import Blobs
from designer.store.artifacts.tables import read_page, read_table, write_table
from designer.store.artifacts.trees import LaidFolders, members_of, pack


@dataclass(frozen=True)
class Stored:
    """The description of a stored value, available without reading it. `size` is in bytes."""

    digest: str
    kind: PortType
    size: int
    seal: str
    schema: Schema | None = None
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int | None:
        """The number of rows of a table; None for other values."""
        return self.summary.get("rows")

    @property
    def columns(self) -> int | None:
        """The number of columns of a table; None for other values."""
        return self.summary.get("columns")

    @property
    def title(self) -> str:
        """The name of a file, `its table` for one without a name, as it stands in an error."""
        return str(self.summary.get("name") or "its table")

    @cached_property
    def identity(self) -> str:
        """What the key of a step that reads the value depends on: its bytes, for a table also kinds and roles, for a
        model also the versions of the installed packages that it runs."""
        beside = self.schema.to_json() if self.schema is not None else self.summary.get("packages")
        if not beside and self.schema is None:
            return self.digest
        return blake3(f"{self.digest} {json.dumps(beside, sort_keys=True)}".encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return dict(self._document)

    @cached_property
    def _document(self) -> dict[str, Any]:
        return {
            "digest": self.digest, "kind": str(self.kind), "size": self.size, "seal": self.seal,
            "schema": self.schema.to_json() if self.schema else None, "summary": self.summary,
        }  # fmt: skip

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Stored:
        """Read back what `to_json` wrote."""
        schema = document.get("schema")
        return cls(
            document["digest"],
            PortType(document["kind"]),
            document["size"],
            document.get("seal", ""),
            Schema.from_json(schema) if schema else None,
            document.get("summary") or {},
        )


class Artifacts:
    """Reads and writes values. Uses files only, so that a child process needs no database.

    `laid` is the folder for unpacked folders.
    """

    def __init__(self, folder: Path, laid: Path) -> None:
        self.blobs = Blobs(folder)
        self.laid = LaidFolders(laid)

    def put(self, value: Any, roles: Schema | None = None) -> Stored:
        """Store a value; for a table, `roles` is the schema that its module inferred."""
        kind = kind_of(value)
        if kind is PortType.TABLE:
            return self._put_table(value, roles)
        if isinstance(value, Folder | File):
            return self._put_files(value)
        packages: dict[str, str] = {}
        digest = self.blobs.write(lambda file: packages.update(_dump(value, file)))
        place = self.blobs.path(digest)
        summary = {**_summary(value), **({"packages": packages} if packages else {})}
        return Stored(digest, kind, place.stat().st_size, self.blobs.seal(digest), None, summary)

    def get(self, stored: Stored, library: Library | None = None) -> Any:
        """Read a value back: a table with its schema attached, a transformation bound to its module."""
        if stored.kind is PortType.TABLE:
            frame = read_table(self.blobs.verified(stored.digest, stored.seal))
            return stored.schema.attach(frame) if stored.schema else frame
        if stored.kind is PortType.FOLDER:
            return Folder(self.laid.lay(stored.digest, self.blobs.verified(stored.digest, stored.seal)))
        if stored.kind is PortType.FILE:
            return File(self.blobs.verified(stored.digest, stored.seal), stored.summary.get("name", ""))
        value = _load(self.blobs.verified(stored.digest))  # without the seal: unpickling a changed file runs its code
        return library.bind(value) if library is not None else value

    def page(self, stored: Stored, offset: int, limit: int) -> pd.DataFrame:
        """Rows `offset` to `offset + limit` of a table, without reading the others."""
        return read_page(self.blobs.verified(stored.digest, stored.seal), offset, limit)

    def changed_files(self, stored: Stored) -> list[str]:
        """The files of a value that were changed since it was stored or unpacked; an unpacked folder is discarded."""
        if stored.kind is PortType.FOLDER:
            changed = self.laid.changes(stored.digest)
            if changed:
                self.laid.discard(stored.digest)
            return changed
        is_intact = self.blobs.seal(stored.digest) == stored.seal or self.blobs.is_intact(stored.digest)
        return [] if is_intact else [stored.title]

    def _put_table(self, frame: pd.DataFrame, roles: Schema | None) -> Stored:
        first: list[pd.DataFrame] = []
        digest = self.blobs.write(lambda file: first.append(write_table(frame, file)))
        place = self.blobs.path(digest)
        schema = Schema.of(first[0])
        attached = frame.attrs.get("schema")
        described = roles or attached
        schema = schema.roles_from(described) if described else schema
        schema = schema.facts_from(attached) if attached else schema
        summary = {"rows": len(frame), "columns": len(schema)}
        return Stored(digest, PortType.TABLE, place.stat().st_size, self.blobs.seal(digest), schema, summary)

    def _put_files(self, value: Folder | File) -> Stored:
        if isinstance(value, File):
            kind, digest = PortType.FILE, self.blobs.write(lambda file: _copy(value.path, file))
            summary: dict[str, Any] = {"name": value.name}
        else:
            kind, digest = PortType.FOLDER, self.blobs.write(lambda file: pack(value.path, file))
            members = members_of(self.blobs.path(digest))
            summary = {"files": len(members), "bytes": sum(member.size for member in members)}
        return Stored(digest, kind, self.blobs.path(digest).stat().st_size, self.blobs.seal(digest), None, summary)


def kind_of(value: Any) -> PortType:
    """The port type of a value. Raises InvalidValues if it cannot be the output of a module."""
    match value:
        case pd.DataFrame():
            return PortType.TABLE
        case UntrainedModel():
            return PortType.UNTRAINED
        case TrainedModel():
            return PortType.TRAINED
        case Transformation():
            return PortType.TRANSFORMATION
        case Evaluation():
            return PortType.EVALUATION
        case Archive():
            return PortType.ARCHIVE
        case Folder():
            return PortType.FOLDER
        case File():
            return PortType.FILE
        case _:
            raise InvalidValues(
                f"{with_article(type(value).__name__)} cannot be the output of a module",
                "Return a table, a model or a transformation.",
            )


def _summary(value: Any) -> dict[str, Any]:
    match value:
        case UntrainedModel() | TrainedModel():
            return {"name": value.name, "task": str(value.task)}
        case Transformation():
            return {"name": value.name, "module": value.module}
        case Evaluation():
            models = [{"name": m.name, "rows": m.rows, "metrics": _plain(m.metrics)} for m in value.models]
            return {"task": str(value.task), "models": models}
        case Archive():
            return {"files": len(value.files)}
        case _:
            return {}


def _plain(metrics: Any) -> dict[str, float | None]:
    """Metrics as JSON values: NaN and infinities become None."""
    numbers = {name: float(value) for name, value in metrics.items()}
    return {name: n if n == n and abs(n) != float("inf") else None for name, n in numbers.items()}


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise FileMissing(f"the file '{source.name}' was not written", "Write it before the step ends.")
    shutil.copyfile(source, target)


def _dump(value: Any, file: Path) -> dict[str, str]:
    """Write a value; returns the versions of the installed packages whose classes it holds."""
    from designer.store.artifacts.pickling import dump

    try:
        return dump(value, file)
    except Exception as error:  # pickling runs code of the objects in the value
        raise InvalidValues(f"the result cannot be stored: {error}", "Return plain values and models only.") from error


def _load(file: Path) -> Any:
    import joblib

    try:
        return joblib.load(file)
    except ImportError as error:
        package = (error.name or "").partition(".")[0]
        raise UnknownModule(
            f"a stored model needs '{package}', which is not installed", "Install the package that made it."
        ) from error
