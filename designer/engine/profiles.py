"""Statistics of tables and what they give away: asked for by any process, worked out by the engine in a child."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from designer.contract.errors import DesignerError
from designer.engine.backend import Answer, Backend, Ended, Job, Printed, Task, TaskEvent
from designer.engine.recorder import append_log
from designer.engine.task import AUDIT, PROFILE
from designer.store.child_store import ChildStore
from designer.store.records import Profile
from designer.store.workspace import Workspace

VERSION = "2"
"""Changes when `designer.charts.profile` finds more, or other things, than before."""


def wanted(workspace: Workspace, digest: str) -> Profile:
    """The statistics of a stored table. `state` is ready, with the document; or failed, with its `message`; or
    wanted, and then the engine process was asked for them."""
    return workspace.results.want_profile(digest, VERSION)


@dataclass
class Profiler:
    """Answers what was asked of tables, two at a time so that runs have the other slots.

    A wish whose document holds a `question` is about leakage in its `tables`; others are for the statistics of one.
    What failed is kept with its reason until the next start, and may be asked for again then.
    """

    workspace: Workspace
    at_once: int = 2
    _busy: set[str] = field(default_factory=set)
    _made: deque[tuple[Profile, Answer]] = field(default_factory=deque)
    _has_forgotten: bool = False

    @property
    def has_made(self) -> bool:
        """Whether statistics wait to be kept."""
        return bool(self._made)

    def make_wanted(self, backend: Backend) -> None:
        """Keep what was made, and start on what is wanted and not begun. What the disk refuses is kept another time."""
        if not self._has_forgotten:
            self.workspace.results.forget_failed_profiles()
            self._has_forgotten = True
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
        backend.submit(Job(task, ChildStore.of(self.workspace), partial(self._hear, row, log)))

    def _hear(self, row: Profile, log: Path, event: TaskEvent) -> None:
        if isinstance(event, Printed):
            append_log(log, event.content)
        elif isinstance(event, Ended):
            self._made.append((row, event.answer))

    def _keep(self, row: Profile, answer: Answer) -> None:
        if answer.document is not None:
            kept = {**row.document, **answer.document}
            self.workspace.results.keep_profile(row.digest, row.version, "ready", kept)
        elif answer.outcome != "cancelled":
            self._fail(row, (answer.error or {}).get("message", answer.outcome))

    def _fail(self, row: Profile, message: str) -> None:
        if "question" in row.document:
            sys.stderr.write(f"{row.document['title']} was not checked for leakage: {message}\n")
        kept = {**row.document, "message": message}
        self.workspace.results.keep_profile(row.digest, row.version, "failed", kept)
