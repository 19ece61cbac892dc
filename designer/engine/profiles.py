"""Statistics and leakage checks of tables: requested by any process, computed by the engine in a child process."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from designer.contract.errors import DesignerError
from designer.engine.backend import Answer, Backend, Ended, Job, Printed, Task, TaskEvent
from designer.engine.recording.recorder import append_log
from designer.engine.task import AUDIT, PROFILE
from designer.store.child_store import ChildStore
from designer.store.records import Profile
from designer.store.workspace import Workspace

VERSION = "2"
"""Bump it when the output of `designer.charts.profile` changes."""


def wanted(workspace: Workspace, digest: str) -> Profile:
    """The statistics of a stored table, requested from the engine process if missing.

    `state` is ready (see `document`), failed (see `document["message"]`) or wanted (requested).
    """
    return workspace.results.want_profile(digest, VERSION)


@dataclass
class Profiler:
    """Computes requested statistics, at most two at a time so that runs keep the other slots.

    A request with a `question` in its document is a leakage check of its `tables`; any other is for the statistics of
    one table. Failures are kept with their reason until the next start, after which they can be requested again.
    """

    workspace: Workspace
    at_once: int = 2
    _busy: set[str] = field(default_factory=set)
    _made: deque[tuple[Profile, Answer]] = field(default_factory=deque)
    _has_dropped_failed: bool = False

    @property
    def has_made(self) -> bool:
        """Whether computed statistics wait to be stored."""
        return bool(self._made)

    def make_wanted(self, backend: Backend) -> None:
        """Store finished statistics and start on requested ones. What cannot be written is retried on the next call."""
        if not self._has_dropped_failed:
            self.workspace.results.forget_failed_profiles()
            self._has_dropped_failed = True
        while self._made:
            self._keep(*self._made[0])
            self._busy.discard(self._made.popleft()[0].digest)
        for row in self.workspace.results.wanted_profiles():
            if row.digest not in self._busy and len(self._busy) < self.at_once:
                self._start(row, backend)

    def _start(self, row: Profile, backend: Backend) -> None:
        question = row.document.get("question")
        digests = [row.digest] if question is None else row.document["tables"]
        try:
            tables = [self.workspace.results.stored(digest) for digest in digests]
        except DesignerError as error:
            self._fail(row, str(error))
            return
        self._busy.add(row.digest)
        kind = "profile" if question is None else "audit"
        task = Task(
            id=f"{kind}-{row.digest}",
            node="",
            title="Statistics" if question is None else f"Leakage check of {row.document['title']}",
            module=PROFILE if question is None else AUDIT,
            version=1,
            parameters=question or {},
            inputs={f"table{i}": stored.to_json() for i, stored in enumerate(tables)},
        )
        log = self.workspace.logs / f"{kind}.log"
        log.unlink(missing_ok=True)
        backend.submit(Job(task, ChildStore.of(self.workspace), partial(self._on_event, row, log)))

    def _on_event(self, row: Profile, log: Path, event: TaskEvent) -> None:
        if isinstance(event, Printed):
            append_log(log, event.content)
        elif isinstance(event, Ended):
            self._made.append((row, event.answer))

    def _keep(self, row: Profile, answer: Answer) -> None:
        if answer.document is not None:
            document = {**row.document, **answer.document}
            self.workspace.results.keep_profile(row.digest, row.version, "ready", document)
        elif answer.outcome != "cancelled":
            self._fail(row, (answer.error or {}).get("message", answer.outcome))

    def _fail(self, row: Profile, message: str) -> None:
        if "question" in row.document:
            sys.stderr.write(f"{row.document['title']} was not checked for leakage: {message}\n")
        document = {**row.document, "message": message}
        self.workspace.results.keep_profile(row.digest, row.version, "failed", document)
