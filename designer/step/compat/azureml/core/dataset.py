"""Datasets of a script: the inputs of its step."""

from __future__ import annotations

from typing import Any

from designer import step


class Input(str):
    """An input: its path, and its table."""

    def __new__(cls, name: str) -> Input:
        """The path of an input."""
        return super().__new__(cls, step.inputs[name])

    def __init__(self, name: str) -> None:
        self.name = name

    def to_pandas_dataframe(self) -> Any:
        """The table as a pandas DataFrame."""
        return step.read(self.name)


def inputs() -> dict[str, Input]:
    """The inputs of the step by name."""
    return {name: Input(name) for name in step.inputs}


def required_input(name: str, kind: str) -> Input:
    """The input of this name. Raises LookupError where the step has none: it reads nothing else of this kind."""
    if name not in step.inputs:
        raise LookupError(
            "the step has no input '{}'; it has {}. Wire the {} to an input of that name.".format(
                name, ", ".join(map(repr, step.inputs)) or "none", kind
            )
        )
    return Input(name)


class _Refusing(type):
    def __getattr__(cls, name: str) -> Any:
        raise AttributeError(f"a step of Designer has no Dataset.{name}. Wire the dataset to an input.")


class Dataset(metaclass=_Refusing):
    """Gives the inputs of the step by name, whatever the workspace."""

    @staticmethod
    def get_by_name(workspace: Any, name: str, version: Any = "latest") -> Input:
        """The input of this name. Raises LookupError where the step has none: it reads no other dataset."""
        return required_input(name, "dataset")
