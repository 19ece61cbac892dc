"""Runs in code: wait, look at steps, read outputs."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from designer.contract.errors import DesignerError, FileMissing
from designer.contract.wording.closeness import closest
from designer.engine.events import NodeResult
from designer.pipeline.document import from_document
from designer.sdk.connections.connection import Connection
from designer.sdk.display.compared import Compared
from designer.sdk.display.drawing import drawn
from designer.sdk.display.live import Reporter, reporter_for, standings_of
from designer.sdk.outputs import Outputs, RunOutput
from designer.sdk.published import Published
from designer.store.records import ACTIVE, NodeRun
from designer.store.records import Run as Row

LAST_LINES = 20


class RunFailed(DesignerError):
    """A run ended without its results."""


class StepFailed(RunFailed):
    """A step of a run failed; `log` are the last lines that it printed."""

    log: str = ""

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text}\n\nThe last lines of its log:\n{self.log}" if self.log else text


class RunCancelled(RunFailed):
    """A run was cancelled."""


class StillRunning(DesignerError, TimeoutError):
    """A run has not ended within the time to wait."""


class RunStep:
    """One step of a run."""

    def __init__(self, run: Run, id: str, row: NodeRun) -> None:
        self.id = id
        self._run = run
        self._row = row
        self._result = NodeResult.of_row(row)

    @property
    def title(self) -> str:
        """Its title on the canvas."""
        return self._row.title

    @property
    def status(self) -> str:
        """queued, running, finished, reused, bypassed, failed, crashed, cancelled or skipped."""
        return self._row.state

    @property
    def reason(self) -> str:
        """Why it ran, or was reused or skipped."""
        return self._row.reason

    @property
    def seconds(self) -> float | None:
        """How long it took; for a reused one, when it ran."""
        return self._row.seconds

    @property
    def log(self) -> str:
        """The end of what it printed."""
        return self._run.connection.log(self._run.id, self.id)

    @property
    def metrics(self) -> dict[str, float | str]:
        """Its metrics by name: those of its evaluation, and the last values that it logged."""
        return self._run.metrics.get(self.id, {})

    def series(self, name: str) -> list[float | str | None]:
        """All values of a logged metric. Raises FileMissing."""
        logged = {series.name: series for series in self._run.connection.series(self._run.id, self.id)}
        if name not in logged:
            raise FileMissing(f"{self.title} logged no metric '{name}'", closest(name, logged, "Metrics are"))
        return [point.text if point.number is None else point.number for point in logged[name].points]

    @property
    def error(self) -> DesignerError | None:
        """Why it failed; None if it did not."""
        return DesignerError.from_json(self._row.error) if self._row.error else None

    @property
    def outputs(self) -> Outputs:
        """Its outputs by port."""
        return Outputs(self._run.connection, self._row)

    def get_output(self, name: str) -> RunOutput:
        """`outputs[name]` under the name of other SDKs."""
        return self.outputs[name]

    def get_metrics(self) -> dict[str, float | str]:
        """`metrics` under the name of other SDKs."""
        return self.metrics

    def __repr__(self) -> str:
        return self._result.line


class Run:
    """A run of a workspace. It goes on without this program; its properties show what it is now."""

    def __init__(self, id: str, connection: Connection) -> None:
        self.id = id
        self.connection = connection

    @property
    def status(self) -> str:
        """queued, running, finished, failed, cancelled or crashed."""
        return self._row.state

    @property
    def name(self) -> str:
        """The name of its pipeline."""
        return self._row.name

    @property
    def created(self) -> datetime:
        """When it was submitted."""
        return datetime.fromtimestamp(self._row.created).astimezone()

    @property
    def seconds(self) -> float | None:
        """How long it took; None until it ended."""
        row = self._row
        return row.ended - row.started if row.ended is not None and row.started is not None else None

    @property
    def steps(self) -> dict[str, RunStep]:
        """Its steps by id, in the order of the pipeline; those not looked at yet are left out."""
        return {id: RunStep(self, id, row) for id, row in self.connection.nodes(self.id).items()}

    @property
    def metrics(self) -> dict[str, dict[str, float | str]]:
        """The metrics of each step that has some."""
        return {id: dict(metrics) for id, metrics in self.connection.metrics(self.id).items()}

    @property
    def experiment(self) -> str:
        """The experiment that it belongs to."""
        return self._row.experiment

    @property
    def number(self) -> int | None:
        """Its number within the experiment."""
        return self._row.number

    @property
    def tags(self) -> dict[str, str]:
        """Its tags: those it was submitted with and those that its steps set."""
        return dict(self._row.tags)

    @property
    def git(self) -> dict[str, Any]:
        """The repository, commit and branch that it was submitted from; empty without one."""
        return dict(self._row.source)

    @property
    def url(self) -> str | None:
        """The address of its page; None if Designer does not run."""
        return self.connection.address(f"/runs/{self.id}")

    def __getitem__(self, name: str) -> RunStep:
        """A step by its id or title. Raises FileMissing."""
        steps = self.steps
        titled = [step for step in steps.values() if step.title == name]
        if name not in steps and len(titled) != 1:
            named = f"{len(titled)} steps are titled '{name}'" if titled else f"the run has no step '{name}'"
            raise FileMissing(named, closest(name, steps, "Steps are"))
        return steps.get(name) or titled[0]

    def wait(self, timeout: float | None = None, *, show: bool = True) -> Self:
        """Wait until the run ends, showing what goes on; returns the run.

        Raises StepFailed with the message of the first failed step and the end of its log, RunCancelled, RunFailed,
        and StillRunning after `timeout` seconds. Ctrl-C ends the waiting, not the run.
        """
        reporter = reporter_for(self.connection.library) if show else Reporter()
        try:
            row = self._ended(timeout, reporter)
        except KeyboardInterrupt:
            sys.stderr.write(f"\nNo longer waiting. The run goes on; {self._how_on()}\n")
            raise
        self._require_finished(row)
        return self

    def wait_for_completion(
        self, show_output: bool = True, timeout_seconds: float | None = None, raise_on_error: bool = True
    ) -> str:
        """`wait` under the name of other SDKs; returns the status."""
        try:
            self.wait(timeout_seconds, show=show_output)
        except RunFailed:
            if raise_on_error:
                raise
        return self.status

    def find_step_run(self, name: str) -> list[RunStep]:
        """The steps of that id or title, as other SDKs answer: a list."""
        return [step for step in self.steps.values() if name in (step.id, step.title)]

    def get_metrics(self) -> dict[str, dict[str, float | str]]:
        """`metrics` under the name of other SDKs."""
        return self.metrics

    def get_status(self) -> str:
        """`status` under the name of other SDKs."""
        return self.status

    def get_tags(self) -> dict[str, str]:
        """`tags` under the name of other SDKs."""
        return self.tags

    def cancel(self) -> Self:
        """Request its end; running steps are killed."""
        self.connection.cancel(self.id)
        return self

    def logs(self) -> str:
        """What its steps printed, each below its title."""
        texts = {step.title: step.log.rstrip() for step in self.steps.values()}
        return "\n\n".join(f"{title}\n{text}" for title, text in texts.items() if text)

    def compare(self, other: Run | None = None) -> Compared:
        """What differs from another run, by default the one before: settings, and metrics side by side."""
        return Compared(self.connection.compare(self._row, other._row if other is not None else None))

    def publish(self, name: str = "", *, description: str = "", version: str = "") -> Published:
        """Publish its pipeline, with the values that it was given as the defaults: see `Workspace.publish`."""
        made = self.connection.publish_run(self.id, name, description=description, version=version)
        return Published(made.endpoint, self.connection, Run)

    def publish_pipeline(self, name: str, description: str = "", version: str = "") -> Published:
        """`publish` under the name of other SDKs."""
        return self.publish(name, description=description, version=version)

    def open(self) -> str:
        """Open its page; returns the address, which works once."""
        return self.connection.open(f"/runs/{self.id}")

    def __repr__(self) -> str:
        row = self._row
        return f"<run {self.id[:8]} of {row.name!r}, {row.state}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        row, nodes = self._row, self.connection.nodes(self.id)
        lines = [repr(self), *(NodeResult.of_row(node).line for node in nodes.values())]
        svg = drawn(from_document(row.document), self.connection.library, standings_of(nodes)).svg
        return {"text/plain": "\n".join(lines), "text/html": svg}

    @property
    def _row(self) -> Row:
        return self.connection.run(self.id)

    def _ended(self, timeout: float | None, reporter: Reporter) -> Row:
        until = None if timeout is None else time.monotonic() + timeout
        row = None
        for row, nodes in self.connection.follow(self.id, timeout):
            reporter.show(row, nodes)
            if row.state not in ACTIVE:
                reporter.close(row, nodes)
            elif until is not None and time.monotonic() >= until:
                raise StillRunning(f"the run has not ended after {timeout:g} s", self._how_on().capitalize())
        assert row is not None
        return row

    def _how_on(self) -> str:
        short = self.id[:8]
        return f"wait again with ws.runs['{short}'].wait(), or end it with ws.runs['{short}'].cancel()."

    def _require_finished(self, row: Row) -> None:
        if row.state == "finished":
            return
        if row.state == "cancelled":
            raise RunCancelled(f"the run of '{row.name}' was cancelled", "Submit it again.")
        failed = first_failed(self.connection.nodes(self.id))
        if failed is None:
            message = str((row.error or {}).get("message", f"the run of '{row.name}' {row.state}"))
            raise RunFailed(message, "Submit it again.")
        found = DesignerError.from_json(failed.error or {})
        error = StepFailed(found.found, found.remedy)
        error.place = found.place
        error.at(node=failed.node, module=failed.title)
        error.log = "\n".join(self.connection.log(self.id, failed.node).splitlines()[-LAST_LINES:])
        raise error


def first_failed(nodes: Mapping[str, NodeRun]) -> NodeRun | None:
    """The step that failed first in time; None without one."""
    failed = [node for node in nodes.values() if node.state in ("failed", "crashed")]
    return min(failed, key=lambda node: node.ended or node.started or 0.0, default=None)
