"""Run the program of a component as a step: lay out its code and inputs, start it, read back what it wrote.

The folder of a step holds `code` (a copy of the snapshot, the working folder), `in` and `out` by port, `lib` (what the
program can import from us) and `step.json`, which `designer.step` reads. Inputs are symbolic links to the stored files:
a hard link would change their ctime and with it their seal. After the program has ended, the seals of all inputs are
compared: file modes stop no program that runs as root.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import designer.step
from designer.contract.component import ComponentModule, ComponentSpec
from designer.contract.counting import counted
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.engine.backend import Answer
from designer.engine.environments import Places, python_of
from designer.engine.event_file import Events
from designer.engine.exchange import read_output, written_for
from designer.engine.shell import shell_line
from designer.engine.warm import can_run_warm, start_warm
from designer.store.artifacts.trees import unpack
from designer.store.artifacts.values import Stored
from designer.store.child_store import ChildStore

TAIL_SECONDS = 0.1
_ENDED_BY_SHELL = 128
"""bash reports a program that a signal ended as 128 plus its number."""


class ProgramFailed(DesignerError):
    """A program ended with an error, or did not write what it declares."""


class InputsChanged(DesignerError):
    """A program changed its inputs."""


@dataclass(frozen=True)
class Layout:
    """The folder of a step."""

    folder: Path

    @property
    def code(self) -> Path:
        """The working folder of the program."""
        return self.folder / "code"

    @property
    def library(self) -> Path:
        """The folder with what the program can import from us, put on its path."""
        return self.folder / "lib"

    @property
    def events(self) -> Path:
        """The file that the program appends its events to."""
        return self.folder / "events.jsonl"

    @property
    def description(self) -> Path:
        """The description of the step, see `designer.step`."""
        return self.folder / "step.json"

    def input(self, port: str) -> Path:
        """The path of an input."""
        return self.folder / "in" / port

    def output(self, port: str) -> Path:
        """The path of an output."""
        return self.folder / "out" / port


def run_component(
    module: ComponentModule,
    stored: Mapping[str, Stored],
    store: ChildStore,
    folder: Path,
    send: Callable[[Mapping[str, Any]], None],
    places: Places | None = None,
) -> Answer:
    """Run a program on stored inputs and store its outputs. Raises ProgramFailed or InputsChanged.

    `folder` is an empty folder for the step, `send` takes its events: progress, metrics and tags; `places` is where
    environments are, needed for a program with one of its own.
    """
    start = time.perf_counter()
    spec, layout = module.component, Layout(folder)
    python = _python(spec, places, send)
    _lay_out(spec, stored, store, layout)
    values = module.assigned()
    layout.description.write_text(json.dumps(_described(spec, stored, values, layout)), encoding="utf-8")
    code = _run(spec, stored, values, layout, send, python)
    _require_unchanged(stored, store)
    if code:
        raise ProgramFailed(_ending(spec, code), "The log has what it printed.")
    outputs = {port.name: store.put(read_output(port, layout.output(port.name))) for port in spec.outputs}
    empty = [port.name for port in spec.outputs if outputs[port.name].summary.get("files") == 0]
    explain = f"Wrote nothing to {' and '.join(map(repr, empty))}." if empty else ""
    return Answer("finished", outputs, explain, time.perf_counter() - start)


def _python(spec: ComponentSpec, places: Places | None, send: Callable[[Mapping[str, Any]], None]) -> Path | None:
    """The interpreter of the program's own environment; None where it runs in ours."""
    if spec.environment is None:
        return None

    def report(fraction: float | None, text: str) -> None:
        send({"fraction": fraction, "text": text})

    return python_of(spec.environment, places or Places.here(), report)


def _lay_out(spec: ComponentSpec, stored: Mapping[str, Stored], store: ChildStore, layout: Layout) -> None:
    layout.code.mkdir(parents=True)
    if spec.code:
        unpack(store.blob(spec.code), layout.code)
    (layout.folder / "in").mkdir()
    (layout.folder / "out").mkdir()
    for port in spec.inputs:
        if port.name in stored:
            layout.input(port.name).symlink_to(written_for(port, stored[port.name], store, layout.folder / "laid"))
    for port in spec.outputs:
        if port.type is PortType.FOLDER:
            layout.output(port.name).mkdir()
    package = Path(designer.step.__file__).parent
    (layout.library / "designer").mkdir(parents=True)
    (layout.library / "designer" / "__init__.py").touch()  # a package: without it an installed `designer` would win
    (layout.library / "designer" / "step").symlink_to(package)
    for imitated in (package / "compat").iterdir():
        if imitated.is_dir() and (imitated / "__init__.py").is_file():
            (layout.library / imitated.name).symlink_to(imitated)


