"""The names of `azureml.core` that training scripts use: Run, Experiment, Workspace, Dataset, Model.

All else is refused with a sentence: a step has no connection to Azure.
"""

from __future__ import annotations

from typing import Any

from azureml.core.dataset import Dataset
from azureml.core.model import Model
from azureml.core.run import Run
from azureml.core.workspace import Experiment, Workspace

__all__ = ["Dataset", "Experiment", "Model", "Run", "Workspace"]


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    raise ImportError(
        "a step of Designer has no azureml.core.{}; it has {}. Wire what the script needs to an input.".format(
            name, ", ".join(__all__)
        )
    )
