"""Registered datasets: every version is an immutable artifact; samples are created on first use."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Schema
from designer.contract.wording.articles import with_article
from designer.contract.wording.counting import counted
from designer.samples.data import SampleDataset, sample_datasets
from designer.store.artifacts.values import Artifacts, Stored
from designer.store.database import Database
from designer.store.record import Record, dataset_id
from designer.store.records import Dataset, DatasetOrigin
from designer.store.results import Results

_NAME_LENGTH = 120
_REGISTER = "Register it on the Datasets page, or choose a sample."
_READING = "reading"
_NOTICES = "notices"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Datasets:
    """The datasets of a workspace, and the bundled samples."""

    def __init__(self, database: Database, artifacts: Artifacts, results: Results, record: Record) -> None:
        self._database = database
        self._record = record
        self._artifacts = artifacts
        self._results = results

    def register(
        self,
        name: str,
        table: pd.DataFrame | Stored,
        *,
        description: str = "",
        origin: DatasetOrigin = "upload",
        source: Path | str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Dataset:
        """Add a version of a dataset. `source` is the kept file and `options` how it was read.

        Returns the newest version if its content is the same. Raises InvalidParameter for a bad name, or if the value
        is not a table.
        """
        label = checked_name(name)
        stored = self._artifacts.put(table) if isinstance(table, pd.DataFrame) else table
        if stored.schema is None:
            raise InvalidParameter(f"{with_article(stored.kind)} cannot be a dataset", "Register a table.")
        self._results.keep_artifacts([stored])
        with self._database.write() as session:
            newest = _newest(session, label)
            if newest is not None and _same(newest, stored) and newest.trashed is None:
                return newest
            row = Dataset(
                name=label, version=_next_version(session, label), digest=stored.digest,
                table_schema=stored.schema.to_json(), rows=stored.rows or 0, columns=stored.columns or 0,
                description=description or (newest.description if newest else ""), origin=origin,
                source=str(source) if source else None, options=dict(options or {}), created=time.time(),
            )  # fmt: skip
            session.add(row)
        self._record.note("dataset", dataset_id(row.name, row.version))
        return row

    def all(self, trashed: bool = False) -> list[Dataset]:
        """The newest version of each registered dataset, the last registered first; unused samples are not included."""
        newest = select(Dataset.name, func.max(Dataset.version).label("version")).group_by(Dataset.name).subquery()
        query = select(Dataset).join(
            newest, (col(Dataset.name) == newest.c.name) & (col(Dataset.version) == newest.c.version)
        )
        query = query.where(col(Dataset.trashed).is_not(None) if trashed else col(Dataset.trashed).is_(None))
        with self._database.read() as session:
            return list(session.exec(query.order_by(col(Dataset.created).desc())))

    def samples(self) -> list[SampleDataset]:
        """The bundled datasets, used or not."""
        return list(sample_datasets())

    def versions(self, name: str) -> list[Dataset]:
        """All versions of a dataset, the newest first."""
        query = select(Dataset).where(Dataset.name == name).order_by(col(Dataset.version).desc())
        with self._database.read() as session:
            return list(session.exec(query))

    def names(self) -> list[str]:
        """Every name that `get` accepts: registered datasets and samples."""
        registered = [row.name for row in self.all()]
        return sorted({*registered, *(sample.name for sample in sample_datasets())})

    def get(self, name: str, version: int | None = None) -> Dataset:
        """A version of a dataset, by default the newest; creates a sample if needed. Raises FileMissing.

        `NAME:3` is version 3 of a dataset, unless one has that very name.
        """
        name, version = self._split(name) if version is None else (name, version)
        sample = next((s for s in sample_datasets() if s.name == name), None)
        dataset = self._find(name, version)
        is_unused = dataset is None and version in (None, 1)
        if sample is not None and (is_unused or (version is None and dataset and _is_old(dataset, sample))):
            return self._make(sample)
        if dataset is None:
            rows = self.versions(name)
            if version is None and rows and rows[0].trashed is not None:
                raise FileMissing(f"the dataset '{name}' is in the trash", "Restore it, or choose another.")
            versions = [row.version for row in rows]
            named = f"Its versions are {', '.join(map(str, sorted(versions)))}." if versions else ""
            raise FileMissing(_missing(name, version), named or _closest(name, self.names(), _REGISTER))
        if sample is not None and not self._artifacts.blobs.is_intact(dataset.digest):
            return self._make(sample)
        return dataset

    def stored(self, name: str, version: int | None = None) -> Stored:
        """The table of a dataset, for `Workspace.value` and `Workspace.page`."""
        row = self.get(name, version)
        return replace(self._results.stored(row.digest), schema=Schema.from_json(row.table_schema))

    def delete(self, name: str) -> None:
        """Move a dataset to the trash, with all versions."""
        self._set_trashed(name, time.time())

    def restore(self, name: str) -> None:
        """Restore a dataset from the trash. Raises FileMissing if it is not there."""
        self._require_trashed(name)
        self._set_trashed(name, None)

    def forget(self, name: str) -> None:
        """Delete a dataset from the trash for ever, with all versions. Raises FileMissing if it is not there.

        Results computed from it stay, and so does the uploaded file until nothing refers to it.
        """
        self._require_trashed(name)
        for version in self.versions(name):
            self._record.forget("dataset", dataset_id(name, version.version))
        with self._database.write() as session:
            session.exec(delete(Dataset).where(col(Dataset.name) == name, col(Dataset.trashed).is_not(None)))

    def _split(self, name: str) -> tuple[str, int | None]:
        base, colon, number = name.rpartition(":")
        if not colon or not number.isdecimal() or len(number) > 9 or self._find(name, None) is not None:
            return name, None
        return base, int(number)

    def _make(self, sample: SampleDataset) -> Dataset:
        frame = sample.frame()
        stored = self._artifacts.put(frame)
        self._results.keep_artifacts([stored])
        return self.register(
            sample.name, stored, description=sample.description, origin="sample", options={"made by": sample.version}
        )

    def _find(self, name: str, version: int | None) -> Dataset | None:
        with self._database.read() as session:
            if version is not None:
                return session.get(Dataset, (name, version))
            newest = _newest(session, name)
            return newest if newest is not None and newest.trashed is None else None

    def _require_trashed(self, name: str) -> None:
        trashed = [row.name for row in self.all(trashed=True)]
        if name not in trashed:
            otherwise = f"In the trash are: {', '.join(trashed[:8])}." if trashed else "The trash is empty."
            raise FileMissing(f"there is no dataset '{name}' in the trash", _closest(name, trashed, otherwise))

    def _set_trashed(self, name: str, at: float | None) -> None:
        with self._database.write() as session:
            session.exec(update(Dataset).where(col(Dataset.name) == name).values(trashed=at))
        for version in self.versions(name):
            self._record.note("dataset", dataset_id(name, version.version))


def with_reading(
    options: Mapping[str, Any], reading: ReadOptions | None, notices: Sequence[str] = ()
) -> dict[str, Any]:
    """Add to the options of a version how its file was read, and the notices of the reader."""
    read_options = {_READING: reading.to_json()} if reading else {}
    return {**options, **read_options, **({_NOTICES: list(notices)} if notices else {})}


def notices_of(row: Dataset) -> list[str]:
    """The notices from reading the file of a version: what was lost or left open, one sentence each."""
    notices = row.options.get(_NOTICES)
    return [str(notice) for notice in notices] if isinstance(notices, list) else []


def read_options_of(row: Dataset) -> ReadOptions | None:
    """How the file of a version was read; None if it came from no file, or if an older Designer did not record it."""
    document = row.options.get(_READING) or row.options.get("options")
    if not isinstance(document, Mapping):
        return None
    reading = ReadOptions.from_json(document)
    return replace(reading, decimal=",") if row.options.get("decimal") == "comma" else reading


def checked_name(name: str) -> str:
    """The name without control characters and surrounding space. Raises InvalidParameter if it is empty or too long."""
    label = _CONTROL.sub("", name).strip()
    if not label or len(label) > _NAME_LENGTH:
        problem = "the name is empty" if not label else f"the name has {counted(len(label), 'character')}"
        raise InvalidParameter(problem, f"Use 1 to {_NAME_LENGTH} characters.", parameter="Name")
    return label


def _newest(session: Session, name: str) -> Dataset | None:
    query = select(Dataset).where(Dataset.name == name).order_by(col(Dataset.version).desc())
    return session.exec(query.limit(1)).first()


def _next_version(session: Session, name: str) -> int:
    return int(session.exec(select(func.max(Dataset.version)).where(Dataset.name == name)).one() or 0) + 1


def _same(row: Dataset, stored: Stored) -> bool:
    return row.digest == stored.digest and stored.schema is not None and row.table_schema == stored.schema.to_json()


def _is_old(row: Dataset, sample: SampleDataset) -> bool:
    return row.origin == "sample" and row.options.get("made by") != sample.version


def _missing(name: str, version: int | None) -> str:
    return f"there is no dataset '{name}'" + (f" of version {version}" if version is not None else "")


def _closest(name: str, names: list[str], otherwise: str) -> str:
    import difflib

    folded = {other.casefold(): other for other in names}
    close = difflib.get_close_matches(name.strip().casefold(), folded, n=1)
    return f"Did you mean '{folded[close[0]]}'?" if close else otherwise
