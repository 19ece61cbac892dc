"""What a program knows of the step that it runs as: `from designer import step`.

    frame = step.read("raw_data")              # a table, as a pandas DataFrame
    text = open(step.inputs["notes"]).read()   # a path
    step.log("auc", 0.93)                      # a metric of the run; with step=, a curve
    frame.to_csv(step.outputs["scored"])

Outside a run, inputs, outputs and parameters are empty, and what is logged is printed, so that a script can be run by
hand as it is. In the code of a module, such as *Execute Python Script*, what is logged is recorded as that of its step.
Needs the standard library only, and Python 3.8 or newer; `read` needs pandas, and pyarrow for tables.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = [
    "experiment", "inputs", "is_running", "log", "outputs", "parameters", "progress", "read", "run_id", "tag", "types",
]  # fmt: skip

STEP = "DESIGNER_STEP"
"""The environment variable with the path of the step's description."""
EVENTS = "DESIGNER_EVENTS"
"""The environment variable with the path of the file that events are appended to, one JSON document a line."""


def _described() -> dict[str, Any]:
    path = os.environ.get(STEP)
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:
        document: dict[str, Any] = json.load(file)
    return document


_STEP = _described()

inputs: dict[str, str] = _STEP.get("inputs", {})
"""The path of each input: of its folder or file, or of the Arrow, Parquet or CSV file of a table. Read-only."""

outputs: dict[str, str] = _STEP.get("outputs", {})
"""The path of each output: an empty folder, or where to write the file or table."""

types: dict[str, str] = _STEP.get("types", {})
"""The type of each input and output: folder, file or data."""

parameters: dict[str, Any] = _STEP.get("parameters", {})
"""The value of each parameter."""

run_id: str = _STEP.get("run", "")
"""The id of the run; empty outside a run."""

experiment: str = _STEP.get("experiment", "")
"""The name of the run's experiment; empty outside a run. A step is reused in other experiments: what it writes should
not depend on the name."""


def is_running() -> bool:
    """Whether the program runs as a step."""
    return bool(_STEP)


def read(name: str) -> Any:
    """An input as a pandas DataFrame. Raises KeyError for an unknown input, ValueError for one that is no table."""
    if name not in inputs:
        raise KeyError("there is no input '{}'; there are: {}".format(name, ", ".join(inputs) or "none"))
    path = inputs[name]
    with open(path, "rb") as file:
        start = file.read(6)
    import pandas

    if start == b"ARROW1":
        import pyarrow

        with pyarrow.memory_map(path) as source:
            return pyarrow.ipc.open_file(source).read_all().to_pandas()
    return pandas.read_parquet(path) if start.startswith(b"PAR1") else pandas.read_csv(path)


def log(name: str, value: float | str, step: int | None = None) -> None:
    """Record a metric of the run: a number, or a text. Several values of one name are a curve, over `step` if given."""
    event = {"metric": str(name), "value": value if isinstance(value, str) else float(value)}
    _tell(event if step is None else dict(event, step=int(step)), f"{name} = {value}")


def tag(name: str, value: str) -> None:
    """Set a tag of the run."""
    _tell({"tag": str(name), "value": str(value)}, f"{name}: {value}")


def progress(fraction: float | None, text: str = "") -> None:
    """Show how much is done: a fraction of 1, or None if unknown, and what is being done."""
    _tell({"fraction": None if fraction is None else float(fraction), "text": str(text)}, text)


_LISTENERS: list[Callable[[dict[str, Any]], None]] = []


@contextmanager
def heard_by(listener: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Send what is logged to this listener, in all threads, as {"metric", "value", "step"}, {"tag", "value"} or
    {"fraction", "text"}: for the code of modules, which runs in a process of ours."""
    _LISTENERS.append(listener)
    try:
        yield
    finally:
        _LISTENERS.remove(listener)


def _tell(event: dict[str, Any], words: str) -> None:
    if _LISTENERS:
        _LISTENERS[-1](event)
        return
    path = os.environ.get(EVENTS)
    if not path:
        if words:
            sys.stdout.write(words + "\n")
        return
    line = (json.dumps(event) + "\n").encode("utf-8")
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line)  # one write: lines of several processes do not mix
    finally:
        os.close(file)
