"""Steps that run programs: Python scripts and shell lines with their folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from designer.contract.component import Argument, ComponentParameter, ComponentPort, Environment, ParameterType
from designer.contract.errors import InvalidParameter, UnfittingWire
from designer.contract.ports import Port, PortType
from designer.contract.values import File, Folder, Table
from designer.contract.wording.articles import with_article
from designer.registry.conda import environment_of
from designer.registry.scripts import Interface, Source, component_name, script_source, shell_source
from designer.sdk.parameters import Parameter
from designer.sdk.steps import Output, Step, Wire, Wireable, output_of
from designer.store.components import Origin

OutputType: TypeAlias = "type[Folder] | type[File] | type[Table]"
_TYPES: Mapping[Any, PortType] = {Folder: PortType.FOLDER, File: PortType.FILE, Table: PortType.TABLE}
_WIRED = {PortType.TABLE: PortType.TABLE, PortType.FILE: PortType.FILE, PortType.FOLDER: PortType.FOLDER,
          PortType.ANY: PortType.FOLDER}  # fmt: skip
_VALUES: Mapping[type, ParameterType] = {bool: "boolean", int: "integer", float: "number", str: "string"}
_PARAMETERS: Mapping[str, ParameterType] = {
    "integer": "integer", "number": "number", "boolean": "boolean", "choice": "choice",
}  # fmt: skip


@dataclass(frozen=True)
class NewOutput:
    """An output of a program, by name; the program gets its path as an argument."""

    name: str
    type: PortType = PortType.FOLDER


@dataclass(frozen=True)
class NamedInput:
    """An argument that is the path of an input, which the program also finds by this name in `step.inputs`."""

    name: str
    wire: Wire


def output(name: str, type: OutputType = Folder) -> NewOutput:
    """An output of a script: a folder, a `File`, or a `Table` that is written as CSV, Parquet or Arrow."""
    if type not in _TYPES:
        raise InvalidParameter(f"an output cannot be a {type!r}", "Use Folder, File or Table.", parameter=name)
    return NewOutput(name, _TYPES[type])


class Program(Step):
    """A step that runs a program. Its files are packed when a pipeline with it is submitted, saved or planned."""

    def __init__(self, build: Callable[[], Source], origin: Origin, module: str, **step: Any) -> None:
        self.build = build
        self.origin: Origin = origin
        super().__init__(module, **step)

    @classmethod
    def wired(cls, build: Callable[[], Source], origin: Origin, wiring: _Wiring) -> Program:
        """The step for a program as it was wired by its arguments."""
        spec = build().spec
        ports = [Port(port.name, port.name, port.type) for port in spec.outputs]
        id = spec.anonymous().checked().id
        step = cls(build, origin, id, parameters=wiring.values, inputs=wiring.wires, outputs=ports)
        return step.named(spec.name, title=spec.title)


def script(
    path: str | Path,
    *arguments: Any,
    source: str | Path | None = None,
    name: str = "",
    reuse: bool = True,
    hash_paths: Sequence[str | Path] = (),
    environment: Environment | Sequence[str] | str | Path | None = None,
    outputs: Sequence[NewOutput] = (),
    inputs: Mapping[str, Wire] | None = None,
    **named: Wire,
) -> Step:
    """A step that runs a Python script.

    `arguments` are those of the command line, in order: texts, outputs (`output("model")`), steps and datasets, whose
    paths the script gets, and `Parameter`s; a number or truth value after `--name` is a setting of that name. `named`
    and `inputs` are further ones, which the script finds by name in `designer.step.inputs`, and `outputs` those of
    `designer.step.outputs`.

    `source` is the folder that goes with the script (default: that of the script), but for what its `.amlignore` or
    `.gitignore` leaves out. With `reuse=False` the step runs in every run; `hash_paths` are further files whose change
    makes it run again. `environment` are packages to run with instead of Designer's: requirements, or a requirements or
    conda file; they are locked when the step is submitted.

    Raises FileMissing for a script that is not there, NotPython with the line of an error.
    """
    wiring = _Wiring(Path(path).name)
    given = [wiring.argument(each, arguments[n - 1] if n else None) for n, each in enumerate(arguments)]
    for port, wire in {**(inputs or {}), **named}.items():
        wiring.add_input(port, wire)
    for each in outputs:
        wiring.add_output(each)
    here = os.getcwd()

    def build() -> Source:
        place = Path(here)
        return script_source(
            place / path,
            [each for each in given if each is not None],
            wiring.interface,
            source=place / source if source is not None else None,
            name=component_name(name) if name else "",
            title=name,
            reuse=reuse,
            hash_paths=hash_paths,
            environment=environment_of(environment, place),
        )

    return Program.wired(build, "script", wiring)


def shell(
    line: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, OutputType] | Sequence[str] = (),
    source: str | Path | None = None,
    name: str = "",
    reuse: bool = True,
    environment: Environment | Sequence[str] | str | Path | None = None,
) -> Step:
    """A step that runs a line of bash: `"Rscript fit.R ${{inputs.data}} ${{outputs.model}} $[[--seed ${{inputs.n}}]]"`.

    `inputs` are steps and datasets, whose paths are filled in, and values, which are settings of the step; a group
    `$[[ ... ]]` is left out while an input in it is None. Values never become shell text. `source` is the folder that
    the line runs in, with its files; `environment` as for `script`.
    """
    wiring = _Wiring(name or line.split(maxsplit=1)[0] if line.split() else "shell")
    for port, value in (inputs or {}).items():
        if isinstance(value, Step | Output | Wireable):
            wiring.add_input(port, value)
        else:
            wiring.add_parameter(port, value)
    typed = outputs if isinstance(outputs, Mapping) else dict.fromkeys(outputs, Folder)
    for port, type in typed.items():
        wiring.add_output(output(port, type))
    place = Path(source).absolute() if source is not None else None
    here = Path.cwd()

    def build() -> Source:
        return shell_source(
            line,
            wiring.interface,
            source=place,
            name=component_name(wiring.program),
            reuse=reuse,
            environment=environment_of(environment, here),
        )

    return Program.wired(build, "shell", wiring)


@dataclass
class _Wiring:
    """Collects the interface of a program from its arguments, and what is wired to it."""

    program: str
    wires: dict[str, Wire] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, ComponentPort] = field(default_factory=dict)
    outputs: dict[str, ComponentPort] = field(default_factory=dict)
    parameters: dict[str, ComponentParameter] = field(default_factory=dict)

    @property
    def interface(self) -> Interface:
        """The interface as collected."""
        return Interface(tuple(self.inputs.values()), tuple(self.outputs.values()), tuple(self.parameters.values()))

    def argument(self, value: Any, before: Any) -> Argument | None:
        """What stands for an argument in the command; `before` is the argument before it. None leaves it out."""
        flag = before.lstrip("-") if isinstance(before, str) and before.startswith("-") else ""
        match value:
            case None:
                return None
            case NewOutput():
                return self.add_output(value)
            case NamedInput():
                return self.add_named(component_name(value.name), value.wire)
            case Step() | Output() | Wireable():
                return self.add_input(self._free(component_name(flag) if flag else _name_of(value)), value)
            case Parameter():
                return self.add_parameter(value.name, value)
            case bool() | int() | float() if flag:
                return self.add_parameter(self._free(component_name(flag)), value)
            case str() | int() | float() | Path():
                return str(value)
        problem = f"{with_article(type(value).__name__)} cannot be an argument of {self.program}"
        raise InvalidParameter(problem, "Give texts, numbers, outputs, steps, datasets or parameters.")

    def add_input(self, name: str, wire: Wire) -> Argument:
        """Add an input port."""
        source = output_of(wire, name)
        if source.type not in _WIRED:
            problem = f"'{source.name}' of {source.step.label} is {source.type}, which a program cannot read"
            raise UnfittingWire(problem, "Connect a table, a folder or a file.", port=name)
        self._require_new(name, "input", {**self.inputs, **self.parameters})
        self.inputs[name] = ComponentPort(name, _WIRED[source.type])
        self.wires[name] = source
        return {"input": name}

    def add_named(self, name: str, wire: Wire) -> Argument:
        """Add an input port of a certain name, or use the one that is wired alike."""
        present, source = self.wires.get(name), output_of(wire, name)
        if isinstance(present, Output) and (present.step, present.name) == (source.step, source.name):
            return {"input": name}
        return self.add_input(name, wire)

    def add_output(self, made: NewOutput) -> Argument:
        """Add an output port."""
        self._require_new(made.name, "output", self.outputs)
        self.outputs[made.name] = ComponentPort(made.name, made.type)
        return {"output": made.name}

    def add_parameter(self, name: str, value: Any) -> Argument:
        """Add a setting with this value, or with a parameter of the pipeline in its place."""
        default = value.default if isinstance(value, Parameter) else value
        declared = _PARAMETERS.get(value.type or "") if isinstance(value, Parameter) else None
        kind = declared or _VALUES.get(type(default), "string")
        if default is not None and type(default) not in _VALUES:
            problem = f"{with_article(type(default).__name__)} cannot be the setting '{name}' of {self.program}"
            raise InvalidParameter(problem, "Give a text, a number, true or false.")
        choices = value.choices if isinstance(value, Parameter) and kind == "choice" else ()
        self._require_new(name, "setting", {**self.inputs, **self.parameters})
        is_optional = default is None and not isinstance(value, Parameter)
        self.parameters[name] = ComponentParameter(name, kind, choices=choices, optional=is_optional)
        self.values[name] = value
        return {"parameter": name}

    def _free(self, name: str) -> str:
        """The name, numbered if it is taken."""
        taken = {*self.inputs, *self.parameters}
        number = 2
        free = name
        while free in taken:
            free, number = f"{name}_{number}", number + 1
        return free

    def _require_new(self, name: str, what: str, taken: Mapping[str, Any]) -> None:
        if name in taken:
            problem = f"{self.program} has two {what}s named '{name}'"
            raise InvalidParameter(problem, "Give each a name of its own.")


def _name_of(wire: Wire) -> str:
    source = output_of(wire, "input")
    return component_name(source.name)
