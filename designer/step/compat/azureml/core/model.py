"""Models of a script: files at its inputs and outputs."""

from __future__ import annotations

from typing import Any

from .dataset import required_input


class Model:
    """Gives models from the inputs of the step."""

    @staticmethod
    def get_model_path(model_name: str, version: Any = None, _workspace: Any = None) -> str:
        """The path of the input of this name. Raises LookupError where the step has none."""
        return str(required_input(model_name, "model"))

    @staticmethod
    def register(*arguments: Any, **options: Any) -> Any:
        """Refuse: a model is kept by the output that it is written to. Raises NotImplementedError."""
        raise NotImplementedError("a step of Designer registers no model. Write its files to an output of the step.")
