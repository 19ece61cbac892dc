"""The module base class: signature, fields and docstrings of a subclass declare its ports, parameters and help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from designer.contract.abilities import NAMES as ABILITIES
from designer.contract.abilities import NONE as NO_ABILITIES
from designer.contract.abilities import Abilities
from designer.contract.errors import InvalidParameter, NotExportable
from designer.contract.files.read_options import ReadOptions
from designer.contract.onnx import OnnxGraph
from designer.contract.packages import package_of
from designer.contract.parameters import Parameter, read_parameter, shown
from designer.contract.ports import Port, PortType, input_ports, output_ports
from designer.contract.schema import Schema
from designer.contract.script import Script
from designer.contract.selection import ColumnName, Columns
from designer.contract.values import Known
from designer.contract.wording.docstrings import field_docstrings

AtInference = Literal["keep", "select", "pass through", "drop"]
"""How a step behaves at inference: it runs, it selects the columns that it kept in training, it passes rows through
unchanged, or it is dropped."""
Ports: TypeAlias = tuple[tuple[Port, ...], tuple[Port, ...]]
"""The input ports and the output ports of a module."""

READINGS = ("run", "infer", "to_onnx", "to_python")
_FOREIGN_FILES = (PortType.FILE, PortType.FOLDER, PortType.ARCHIVE)


@dataclass(frozen=True)
class Declaration:
    """The class arguments of a module."""

    category: str
    id: str
    title: str
    version: int
    at_inference: AtInference
    synonyms: tuple[str, ...]
    replaces: tuple[str, ...]
    no_onnx: str = ""
    no_python: str = ""
    icon: str = ""
    abilities: Abilities = NO_ABILITIES


@dataclass(frozen=True)
class Spec:
    """Everything that palettes, panels, documents and pages need to know about a module."""

    id: str
    title: str
    category: str
    version: int
    description: str
    documentation: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    parameters: tuple[Parameter, ...]
    at_inference: AtInference
    synonyms: tuple[str, ...]
    replaces: tuple[str, ...]
    readings: tuple[str, ...]
    no_onnx: str = ""
    no_python: str = ""
    icon: str = ""
    """A name from `contract.icons`; empty: the icon of the category."""
    abilities: Abilities = NO_ABILITIES
    reads_outside: bool = False
    """Whether it may depend on data outside the graph: its class overrides `fingerprint`."""
    package: str = ""
    """The installed package that brings the module, with its version; empty for Designer's own and a workspace's."""

    @property
    def is_self_contained(self) -> bool:
        """Whether a run uses nothing but its parameters and inputs: no script, program, file or saved model.

        Values at its inputs may still hold code of others, such as a learner made by a script.
        """
        can = self.abilities
        reaches_out = can.runs_code or can.is_program or can.needs_program or can.holds_learned or self.reads_outside
        return not reaches_out and not any(port.type in _FOREIGN_FILES for port in self.inputs)

    def input(self, name: str) -> Port | None:
        """The input port of that name; None if there is none."""
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str) -> Port | None:
        """The output port of that name; None if there is none."""
        return next((port for port in self.outputs if port.name == name), None)

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name; None if there is none."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """The module as a JSON document."""
        return {
            "id": self.id,
            "title": self.title,
            "category": self.category,
            "version": self.version,
            "icon": self.icon,
            "package": self.package,
            "description": self.description,
            "documentation": self.documentation,
            "synonyms": list(self.synonyms),
            "at_inference": self.at_inference,
            "readings": list(self.readings),
            "unavailable": {"to_onnx": self.no_onnx, "to_python": self.no_python},
            "inputs": [port.to_json() for port in self.inputs],
            "outputs": [port.to_json() for port in self.outputs],
            "parameters": [parameter.to_json() for parameter in self.parameters],
        }


class Module(BaseModel):
    """A step of a pipeline.

    Class arguments: `category`, `title` (default: the class name in words), `id` (default: the title, lower case
    with hyphens), `version`, `at_inference`, `synonyms`, `replaces` (former ids), `no_onnx` and `no_python` (why a
    module cannot have that reading), `icon` (a name from `contract.icons`), and those of `Abilities`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=(), validate_default=False)
    declaration: ClassVar[Declaration | None] = None

    @classmethod
    def __pydantic_init_subclass__(cls, **declared: Any) -> None:
        super().__pydantic_init_subclass__()
        if "category" in declared:
            title = cls.__dict__.get("model_config", {}).get("title") or _in_words(cls.__name__)
            cls.declaration = Declaration(
                category=declared["category"],
                id=declared.get("id") or _slug(title),
                title=title,
                version=declared.get("version", 1),
                at_inference=declared.get("at_inference", "keep"),
                synonyms=tuple(declared.get("synonyms", ())),
                replaces=tuple(declared.get("replaces", ())),
                no_onnx=declared.get("no_onnx", ""),
                no_python=declared.get("no_python", ""),
                icon=declared.get("icon", ""),
                abilities=Abilities(**{name: declared[name] for name in ABILITIES & declared.keys()}),
            )

    def __init_subclass__(
        cls,
        *,
        category: str = "",
        id: str = "",
        version: int = 1,
        at_inference: AtInference = "keep",
        synonyms: tuple[str, ...] = (),
        replaces: tuple[str, ...] = (),
        no_onnx: str = "",
        no_python: str = "",
        icon: str = "",
        **config: Any,
    ) -> None:
        super().__init_subclass__(**{name: value for name, value in config.items() if name not in ABILITIES})

    @classmethod
    def spec(cls) -> Spec:
        """The declaration, ports and parameters of this module."""
        return _spec(cls)

    @classmethod
    def ports(cls) -> Ports:
        """The ports, read from the signature of `run`."""
        return input_ports(cls.run), output_ports(cls.run)

    def run(self, *inputs: Any, **named: Any) -> Any:
        """Compute the outputs. Inputs may be read-only and must not be changed."""
        raise NotImplementedError

    def infer(self, *inputs: Any, **named: Any) -> Any:
        """What is known about each output before the run: a Schema for a table, an outline for the rest.

        By default nothing is known.
        """
        known: list[Known] = [Schema.unknown() if port.type is PortType.TABLE else None for port in self.spec().outputs]
        return known[0] if len(known) == 1 else tuple(known)

    def to_onnx(self, graph: OnnxGraph, *inputs: Any, **named: Any) -> Any:
        """Append this step to an ONNX graph. Tables are TensorColumns; models and transformations are the values.

        Raises NotExportable unless a subclass overrides it.
        """
        raise NotExportable(f"has no ONNX form ({self.spec().no_onnx or 'none is written'})").at(
            module=self.spec().title
        )

    def to_python(self, script: Script, *inputs: Any, **named: Any) -> tuple[str, ...]:
        """Append this step to a script; returns the variables of the outputs.

        Raises NotExportable unless a subclass overrides it.
        """
        reason = self.spec().no_python or "none is written"
        raise NotExportable(f"has no plain Python form ({reason})").at(module=self.spec().title)

    @property
    def learns(self) -> bool:
        """Whether the step fits on the rows it sees and applies the result to others; it then belongs after a split."""
        return False

    @property
    def reads_other_rows(self) -> bool:
        """Whether the output for a row depends on other rows of its table, although nothing is learned."""
        return False

    @property
    def is_reusable(self) -> bool:
        """Whether an earlier result of equal code, parameters and inputs may be used in place of a new one."""
        return True

    def builds_on(self) -> tuple[str, ...]:
        """The ids of other modules that `run` uses: the key of its result covers their code."""
        return ()

    def fingerprint(self) -> str | None:
        """A digest of the external data that this module depends on; part of the cache key of its result."""
        return None

    def reads_as(self) -> ReadOptions | None:
        """The options to read files with rows like these; None for a module that reads no file.

        A deployed version keeps them, so that it can score files laid out like the training file.
        """
        return None

    def summary(self) -> str:
        """The most important settings in one line, for the node's card."""
        chosen = [getattr(self, p.name) for p in self.shown() if p.editor not in ("code", "lines", "table")]
        return ", ".join(str(value) for value in chosen[:2] if value is not None and str(value))

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """What a run did, in a sentence; empty if the row and column counts are enough."""
        return ""

    @classmethod
    def migrate(cls, version: int, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Convert parameters saved by an older version of this module to this version."""
        return dict(parameters)

    @classmethod
    def read(cls, parameters: Mapping[str, Any]) -> Self:
        """Build an instance from parameters. Raises InvalidParameter naming the field and the remedy."""
        try:
            return cls.model_validate(dict(parameters))
        except ValidationError:
            pass
        try:
            return cls.model_validate(cls.without_invalid_hidden(parameters))
        except ValidationError as error:
            raise invalid_parameter(cls, error) from None

    @classmethod
    def without_invalid_hidden(cls, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters without invalid values of fields that the other parameters hide."""
        try:
            cls.model_validate(dict(parameters))
        except ValidationError as error:
            invalid = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]} & cls.model_fields.keys()
        else:
            return dict(parameters)
        others = {name: value for name, value in parameters.items() if name not in invalid}
        try:
            shown_names = {parameter.name for parameter in cls.model_validate(others).shown()}
        except ValidationError:  # a required field is invalid too
            return dict(parameters)
        return {name: value for name, value in parameters.items() if name not in invalid - shown_names}

    def parameters(self) -> dict[str, Any]:
        """All parameters as plain JSON values."""
        return self.model_dump(mode="json")

    def shown(self) -> list[Parameter]:
        """The parameters that apply under the current values."""
        cls = type(self)
        deciding = tuple(getattr(self, name) for name in _deciding(cls))
        return list(_shown(cls, deciding))

    def model_post_init(self, context: Any) -> None:
        """Reset hidden parameters to their defaults, and give column pickers their label, for error messages."""
        if _deciding(type(self)):
            self._forget_hidden()
        for parameter in type(self).spec().parameters:
            value = getattr(self, parameter.name)
            if isinstance(value, Columns) and value._parameter != parameter.label:
                named = value.model_copy()
                named._parameter = parameter.label
                object.__setattr__(self, parameter.name, named)
            elif parameter.editor == "column" and isinstance(value, str):
                column = ColumnName(value)
                column.parameter = parameter.label
                object.__setattr__(self, parameter.name, column)

    def _forget_hidden(self) -> None:
        """Reset hidden parameters: cache keys cover visible parameters only, so hidden ones must not affect results.

        Defaults are shared, not copied: modules and their values are never modified.
        """
        visible = {parameter.name for parameter in self.shown()}
        for name, field in type(self).model_fields.items():
            if name not in visible and not field.is_required():
                made = field.default_factory is not None
                object.__setattr__(self, name, field.get_default(call_default_factory=True) if made else field.default)


