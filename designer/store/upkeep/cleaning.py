"""Remove stored results that nothing refers to any more."""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sqlalchemy import Text, cast, delete
from sqlmodel import Session, col, select

from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.store.artifacts.references import pipeline_texts
from designer.store.records import (
    ACTIVE,
    Artifact,
    Component,
    Dataset,
    Draft,
    EndpointVersion,
    NodeRun,
    Profile,
    Result,
    Run,
)
from designer.store.workspace import Workspace

GRACE_SECONDS = 3600.0
"""How long an unreferenced file is kept: the row that refers to it may not be written yet."""

LISTED_RUNS = 100
"""The number of newest runs whose models are kept: the page Models lists them."""

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_PROGRAM = re.compile(r'"module":\s*"([^"@]+@[^"]+)"')
_UNKNOWN = "unfinished"


class RunsGoOn(DesignerError):
    """Results cannot be removed while runs may read them."""


@dataclass(frozen=True)
class Unneeded:
    """Files that can be deleted, with their sizes by kind, and the number and size of the files kept."""

    files: tuple[Path, ...] = ()
    bytes_by_kind: Counter[str] = field(default_factory=Counter)
    count_by_kind: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    kept_bytes: int = 0

    @property
    def bytes(self) -> int:
        """The bytes freed by deleting the files."""
        return self.bytes_by_kind.total()


def unneeded(workspace: Workspace, *, keep: int = 1, older_than: float = GRACE_SECONDS) -> Unneeded:
    """Find what `clean` would remove."""
    with workspace.database.read() as session:
        return _unneeded(session, workspace, keep, older_than)


def clean(workspace: Workspace, *, keep: int = 1, older_than: float = GRACE_SECONDS) -> Unneeded:
    """Delete results that nothing refers to; they are computed again when needed. Returns what was deleted.

    Keeps everything that datasets, pipelines with all their revisions and deployed versions refer to; the outputs of
    the runs that these were created from, of the newest `keep` runs of every pipeline and of its newest finished one;
    the models of the newest runs; and every file younger than `older_than` seconds. Raises RunsGoOn while a run is
    active. Programs of steps that were never named go once no pipeline and no run has such a step.
    """
    with workspace.database.write() as session:  # no run can start before this ends
        if session.exec(select(Run.id).where(col(Run.state).in_(ACTIVE))).first():
            raise RunsGoOn("a run in progress may use what would be removed", "Wait until it ends, or cancel it.")
        unneeded = _unneeded(session, workspace, keep, older_than)
        for name, version in _unused_programs(session, older_than):
            session.exec(delete(Component).where(col(Component.name) == name, col(Component.version) == version))
        _forget(session, {file.name for file in unneeded.files})
        for file in unneeded.files:
            file.unlink(missing_ok=True)
        workspace.artifacts.laid.discard_all()
    return unneeded


def _unneeded(session: Session, workspace: Workspace, keep: int, older_than: float) -> Unneeded:
    needed = _needed(session, keep, _unused_programs(session, older_than))
    kinds = dict(session.exec(select(Artifact.digest, Artifact.kind)).all())
    before = time.time() - older_than
    files: list[Path] = []
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    kept = kept_bytes = 0
    for file in _stored_files(workspace.path / "artifacts"):
        with contextlib.suppress(FileNotFoundError):  # renamed by another process since it was listed
            status = file.stat()
            if file.name in needed or max(status.st_mtime, status.st_ctime) > before:
                kept, kept_bytes = kept + 1, kept_bytes + status.st_size
                continue
            kind = kinds.get(file.name, _UNKNOWN)
            files.append(file)
            sizes[kind] += status.st_size
            counts[kind] += 1
    return Unneeded(tuple(files), sizes, counts, kept, kept_bytes)


def _stored_files(folder: Path) -> Iterator[Path]:
    """Stored results, and incomplete files of killed processes."""
    places = folder.iterdir() if folder.is_dir() else ()
    return (file for place in places if place.is_dir() for file in place.iterdir() if file.is_file())


