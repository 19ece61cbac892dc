"""Pipelines in code are documents as the canvas has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from designer.contract.errors import DesignerError, InvalidParameter
from designer.pipeline.document import DamagedDocument, dumps, to_document
from designer.pipeline.graph import Edge
from designer.sdk import Dataset, Group, Note, Pipeline, Step, pipeline
from designer.sdk import modules as m
from tests.sdk.pipelines import income


def test_steps_are_found_by_their_wires_and_listed_as_they_were_made() -> None:
    first = m.dataset(name="b")
    second = m.dataset(name="a")
    built = Pipeline(m.add_rows(second, first), name="Both")
    assert list(built.graph.nodes) == ["dataset", "dataset-2", "add-rows"]
    assert built.graph.nodes["dataset"].parameters == {"name": "b"}
    assert built.graph.edges == (
        Edge("dataset-2", "dataset", "add-rows", "dataset1"), Edge("dataset", "dataset", "add-rows", "dataset2")
    )  # fmt: skip
    assert len(set(built.graph.layout.values())) == 3


def test_a_step_has_the_id_and_title_that_it_is_given() -> None:
    step = m.dataset(name="a").named("rows", title="My rows", comment="Why", disabled=True)
    node = Pipeline(step, m.dataset(name="b")).graph.nodes["rows"]
    assert (node.title, node.comment, node.disabled) == ("My rows", "Why", True)
    with pytest.raises(InvalidParameter, match="two steps are named 'rows'"):
        Pipeline(step, m.dataset(name="b").named("rows"))


def test_a_chosen_id_is_not_given_to_an_unnamed_step() -> None:
    built = Pipeline(m.dataset(name="a"), m.dataset(name="b").named("dataset"))
    assert built.graph.nodes["dataset-2"].parameters == {"name": "a"}


def test_a_function_makes_a_pipeline_for_its_arguments() -> None:
    built = income(share=0.8)
    assert built.name == "Income"
    assert built.graph.nodes["split-data"].parameters == {"fraction": 0.8}
    assert built.graph.nodes["dataset"].parameters == {"name": "people"}
    assert income("others", 0.5).graph.nodes["dataset"].parameters == {"name": "others"}
    assert income(Dataset("others", 3)).graph.nodes["dataset"].parameters == {"name": "others", "version": 3}
    assert income() == income(share=0.7)
    assert income() != income(share=0.8)


def test_a_function_refuses_wrong_arguments() -> None:
    with pytest.raises(InvalidParameter, match=r"Income: there is no argument 'shar'. Did you mean 'share'"):
        income(shar=0.8)
    with pytest.raises(InvalidParameter, match=r"Income, share: 'much' is not a number. Give a number."):
        income(share="much")
    with pytest.raises(InvalidParameter, match=r"Income: too many positional arguments. Arguments are: data, share"):
        income("a", 0.5, "b", "c")


def test_a_step_that_leads_nowhere_is_part_of_its_function() -> None:
    @pipeline
    def writes_a_file() -> None:
        m.export_data(m.dataset(name="a"), path="a.csv")

    assert writes_a_file().steps == ["dataset", "export-data"]
    assert writes_a_file().name == "Writes a file"


def test_a_document_and_its_file_give_the_pipeline_back(tmp_path: Path) -> None:
    built = income()
    assert Pipeline.from_document(built.to_document()) == built
    file = tmp_path / "income.json"
    file.write_text(dumps(built.graph))
    assert Pipeline.from_document(file) == built
    file.write_text("{}")
    with pytest.raises(DamagedDocument, match=r"income.json: this is not a pipeline document"):
        Pipeline.from_document(file)
    with pytest.raises(DesignerError, match="cannot be read"):
        Pipeline.from_document(tmp_path / "none.json")


def test_the_whole_of_a_document_can_be_written() -> None:
    step = m.dataset(name="a")
    built = Pipeline(
        step,
        description="What it is for",
        direction="right",
        layout={"dataset": (4, 8)},
        notes=[Note("n", "Mind the gap", 1, 2)],
        groups=[Group("g", "Data", ("dataset",))],
    )
    document = built.to_document()
    assert document["layout"] == {"dataset": [4.0, 8.0]}
    assert document["notes"][0]["text"] == "Mind the gap"
    assert document["groups"][0]["nodes"] == ["dataset"]
    assert (document["direction"], document["description"]) == ("right", "What it is for")
    json.dumps(document)


def test_what_no_document_can_hold_is_refused() -> None:
    with pytest.raises(DamagedDocument, match="no such node"):
        Pipeline(m.dataset(name="a"), wires=[("dataset", "dataset", "nowhere", "dataset")])
    with pytest.raises(InvalidParameter, match="a str is not a step"):
        Pipeline("dataset")
    with pytest.raises(DamagedDocument, match="name"):
        Pipeline(m.dataset(name="a"), name="x" * 501)


def test_a_module_that_is_not_installed_is_kept() -> None:
    ghost = Step("from-elsewhere", version=3, parameters={"a": 1}, inputs={"in": m.dataset(name="a")})
    built = Pipeline(m.sort(ghost["out"], columns=["a"]))
    assert built.graph.nodes["from-elsewhere"].version == 3
    assert to_document(built.graph)["edges"][1]["output"] == "out"


def test_a_pipeline_draws_itself_with_escaped_titles() -> None:
    built = Pipeline(m.dataset(name="a").named(title="<script>"), name='"A" & B')
    bundle = built._repr_mimebundle_()
    assert bundle["text/plain"] == "<pipeline '\"A\" & B' of 1 steps>"
    assert bundle["text/html"].startswith("<svg")
    assert "<script>" not in bundle["text/html"]
    assert "&lt;script&gt;" in bundle["text/html"]
