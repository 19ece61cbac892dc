"""Events of a run: the browser shows them, the command line prints them, the store keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.store.artifacts.values import Stored
from designer.store.records import NodeRun


@dataclass(frozen=True)
class RunChanged:
    """A run started or ended."""

    run_id: str
    state: str


@dataclass(frozen=True)
class Progress:
    """Progress of a running node; `fraction` is None if unknown."""

    run_id: str
    node: str
    fraction: float | None
    text: str


@dataclass(frozen=True)
class NodeResult:
    """The state and result of a node.

    `state` is queued, running, finished, reused, bypassed, failed, crashed, cancelled or skipped; `outcome` is how it
    failed: failed, crashed, out of memory, timed out or ended early. `made_at` is when a reused result was computed.
    `compute` is the compute that it runs on, empty for this computer, `place` the worker there.
    """

    node: str
    module: str
    title: str
    state: str = "queued"
    outcome: str = ""
    seconds: float | None = None
    outputs: Mapping[str, Stored] = field(default_factory=dict)
    error: Mapping[str, Any] | None = None
    reason: str = ""
    explain: str = ""
    made_at: float | None = None
    compute: str = ""
    place: str = ""

    @property
    def rows(self) -> int | None:
        """The row count of the first table among the outputs; None without one."""
        return next((s.rows for s in self.outputs.values() if s.rows is not None), None)

    @property
    def columns(self) -> int | None:
        """The column count of the first table among the outputs; None without one."""
        return next((s.columns for s in self.outputs.values() if s.columns is not None), None)

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """Name, rows and metrics of each model in the evaluations among the outputs."""
        return [model for stored in self.outputs.values() for model in stored.summary.get("models", ())]

    @property
    def line(self) -> str:
        """One line of text: state, title, time, rows x columns, what it did, and where if elsewhere."""
        seconds = f"{self.seconds:.2f} s" if self.seconds is not None else ""
        size = f"{self.rows:,} x {self.columns}" if self.rows is not None else ""
        did = " ".join(self.explain.splitlines())
        where = f"  [{self.compute}: {self.place}]" if self.place else ""
        return f"{self.state:<10} {self.title:<40} {seconds:>9} {size:>14}  {did}{where}".rstrip()

    @classmethod
    def of_row(cls, row: NodeRun) -> NodeResult:
        """The result as the workspace has it on record."""
        return cls(
            row.node, row.module, row.title, row.state, row.outcome, row.seconds,
            {port: Stored.from_json(document) for port, document in row.outputs.items()},
            row.error, row.reason, row.explain, row.made_at, row.compute, row.place,
        )  # fmt: skip

    @property
    def is_done(self) -> bool:
        """Whether the outputs may be used."""
        return self.state in ("finished", "reused", "bypassed")

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return {
            "node": self.node, "module": self.module, "title": self.title, "state": self.state,
            "outcome": self.outcome, "seconds": self.seconds, "rows": self.rows, "columns": self.columns,
            "outputs": {
                port: {"digest": stored.digest, "kind": str(stored.kind), **stored.summary}
                for port, stored in self.outputs.items()
            },
            "metrics": self.metrics, "error": dict(self.error) if self.error else None, "reason": self.reason,
            "explain": self.explain, "made_at": self.made_at, "compute": self.compute, "place": self.place,
        }  # fmt: skip


@dataclass(frozen=True)
class NodeChanged:
    """A node has a new state."""

    run_id: str
    result: NodeResult


Event = RunChanged | NodeChanged | Progress
Listener = Callable[[Event], None]
