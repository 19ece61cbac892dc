"""Models of a script: files at its inputs and outputs."""

from __future__ import annotations

from typing import Any

from designer import step


class Model:
    """Gives models from the inputs of the step."""

    @staticmethod
    def get_model_path(model_name: str, version: Any = None, _workspace: Any = None) -> str:
        """The path of the input of this name. Raises LookupError where the step has none."""
        if model_name not in step.inputs:
            raise LookupError(
                "the step has no input '{}'; it has {}. Wire the model to an input of that name.".format(
                    model_name, ", ".join(map(repr, step.inputs)) or "none"
                )
            )
        return step.inputs[model_name]

    @staticmethod
    def register(*arguments: Any, **options: Any) -> Any:
        """Refuse: a model is kept by the output that it is written to. Raises NotImplementedError."""
        raise NotImplementedError("a step of Designer registers no model. Write its files to an output of the step.")
