"""The second record: rows lost by a damaged write-ahead log or an older database are reported and restored."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.engine.run import execute
from designer.pipeline.graph import Node, Pipeline
from designer.store.record import in_words
from designer.store.workspace import Workspace, open_workspace

DATABASE = "designer.db"
LOG = "designer.db-wal"


def fill(workspace: Workspace, numbers: range) -> None:
    """Create a pipeline with two revisions, a finished run and a dataset for each number."""
    for number in numbers:
        draft = workspace.drafts.create(f"pipeline {number}", {"nodes": {}, "number": number})
        workspace.drafts.save(draft.id, 1, {"nodes": {"a": {}}, "number": number, "name": f"pipeline {number}"})
        run = workspace.runs.create(draft.document, pipeline_id=draft.id)
        attempt = workspace.runs.claim(run.id, [{"node": "a", "state": "finished"}])
        workspace.runs.finish(run.id, attempt or 0, "finished")
        workspace.datasets.register(f"data {number}", pd.DataFrame({"x": [number]}))


def known(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Everything a user can see in a workspace, by kind."""
    return {
        "pipeline": {draft.id: (draft.revision, draft.document) for draft in workspace.drafts.all()},
        "run": {run.id: (run.state, run.document) for run in workspace.runs.all(limit=10_000)},
        "dataset": {f"{row.version} {row.name}": row.digest for row in workspace.datasets.all()},
        "endpoint": {row.name: row.state for row in workspace.endpoints.all()},
    }


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, dict[str, Any]]]]:
    """A workspace folder as kill -9 leaves it, with the newest rows in the write-ahead log, and its content."""
    folder = tmp_path_factory.mktemp("crashed")
    with open_workspace(folder / "live") as workspace:
        fill(workspace, range(20))
        workspace.endpoints.create("income")
        workspace.endpoints.add_version("income", {"nodes": {}})
        shutil.copytree(folder / "live", folder / "copy")
        yield folder / "copy", known(workspace)


def cut(log: Path) -> None:
    log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])


def change(log: Path) -> None:
    content = bytearray(log.read_bytes())
    place = len(content) * 2 // 3
    content[place : place + 10] = bytes(255 - byte for byte in content[place : place + 10])
    log.write_bytes(content)


def zero(log: Path) -> None:
    log.write_bytes(bytes(32) + log.read_bytes()[32:])


def delete(log: Path) -> None:
    log.unlink()


