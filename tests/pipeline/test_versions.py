"""Migration of settings saved by an older version of a module."""

from collections.abc import Mapping
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter, UnknownModule
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.values import Table
from designer.pipeline.check import check
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.versions import up_to_date


class Halve(Module, category="Data", version=2):
    """Keep a share of the rows."""

    share: float = param(0.5, ge=0, le=1)
    """How many, as a share."""

    def run(self, dataset: Table) -> Table:
        return dataset.head(int(len(dataset) * self.share))

    @classmethod
    def migrate(cls, version: int, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return {"share": parameters["percent"] / 100}


@pytest.fixture
def library() -> Library:
    return Library({"halve": Halve})


def one(version: int, **parameters: Any) -> Pipeline:
    return Pipeline(nodes={"a": Node("a", "halve", version, parameters), "b": Node("b", "gone", 7, {"x": 1})})


def test_settings_of_an_older_version_are_migrated_and_an_unknown_module_is_kept(library: Library) -> None:
    migrated = up_to_date(one(1, percent=20), library)
    assert migrated.nodes["a"] == Node("a", "halve", 2, {"share": 0.2})
    assert migrated.nodes["b"] == Node("b", "gone", 7, {"x": 1})
    assert up_to_date(migrated, library) is migrated


def test_what_cannot_be_taken_over_stays_and_is_a_problem_of_its_node(library: Library) -> None:
    old = one(1, share=0.2)
    assert up_to_date(old, library) == old
    with pytest.raises(InvalidParameter, match="settings of version 1 cannot be migrated to version 2: KeyError"):
        library.read("halve", 1, {"share": 0.2})
    (message,) = [str(problem.error) for problem in check(old, library) if problem.node == "a" and problem.port is None]
    assert "Replace the node with a new one" in message


def test_a_version_that_is_newer_than_the_library_stays_and_is_a_problem(library: Library) -> None:
    new = one(3, share=0.2)
    assert up_to_date(new, library) == new
    with pytest.raises(UnknownModule, match=r"version 3 .* is newer than this library's 2"):
        library.migrated("halve", 3, {})
    assert any("Update Designer" in str(problem.error) for problem in check(new, library))