def _unused_programs(session: Session, older_than: float) -> set[tuple[str, str]]:
    """The names and versions of the anonymous components that no pipeline and no run has a step of."""
    before = time.time() - older_than
    rows = session.exec(select(Component.name, Component.version).where(
        col(Component.is_anonymous), col(Component.created) <= before
    ))  # fmt: skip
    unused = {f"{name}@{version}": (name, version) for name, version in rows}
    if unused:
        for text in chain(pipeline_texts(session), session.exec(select(cast(col(Run.document), Text)))):
            for id in _PROGRAM.findall(text):
                unused.pop(id, None)
    return set(unused.values())


def _needed(session: Session, keep: int, unused: set[tuple[str, str]]) -> set[str]:
    digests: set[str] = set()
    for text in _naming(session, unused):
        digests.update(_DIGEST.findall(text))
    for run_ids in _batched(_kept_runs(session, keep)):
        outputs = select(cast(col(NodeRun.outputs), Text)).where(col(NodeRun.run_id).in_(run_ids))
        for text in session.exec(outputs):
            digests.update(_DIGEST.findall(text))
    return digests | _listed_models(session)


def _batched(values: Iterable[str], size: int = 500) -> Iterator[list[str]]:
    listed = list(values)
    return (listed[start : start + size] for start in range(0, len(listed), size))


def _naming(session: Session, unused: set[tuple[str, str]]) -> Iterator[str]:
    """Every text that may refer to a result."""
    yield from session.exec(select(Dataset.digest))
    for column in (EndpointVersion.artifacts, EndpointVersion.certificate):
        yield from session.exec(select(cast(col(column), Text)))
    for name, version, text in session.exec(select(Component.name, Component.version, cast(col(Component.spec), Text))):
        if (name, version) not in unused:
            yield text
    yield from pipeline_texts(session)


def _kept_runs(session: Session, keep: int) -> set[str]:
    """The ids of the runs whose outputs are kept."""
    made_from = [*session.exec(select(EndpointVersion.run_id)), *session.exec(select(Draft.parent_run))]
    ids = {id for id in made_from if id}
    newest: Counter[str] = Counter()
    finished: set[str] = set()
    runs = select(Run.id, Run.pipeline_id, Run.name, Run.state).order_by(col(Run.created).desc())
    for id, pipeline_id, name, state in session.exec(runs):
        pipeline = pipeline_id or f"file {name}"
        newest[pipeline] += 1
        if newest[pipeline] <= keep or (state == "finished" and pipeline not in finished):
            ids.add(id)
        if state == "finished":
            finished.add(pipeline)
    return ids


def _listed_models(session: Session) -> set[str]:
    newest = select(Run.id).order_by(col(Run.created).desc()).limit(LISTED_RUNS)
    rows = session.exec(select(NodeRun.outputs).where(col(NodeRun.run_id).in_(newest)))
    return {each["digest"] for outputs in rows for each in outputs.values() if each["kind"] == PortType.TRAINED}


def _forget(session: Session, digests: set[str]) -> None:
    """Delete the rows of removed artifacts: their metadata, statistics, leakage checks, and the results under keys."""
    results = session.exec(select(Result.key, cast(col(Result.outputs), Text)))
    keys = [key for key, outputs in results if not digests.isdisjoint(_DIGEST.findall(outputs))]
    _delete(session, Result, "key", keys)
    _delete(session, Profile, "digest", digests)
    of_tables = select(Profile.digest, col(Profile.document)["tables"]).where(
        col(Profile.document)["tables"].as_string().is_not(None)
    )
    answers = [key for key, tables in session.exec(of_tables) if not digests.isdisjoint(tables)]
    _delete(session, Profile, "digest", answers)
    _delete(session, Artifact, "digest", digests)


def _delete(
    session: Session, table: type[Result] | type[Profile] | type[Artifact], name: str, values: Iterable[str]
) -> None:
    for some in _batched(values):
        session.exec(delete(table).where(col(getattr(table, name)).in_(some)))
