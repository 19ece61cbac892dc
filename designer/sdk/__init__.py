"""Pipelines by code. Names are imported on first use, since pandas takes a second."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from designer.contract.component import Environment
    from designer.contract.selection import Columns
    from designer.contract.values import File, Folder, Table
    from designer.pipeline.graph import Group, Note
    from designer.sdk import modules
    from designer.sdk.datasets import Dataset
    from designer.sdk.declared import component
    from designer.sdk.experiments import Experiment
    from designer.sdk.functions import pipeline
    from designer.sdk.parameters import Parameter
    from designer.sdk.pipelines import Pipeline
    from designer.sdk.programs import output, script, shell
    from designer.sdk.published import Published
    from designer.sdk.runs import Run, RunCancelled, RunFailed, StepFailed, StillRunning
    from designer.sdk.steps import Step
    from designer.sdk.workspace import Workspace
    from designer.step.declare import Input, Model, Output

_HOMES = {
    "Columns": "designer.contract.selection",
    "Dataset": "designer.sdk.datasets",
    "Experiment": "designer.sdk.experiments",
    "Environment": "designer.contract.component",
    "File": "designer.contract.values",
    "Folder": "designer.contract.values",
    "Group": "designer.pipeline.graph",
    "Input": "designer.step.declare",
    "Model": "designer.step.declare",
    "Note": "designer.pipeline.graph",
    "Output": "designer.step.declare",
    "Parameter": "designer.sdk.parameters",
    "Pipeline": "designer.sdk.pipelines",
    "Published": "designer.sdk.published",
    "Run": "designer.sdk.runs",
    "RunCancelled": "designer.sdk.runs",
    "RunFailed": "designer.sdk.runs",
    "Step": "designer.sdk.steps",
    "StepFailed": "designer.sdk.runs",
    "StillRunning": "designer.sdk.runs",
    "Table": "designer.contract.values",
    "Workspace": "designer.sdk.workspace",
    "component": "designer.sdk.declared",
    "output": "designer.sdk.programs",
    "pipeline": "designer.sdk.functions",
    "script": "designer.sdk.programs",
    "shell": "designer.sdk.programs",
}

__all__ = [
    "Columns",
    "Dataset",
    "Environment",
    "Experiment",
    "File",
    "Folder",
    "Group",
    "Input",
    "Model",
    "Note",
    "Output",
    "Parameter",
    "Pipeline",
    "Published",
    "Run",
    "RunCancelled",
    "RunFailed",
    "Step",
    "StepFailed",
    "StillRunning",
    "Table",
    "Workspace",
    "component",
    "modules",
    "output",
    "pipeline",
    "script",
    "shell",
]


def __getattr__(name: str) -> Any:
    if name == "modules":
        return import_module("designer.sdk.modules")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