def invalid_parameter(module: type[Module], error: ValidationError) -> InvalidParameter:
    """Convert the first error that pydantic reports to InvalidParameter."""
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    parameter = module.spec().parameter(name)
    if parameter is None:
        names = ", ".join(p.name for p in module.spec().parameters)
        problem, remedy = (
            f"there is no parameter '{name}'",
            f"Parameters are: {names}." if names else "It has no parameters.",
        )
    else:
        problem = _wrong_value(parameter, first.get("input"), first["type"])
        remedy = _would_do(parameter, "Give one" if first["type"] == "missing" else first["msg"])
    label = parameter.label if parameter else None
    invalid = InvalidParameter(problem, remedy, parameter=label)
    invalid.code = _code(parameter, first["type"])
    invalid.at(module=module.spec().title)
    return invalid


def _wrong_value(parameter: Parameter, value: Any, kind: str) -> str:
    if value is None or kind == "missing":
        return "no value is given"
    beyond = {
        "greater_than": ("is not above", parameter.minimum),
        "greater_than_equal": ("is below", parameter.minimum),
        "less_than": ("is not below", parameter.maximum),
        "less_than_equal": ("is above", parameter.maximum),
    }
    words, limit = beyond.get(kind, ("", None))
    if limit is not None:
        return f"{_shortened(value)} {words} {limit:g}"
    if parameter.choices:
        return f"{_shortened(value)} is not one of the choices"
    if parameter.editor == "number":
        return f"{_shortened(value)} is not {'a whole number' if parameter.integer else 'a number'}"
    return f"{_shortened(value)} is not {'true or false' if parameter.editor == 'switch' else 'a valid value'}"


