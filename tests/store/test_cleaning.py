"""Cleaning removes unreferenced files and results, and keeps referenced ones."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sqlmodel import select

from designer.contract.component import Command, ComponentSpec
from designer.contract.schema import Column, Kind, Schema
from designer.contract.values import Task, TrainedModel
from designer.store.artifacts.values import Stored
from designer.store.records import Artifact, Run
from designer.store.results import CachedResult
from designer.store.upkeep import cleaning
from designer.store.upkeep.cleaning import RunsGoOn, clean, unneeded
from designer.store.workspace import Workspace

AT_ONCE = -60.0
"""Age limit that includes files just created."""


def table(workspace: Workspace, number: int) -> Stored:
    return workspace.put(pd.DataFrame({"a": [number]}))


def ran(
    workspace: Workspace, *outputs: Stored, pipeline: str | None = None, state: str = "finished", name: str = "p"
) -> str:
    """Record a run whose nodes produced these outputs, under keys that later runs can reuse."""
    run = workspace.runs.create({"name": name, "nodes": {}}, pipeline_id=pipeline)
    rows = [
        {"node": f"n{n}", "state": "finished", "outputs": {"out": stored.to_json()}} for n, stored in enumerate(outputs)
    ]
    attempt = workspace.runs.claim(run.id, rows)
    assert attempt is not None
    with workspace.database.record() as session:
        kept = [CachedResult(f"key {stored.digest}", "m", {"out": stored}, "", 1.0, time.time()) for stored in outputs]
        workspace.results.keep_in(session, kept)
    if state != "running":
        workspace.runs.finish(run.id, attempt, state)
    return run.id


def left(workspace: Workspace) -> set[str]:
    return {path.name for path in (workspace.path / "artifacts").glob("??/*")}


def test_results_of_older_runs_go_with_all_that_is_known_of_them(workspace: Workspace) -> None:
    old, shared, new = (table(workspace, n) for n in range(3))
    ran(workspace, old, shared, pipeline="p")
    ran(workspace, shared, new, pipeline="p")
    workspace.results.keep_profile(old.digest, "1", "ready", {})
    workspace.results.keep_profile("of both", "1", "ready", {"tables": [shared.digest, old.digest]})
    workspace.results.keep_profile("of what stays", "1", "ready", {"tables": [shared.digest, new.digest]})
    report = clean(workspace, older_than=AT_ONCE)
    assert [file.name for file in report.files] == [old.digest]
    assert (report.bytes, dict(report.count_by_kind), report.kept) == (old.size, {"data": 1}, 2)
    assert left(workspace) == {shared.digest, new.digest}
    assert workspace.results.find(f"key {old.digest}") is None
    assert workspace.results.find(f"key {shared.digest}") is not None
    assert workspace.results.profile(old.digest, "1") is None
    assert workspace.results.profile("of both", "1") is None
    assert workspace.results.profile("of what stays", "1") is not None
    with workspace.database.read() as session:
        assert session.get(Artifact, old.digest) is None
    assert clean(workspace, older_than=AT_ONCE).files == ()


def test_listing_unneeded_results_deletes_nothing(workspace: Workspace) -> None:
    old, new = table(workspace, 1), table(workspace, 2)
    ran(workspace, old, pipeline="p")
    ran(workspace, new, pipeline="p")
    assert [file.name for file in unneeded(workspace, older_than=AT_ONCE).files] == [old.digest]
    assert left(workspace) == {old.digest, new.digest}
    assert workspace.results.find(f"key {old.digest}") is not None


def test_each_pipeline_keeps_its_newest_runs_and_its_newest_finished_one(workspace: Workspace) -> None:
    values = [table(workspace, n) for n in range(5)]
    ran(workspace, values[0], pipeline="p")
    ran(workspace, values[1], pipeline="p")
    ran(workspace, values[2], pipeline="p", state="failed")
    ran(workspace, values[3], name="of a file")
    ran(workspace, values[4], name="of another file")
    assert [file.name for file in unneeded(workspace, older_than=AT_ONCE).files] == [values[0].digest]
    assert unneeded(workspace, keep=3, older_than=AT_ONCE).files == ()


def document(digest: str) -> dict[str, Any]:
    return {"name": "p", "nodes": {"m": {"module": "saved-model", "parameters": {"artifact": digest}}}}


def test_what_a_pipeline_pins_stays_also_in_its_history_and_in_the_trash(workspace: Workspace) -> None:
    pinned, former, gone = (table(workspace, n) for n in range(3))
    draft = workspace.drafts.create("p", document(former.digest))
    workspace.drafts.save(draft.id, 1, document(pinned.digest))
    workspace.drafts.delete(draft.id)
    assert [file.name for file in clean(workspace, older_than=AT_ONCE).files] == [gone.digest]
    workspace.drafts.forget(draft.id)
    assert {file.name for file in clean(workspace, older_than=AT_ONCE).files} == {former.digest, pinned.digest}


def test_what_an_endpoint_serves_stays_with_the_run_that_vouches_for_it(workspace: Workspace) -> None:
    model, onnx, held_out, other = (table(workspace, n) for n in range(4))
    run = ran(workspace, held_out, pipeline="p")
    ran(workspace, other, pipeline="p")
    workspace.endpoints.create("e")
    workspace.endpoints.add_version("e", document(model.digest), run_id=run, artifacts={"onnx": onnx.digest})
    assert clean(workspace, older_than=AT_ONCE).files == ()
    assert left(workspace) == {model.digest, onnx.digest, held_out.digest, other.digest}


def test_datasets_stay_in_all_versions(workspace: Workspace) -> None:
    for number in range(2):
        workspace.datasets.register("mine", pd.DataFrame({"a": [number]}))
    workspace.datasets.delete("mine")
    assert clean(workspace, older_than=AT_ONCE).files == ()
    assert len(left(workspace)) == 2


def test_models_that_the_page_lists_stay(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    estimator = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    model = workspace.put(
        TrainedModel(
            "m", Task.TWO_CLASS, estimator, Schema((Column("a", Kind.DECIMAL),)), Column("b", Kind.INTEGER), (0, 1)
        )
    )
    ran(workspace, model, pipeline="p")
    ran(workspace, table(workspace, 1), pipeline="p")
    assert clean(workspace, older_than=AT_ONCE).files == ()
    monkeypatch.setattr(cleaning, "LISTED_RUNS", 1)
    assert [file.name for file in clean(workspace, older_than=AT_ONCE).files] == [model.digest]


def test_no_result_is_deleted_while_a_run_may_read_it(workspace: Workspace) -> None:
    stored = table(workspace, 1)
    ran(workspace, table(workspace, 2), pipeline="p", state="running")
    with pytest.raises(RunsGoOn, match="Wait until it ends"):
        clean(workspace, older_than=AT_ONCE)
    assert stored.digest in left(workspace)


def test_a_file_of_this_hour_stays_and_then_unfinished_ones_go_too(workspace: Workspace) -> None:
    half = workspace.path / "artifacts" / "incoming" / "0123456789abcdef"
    half.write_bytes(b"half")
    workspace.artifacts.put(pd.DataFrame({"a": [1]}))  # the process died before it recorded the artifact
    assert clean(workspace).files == ()
    assert dict(clean(workspace, older_than=AT_ONCE).count_by_kind) == {"unfinished": 2}
    assert not half.exists()
    assert left(workspace) == set()


def test_a_folder_that_is_no_store_of_ours_is_left_alone(workspace: Workspace) -> None:
    beside = workspace.path / "artifacts" / "notes.txt"
    beside.write_text("mine")
    assert clean(workspace, older_than=AT_ONCE).files == ()
    assert beside.exists()


def test_programs_that_no_pipeline_and_no_run_has_go_with_their_code(workspace: Workspace) -> None:
    def program(line: str) -> ComponentSpec:
        code = workspace.artifacts.blobs.write(lambda file: file.write_text(line) and None)
        return ComponentSpec("main", "", Command("shell", line), code=code)

    unused, drafted, run, named = (program(line) for line in ("true 1", "true 2", "true 3", "true 4"))
    ids = [workspace.components.keep(spec, "shell").id for spec in (unused, drafted, run)]
    workspace.components.register(replace(named, version="1"), "shell")
    workspace.drafts.create("p", {"name": "p", "nodes": {"a": {"module": ids[1]}}})
    workspace.runs.finish(workspace.runs.create({"name": "r", "nodes": {"a": {"module": ids[2]}}}).id, 0, "finished")
    assert {file.name for file in unneeded(workspace, older_than=AT_ONCE).files} == {unused.code}
    with workspace.database.write() as session:
        for each in session.exec(select(Run)).all():
            each.state = "finished"
    clean(workspace, older_than=AT_ONCE)
    assert left(workspace) == {drafted.code, run.code, named.code}
    assert set(workspace.components.modules()) == {*ids[1:], "main@1"}
