"""The help page of a module, generated from its declaration."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from designer.contract.module import Spec
from designer.contract.parameters import Parameter, Rule
from designer.contract.ports import Port, PortType
from designer.contract.selection import Columns
from designer.ui.views.category_order import place_of
from designer.ui.views.prose import Paragraph, Piece, inline, paragraphs
from designer.ui.views.ranking import ranked

_EDITORS = {
    "number": "number",
    "text": "text",
    "lines": "several lines of text",
    "code": "code",
    "switch": "on or off",
    "choice": "one of a list",
    "columns": "columns",
    "column": "one column",
    "dataset": "dataset",
    "datastore": "datastore",
    "file": "file",
    "table": "table",
}
_READINGS = {
    "run": ("Runs", "computes its outputs from tables", "Does not run"),
    "infer": (
        "Columns before the run",
        "says which columns come out before any row is read",
        "Columns only after a run",
    ),
    "to_onnx": ("ONNX", "is part of a deployed ONNX graph", "Not in ONNX: served by scikit-learn"),
    "to_python": ("Python script", "is written into the exported script", "Not in exported scripts"),
}
_AT_INFERENCE = {
    "keep": "Stays in the inference pipeline where an answer needs it.",
    "select": "Replaced by a choice of the columns that it kept in training.",
    "pass through": "Left out of the inference pipeline: rows pass unchanged.",
    "drop": "Left out of the inference pipeline.",
}
_LEARNED = {
    PortType.TRAINED: "Replaced in the inference pipeline by the model it trained.",
    PortType.TRANSFORMATION: "Replaced in the inference pipeline by what it learned, which is applied to each request.",
    PortType.UNTRAINED: "Left out of the inference pipeline: its settings live on in the trained model.",
}
"""What happens at inference to a module that stays, by the first of these port types among its outputs."""

_SOURCE = "Where requests come in, Web Service Input takes its place; elsewhere its rows take part in every answer."


@dataclass(frozen=True)
class HelpEntry:
    """One line of the list of modules."""

    id: str
    title: str
    category: str
    icon: str
    others: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class PortHelp:
    """One port as shown."""

    title: str
    type: str
    note: str
    side: str


@dataclass(frozen=True)
class ParameterHelp:
    """One parameter as shown."""

    label: str
    help: list[Piece]
    kind: str
    default: str
    takes: str
    shown_when: str


@dataclass(frozen=True)
class ReadingHelp:
    """One of the four readings: whether the module has it, and what that means."""

    title: str
    text: str
    is_there: bool


@dataclass(frozen=True)
class ModuleHelp:
    """The content of a module's help page."""

    id: str = ""
    title: str = ""
    category: str = ""
    icon: str = ""
    description: list[Piece] = field(default_factory=list)
    documentation: list[Paragraph] = field(default_factory=list)
    synonyms: str = ""
    package: str = ""
    at_inference: str = ""
    inputs: list[PortHelp] = field(default_factory=list)
    outputs: list[PortHelp] = field(default_factory=list)
    parameters: list[ParameterHelp] = field(default_factory=list)
    readings: list[ReadingHelp] = field(default_factory=list)


def entry(spec: Spec) -> HelpEntry:
    """The list entry of a module; besides the title, a search looks at `others` and `words`."""
    others = (*spec.synonyms, spec.id, *spec.replaces)
    return HelpEntry(spec.id, spec.title, spec.category, spec.icon, others, f"{spec.category} {spec.description}")


def matching_entries(entries: Iterable[HelpEntry], text: str) -> list[HelpEntry]:
    """The entries that contain every word, best first; for an empty query, all by category, as in the palette."""
    in_order = sorted(entries, key=lambda item: (place_of(item.category), item.title.casefold()))
    return ranked(in_order, text, lambda item: (item.title, item.others, item.words))


def at_inference(spec: Spec) -> str:
    """What happens to the module when an inference pipeline is created."""
    given = {port.type for port in spec.outputs}
    learned = next((words for kind, words in _LEARNED.items() if kind in given), "")
    if spec.at_inference != "keep" or (not spec.inputs and given & {PortType.TRAINED, PortType.TRANSFORMATION}):
        return _AT_INFERENCE[spec.at_inference]
    is_source = not spec.inputs and given == {PortType.TABLE} and "Web Service" not in spec.category
    return learned or (_SOURCE if is_source else _AT_INFERENCE["keep"])


def module_help(spec: Spec) -> ModuleHelp:
    """The help page of a module."""
    return ModuleHelp(
        id=spec.id,
        title=spec.title,
        category=spec.category,
        icon=spec.icon,
        description=inline(spec.description),
        documentation=paragraphs(spec.documentation),
        synonyms=", ".join(spec.synonyms),
        package=spec.package,
        at_inference=at_inference(spec),
        inputs=[_port(port, "in") for port in spec.inputs],
        outputs=[_port(port, "out") for port in spec.outputs],
        parameters=[_parameter(p, spec) for p in spec.parameters if not p.hidden],
        readings=[_reading(name, name in spec.readings) for name in _READINGS],
    )


def _port(port: Port, side: str) -> PortHelp:
    return PortHelp(port.title, str(port.type), "optional" if port.optional else "", side)


def _parameter(parameter: Parameter, spec: Spec) -> ParameterHelp:
    kind = "whole number" if parameter.integer else _EDITORS[parameter.editor]
    return ParameterHelp(
        label=parameter.label,
        help=inline(parameter.help),
        kind=kind,
        default=_value(parameter.default),
        takes=", ".join(map(str, parameter.choices)) or _bounds(parameter),
        shown_when=_condition(parameter, spec),
    )


def _value(value: object) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return "on" if value else "off"
        case Columns():
            return str(value)
        case list() | tuple():
            return ", ".join(map(str, value))
        case float():
            return f"{value:g}"
        case _:
            text = str(value)
            return text if len(text) <= 80 else f"{text[:77]}..."


def _bounds(parameter: Parameter) -> str:
    low, high = parameter.minimum, parameter.maximum
    parts = []
    if low is not None:
        parts.append(f"{'above' if parameter.exclusive_minimum else 'at least'} {_number(low)}")
    if high is not None:
        parts.append(f"{'below' if parameter.exclusive_maximum else 'at most'} {_number(high)}")
    return ", ".join(parts)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def _condition(parameter: Parameter, spec: Spec) -> str:
    return "; or ".join(_rule(rule, spec) for rule in parameter.rules if rule)


def _rule(rule: Rule, spec: Spec) -> str:
    conditions = []
    for name, allowed in rule:
        other = spec.parameter(name)
        values = " or ".join(_value(value) for value in allowed)
        conditions.append(f"{other.label if other else name} is {values}")
    return " and ".join(conditions)


def _reading(name: str, is_there: bool) -> ReadingHelp:
    title, text, otherwise = _READINGS[name]
    return ReadingHelp(title, text if is_there else otherwise, is_there)
