"""What goes on in a run while a program waits: lines in a terminal, a drawing in a notebook."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import IO, Any

from designer.contract.catalogue.library import Library
from designer.engine.events import NodeResult
from designer.pipeline.document import from_document
from designer.pipeline.graph import Pipeline
from designer.sdk.display.drawing import Standing, drawn
from designer.store.records import ACTIVE, NodeRun, Run

DRAWING_SECONDS = 0.25
"""The least time between two drawings in a notebook."""
BAR = 24


class Reporter:
    """Shows nothing."""

    def show(self, run: Run, nodes: Mapping[str, NodeRun]) -> None:
        """Show the current state of a run and its steps."""

    def close(self, run: Run, nodes: Mapping[str, NodeRun]) -> None:
        """Show the end of the run."""


class TerminalReporter(Reporter):
    """One line for each step that ended; where lines can be redrawn, the running steps below them."""

    def __init__(self, output: IO[str]) -> None:
        self._output = output
        self._printed: dict[str, str] = {}
        self._progress = ""

    def show(self, run: Run, nodes: Mapping[str, NodeRun]) -> None:
        for id, node in nodes.items():
            if node.state not in ACTIVE and self._printed.get(id) != node.state:
                self._printed[id] = node.state
                self._redraw("")
                self._output.write(f"{NodeResult.of_row(node).line}\n")
        self._redraw(_progress_line(run, nodes) if self._output.isatty() else "")
        self._output.flush()

    def close(self, run: Run, nodes: Mapping[str, NodeRun]) -> None:
        self._redraw("")
        states = [node.state for node in nodes.values()]
        outcomes = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
        took = f" in {run.ended - run.started:.2f} s" if run.ended and run.started else ""
        self._output.write(f"Run {run.id[:8]} {run.state}{took}: {outcomes}\n")
        self._output.flush()

    def _redraw(self, line: str) -> None:
        if line != self._progress:
            self._output.write(f"\r\x1b[K{line}")
            self._progress = line


class NotebookReporter(Reporter):
    """One drawing of the pipeline whose cards show the states; the saved notebook keeps the last one."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._pipeline: Pipeline | None = None
        self._handle: Any = None
        self._shown: Mapping[str, Standing] = {}
        self._drawn_at = 0.0

    def show(self, run: Run, nodes: Mapping[str, NodeRun]) -> None:
        if time.monotonic() - self._drawn_at >= DRAWING_SECONDS:
            self._draw(run, nodes)

    def close(self, run: Run, nodes: Mapping[str, NodeRun]) -> None:
        self._draw(run, nodes)

    def _draw(self, run: Run, nodes: Mapping[str, NodeRun]) -> None:
        from IPython.display import display

        standings = standings_of(nodes)
        if self._handle is not None and standings == self._shown:
            return
        self._pipeline = self._pipeline or from_document(run.document)
        svg = drawn(self._pipeline, self._library, standings).svg
        lines = "\n".join(NodeResult.of_row(node).line for node in nodes.values())
        bundle = {"text/html": svg, "text/plain": f"Run {run.id[:8]} {run.state}\n{lines}"}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
        self._shown, self._drawn_at = standings, time.monotonic()


def reporter_for(library: Library) -> Reporter:
    """The reporter for the notebook or terminal that this program runs in."""
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive is not None else None
    if shell is not None and hasattr(shell, "kernel"):
        return NotebookReporter(library)
    return TerminalReporter(sys.stderr)


def standings_of(nodes: Mapping[str, NodeRun]) -> dict[str, Standing]:
    """The states of steps for a drawing."""
    return {id: Standing(node.state, node.fraction, _words(node)) for id, node in nodes.items()}


def _words(node: NodeRun) -> str:
    if node.state == "running":
        return node.text or "Running"
    if node.state in ("failed", "crashed"):
        return str((node.error or {}).get("found") or "Failed")
    result = NodeResult.of_row(node)
    size = f"{result.rows:,} x {result.columns}" if result.rows is not None else ""
    took = f"{node.seconds:.2f} s" if node.seconds is not None and node.state == "finished" else ""
    return " · ".join(filter(None, (node.state.capitalize(), took, size)))


def _progress_line(run: Run, nodes: Mapping[str, NodeRun]) -> str:
    total = len(from_document(run.document).nodes)
    done = sum(node.state not in ACTIVE for node in nodes.values())
    running = [node for node in nodes.values() if node.state == "running"]
    filled = round(BAR * done / max(total, 1))
    names = ", ".join(f"{node.title}{f' {node.fraction:.0%}' if node.fraction is not None else ''}" for node in running)
    return f"{'█' * filled}{'░' * (BAR - filled)} {done} of {total}  {names or run.state}"[:100]
