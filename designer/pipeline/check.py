"""What stands in the way of a run: a list of problems, each leading to a node and a field. Never raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.module import Module, invalid_parameter
from designer.contract.parameters import Parameter
from designer.contract.selection import Columns
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.propagate import Propagation, propagate
from designer.pipeline.wires import misfit

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """Something to mend: where, what was found, what would do."""

    node: str
    message: str
    severity: Severity = "error"
    port: str | None = None
    parameter: str | None = None
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def to_json(self) -> dict[str, Any]:
        """The problem as a document."""
        return dict(vars(self))


def check(pipeline: Pipeline, library: Library, known: Propagation | None = None) -> list[Problem]:
    """Everything that would keep nodes from running, in the order of the graph."""
    known = known or propagate(pipeline, library)
    cycle = pipeline.cycle()
    problems = [
        Problem(id, "This node is part of a circle: data would have to flow back into its own origin.",
                remedy="Remove one of its wires.") for id in cycle
    ]  # fmt: skip
    for id in pipeline.order():
        node = pipeline.nodes[id]
        module = library.get(node.module)
        if module is None:
            problems.append(_ghost(node, library))
        elif not node.disabled:
            problems += _of_node(pipeline, node, module, library, known)
    return problems + [p for edge in pipeline.edges if (p := _of_wire(pipeline, edge, library))]


def errors(problems: list[Problem]) -> list[Problem]:
    """Only what keeps a node from running."""
    return [problem for problem in problems if problem.severity == "error"]


def _ghost(node: Node, library: Library) -> Problem:
    reason = next((text for file, text in library.broken.items() if node.module.replace("-", "_") in file), "")
    message = f"The module '{node.module}' is not installed." + (f" Its file has an error: {reason}" if reason else "")
    return Problem(node.id, message, remedy="Install the package that has it, or remove the node.")


def _of_node(
    pipeline: Pipeline, node: Node, module: type[Module], library: Library, known: Propagation
) -> list[Problem]:
    problems = [
        Problem(node.id, f"{module.spec().title} needs {port.type} at {port.title}.", port=port.name,
                remedy="Draw a wire to it.")
        for port in module.spec().inputs
        if not port.optional and pipeline.into(node.id, port.name) is None
    ]  # fmt: skip
    try:
        instance = library.read(node.module, node.version, node.parameters)
    except DesignerError as error:
        return problems + _invalid(node, module, error)
    missing = [parameter for parameter in instance.shown() if _is_empty(instance, parameter)]
    problems += [
        Problem(node.id, f"{module.spec().title} needs: {parameter.label}.", parameter=parameter.name,
                remedy="Choose a column." if parameter.editor in ("column", "columns") else "Fill it in.")
        for parameter in missing
    ]  # fmt: skip
    found = known.errors.get(node.id)
    if found is not None and not missing:
        parameter_name = _named(module, found.place.parameter)
        problems.append(Problem(node.id, found.finding, parameter=parameter_name, remedy=found.remedy))
    return problems


def _invalid(node: Node, module: type[Module], error: DesignerError) -> list[Problem]:
    """One problem for each bad field, from pydantic; the error itself where it is of another kind."""
    try:
        module.model_validate(dict(node.parameters))
    except ValidationError as invalid:
        found = []
        for detail in invalid.errors(include_url=False):
            single = ValidationError.from_exception_data(module.__name__, [_line(detail)])
            reason = invalid_parameter(module, single)
            name = _named(module, reason.place.parameter)
            found.append(Problem(node.id, reason.finding, parameter=name, remedy=reason.remedy))
        return found
    name = _named(module, error.place.parameter)
    return [Problem(node.id, error.finding, parameter=name, remedy=error.remedy)]


def _line(detail: Any) -> Any:
    message = str(detail["msg"]).replace("{", "(").replace("}", ")")
    return {"type": PydanticCustomError("invalid", message), "loc": detail["loc"], "input": detail["input"]}


def _of_wire(pipeline: Pipeline, edge: Edge, library: Library) -> Problem | None:
    found = misfit(pipeline, edge, library)
    if found is None:
        return None
    return Problem(found.node, found.error.finding, port=found.port, remedy=found.error.remedy)


def _is_empty(instance: Module, parameter: Parameter) -> bool:
    if not parameter.required or parameter.hidden:
        return False
    value = getattr(instance, parameter.name)
    if isinstance(value, Columns):
        return value.is_empty
    return value is None or (isinstance(value, str) and not value.strip())


def _named(module: type[Module], label: str | None) -> str | None:
    return next((p.name for p in module.spec().parameters if label in (p.label, p.name)), None)
