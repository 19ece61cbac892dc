"""Steps whose result would far exceed their input fail with a message, and affect nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.pipeline.graph import Edge, Node, Pipeline
from tests.hardening.conftest import Laboratory

ROWS = 200_000


@dataclass(frozen=True)
class Growth:
    """A step with its parameters, and the table connected to its inputs."""

    module: str
    parameters: dict[str, Any]
    inputs: tuple[str, ...]
    table: Callable[[], pd.DataFrame]


def one_key() -> pd.DataFrame:
    return pd.DataFrame({"key": np.ones(ROWS, dtype="int64"), "x": np.arange(ROWS)})


def all_different() -> pd.DataFrame:
    names = pd.Series([f"v{n}" for n in range(ROWS)], dtype="str")
    return pd.DataFrame({"row": np.arange(ROWS), "name": names, "x": np.ones(ROWS)})


def all_words_different() -> pd.DataFrame:
    words = [" ".join(f"w{n}x{k}" for k in range(3)) for n in range(ROWS // 2)]
    return pd.DataFrame({"text": pd.Series(words, dtype="str")})


JOIN = {"left_keys": ["key"], "right_keys": ["key"]}
GROWING = {
    "M12": Growth("join-data", JOIN, ("left_dataset", "right_dataset"), one_key),
    "M13": Growth("pivot", {"rows": ["row"], "column": "name", "values": "x"}, ("dataset",), all_different),
    "M13 indicators": Growth(
        "convert-to-indicator-values",
        {"columns": ["name"]},
        ("dataset",),
        lambda: all_different().astype({"name": "category"}),
    ),
    "M24": Growth(
        "extract-n-gram-features-from-text", {"column": "text", "least": 1}, ("dataset",), all_words_different
    ),
}


@pytest.mark.parametrize("row", GROWING)
def test_a_step_that_grows_without_measure_ends_with_a_sentence(laboratory: Laboratory, row: str) -> None:
    growth = GROWING[row]
    laboratory.workspace.datasets.register(row, growth.table())
    nodes = {
        "data": Node("data", "dataset", 1, {"name": row}),
        "step": Node("step", growth.module, 1, growth.parameters),
    }
    edges = tuple(Edge("data", "dataset", "step", port) for port in growth.inputs)
    answer = laboratory.try_row(lambda: laboratory.answer_of(Pipeline("p", nodes=nodes, edges=edges), "step"))
    assert re.match(r"(failed|out of memory|timed out): .", answer), answer
    assert "there is no parameter" not in answer