def _described(
    spec: ComponentSpec, stored: Mapping[str, Stored], values: Mapping[str, Any], layout: Layout
) -> dict[str, Any]:
    return {
        "inputs": {port.name: str(layout.input(port.name)) for port in spec.inputs if port.name in stored},
        "outputs": {port.name: str(layout.output(port.name)) for port in spec.outputs},
        "parameters": {name: value for name, value in values.items() if value is not None},
        "run": layout.folder.name.partition("-")[0],
    }


def _run(
    spec: ComponentSpec,
    stored: Mapping[str, Stored],
    values: Mapping[str, Any],
    layout: Layout,
    send: Callable[[Mapping[str, Any]], None],
    python: Path | None,
) -> int:
    """Run the program to its end and forward its events; returns its exit code, negative for a signal."""
    variables = {
        designer.step.STEP: str(layout.description),
        designer.step.EVENTS: str(layout.events),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(layout.library), None if python else _own_path()))),
        "PYTHONUNBUFFERED": "1",
        "PATH": os.pathsep.join((str((python or Path(sys.executable)).parent), os.environ.get("PATH", os.defpath))),
        **(spec.environment.variables if spec.environment else {}),
    }
    if spec.command.kind == "shell":
        line, held = shell_line(
            spec.command.program, _shell_inputs(stored, values, layout), _shell_outputs(spec, layout)
        )
        wait = _started(["bash", "-euo", "pipefail", "-c", line], layout, {**variables, **held})
    else:
        script = layout.code / spec.command.program
        arguments = _arguments(spec, stored, values, layout)
        if python is None and can_run_warm(layout.code):
            wait = start_warm(script, arguments, layout.code, layout.library, variables)
        else:
            wait = _started([str(python or sys.executable), str(script), *arguments], layout, variables)
    events = Events(layout.events, send)
    while (code := wait(TAIL_SECONDS)) is None:
        events.forward()
    events.forward()
    if events.skipped:
        sys.stderr.write(f"{counted(events.skipped, 'line')} of the events were skipped: no event, or over 64 kB.\n")
        sys.stderr.flush()
    return code


def _own_path() -> str | None:
    return os.environ.get("PYTHONPATH")


def _started(command: list[str], layout: Layout, variables: Mapping[str, str]) -> Callable[[float], int | None]:
    process = subprocess.Popen(  # noqa: S603
        command, cwd=layout.code, env={**os.environ, **variables}, stdin=subprocess.DEVNULL
    )

    def wait(seconds: float) -> int | None:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    return wait


def _shell_inputs(stored: Mapping[str, Stored], values: Mapping[str, Any], layout: Layout) -> dict[str, str]:
    set_values = {name: _text(value) for name, value in values.items() if value is not None}
    return {**{port: str(layout.input(port)) for port in stored}, **set_values}


def _shell_outputs(spec: ComponentSpec, layout: Layout) -> dict[str, str]:
    return {port.name: str(layout.output(port.name)) for port in spec.outputs}


def _arguments(
    spec: ComponentSpec, stored: Mapping[str, Stored], values: Mapping[str, Any], layout: Layout
) -> list[str]:
    """The arguments as texts: paths of inputs and outputs, values of parameters."""
    arguments: list[str] = []
    for each in spec.command.arguments:
        match each:
            case {"input": name}:
                arguments += [str(layout.input(name))] if name in stored else []
            case {"output": name}:
                arguments.append(str(layout.output(name)))
            case {"parameter": name}:
                arguments += [] if values[name] is None else [_text(values[name])]
            case _:
                arguments.append(str(each))
    return arguments


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _require_unchanged(stored: Mapping[str, Stored], store: ChildStore) -> None:
    for port, value in stored.items():
        changed = store.changed_files(value)
        if changed:
            more = f" and {counted(len(changed) - 1, 'more file')}" if len(changed) > 1 else ""
            raise InputsChanged(
                f"the program changed its input '{port}' ({changed[0]}{more}); inputs are read-only",
                "Copy what it changes to an output first.",
            )


def _ending(spec: ComponentSpec, code: int) -> str:
    program = spec.command.program if spec.command.kind == "python" else shlex.split(spec.command.program)[0]
    number = -code if code < 0 else code - _ENDED_BY_SHELL
    if code < 0 or (spec.command.kind == "shell" and code > _ENDED_BY_SHELL):
        try:
            return f"'{program}' was ended by {signal.Signals(number).name}"
        except ValueError:
            pass
    return f"'{program}' ended with exit code {code}"
