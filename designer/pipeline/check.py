"""Check a pipeline before a run: list its problems, each with a node and a field. Never raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, EmptySelection, InvalidParameter, UnknownModule
from designer.contract.module import Module, invalid_parameter
from designer.contract.needed_program import missing_program
from designer.contract.parameters import Parameter
from designer.contract.reference import referenced
from designer.contract.selection import Columns
from designer.pipeline.assignments import NoDefault
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.parameters import Unbound, previewed, unbound
from designer.pipeline.propagate import Propagation, propagate
from designer.pipeline.wires import misfit, unconnected

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One problem: the node, the port or parameter, and the error.

    `lacks` names the required port or parameter that is empty.
    """

    node: str
    error: DesignerError
    severity: Severity = "error"
    port: str | None = None
    parameter: str | None = None
    lacks: str = ""

    @property
    def message(self) -> str:
        """The place and the finding."""
        return self.error.finding()

    @property
    def remedy(self) -> str:
        """The remedy."""
        return self.error.remedy

    def __str__(self) -> str:
        return str(self.error)

    def to_json(self) -> dict[str, Any]:
        """The problem as a JSON document."""
        place = {"node": self.node, "port": self.port, "parameter": self.parameter}
        return {**place, "severity": self.severity, "message": self.message, "remedy": self.remedy}


def check(pipeline: Pipeline, library: Library, propagation: Propagation | None = None) -> list[Problem]:
    """All problems that keep nodes from running, in topological order; parameters of the pipeline have their defaults.

    A parameter without a default is no problem, since a run asks for its value.
    """
    propagation = propagation or propagate(pipeline, library)
    left_out: dict[str, list[Unbound]] = {}
    for each in unbound(pipeline):
        left_out.setdefault(each.use.node, []).append(each)
    pipeline = previewed(pipeline)
    cycle = pipeline.cycle()
    circle = DesignerError("the wires form a cycle", "Remove one wire of the cycle.")
    problems = [Problem(id, circle) for id in cycle]
    for id in pipeline.order():
        node = pipeline.nodes[id]
        module = library.get(node.module)
        if module is None:
            problems.append(_ghost(node, library))
        elif not node.disabled:
            own = _of_node(pipeline, node, module, library, propagation)
            problems += _with_references(own, module, left_out[id]) if id in left_out else own
    return problems + [p for edge in pipeline.edges if (p := _of_wire(pipeline, edge, library))]


def refusal_of(node: Node, field: str, library: Library) -> DesignerError | None:
    """Why a field cannot have the value that the node has for it, even where it is hidden; None if it can.

    Raises UnknownModule or InvalidParameter if the settings of the node cannot be read at all.
    """
    module = library[node.module]
    parameters = library.migrated(node.module, node.version, node.parameters)
    if referenced(parameters.get(field)) is not None:
        return None
    try:
        module.model_validate(parameters)
    except ValidationError as invalid:
        lines = [_line(detail) for detail in invalid.errors(include_url=False) if detail["loc"][:1] == (field,)]
        if lines:
            return invalid_parameter(module, ValidationError.from_exception_data(module.__name__, lines))
    return None


def errors(problems: list[Problem]) -> list[Problem]:
    """The problems that keep a node from running."""
    return [problem for problem in problems if problem.severity == "error"]


def _ghost(node: Node, library: Library) -> Problem:
    reason = next((text for file, text in library.broken.items() if node.module.replace("-", "_") in file), "")
    problem = f"the module '{node.module}' is not installed" + (
        f", for its file has an error: {reason}" if reason else ""
    )
    return Problem(node.id, UnknownModule(problem, "Install the package that provides it, or remove the node."))


def _of_node(
    pipeline: Pipeline, node: Node, module: type[Module], library: Library, propagation: Propagation
) -> list[Problem]:
    title = module.spec().title
    problems = [
        Problem(node.id, unconnected(port).at(module=title), port=port.name, lacks=port.title)
        for port in module.spec().inputs
        if not port.optional and pipeline.into(node.id, port.name) is None
    ]
    uninstalled = missing_program(module.spec())
    problems += [Problem(node.id, uninstalled)] if uninstalled is not None else []
    try:
        instance = library.read(node.module, node.version, node.parameters)
    except DesignerError as error:
        return problems + _invalid(node, module, error)
    missing = [parameter for parameter in instance.shown() if _is_empty(instance, parameter)]
    problems += [
        Problem(node.id, _empty(parameter).at(module=title), parameter=parameter.name, lacks=parameter.label)
        for parameter in missing
    ]
    mismatch = propagation.errors.get(node.id)
    if mismatch is not None and not missing:
        problems.append(Problem(node.id, mismatch, parameter=_named(module, mismatch.place.parameter)))
    return problems


def _with_references(problems: list[Problem], module: type[Module], left_out: list[Unbound]) -> list[Problem]:
    """The problems of a node whose fields are not all known: what follows from the unknown ones is left out."""
    own = [problem for problem in problems if problem.port is not None]
    wrong = [each for each in left_out if not isinstance(each.error, NoDefault)]
    return own + [_of_reference(each, module) for each in wrong]


def _of_reference(each: Unbound, module: type[Module]) -> Problem:
    declared = module.spec().parameter(each.use.field)
    label = declared.label if declared else each.use.field
    error = InvalidParameter(f"pipeline parameter '{each.use.parameter}': {each.error.found}", each.error.remedy)
    return Problem(each.use.node, error.at(module=module.spec().title, parameter=label), parameter=each.use.field)


def _empty(parameter: Parameter) -> DesignerError:
    if parameter.editor in ("column", "columns"):
        return EmptySelection("no column is chosen", "Choose a column.", parameter=parameter.label, code="0003")
    return InvalidParameter("it is empty", "Fill it in.", parameter=parameter.label, code="0003")


def _invalid(node: Node, module: type[Module], error: DesignerError) -> list[Problem]:
    """One problem for each field that pydantic rejects; for other errors, the error itself."""
    try:
        module.model_validate(module.without_invalid_hidden(node.parameters))
    except ValidationError as invalid:
        details = (_line(detail) for detail in invalid.errors(include_url=False))
        singles = (ValidationError.from_exception_data(module.__name__, [line]) for line in details)
        return [_of_field(node, module, invalid_parameter(module, single)) for single in singles]
    return [_of_field(node, module, error)]


def _of_field(node: Node, module: type[Module], error: DesignerError) -> Problem:
    name = _named(module, error.place.parameter)
    is_empty = name is not None and name in node.parameters and node.parameters[name] is None
    return Problem(node.id, error, parameter=name, lacks=(error.place.parameter or "") if is_empty else "")


def _line(detail: Any) -> Any:
    message = str(detail["msg"]).replace("{", "(").replace("}", ")")
    return {"type": PydanticCustomError(detail["type"], message), "loc": detail["loc"], "input": detail["input"]}


def _of_wire(pipeline: Pipeline, edge: Edge, library: Library) -> Problem | None:
    wrong = misfit(pipeline, edge, library)
    if wrong is None:
        return None
    return Problem(wrong.node, wrong.error, port=wrong.port)


def _is_empty(instance: Module, parameter: Parameter) -> bool:
    if not parameter.required or parameter.hidden:
        return False
    value = getattr(instance, parameter.name)
    if isinstance(value, Columns):
        return value.is_empty
    return value is None or (isinstance(value, str) and not value.strip())


def _named(module: type[Module], label: str | None) -> str | None:
    return next((p.name for p in module.spec().parameters if label in (p.label, p.name)), None)
