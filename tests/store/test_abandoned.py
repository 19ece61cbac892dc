"""Unused uploads are removed; uploads referenced anywhere are kept."""

import os
import time
from pathlib import Path

import pandas as pd

from designer.store.upkeep.abandoned import abandoned, sweep
from designer.store.workspace import Workspace

DAY = 24 * 3600.0


def upload(workspace: Workspace, name: str = "a.csv", days: float = 8) -> Path:
    """An upload last touched `days` days ago, with the cached examination beside it."""
    place = workspace.keep_upload(name, b"a,b\n1,2\n")
    beside = place.parent / ".found" / "answer.json"
    beside.parent.mkdir()
    beside.write_text("{}")
    for path in (beside, beside.parent, place, place.parent):
        os.utime(path, (time.time() - days * DAY,) * 2)
    return place


def named(place: Path) -> str:
    return f"{place.parent.name}/{place.name}"


def test_an_old_upload_that_nothing_names_is_removed(workspace: Workspace) -> None:
    old, new = upload(workspace), upload(workspace, days=6)
    assert abandoned(workspace) == [old.parent]
    assert sweep(workspace) == len(b"a,b\n1,2\n") + 2
    assert not old.parent.exists()
    assert new.exists()


def test_a_preview_that_was_changed_lately_keeps_its_upload(workspace: Workspace) -> None:
    place = upload(workspace)
    (place.parent / ".found" / "answer.json").write_text("{}")
    assert abandoned(workspace) == []


def test_the_file_of_a_dataset_stays_also_from_the_trash_until_it_is_removed_for_ever(workspace: Workspace) -> None:
    place = upload(workspace)
    workspace.datasets.register("mine", pd.DataFrame({"a": [1]}), source=named(place))
    assert abandoned(workspace) == []
    workspace.datasets.delete("mine")
    assert abandoned(workspace) == []
    workspace.datasets.forget("mine")
    assert abandoned(workspace) == [place.parent]


def test_the_file_of_a_pipeline_or_of_an_earlier_state_or_of_a_run_stays(workspace: Workspace) -> None:
    of_draft, of_history, of_run = (upload(workspace) for _ in range(3))
    draft = workspace.drafts.create("p", document(of_history))
    workspace.drafts.save(draft.id, draft.revision, document(of_draft))
    workspace.runs.create(document(of_run))
    assert abandoned(workspace) == []


def document(place: Path) -> dict[str, object]:
    node = {"module": "import-data", "version": 1, "parameters": {"path": named(place)}}
    return {"format": 1, "name": "p", "nodes": {"a": node}}
