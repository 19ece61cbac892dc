"""What a problem says where its place is seen: on a card, under a field, beside the name of a node."""

from designer.contract.module import Spec
from designer.pipeline.check import Problem


def said(problem: Problem, spec: Spec) -> str:
    """The finding without the name of its node."""
    return _without(problem.message, f"{spec.title}, ", f"{spec.title}: ", f"{spec.title} ")


def said_at_field(problem: Problem, spec: Spec) -> str:
    """Finding and remedy without the names of node and field; of a field left empty, only what would do."""
    parameter = spec.parameter(problem.parameter or "")
    finding = _without(said(problem, spec), f"{parameter.label}: " if parameter else "")
    is_empty = finding.startswith(("None does not fit", "Needs"))
    return problem.remedy if is_empty and problem.remedy else f"{finding} {problem.remedy}".strip()


def _without(text: str, *places: str) -> str:
    """A text without the first of these at its beginning."""
    found = next((place for place in places if place and text.startswith(place)), "")
    rest = text[len(found) :]
    return rest[:1].upper() + rest[1:]
