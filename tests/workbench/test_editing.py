"""Saving the browser's edits: none is lost or applied twice, and refusals give the reason."""

from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.workspace import Workspace, open_workspace
from designer.workbench.editing import Editing

ADD = {"op": "add", "id": "split-data", "module": "split-data", "x": 4, "y": 8}
WIRE = {"op": "connect", "source": "dataset", "output": "dataset", "target": "split-data", "input": "dataset"}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.scan()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


@pytest.fixture
def draft(workspace: Workspace) -> str:
    pipeline = Pipeline(name="One", nodes={"dataset": Node("dataset", "dataset")}, layout={"dataset": (0, 0)})
    return workspace.drafts.create("One", to_document(pipeline)).id


def test_operations_are_saved_under_the_next_revision(workspace: Workspace, library: Library, draft: str) -> None:
    saved = Editing(workspace, library).save(draft, 1, [ADD, WIRE])
    assert (saved.revision, saved.reason, saved.merged) == (2, "", False)
    stored = from_document(workspace.drafts.get(draft).document)
    assert stored == saved.pipeline
    assert stored.edges == (Edge("dataset", "dataset", "split-data", "dataset"),)
    assert stored.layout["split-data"] == (4.0, 8.0)


def test_edits_made_on_an_older_revision_go_on_top_of_the_newer_one(
    workspace: Workspace, library: Library, draft: str
) -> None:
    Editing(workspace, library).save(draft, 1, [{"op": "title", "id": "dataset", "text": "Other tab"}])
    saved = Editing(workspace, library).save(draft, 1, [ADD])
    assert saved.merged
    assert saved.revision == 3
    assert saved.pipeline.nodes["dataset"].title == "Other tab"
    assert "split-data" in saved.pipeline.nodes


def test_a_batch_sent_again_because_its_answer_was_lost_is_not_done_twice(
    workspace: Workspace, library: Library, draft: str
) -> None:
    first = Editing(workspace, library).save(draft, 1, [ADD, WIRE])
    again = Editing(workspace, library).save(draft, 1, [ADD, WIRE])
    assert again.reason == ""
    assert again.pipeline == first.pipeline
    assert again.revision == first.revision


def test_a_batch_of_which_one_operation_is_refused_changes_nothing(
    workspace: Workspace, library: Library, draft: str
) -> None:
    wrong = {**WIRE, "target": "dataset", "input": "dataset"}
    saved = Editing(workspace, library).save(draft, 1, [ADD, wrong])
    assert saved.reason
    assert saved.revision == 1
    assert "split-data" not in workspace.drafts.get(draft).document["nodes"]


def test_an_operation_that_nobody_knows_is_refused_in_words(workspace: Workspace, library: Library, draft: str) -> None:
    assert "cannot be read" in Editing(workspace, library).save(draft, 1, [{"op": "explode"}]).reason


def test_removing_everything_by_hand_is_allowed(workspace: Workspace, library: Library, draft: str) -> None:
    saved = Editing(workspace, library).save(draft, 1, [{"op": "remove", "ids": ["dataset"]}])
    assert saved.reason == ""
    assert workspace.drafts.get(draft).document["nodes"] == {}


def test_an_edit_that_changes_nothing_makes_no_revision(workspace: Workspace, library: Library, draft: str) -> None:
    saved = Editing(workspace, library).save(draft, 1, [{"op": "title", "id": "dataset", "text": ""}])
    assert saved.revision == 1
