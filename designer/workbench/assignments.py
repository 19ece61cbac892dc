"""Check the values given to the parameters of a pipeline before it is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.contract.errors import DesignerError
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import read_assignments, values_of
from designer.store.workspace import Workspace
from designer.workbench.results.comparison import setting_text


def checked_assignments(
    workspace: Workspace, pipeline: Pipeline, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The given values, read by the types of their parameters.

    Raises UnknownParameter for another name, InvalidParameter for a value that does not fit or is missing, FileMissing
    for a dataset that is gone; each names the parameter.
    """
    assignments = read_assignments(pipeline.parameters, given or {})
    for name, value in values_of(pipeline.parameters, assignments).items():
        if pipeline.parameters[name].type == "dataset":
            try:
                workspace.datasets.get(value)
            except DesignerError as error:
                raise error.at(parameter=name) from None
    return assignments


def assignments_text(assignments: Mapping[str, Any]) -> str:
    """Assignments in one line, such as `share = 0.8, label = income`."""
    return ", ".join(f"{name} = {setting_text(value)}" for name, value in assignments.items())
