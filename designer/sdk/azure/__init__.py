"""Pipelines as they are written for Azure ML's SDK v1, run here: only the import lines change.

`from azureml.core import Workspace` becomes `from designer.sdk.azure import Workspace`, and so on for every name below.
Objects have the names of that SDK and, beside them, everything that the plain object of `designer.sdk` has. What
concerns the cloud alone, such as compute targets, is noted once and does nothing; any other argument that has no
meaning here is refused by name, with what would do.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from designer.sdk.azure.compute import AmlCompute, ComputeTarget, ComputeTargetException
    from designer.sdk.azure.datasets import Dataset, DatasetConsumptionConfig, FileDataset, TabularDataset
    from designer.sdk.azure.datastores import DataPath, DataPathComputeBinding, DataReference, Datastore
    from designer.sdk.azure.environments import CondaDependencies, Environment, RunConfiguration
    from designer.sdk.azure.outputs import OutputFileDatasetConfig, PipelineData
    from designer.sdk.azure.parameters import PipelineParameter
    from designer.sdk.azure.pipelines import Experiment, Pipeline
    from designer.sdk.azure.published import PipelineEndpoint, PipelineRun, PublishedPipeline
    from designer.sdk.azure.runs import PortDataReference, RunDetails, StepRun, StepRunOutput
    from designer.sdk.azure.schedules import Schedule, ScheduleRecurrence
    from designer.sdk.azure.steps import PythonScriptStep, StepSequence
    from designer.sdk.azure.workspaces import Workspace

_ROOMS = {
    "compute": ("AmlCompute", "ComputeTarget", "ComputeTargetException"),
    "datasets": ("Dataset", "DatasetConsumptionConfig", "FileDataset", "TabularDataset"),
    "datastores": ("DataPath", "DataPathComputeBinding", "DataReference", "Datastore"),
    "environments": ("CondaDependencies", "Environment", "RunConfiguration"),
    "outputs": ("OutputFileDatasetConfig", "PipelineData"),
    "parameters": ("PipelineParameter",),
    "pipelines": ("Experiment", "Pipeline"),
    "published": ("PipelineEndpoint", "PipelineRun", "PublishedPipeline"),
    "runs": ("PortDataReference", "RunDetails", "StepRun", "StepRunOutput"),
    "schedules": ("Schedule", "ScheduleRecurrence"),
    "steps": ("PythonScriptStep", "StepSequence"),
    "workspaces": ("Workspace",),
}

_SCRIPT = "Run its program as a PythonScriptStep."
_KEY = "Send the key of the pipeline: headers={'Authorization': f'Bearer {published.key}'}."
_MODEL = "Download the output that holds it, or keep it with modules.train_model and score with Score Model."
ABSENT = {
    "AdlaStep": "Run the query with ws.datastores['name'].query(...) of designer.sdk.",
    "AutoMLStep": "Tune learners with the module Tune Model Hyperparameters of designer.sdk.modules.",
    "AzureBatchStep": _SCRIPT,
    "AzureCliAuthentication": _KEY,
    "CommandStep": "Use designer.sdk.shell.",
    "DataTransferStep": "Copy files with Datastore.download and Datastore.upload.",
    "DatabricksStep": _SCRIPT,
    "EstimatorStep": _SCRIPT,
    "HyperDriveStep": "Use the module Tune Model Hyperparameters of designer.sdk.modules.",
    "InteractiveLoginAuthentication": _KEY,
    "Model": _MODEL,
    "ModuleStep": "Use a component: ws.components['name'] of designer.sdk.",
    "MpiStep": _SCRIPT,
    "ParallelRunStep": _SCRIPT,
    "RScriptStep": "Use designer.sdk.shell with Rscript, or the module Execute R Script.",
    "ScriptRunConfig": "Submit a Pipeline of a PythonScriptStep.",
    "ServicePrincipalAuthentication": _KEY,
    "SynapseSparkStep": _SCRIPT,
}
"""What the original has and this has not, with what would do."""

_HOMES = {name: f"designer.sdk.azure.{room}" for room, names in _ROOMS.items() for name in names}

__all__ = [
    "VERSION",
    "AmlCompute",
    "ComputeTarget",
    "ComputeTargetException",
    "CondaDependencies",
    "DataPath",
    "DataPathComputeBinding",
    "DataReference",
    "Dataset",
    "DatasetConsumptionConfig",
    "Datastore",
    "Environment",
    "Experiment",
    "FileDataset",
    "OutputFileDatasetConfig",
    "Pipeline",
    "PipelineData",
    "PipelineEndpoint",
    "PipelineParameter",
    "PipelineRun",
    "PortDataReference",
    "PublishedPipeline",
    "PythonScriptStep",
    "RunConfiguration",
    "RunDetails",
    "Schedule",
    "ScheduleRecurrence",
    "StepRun",
    "StepRunOutput",
    "StepSequence",
    "TabularDataset",
    "Workspace",
]


def __getattr__(name: str) -> Any:
    if name == "VERSION":
        from designer import settings

        return settings.installed_version()
    if name in ABSENT:
        from designer.sdk.azure.faces import Absent

        return Absent(name, ABSENT[name])
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