def _would_do(parameter: Parameter, message: str) -> str:
    if parameter.choices:
        return f"Choose one of: {', '.join(map(str, parameter.choices))}."
    if parameter.editor == "number":
        kind = "a whole number" if parameter.integer else "a number"
        low = _bound("above", "at least", parameter.minimum, parameter.exclusive_minimum)
        high = _bound("below", "at most", parameter.maximum, parameter.exclusive_maximum)
        bounds = " and ".join(filter(None, (low, high)))
        return f"Use {kind}{' ' + bounds if bounds else ''}."
    return f"{message}."


def _code(parameter: Parameter | None, kind: str) -> str:
    """The original's error code: 0002 for an unreadable value, 0004 to 0007 beyond the only bound, else 0008."""
    bounded = parameter is not None and parameter.minimum is not None and parameter.maximum is not None
    beyond = {"greater_than": "0004", "greater_than_equal": "0005", "less_than": "0006", "less_than_equal": "0007"}
    if kind in beyond:
        return "0008" if bounded else beyond[kind]
    return "0002" if kind.endswith(("_parsing", "_type", "_from_float")) else "0008"


def _bound(open: str, closed: str, value: float | None, exclusive: bool) -> str:
    return "" if value is None else f"{open if exclusive else closed} {value:g}"


