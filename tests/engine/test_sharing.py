"""Which nodes may share a process: those that execute nothing but Designer's own code."""

from __future__ import annotations

from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.engine.sharing import sharing
from tests.engine.conftest import Wire, pipeline

LIBRARY = Library.scan()
DATA = ("dataset", {"name": "Iris"})
SPLIT = ("split-data", {})
LEARNER = ("two-class-logistic-regression", {})
SCRIPT = ("create-python-model", {})
TRAIN = ("train-model", {"label_column": "class"})


def shared(nodes: dict[str, tuple[str, dict[str, Any]]], *wires: Wire) -> set[str]:
    return set(sharing(pipeline(nodes, *wires), LIBRARY))


def test_steps_on_tables_share_and_what_reads_outside_does_not() -> None:
    nodes = {"data": DATA, "split": SPLIT, "sql": ("apply-sql-transformation", {}), "after": SPLIT}
    wires = [("data", "dataset", "split", "dataset"), ("split", "results_dataset1", "sql", "t1")]
    assert shared(nodes, *wires, ("sql", "results_dataset", "after", "dataset")) == {"split", "after"}


@pytest.mark.parametrize(("learner", "expected"), [(LEARNER, {"learner", "train", "score"}), (SCRIPT, set())])
def test_a_model_made_by_a_script_keeps_what_runs_it_apart(learner: tuple[str, Any], expected: set[str]) -> None:
    nodes = {"data": DATA, "learner": learner, "train": TRAIN, "score": ("score-model", {})}
    wires = [
        ("data", "dataset", "train", "dataset"), ("learner", "untrained_model", "train", "untrained_model"),
        ("train", "trained_model", "score", "trained_model"), ("data", "dataset", "score", "dataset"),
    ]  # fmt: skip
    assert shared(nodes, *wires) == expected


def test_a_saved_model_keeps_what_runs_it_apart() -> None:
    nodes = {"data": DATA, "saved": ("saved-model", {}), "score": ("score-model", {}), "other": SPLIT}
    wires = [("saved", "trained_model", "score", "trained_model"), ("data", "dataset", "score", "dataset")]
    assert shared(nodes, *wires, ("score", "scored_dataset", "other", "dataset")) == {"other"}


def test_unknown_modules_missing_nodes_and_cycles_do_not_share() -> None:
    nodes = {"odd": ("no-such-module", {}), "version": ("mine@1", {}), "one": TRAIN, "two": TRAIN, "lost": TRAIN}
    wires = [
        ("one", "trained_model", "two", "untrained_model"), ("two", "trained_model", "one", "untrained_model"),
        ("gone", "untrained_model", "lost", "untrained_model"),
    ]  # fmt: skip
    assert shared(nodes, *wires) == set()


def test_scripts_readers_of_files_and_models_of_others_are_not_self_contained() -> None:
    apart = {
        "apply-sql-transformation", "convert-word-to-vector", "create-python-model", "dataset",
        "execute-python-script", "execute-r-script", "export-data", "import-data", "import-file", "import-folder",
        "import-from-database", "onnx-model", "read-table", "saved-model", "saved-transformation",
    }  # fmt: skip
    assert {module.spec().id for module in LIBRARY if not module.spec().is_self_contained} == apart
