"""Record a run in the store: the states of its nodes, and results by their keys."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session

from designer.engine.backend import Logged, Tagged, Unusable
from designer.engine.events import NodeResult
from designer.engine.plan import Step
from designer.engine.recording.curves import Curves
from designer.store.results import CachedResult
from designer.store.workspace import Workspace

WRITE_SECONDS = 0.05
METRIC_SECONDS = 0.25


@dataclass
class Recorder:
    """Batches changes, so that many are written in one transaction."""

    workspace: Workspace
    run_id: str
    attempt: int = 0
    _curves: Curves = field(init=False)
    _written_at: float = 0.0
    _changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    _fresh: dict[str, CachedResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._curves = Curves(self.run_id)

    def claim(self, owner: str, results: Mapping[str, NodeResult], steps: Mapping[str, Step]) -> bool:
        """Claim the run for its owner and write its nodes; returns False if it cannot be claimed."""
        rows = [
            {"node": id, **_values(result), **_planned(steps[id]), "log": log_of(self.run_id, n)}
            for n, (id, result) in enumerate(results.items())
        ]
        attempt = self.workspace.runs.claim(self.run_id, rows, owner)
        self.attempt = attempt or 0
        return attempt is not None

    def changed(self, result: NodeResult, step: Step | None = None) -> None:
        """Record a new state of a node, and its step if it was planned again."""
        values = self._changes.setdefault(result.node, {})
        values |= _values(result) | (_planned(step) if step else {})
        if result.state == "running":
            values["started"] = time.time()
        elif result.state != "queued":
            values |= {"ended": time.time(), "fraction": None, "text": ""}

    def progressed(self, node: str, fraction: float | None, text: str) -> None:
        """Record the progress of a running node."""
        self._changes.setdefault(node, {}).update(fraction=fraction, text=text)

    def started(self, node: str) -> None:
        """Forget what another process logged for this node, which starts again."""
        self._curves.restart(node)

    def logged(self, node: str, event: Logged | Tagged | Unusable) -> None:
        """Record a metric or tag of a running node, or that one cannot be recorded."""
        self._curves.add(node, event)

    def ended(self, node: str) -> str:
        """Complete the metrics of a node; returns what to say of them in its log."""
        remarks = self._curves.end(node)
        self._changes.setdefault(node, {}).update(self._curves.summary(node))
        return remarks

    def finished(self, key: str, result: NodeResult) -> None:
        """Record a computed result under its key."""
        self._fresh[key] = CachedResult(
            key, result.module, result.outputs, result.explain, result.seconds or 0.0, time.time()
        )

    def unwritten(self, key: str) -> CachedResult | None:
        """The result recorded under a key since the last write; None without one."""
        return self._fresh.get(key)

    @property
    def is_due(self) -> bool:
        """Whether to write now: changes are written twenty times a second, metrics alone four times."""
        since = time.monotonic() - self._written_at
        if self._changes or self._fresh:
            return since >= WRITE_SECONDS
        return self._curves.has_news and since >= METRIC_SECONDS

    def write(self) -> None:
        """Write the batched changes. Raises StaleAttempt if another process took the run."""
        if not self._changes and not self._fresh and not self._curves.has_news:
            return
        with self.workspace.database.record() as session:
            self.workspace.results.keep_in(session, self._fresh.values())
            if self._curves.has_news:
                self._write_metrics(session)
            self.workspace.runs.record_in(session, self.run_id, self.attempt, self._changes)
        self._changes, self._fresh = {}, {}
        self._written_at = time.monotonic()

    def _write_metrics(self, session: Session) -> None:
        for node in self._curves.changed_nodes:
            self._changes.setdefault(node, {}).update(self._curves.summary(node))
        self._curves.write_in(session, self.workspace.runs, self.attempt)


def log_of(run_id: str, number: int) -> str:
    """The log file of a node, relative to the workspace. Numbered: node ids come from documents and are not safe."""
    return f"logs/{run_id}/{number}.log"


def append_log(file: Path, content: bytes) -> None:
    """Append a task's output to its log; drops it if the disk is full."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "ab") as log:
            log.write(content)


def _values(result: NodeResult) -> dict[str, Any]:
    return {
        "module": result.module,
        "title": result.title,
        "state": result.state,
        "outcome": result.outcome,
        "seconds": result.seconds,
        "outputs": {port: stored.to_json() for port, stored in result.outputs.items()},
        "error": dict(result.error) if result.error else None,
        "reason": result.reason,
        "explain": result.explain,
        "made_at": result.made_at,
        "compute": result.compute,
        "place": result.place,
    }


def _planned(step: Step) -> dict[str, Any]:
    return {"key": step.key, "parts": step.parts}