@pytest.mark.parametrize("damage", [cut, change, zero, delete])
def test_objects_lost_with_a_damaged_log_are_named_and_recovered(
    crashed: tuple[Path, dict[str, dict[str, Any]]], tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    source, saved = crashed
    folder = tmp_path / "workspace"
    shutil.copytree(source, folder)
    damage(folder / LOG)
    with open_workspace(folder) as workspace:
        assert workspace.database.check() == []  # SQLite detects no damage
        left = known(workspace)
        lost = {kind: {id for id, state in saved[kind].items() if left[kind].get(id) != state} for kind in saved}
        assert lost["run"]
        missing = workspace.record.missing()
        assert {kind: {each.head.id for each in missing if each.head.kind == kind} for kind in saved} == lost
        lines = in_words(missing)
        assert f"{len(lost['run'])} run" in lines[0]
        assert "designer rebuild" in lines[-1]
        workspace.record.bring_back()
        assert workspace.record.missing() == []
        back = known(workspace)
        for kind in ("run", "dataset", "endpoint"):
            assert back[kind] == saved[kind]
        documents = [document for _, document in back["pipeline"].values()]
        for _, document in saved["pipeline"].values():
            assert {**document, "name": ""} in [{**each, "name": ""} for each in documents]


def test_whole_log_after_a_kill_misses_nothing(crashed: tuple[Path, dict[str, dict[str, Any]]], tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    shutil.copytree(crashed[0], folder)
    with open_workspace(folder) as workspace:
        assert workspace.record.missing() == []
        assert known(workspace) == crashed[1]


def test_an_older_database_over_newer_results_is_reported_and_loses_no_later_edit(workspace: Workspace) -> None:
    draft = workspace.drafts.create("mine", {"nodes": {}})
    folder = workspace.path
    workspace.database.backup(folder / "older.db")
    workspace.drafts.save(draft.id, 1, {"nodes": {"later": {}}, "name": "mine"})
    workspace.database.close()
    for name in (DATABASE, LOG, f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "older.db").rename(folder / DATABASE)
    with open_workspace(folder) as restored:
        (sentence, names, remedy) = in_words(restored.record.missing())
        assert sentence.endswith("Missing from it: 1 pipeline.")
        assert names == "Missing: pipeline 'mine' is back at revision 1, 2 was saved."
        assert remedy == "Bring them back with: designer rebuild"
        restored.drafts.save(draft.id, 1, {"nodes": {"other": {}}, "name": "mine"})
        restored.drafts.save(draft.id, 2, {"nodes": {"other": {}, "more": {}}, "name": "mine"})
    with open_workspace(folder) as again:
        assert again.drafts.get(draft.id).revision == 3


def test_recovered_state_of_a_pipeline_stands_beside_the_one_that_is_there(workspace: Workspace) -> None:
    draft = workspace.drafts.create("mine", {"nodes": {}})
    workspace.record.manifests.keep(
        "pipeline",
        draft.id,
        7,
        "mine",
        {"draft": [{**draft.model_dump(), "revision": 7, "document": {"nodes": {"z": {}}}}]},
    )
    (back,) = workspace.record.bring_back()
    assert back.revision == 1
    assert workspace.record.missing() == []
    names = {row.name: row for row in workspace.drafts.all()}
    assert names["mine"].revision == 1
    assert names["mine (recovered)"].document == {"nodes": {"z": {}}}
    assert workspace.drafts.document(names["mine (recovered)"].id, 7) == {"nodes": {"z": {}}}


def test_results_of_a_lost_run_are_found_again_and_not_computed(workspace: Workspace) -> None:
    library = workspace.library()
    pipeline = Pipeline("p", nodes={"a": Node("a", "enter-data-manually", 1, {"data": "x\n1\n2\n"})})
    first = execute(pipeline, library, workspace, slots=1)
    assert first.ok
    folder = workspace.path
    workspace.close()
    for name in (DATABASE, LOG, f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    with open_workspace(folder) as emptied:
        assert [str(each)[:10] for each in emptied.record.bring_back()] == ["run of 'p'"]
        again = execute(pipeline, emptied.library(), emptied, slots=1)
        assert again.nodes["a"].state == "reused"


def test_what_was_removed_on_purpose_is_not_missing(workspace: Workspace) -> None:
    fill(workspace, range(1))
    workspace.endpoints.create("income")
    (draft,) = workspace.drafts.all()
    workspace.drafts.delete(draft.id)
    workspace.drafts.forget(draft.id)
    workspace.datasets.delete("data 0")
    workspace.datasets.forget("data 0")
    workspace.endpoints.delete("income")
    assert workspace.record.missing() == []


def test_workspace_without_manifests_gets_them_and_damaged_ones_are_written_again(workspace: Workspace) -> None:
    fill(workspace, range(2))
    folder = workspace.path / "manifests"
    shutil.rmtree(folder)
    assert workspace.record.missing() == []
    workspace.record.catch_up()
    count = len([path for path in folder.rglob("*") if path.is_file()])
    assert count == 6
    for content in (b"", b"[]", b"null\n{}", b"\xff\xfe\x00", b'{"format": 1}\n', b'{"format": "x"}'):
        for file in folder.rglob("*"):
            if file.is_file():
                file.write_bytes(content)
        assert workspace.record.missing() == []
        assert workspace.record.bring_back() == []
    workspace.record.catch_up()
    assert len(list(workspace.record.manifests.heads("run"))) == 2
