"""A path in a datastore as a parameter: it names its datastore, so that a run may choose another."""

from __future__ import annotations

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter
from designer.contract.files.store_path import NAMED_IN_PATH, place_of
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.reference import reference_to
from designer.pipeline.assignments import read_value
from designer.pipeline.edit import RefusedEdit, apply
from designer.pipeline.graph import Node, Pipeline, PipelineParameter
from designer.pipeline.parameters import bound
from designer.pipeline.promotion import demote, promote


class Reads(Module, category="Data"):
    """Read a file."""

    path: str = param("", label="Path", within="store")
    """The file."""

    store: str = param("", label="Datastore", editor="datastore", accepts=("files",), required=False)
    """Where it lies."""


@pytest.fixture
def library() -> Library:
    return Library({Reads.spec().id: Reads})


def reading(**settings: str) -> Pipeline:
    return Pipeline(nodes={"file": Node("file", "reads", parameters=settings)})


def test_the_parameter_begins_with_the_datastore_and_the_field_gives_it_up(library: Library) -> None:
    made = promote(reading(path="in/a.csv", store="lake"), "file", "path", "input", library)
    assert made.parameters["input"].type == "datapath"
    assert made.parameters["input"].default == "lake/in/a.csv"
    assert made.nodes["file"].parameters == {"path": reference_to("input"), "store": NAMED_IN_PATH}
    filled = bound(made, {"input": "pond/b.csv"}).nodes["file"].parameters
    assert place_of(filled["store"], filled["path"]) == ("pond", "b.csv")


def test_detached_the_field_names_the_same_file(library: Library) -> None:
    made = promote(reading(path="in/a.csv", store="lake"), "file", "path", "input", library)
    back = demote(made, "file", "path", library)
    assert back.nodes["file"].parameters == {"path": "lake/in/a.csv", "store": NAMED_IN_PATH}
    assert promote(back, "file", "path", "input", library) == made


def test_a_path_of_this_computer_stays_one(library: Library) -> None:
    made = promote(reading(path="/data/a.csv"), "file", "path", "input", library)
    assert (made.parameters["input"].type, made.parameters["input"].default) == ("string", "/data/a.csv")
    both = apply(made, [{"op": "add", "id": "other", "module": "reads", "parameters": {"store": "lake"}}], library)
    with pytest.raises(RefusedEdit, match="'input' is of type string, and the field of type datapath"):
        promote(both, "other", "path", "input", library)


def test_an_empty_path_asks_each_run_for_one(library: Library) -> None:
    made = promote(reading(store="lake"), "file", "path", "input", library)
    assert made.parameters["input"].default is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no datastore"),
        ("/etc/hosts", "names no datastore"),
        ("lake/../../etc", "leads out of the datastore"),
        ("../lake", "leads out of the datastore"),
        ("lake\\a.csv", "is not the path of a datastore"),
        ("s3://bucket/a.csv", "is not the path of a datastore"),
        (7, "is not text"),
    ],
)
def test_a_value_that_is_no_path_of_a_datastore_is_refused(text: object, words: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        read_value(PipelineParameter("input", "datapath"), text)
    assert words in str(refused.value)
    assert "such as workspace/incoming/a.csv" in str(refused.value)


@pytest.mark.parametrize(
    ("datastore", "path", "place"),
    [
        ("lake", "a.csv", ("lake", "a.csv")),
        (NAMED_IN_PATH, "lake/in/a.csv", ("lake", "in/a.csv")),
        (NAMED_IN_PATH, "lake", ("lake", ".")),
        (NAMED_IN_PATH, "lake/", ("lake", ".")),
    ],
)
def test_a_path_is_taken_apart_where_it_names_its_datastore(datastore: str, path: str, place: tuple[str, str]) -> None:
    assert place_of(datastore, path) == place
