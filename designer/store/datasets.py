"""Registered datasets: every version is an artifact that never changes; samples are made when first asked for."""

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

from designer.contract.counting import counted
from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.read_options import ReadOptions
from designer.contract.schema import Schema
from designer.samples.data import SampleDataset, sample_datasets
from designer.store.artifacts import Artifacts, Stored
from designer.store.database import Database
from designer.store.record import Record, dataset_id
from designer.store.records import Dataset
from designer.store.results import Results

_NAME_LENGTH = 120
_REGISTER = "Register it on the Datasets page, or choose a sample."
_READING = "reading"
_NOTICES = "notices"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Datasets:
    """The datasets of a workspace, with the samples that ship."""

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
        origin: str = "upload",
        source: Path | str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Dataset:
        """Add a version of a dataset. `source` is the kept file and `options` how it was read.

        The same content as the newest version adds none.
        """
        label = checked_name(name)
        stored = self._artifacts.put(table) if isinstance(table, pd.DataFrame) else table
        if stored.schema is None:
            raise InvalidParameter(f"a {stored.kind} cannot be a dataset", "Register a table.")
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
        """The newest version of each registered dataset, the last registered first; without samples not yet used."""
        newest = select(Dataset.name, func.max(Dataset.version).label("version")).group_by(Dataset.name).subquery()
        wanted = select(Dataset).join(
            newest, (col(Dataset.name) == newest.c.name) & (col(Dataset.version) == newest.c.version)
        )
        wanted = wanted.where(col(Dataset.trashed).is_not(None) if trashed else col(Dataset.trashed).is_(None))
        with self._database.read() as session:
            return list(session.exec(wanted.order_by(col(Dataset.created).desc())))

    def samples(self) -> list[SampleDataset]:
        """The datasets that ship, used or not."""
        return list(sample_datasets())

    def versions(self, name: str) -> list[Dataset]:
        """All versions of a dataset, the newest first."""
        wanted = select(Dataset).where(Dataset.name == name).order_by(col(Dataset.version).desc())
        with self._database.read() as session:
            return list(session.exec(wanted))

    def names(self) -> list[str]:
        """Every name that `get` knows: registered datasets and samples."""
        registered = [row.name for row in self.all()]
        return sorted({*registered, *(sample.name for sample in sample_datasets())})

    def get(self, name: str, version: int | None = None) -> Dataset:
        """A version of a dataset, the newest unless one is named; a sample is made now if need be."""
        sample = next((s for s in sample_datasets() if s.name == name), None)
        found = self._find(name, version)
        if sample is not None and version is None and (found is None or _is_old(found, sample)):
            return self._make(sample)
        if found is None:
            raise FileMissing(_missing(name, version), _closest(name, self.names(), _REGISTER))
        if sample is not None and not self._artifacts.blobs.is_intact(found.digest):
            return self._make(sample)
        return found

    def stored(self, name: str, version: int | None = None) -> Stored:
        """The table of a dataset, for `Workspace.value` and `Workspace.page`."""
        row = self.get(name, version)
        return replace(self._results.stored(row.digest), schema=Schema.from_json(row.table_schema))

    def delete(self, name: str) -> None:
        """Move a dataset to the trash, with all versions."""
        self._set_trashed(name, time.time())

    def restore(self, name: str) -> None:
        """Take a dataset out of the trash; raises FileMissing where it is not there."""
        self._require_trashed(name)
        self._set_trashed(name, None)

    def forget(self, name: str) -> None:
        """Remove a dataset from the trash for ever, with all versions; raises FileMissing where it is not there.

        Results computed from it stay, and so does the uploaded file until nothing names it.
        """
        self._require_trashed(name)
        for version in self.versions(name):
            self._record.forget("dataset", dataset_id(name, version.version))
        with self._database.write() as session:
            session.exec(delete(Dataset).where(col(Dataset.name) == name, col(Dataset.trashed).is_not(None)))

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
    """What is kept of how a version came about, with how its file was read and what that lost or left open."""
    kept = {_READING: reading.to_json()} if reading else {}
    return {**options, **kept, **({_NOTICES: list(notices)} if notices else {})}


def notices_of(row: Dataset) -> list[str]:
    """What reading the file of a version lost or left open, a sentence each."""
    notices = row.options.get(_NOTICES)
    return [str(notice) for notice in notices] if isinstance(notices, list) else []


def read_options_of(row: Dataset) -> ReadOptions | None:
    """How the file of a version was read, None where it came from no file or an older version did not keep it."""
    document = row.options.get(_READING) or row.options.get("options")
    if not isinstance(document, Mapping):
        return None
    reading = ReadOptions.from_json(document)
    return replace(reading, decimal=",") if row.options.get("decimal") == "comma" else reading


def checked_name(name: str) -> str:
    """A name that can be shown and typed; raises InvalidParameter."""
    label = _CONTROL.sub("", name).strip()
    if not label or len(label) > _NAME_LENGTH:
        found = "the name is empty" if not label else f"the name has {counted(len(label), 'character')}"
        raise InvalidParameter(found, f"Use 1 to {_NAME_LENGTH} characters.", parameter="Name")
    return label


def _newest(session: Session, name: str) -> Dataset | None:
    wanted = select(Dataset).where(Dataset.name == name).order_by(col(Dataset.version).desc())
    return session.exec(wanted.limit(1)).first()


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
