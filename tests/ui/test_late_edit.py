"""Edits of a closed page are saved exactly once, even when the page sends them again."""

from pathlib import Path
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.pipeline.document import to_document
from designer.pipeline.graph import Node, Pipeline
from designer.store.workspace import Workspace, open_workspace
from designer.ui.late_edit import save_late
from designer.workbench.editing import Editing
from designer.workbench.workbench import Workbench

ADD = {"op": "add", "id": "sort", "module": "sort", "x": 0, "y": 108}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.scan()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


def message(workspace: Workspace, operations: list[dict[str, Any]], typed: dict[str, str]) -> dict[str, Any]:
    pipeline = Pipeline("One", nodes={"split": Node("split", "split-data")}, layout={"split": (0, 0)})
    draft = workspace.drafts.create("One", to_document(pipeline))
    return {"pipeline": draft.id, "base": draft.revision, "operations": operations, "typed": typed}


def test_operations_and_what_was_typed_are_saved(workspace: Workspace, library: Library) -> None:
    typed = {"split parameter fraction": "0.85", "split comment": "why", "sort comment": "new"}
    late = message(workspace, [ADD], typed)
    save_late(Workbench(workspace, lambda: library), late)
    nodes = workspace.drafts.get(late["pipeline"]).document["nodes"]
    assert nodes["split"]["parameters"] == {"fraction": 0.85}
    assert (nodes["split"]["comment"], nodes["sort"]["comment"]) == ("why", "new")


def test_what_the_page_sends_again_changes_nothing(workspace: Workspace, library: Library) -> None:
    late = message(workspace, [ADD], {"split parameter fraction": "0.85"})
    save_late(Workbench(workspace, lambda: library), late)
    saved = workspace.drafts.get(late["pipeline"])
    save_late(Workbench(workspace, lambda: library), late)
    Editing(workspace, library).save(late["pipeline"], late["base"], [ADD])
    assert workspace.drafts.get(late["pipeline"]).revision == saved.revision


@pytest.mark.parametrize("field", ["gone parameter fraction", "split parameter nothing", "split", "", "gone comment"])
def test_a_field_that_is_no_more_is_left_out(workspace: Workspace, library: Library, field: str) -> None:
    late = message(workspace, [], {field: "1", "split comment": "kept"})
    save_late(Workbench(workspace, lambda: library), late)
    assert workspace.drafts.get(late["pipeline"]).document["nodes"]["split"]["comment"] == "kept"


def test_a_pipeline_that_is_gone_is_refused(workspace: Workspace, library: Library) -> None:
    with pytest.raises(DesignerError):
        save_late(
            Workbench(workspace, lambda: library),
            {"pipeline": "none", "base": 1, "operations": [], "typed": {"a comment": "b"}},
        )
