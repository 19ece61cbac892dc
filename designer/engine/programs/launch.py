"""Run the program of a component as a step: lay out its folder, start it, read back what it wrote.

After the program has ended, the seals of all inputs are compared: file modes stop no program that runs as root.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import designer.step
from designer.contract.component import ComponentModule, ComponentSpec
from designer.contract.errors import DesignerError
from designer.contract.wording.counting import counted
from designer.engine.backend import Answer
from designer.engine.exchange import read_output
from designer.engine.programs.environments import Places, python_of
from designer.engine.programs.event_file import Events
from designer.engine.programs.layout import Layout
from designer.engine.programs.shell import shell_line
from designer.engine.programs.warm import can_run_warm, start_warm
from designer.store.artifacts.blobs import digest_of, seal_of
from designer.store.artifacts.values import Stored
from designer.store.child_store import ChildStore

Send: TypeAlias = Callable[[Mapping[str, Any]], None]
Wait: TypeAlias = Callable[[float], int | None]
"""Waits up to some seconds for a program to end; returns its exit code, negative for a signal, None if it runs on."""

TAIL_SECONDS = 0.1
_ENDED_BY_SIGNAL = 128
"""bash reports a program that a signal ended as 128 plus its number."""


class ProgramFailed(DesignerError):
    """A program ended with an error, or did not write what it declares."""


class InputsChanged(DesignerError):
    """A program changed its inputs."""


def run_component(
    module: ComponentModule,
    stored: Mapping[str, Stored],
    store: ChildStore,
    folder: Path,
    send: Send,
    places: Places | None = None,
    experiment: str = "",
) -> Answer:
    """Run a program on stored inputs and store its outputs. Raises ProgramFailed or InputsChanged.

    `folder` is that of the step, which is made; `send` takes its events: progress, metrics and tags; `places` is where
    environments are, needed for a program with one of its own; `experiment` is the name that the program is told.
    """
    start = time.perf_counter()
    spec = module.component
    python = _python(spec, places, send)
    layout = Layout(folder, spec, stored, module.assigned(), experiment)
    layout.fill(store)
    copies = _seals(layout)
    code = _ended(_started(layout, python), Events(layout.events, send))
    _require_unchanged(layout, copies, store)
    if code:
        raise ProgramFailed(_ending(spec, code), "The log has what it printed.")
    outputs = {port.name: store.put(read_output(port, layout.output(port.name))) for port in spec.outputs}
    empty = [name for name, output in outputs.items() if output.summary.get("files") == 0]
    explain = f"Wrote nothing to {' and '.join(map(repr, empty))}." if empty else ""
    return Answer("finished", outputs, explain, time.perf_counter() - start)


def _python(spec: ComponentSpec, places: Places | None, send: Send) -> Path | None:
    """The interpreter of the program's own environment; None where it runs in ours."""
    if spec.environment is None:
        return None

    def report(fraction: float | None, text: str) -> None:
        send({"fraction": fraction, "text": text})

    return python_of(spec.environment, places or Places.here(), report)


def _started(layout: Layout, python: Path | None) -> Wait:
    """Start the program: a line in bash, a script in a fork of this process if it may, else in a new interpreter."""
    command, variables = layout.spec.command, _variables(layout, python)
    if command.kind == "shell":
        line, held = shell_line(command.program, {**layout.inputs, **layout.texts}, layout.outputs)
        return _started_apart(["bash", "-euo", "pipefail", "-c", line], layout, {**variables, **held})
    script, arguments = layout.code / command.program, _arguments(layout)
    if command.kind == "function":
        script, arguments = layout.library / "designer" / "step" / "call.py", [str(script), *arguments]
    if python is None and can_run_warm(layout.code):
        return start_warm(script, arguments, layout.code, layout.library, variables)
    return _started_apart([str(python or sys.executable), str(script), *arguments], layout, variables)


def _ended(wait: Wait, events: Events) -> int:
    """Forward the events of a program until it ends; returns its exit code, negative for a signal."""
    while (code := wait(TAIL_SECONDS)) is None:
        events.forward()
    events.forward()
    if events.skipped:
        sys.stderr.write(f"{counted(events.skipped, 'line')} of the events were skipped: no event, or over 64 kB.\n")
        sys.stderr.flush()
    return code


def _variables(layout: Layout, python: Path | None) -> dict[str, str]:
    ours = "" if python else os.environ.get("PYTHONPATH", "")
    own = layout.spec.environment
    return {
        designer.step.STEP: str(layout.description),
        designer.step.EVENTS: str(layout.events),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(layout.library), ours))),
        "PYTHONUNBUFFERED": "1",
        "DESIGNER_R": str(layout.library / "designer" / "step" / "columns.R"),
        "PATH": os.pathsep.join((str((python or Path(sys.executable)).parent), os.environ.get("PATH", os.defpath))),
        **(own.variables if own else {}),
    }


def _started_apart(command: list[str], layout: Layout, variables: Mapping[str, str]) -> Wait:
    process = subprocess.Popen(  # noqa: S603
        command, cwd=layout.code, env={**os.environ, **variables}, stdin=subprocess.DEVNULL
    )

    def wait(seconds: float) -> int | None:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    return wait


def _arguments(layout: Layout) -> list[str]:
    """The arguments as texts: paths of inputs and outputs, values of parameters; those without a value are left out."""
    known = {"input": layout.inputs, "output": layout.outputs, "parameter": layout.texts}
    arguments: list[str] = []
    for argument in layout.spec.command.arguments:
        if isinstance(argument, str):
            arguments.append(argument)
        else:
            ((kind, name),) = argument.items()
            arguments += [known[kind][name]] if name in known[kind] else []
    return arguments


def _seals(layout: Layout) -> dict[str, str]:
    """The seals of the copies of stored files, by port."""
    places = {port: layout.private(port) for port in layout.stored}
    return {port: seal_of(place) for port, place in places.items() if place.is_file()}


def _require_unchanged(layout: Layout, copies: Mapping[str, str], store: ChildStore) -> None:
    now = _seals(layout)
    for port, value in layout.stored.items():
        if port not in copies:
            changed = store.changed_files(value)
        else:
            is_same = now.get(port) == copies[port] or (port in now and digest_of(layout.private(port)) == value.digest)
            changed = [] if is_same else [value.title]
        if changed:
            more = f" and {counted(len(changed) - 1, 'more file')}" if len(changed) > 1 else ""
            raise InputsChanged(
                f"the program changed its input '{port}' ({changed[0]}{more}); inputs are read-only",
                "Copy what it changes to an output first.",
            )


def _ending(spec: ComponentSpec, code: int) -> str:
    """How a program ended, in words."""
    is_shell = spec.command.kind == "shell"
    program = spec.command.program.split()[0] if is_shell else spec.command.program
    program = str(spec.command.arguments[0]) if spec.command.kind == "function" else program
    number = -code if code < 0 else code - _ENDED_BY_SIGNAL
    if code < 0 or (is_shell and code > _ENDED_BY_SIGNAL):
        try:
            return f"'{program}' was ended by {signal.Signals(number).name}"
        except ValueError:
            pass
    return f"'{program}' ended with exit code {code}"