def _shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


@cache
def _spec(cls: type[Module]) -> Spec:
    declared = cls.declaration
    if declared is None:
        raise TypeError(f"{cls.__name__} declares no category")
    text = inspect.cleandoc(cls.__doc__ or "")
    description, _, documentation = text.partition("\n\n")
    below = field_docstrings(cls, Module)
    inputs, outputs = cls.ports()
    package = package_of(cls.__module__)
    return Spec(
        id=declared.id,
        title=declared.title,
        category=declared.category,
        version=declared.version,
        description=" ".join(description.split()),
        documentation=documentation,
        inputs=inputs,
        outputs=outputs,
        parameters=tuple(read_parameter(name, field, below.get(name, "")) for name, field in cls.model_fields.items()),
        at_inference=declared.at_inference,
        synonyms=declared.synonyms,
        replaces=declared.replaces,
        readings=tuple(r for r in READINGS if r == "run" or _overrides(cls, r)),
        no_onnx=declared.no_onnx,
        no_python=declared.no_python,
        icon=declared.icon,
        abilities=declared.abilities,
        reads_outside=cls.fingerprint is not Module.fingerprint,
        package=str(package) if package else "",
    )


@cache
def _deciding(cls: type[Module]) -> tuple[str, ...]:
    """The parameters whose values control which parameters are shown."""
    rules = (rule for parameter in cls.spec().parameters for rule in parameter.rules)
    return tuple(dict.fromkeys(name for rule in rules for name, _ in rule))


@lru_cache(maxsize=10_000)
def _shown(cls: type[Module], deciding: tuple[Any, ...]) -> tuple[Parameter, ...]:
    values = dict(zip(_deciding(cls), deciding, strict=True))
    return tuple(shown(cls.spec().parameters, values))


def _overrides(cls: type[Module], reading: str) -> bool:
    """Whether a class overrides a reading; a transformation overrides `apply_onnx` instead of `to_onnx`."""
    for name in (reading, reading.replace("to_", "apply_")):
        method, default = getattr(cls, name, None), getattr(Module, name, None)
        if method is not None and method is not default and not getattr(method, "unavailable", False):
            return True
    return False


def _in_words(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.sub(r" (And|From|In|Into|Of|To|With)(?= )", lambda match: match[0].lower(), words)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
