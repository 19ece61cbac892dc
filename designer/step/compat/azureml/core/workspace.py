"""The workspace and the experiment of a step: they have names, and give the inputs of the step, nothing else."""

from __future__ import annotations

from typing import Any

from designer import step

from .dataset import Input, inputs


class Workspace:
    """The workspace of the run. It reaches nothing but the inputs of the step."""

    name = "designer"

    @classmethod
    def from_config(cls, *arguments: Any, **options: Any) -> Workspace:
        """The workspace of the run; no file is read."""
        return cls()

    @property
    def datasets(self) -> dict[str, Input]:
        """The inputs of the step by name."""
        return inputs()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(_MISSING.format("Workspace", name))


class Experiment:
    """The experiment of the run, if no other name is given."""

    def __init__(self, workspace: Workspace | None = None, name: str = "", **options: Any) -> None:
        self.workspace = workspace or Workspace()
        self.name = name or step.experiment or Workspace.name

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(_MISSING.format("Experiment", name))


_MISSING = "a step of Designer has no {}.{}. Wire what the script needs to an input."
