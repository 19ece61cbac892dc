"""Components: programs of a user's own, described by data, as modules.

A script step, a decorated function, a shell line and a component file all become a `ComponentSpec`: an interface, a
command and the digest of its code. `component_module` makes a module of it, so that palette, settings, checks, plans
and runs treat it like any other. Its program is started by the engine, see `designer.engine.programs.launch`.
"""

from __future__ import annotations

import hashlib
import json
import keyword
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any, ClassVar, Literal, TypeAlias

from pydantic import create_model

from designer.contract.errors import DesignerError
from designer.contract.module import Module, Ports
from designer.contract.parameters import param
from designer.contract.ports import Port, PortType

ParameterType = Literal["string", "integer", "number", "boolean", "choice"]
TableFormat = Literal["arrow", "parquet", "csv", "columns"]
Argument: TypeAlias = str | Mapping[str, str]
"""A text, or a reference: `{"input": name}`, `{"output": name}` or `{"parameter": name}`."""

NAMED_FILES = 200
"""Up to this many files of the code, a plan names those that changed."""

PLACEHOLDER = re.compile(r"\$\{\{\s*(inputs|outputs)\.([A-Za-z_]\w*)(?:\.path)?\s*\}\}")
"""A reference in a shell line: to an input port, a parameter or an output."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,127}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TYPES: Mapping[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool}


class InvalidComponent(DesignerError):
    """A component whose name, version, interface or command is not valid."""


class RunsInEngine(DesignerError):
    """A component was called where only modules can run, such as in a scoring process."""


@dataclass(frozen=True)
class ComponentPort:
    """An input or output of a program. `format` is how it gets a table at a table port: arrow, parquet, csv or columns,
    a folder of plain columns that base R reads, see `designer.contract.files.plain_columns`."""

    name: str
    type: PortType = PortType.FOLDER
    title: str = ""
    description: str = ""
    optional: bool = False
    format: TableFormat = "arrow"


@dataclass(frozen=True)
class ComponentParameter:
    """A parameter of a program; `default` None and not `optional` means that a value must be given."""

    name: str
    type: ParameterType = "string"
    default: Any = None
    title: str = ""
    description: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Any, ...] = ()
    optional: bool = False

    def __post_init__(self) -> None:
        for name in ("minimum", "maximum"):
            bound = getattr(self, name)
            if isinstance(bound, float) and bound.is_integer():  # 1 and 1.0 are one bound, with one digest
                object.__setattr__(self, name, int(bound))

    @property
    def flaw(self) -> tuple[str, str] | None:
        """What contradicts itself in its bounds, choices and default, and what would do; None if nothing does."""
        bounds = [bound for bound in (self.minimum, self.maximum) if bound is not None]
        if not all(isinstance(bound, (int, float)) and math.isfinite(bound) for bound in bounds):
            return "has a bound that is no finite number", "Leave it out where there is none."
        if bounds and self.type not in ("integer", "number"):
            return f"has bounds, but is a {self.type}", "Leave them out."
        if len(bounds) == 2 and bounds[0] > bounds[1]:
            return f"has a minimum of {bounds[0]:g} above its maximum of {bounds[1]:g}", "Exchange them."
        if self.default is None:
            return None
        if self.choices and self.default not in self.choices:
            return f"has the default {self.default!r}", f"Give one of {', '.join(map(repr, self.choices))}."
        if self.minimum is not None and not self.default >= self.minimum:
            return f"has the default {self.default:g}, below its minimum of {self.minimum:g}", "Change one of them."
        if self.maximum is not None and not self.default <= self.maximum:
            return f"has the default {self.default:g}, above its maximum of {self.maximum:g}", "Change one of them."
        return None

    @property
    def bounds(self) -> str:
        """Its bounds or choices in words, such as `0 to 1`; empty if it has none."""
        if self.choices:
            return f"one of {', '.join(map(str, self.choices))}"
        match self.minimum, self.maximum:
            case None, None:
                return ""
            case low, None:
                return f"at least {low:g}"
            case None, high:
                return f"at most {high:g}"
            case low, high:
                return f"{low:g} to {high:g}"


@dataclass(frozen=True)
class Command:
    """How the program is started: a Python script of the code with arguments, or a line for bash.

    For a function, `program` is its file and the only argument its name; it is called by `designer.step.call`.
    """

    kind: Literal["python", "shell", "function"]
    program: str
    arguments: tuple[Argument, ...] = ()

    def references(self, kind: str) -> list[str]:
        """The names that the arguments of a script refer to as `input`, `output` or `parameter`, in order."""
        return [each[kind] for each in self.arguments if isinstance(each, Mapping) and kind in each]

    def placeholders(self, kind: str) -> list[str]:
        """The names that a shell line refers to as `inputs` (ports and parameters) or `outputs`, in order."""
        return [name for its, name in PLACEHOLDER.findall(self.program) if its == kind] if self.kind == "shell" else []


@dataclass(frozen=True)
class Environment:
    """The packages of a program that does not run in Designer's own environment.

    `requirements` are as the author wrote them, `lock` pins each package and its hashes, resolved once; `python` is a
    version such as 3.11, empty for Designer's own; `variables` are environment variables.
    """

    requirements: tuple[str, ...] = ()
    lock: str = ""
    python: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def packages(self) -> list[str]:
        """The pinned packages of the lock, as `name==version`."""
        return re.findall(r"^([A-Za-z0-9][\w.\-\[\]]*==[^\s;\\]+)", self.lock, re.MULTILINE)


@dataclass(frozen=True)
class ComponentSpec:
    """A program with its interface.

    `code` is the digest of the packed folder that holds it (empty without one), `files` the digest of each file in it,
    and of further files that its result depends on; it is empty for large folders. `reuse` False runs it in every run.
    """

    name: str
    version: str
    command: Command
    code: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[ComponentPort, ...] = ()
    outputs: tuple[ComponentPort, ...] = ()
    parameters: tuple[ComponentParameter, ...] = ()
    title: str = ""
    description: str = ""
    category: str = "My components"
    environment: Environment | None = None
    reuse: bool = True
    author: str = ""

    @property
    def id(self) -> str:
        """The id of its module in documents."""
        return f"{self.name}@{self.version}"

    @property
    def digest(self) -> str:
        """A digest of what its results depend on: interface, command and code, not its name, version or texts."""
        document = self.to_json()
        relevant = {name: document[name] for name in ("command", "code", "files", "inputs", "outputs", "parameters")}
        for each in (*relevant["inputs"], *relevant["outputs"], *relevant["parameters"]):
            del each["title"], each["description"]
        if document["environment"]:
            relevant["environment"] = {**document["environment"], "requirements": []}
        return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()

    def anonymous(self) -> ComponentSpec:
        """The spec with its digest as the version: for a step that was never given a version.

        One that runs in every run has another, though its results are those of the same program.
        """
        identity = self.digest if self.reuse else hashlib.sha256(f"{self.digest} runs always".encode()).hexdigest()
        return replace(self, version=identity[:12])

    def checked(self) -> ComponentSpec:
        """The spec itself. Raises InvalidComponent for names, types or references that are not valid."""
        if not _NAME.fullmatch(self.name) or not _VERSION.fullmatch(self.version):
            raise InvalidComponent(
                f"'{self.id[:80]}' is not a name and version of a component",
                "Begin the name with a letter; use letters, digits and _ (up to 128), for versions also . and -.",
            )
        inputs, outputs = [each.name for each in self.inputs], [each.name for each in self.outputs]
        parameters = [each.name for each in self.parameters]
        _require_names(self.name, "input", [*inputs, *parameters])
        _require_names(self.name, "output", outputs)
        _require_known(self.name, "input", self.command.references("input"), inputs)
        _require_known(self.name, "parameter", self.command.references("parameter"), parameters)
        _require_known(self.name, "input", self.command.placeholders("inputs"), [*inputs, *parameters])
        for references in (self.command.references("output"), self.command.placeholders("outputs")):
            _require_known(self.name, "output", references, outputs)
        for parameter in self.parameters:
            if parameter.flaw is not None:
                problem, remedy = parameter.flaw
                raise InvalidComponent(f"'{parameter.name}' of '{self.name}' {problem}", remedy)
        return self

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        document: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> ComponentSpec:
        """Read back what `to_json` wrote."""
        command, environment = document["command"], document.get("environment")
        parameters = [{**each, "choices": tuple(each["choices"])} for each in document["parameters"]]
        return cls(
            **{
                **document,
                "command": Command(command["kind"], command["program"], tuple(command["arguments"])),
                "environment": _environment(environment) if environment else None,
                "inputs": _ports(document["inputs"]),
                "outputs": _ports(document["outputs"]),
                "parameters": tuple(ComponentParameter(**each) for each in parameters),
            }
        )


class ComponentModule(Module):
    """The base of the modules that are made from components."""

    component: ClassVar[ComponentSpec]
    fields_by_parameter: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def ports(cls) -> Ports:
        """The ports of the component."""
        return _as_ports(cls.component.inputs), _as_ports(cls.component.outputs)

    @property
    def is_reusable(self) -> bool:
        """Whether the component allows it."""
        return self.component.reuse

    def run(self, *inputs: Any, **named: Any) -> Any:
        """Raise RunsInEngine: only the engine starts programs."""
        problem = f"'{self.spec().title}' is a program, which only a run of the pipeline starts"
        raise RunsInEngine(problem, "Leave it out of the inference pipeline.")

    def assigned(self) -> dict[str, Any]:
        """The value of each parameter of the component; None for an optional one that is not set."""
        values = self.parameters()
        return {name: values[own] for name, own in self.fields_by_parameter.items()}


def component_module(spec: ComponentSpec) -> type[ComponentModule]:
    """Make a module class of a component; takes about two milliseconds."""
    names = _field_names(each.name for each in spec.parameters)
    declared = {
        "category": spec.category,
        "title": spec.title or spec.name,
        "id": spec.id,
        "runs_code": True,
        "is_program": True,
        "icon": "code",
        "no_onnx": "it is a program",
        "no_python": "it is a program, which the script does not run",
    }
    fields: dict[str, Any] = {names[each.name]: (_annotation(each), _field(each)) for each in spec.parameters}
    made: type[ComponentModule] = create_model(
        "Component",
        __base__=ComponentModule,
        __doc__=spec.description.strip() or f"{spec.title or spec.name}.",
        __module__=__name__,
        __cls_kwargs__=declared,
        **fields,
    )
    made.component = spec
    made.fields_by_parameter = names
    return made


@cache
def _reserved() -> frozenset[str]:
    return frozenset(dir(ComponentModule))


def _field_names(parameters: Iterable[str]) -> dict[str, str]:
    """A field name for each parameter: its own, unless a module has an attribute of that name."""
    names = list(parameters)
    plain = {name for name in names if _is_plain(name)}
    own: dict[str, str] = {}
    for name in names:
        field = name if name in plain else f"{name.strip('_')}_"
        while name not in plain and (field in plain or field in own.values() or not _is_plain(field)):
            field = f"p_{field}"
        own[name] = field
    return own


def _is_plain(name: str) -> bool:
    return not (name in _reserved() or name.startswith(("_", "model_")) or keyword.iskeyword(name))


def _annotation(parameter: ComponentParameter) -> Any:
    if parameter.type == "choice":
        hint: Any = Literal[parameter.choices]
    else:
        hint = _TYPES[parameter.type]
    return hint | None if parameter.optional else hint


def _field(parameter: ComponentParameter) -> Any:
    default = ... if parameter.default is None and not parameter.optional else parameter.default
    return param(
        default,
        label=parameter.title or None,
        ge=parameter.minimum,
        le=parameter.maximum,
        required=not parameter.optional and parameter.default != "",
        help=parameter.description or None,
    )


def _as_ports(members: Iterable[ComponentPort]) -> tuple[Port, ...]:
    titled = (each.title or each.name.replace("_", " ").capitalize() for each in members)
    return tuple(Port(each.name, title, each.type, each.optional) for each, title in zip(members, titled, strict=True))


def _ports(documents: Iterable[Mapping[str, Any]]) -> tuple[ComponentPort, ...]:
    return tuple(ComponentPort(**{**each, "type": PortType(each["type"])}) for each in documents)


def _environment(document: Mapping[str, Any]) -> Environment:
    return Environment(**{**document, "requirements": tuple(document["requirements"])})


def _require_known(component: str, kind: str, references: Iterable[str], names: list[str]) -> None:
    unknown = next((name for name in references if name not in names), None)
    if unknown is not None:
        problem = f"the command of '{component}' refers to an unknown {kind} '{unknown}'"
        raise InvalidComponent(problem, f"Its {kind}s: {', '.join(names) or 'none'}.")


def _require_names(component: str, kind: str, names: list[str]) -> None:
    for name in names:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,127}", name):
            raise InvalidComponent(
                f"'{name[:80]}' cannot name a port or parameter of '{component}'",
                "Use letters, digits and _.",
            )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidComponent(f"'{component}' has two {kind}s '{twice}'", "Give each a name of its own.")
