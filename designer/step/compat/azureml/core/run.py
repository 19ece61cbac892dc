"""`from azureml.core import Run`: the calls that training scripts make, answered by the step that they run as."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from designer import step

from .dataset import Input, inputs
from .workspace import Experiment


class Run:
    """The run of a script, as `Run.get_context()` returns it."""

    @property
    def id(self) -> str:
        """The id of the run."""
        return step.run_id

    @property
    def parent(self) -> Run:
        """The run of the whole pipeline: what a step logs is logged for it."""
        return self

    @property
    def experiment(self) -> Experiment:
        """The experiment of the run, with its workspace."""
        return Experiment()

    @property
    def input_datasets(self) -> dict[str, Input]:
        """The inputs by name."""
        return inputs()

    @property
    def output_datasets(self) -> dict[str, str]:
        """The path of each output by name."""
        return dict(step.outputs)

    @staticmethod
    def get_context(*arguments: Any, **options: Any) -> Run:
        """The run that the script belongs to; outside a run, one that prints what is logged."""
        return Run()

    def log(self, name: str, value: Any, description: str = "", step: int | None = None) -> None:
        """Record a metric."""
        _log(name, value, step)

    def log_list(self, name: str, value: Any, description: str = "") -> None:
        """Record a metric with several values."""
        for number, each in enumerate(value):
            _log(name, each, number)

    def log_row(self, name: str, description: str = "", **columns: Any) -> None:
        """Record one value for each column, as the metric `name.column`."""
        for column, value in columns.items():
            _log(f"{name}.{column}", value)

    def log_table(self, name: str, value: Mapping[str, Any], description: str = "") -> None:
        """Record the values of each column, as the metric `name.column`."""
        for column, values in value.items():
            self.log_list(f"{name}.{column}", values)

    def log_image(self, name: str, path: str | None = None, plot: Any = None, description: str = "") -> None:
        """Keep a picture in the first output that is a folder; say so where there is none."""
        target = _kept(f"{name}.png")
        if target and plot is not None:
            plot.savefig(target)
        elif target and path is not None:
            shutil.copyfile(path, target)

    def tag(self, key: str, value: str | None = None) -> None:
        """Set a tag of the run."""
        step.tag(key, value or "")

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Set tags of the run."""
        for key, value in tags.items():
            step.tag(key, value)

    def upload_file(self, name: str, path_or_stream: Any, datastore_name: str | None = None) -> None:
        """Keep a file in the first output that is a folder; say so where there is none."""
        target = _kept(name)
        if target:
            shutil.copyfile(path_or_stream, target)

    def complete(self, _set_status: bool = True) -> None:
        """Do nothing: a step ends when its program does."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a step of Designer has no Run.{name}. Wire what the script needs to an input.")

    def flush(self, timeout_seconds: int = 300) -> None:
        """Do nothing: what is logged is written at once."""


def _log(name: str, value: Any, number: int | None = None) -> None:
    step.log(name, value if isinstance(value, str) else float(value), number)


def _kept(name: str) -> str:
    """Where to keep a file; empty, and said, where the step has no output that is a folder."""
    folder = next(
        (path for path in step.outputs.values() if os.path.isdir(path)), "" if step.is_running() else "outputs"
    )
    if not folder:
        sys.stderr.write(f"'{name}' is not kept: the step has no output that is a folder.\n")
        return ""
    target = os.path.join(folder, name)
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    return target
