"""The names of `azureml.core` that training scripts use: Run, Experiment, Workspace, Dataset, Model.

All else is refused with a sentence: a step has no connection to Azure.
"""

from __future__ import annotations

from typing import Any

from .dataset import Dataset
from .model import Model
from .run import Run
from .workspace import Experiment, Workspace

__all__ = ["Dataset", "Experiment", "Model", "Run", "Workspace"]


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    raise ImportError(
        "a step of Designer has no azureml.core.{}; it has {}. Wire what the script needs to an input.".format(
            name, ", ".join(__all__)
        )
    )
