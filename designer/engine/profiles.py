"""Statistics of tables, made when somebody looks: asked for by any process, made by the engine process in a child."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from designer.contract.errors import DesignerError
from designer.engine.local import Job, Local
from designer.engine.task import PROFILE, Answer, Task
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
    """Makes the statistics that were asked for, two tables at a time so that runs have the other slots."""

    workspace: Workspace
    at_once: int = 2
    _busy: set[str] = field(default_factory=set)
    _made: deque[tuple[Profile, Answer]] = field(default_factory=deque)

    @property
    def has_made(self) -> bool:
        """Whether statistics wait to be kept."""
        return bool(self._made)

    def make_wanted(self, local: Local) -> None:
        """Keep what was made, and start on what is wanted and not begun. What the disk refuses is kept another time."""
        while self._made:
            self._keep(*self._made[0])
            self._busy.discard(self._made.popleft()[0].digest)
        for row in self.workspace.results.wanted_profiles():
            if row.digest not in self._busy and len(self._busy) < self.at_once:
                self._start(row, local)

    def _start(self, row: Profile, local: Local) -> None:
        try:
            stored = self.workspace.results.stored(row.digest)
        except DesignerError as error:
            self.workspace.results.keep_profile(row.digest, row.version, "failed", {"message": str(error)})
            return
        self._busy.add(row.digest)
        name = f"profile-{row.digest}"
        task = Task(
            name=name,
            workspace=str(self.workspace.path),
            node="",
            title="Statistics",
            module=PROFILE,
            version=1,
            parameters={},
            inputs={"table": stored.to_json()},
            scratch=str(self.workspace.scratch / name),
        )
        log = self.workspace.logs / "profile.log"
        log.unlink(missing_ok=True)
        local.submit(Job(task, log, _nothing, _no_progress, lambda answer: self._made.append((row, answer))))

    def _keep(self, row: Profile, answer: Answer) -> None:
        if answer.document is not None:
            self.workspace.results.keep_profile(row.digest, row.version, "ready", dict(answer.document))
        elif answer.outcome != "cancelled":
            message = (answer.error or {}).get("message", answer.outcome)
            self.workspace.results.keep_profile(row.digest, row.version, "failed", {"message": message})


def _nothing() -> None:
    pass


def _no_progress(fraction: float | None, text: str) -> None:
    pass
