"""Drafts: compare-and-swap, history, trash."""

from __future__ import annotations

import pytest

from designer.contract.errors import FileMissing
from designer.store.drafts import Conflict, WouldEmpty
from designer.store.workspace import Workspace, open_workspace

FULL = {"nodes": {"a": {"module": "dataset"}}, "edges": []}
EMPTY: dict[str, object] = {"nodes": {}, "edges": []}


def test_save_counts_revisions_and_survives_reopening(workspace: Workspace) -> None:
    draft = workspace.drafts.create("first", FULL)
    assert workspace.drafts.save(draft.id, 1, {**FULL, "name": "renamed"}) == 2
    with open_workspace(workspace.path) as again:
        kept = again.drafts.get(draft.id)
    assert (kept.name, kept.revision, kept.document["nodes"]) == ("renamed", 2, FULL["nodes"])


def test_save_on_an_old_revision_is_a_conflict_that_names_the_present_one(workspace: Workspace) -> None:
    draft = workspace.drafts.create("first", FULL)
    workspace.drafts.save(draft.id, 1, FULL)
    with pytest.raises(Conflict) as raised:
        workspace.drafts.save(draft.id, 1, EMPTY, allow_empty=True)
    assert raised.value.revision == 2
    assert workspace.drafts.get(draft.id).document["nodes"] == FULL["nodes"]


def test_empty_graph_replaces_a_full_one_only_when_asked(workspace: Workspace) -> None:
    draft = workspace.drafts.create("first", FULL)
    with pytest.raises(WouldEmpty):
        workspace.drafts.save(draft.id, 1, EMPTY)
    assert workspace.drafts.save(draft.id, 1, EMPTY, action="delete all", allow_empty=True) == 2
    assert workspace.drafts.document(draft.id, 1)["nodes"] == FULL["nodes"]


def test_history_keeps_every_state_with_its_action(workspace: Workspace) -> None:
    draft = workspace.drafts.create("first", EMPTY)
    workspace.drafts.save(draft.id, 1, FULL, action="add")
    assert [(row.revision, row.action) for row in workspace.drafts.history(draft.id)] == [(2, "add"), (1, "create")]
    assert workspace.drafts.document(draft.id, 1)["nodes"] == {}


def test_deleted_draft_lies_in_the_trash_and_comes_back(workspace: Workspace) -> None:
    draft = workspace.drafts.create("first", FULL)
    workspace.drafts.delete(draft.id)
    assert workspace.drafts.all() == []
    assert [row.id for row in workspace.drafts.all(trashed=True)] == [draft.id]
    workspace.drafts.restore(draft.id)
    assert [row.id for row in workspace.drafts.all()] == [draft.id]


def test_copy_has_a_name_of_its_own_and_leaves_the_original(workspace: Workspace) -> None:
    draft = workspace.drafts.create("first", FULL)
    names = [workspace.drafts.duplicate(draft.id).name for _ in range(2)]
    assert names == ["first (copy)", "first (copy 2)"]
    copy = workspace.drafts.duplicate(draft.id, "mine")
    workspace.drafts.save(copy.id, 1, {**FULL, "nodes": {"b": {}}})
    assert workspace.drafts.get(draft.id).document["nodes"] == FULL["nodes"]


def test_inference_pipelines_are_found_by_their_parent(workspace: Workspace) -> None:
    parent = workspace.drafts.create("training", FULL)
    child = workspace.drafts.create("real-time", FULL, kind="realtime", parent=parent.id, parent_run="r1")
    assert [row.id for row in workspace.drafts.all(parent=parent.id)] == [child.id]
    assert [row.id for row in workspace.drafts.all(kind="training")] == [parent.id]
    assert child.document["kind"] == "realtime"


def test_unknown_draft_is_missing(workspace: Workspace) -> None:
    with pytest.raises(FileMissing, match="no pipeline 'x'"):
        workspace.drafts.get("x")


def test_a_draft_goes_for_ever_only_from_the_trash_and_takes_its_history(workspace: Workspace) -> None:
    draft, other = workspace.drafts.create("first", FULL), workspace.drafts.create("second", FULL)
    with pytest.raises(FileMissing, match="not in the trash"):
        workspace.drafts.forget(draft.id)
    workspace.drafts.delete(draft.id)
    workspace.drafts.forget(draft.id)
    with pytest.raises(FileMissing):
        workspace.drafts.get(draft.id)
    assert workspace.drafts.history(draft.id) == []
    assert len(workspace.drafts.history(other.id)) == 1
