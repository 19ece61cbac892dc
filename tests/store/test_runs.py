"""Rows of runs: one active run, attempts, cancelling, events, the truth after a crash."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from designer.store.runs import StaleAttempt
from designer.store.workspace import Workspace, open_workspace

DOCUMENT = {"name": "p", "nodes": {}}


def node(name: str) -> dict[str, Any]:
    return {"node": name}


def test_fifty_clicks_make_one_run(workspace: Workspace) -> None:
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(lambda _: workspace.runs.create(DOCUMENT, pipeline_id="p"), range(50)))
    assert len({run.id for run in runs}) == 1
    assert len(workspace.runs.all("p")) == 1


def test_pipeline_that_ended_runs_again(workspace: Workspace) -> None:
    first = workspace.runs.create(DOCUMENT, pipeline_id="p")
    attempt = workspace.runs.claim(first.id, [])
    assert attempt == 1
    workspace.runs.finish(first.id, attempt, "finished")
    second = workspace.runs.create(DOCUMENT, pipeline_id="p")
    assert second.id != first.id
    latest = workspace.runs.latest("p")
    assert latest is not None
    assert latest.id == second.id


def test_run_is_claimed_once(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT)
    with open_workspace(workspace.path) as other:
        claims = [workspace.runs.claim(run.id, []), other.runs.claim(run.id, [])]
    assert claims == [1, None]


def test_what_a_key_is_made_of_comes_back_whatever_the_numbers(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT)
    parts = {"parameters": {"huge": 2**70, "share": 0.1, "names": ["ä", None]}}
    assert workspace.runs.claim(run.id, [{"node": "a", "parts": parts, "error": None}]) == 1
    row = workspace.runs.node(run.id, "a")
    assert row is not None
    assert (row.parts, row.error, row.outputs) == (parts, None, {})


def test_late_writer_with_an_old_attempt_is_refused(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT)
    attempt = workspace.runs.claim(run.id, [node("a")])
    assert attempt is not None
    with pytest.raises(StaleAttempt):
        workspace.runs.record(run.id, attempt - 1, {"a": {"state": "finished"}})
    with pytest.raises(StaleAttempt):
        workspace.runs.finish(run.id, attempt - 1, "finished")
    assert workspace.runs.nodes(run.id)["a"].state == "queued"


def test_queued_run_is_cancelled_at_once_and_a_running_one_is_asked(workspace: Workspace) -> None:
    waiting, running = workspace.runs.create(DOCUMENT), workspace.runs.create(DOCUMENT)
    workspace.runs.claim(running.id, [])
    workspace.runs.request_cancel(waiting.id)
    workspace.runs.request_cancel(running.id)
    assert workspace.runs.get(waiting.id).state == "cancelled"
    assert workspace.runs.get(running.id).state == "running"
    assert workspace.runs.cancel_requested(running.id)
    assert workspace.runs.queued() == []


def test_events_come_in_order_after_the_last_one_seen(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT)
    seen = workspace.runs.last_sequence()
    attempt = workspace.runs.claim(run.id, [node("a")])
    assert attempt is not None
    workspace.runs.record(run.id, attempt, {"a": {"state": "running"}})
    workspace.runs.record(run.id, attempt, {"a": {"fraction": 0.5, "text": "half", "outputs": {"x": {}}}})
    workspace.runs.finish(run.id, attempt, "finished")
    events = workspace.runs.events_after(seen)
    assert [(event.kind, event.node, event.body) for event in events] == [
        ("run", None, {"state": "running"}),
        ("node", "a", {"state": "running"}),
        ("node", "a", {"fraction": 0.5, "text": "half"}),
        ("run", None, {"state": "finished"}),
    ]
    assert workspace.runs.events_after(events[-1].sequence or 0) == []


CLAIM = """
import os, sys
from designer.store.workspace import open_workspace
workspace = open_workspace(sys.argv[1])
rows = [{"node": "a", "state": "queued"}, {"node": "b", "state": "queued"}, {"node": "c", "state": "reused"}]
attempt = workspace.runs.claim(sys.argv[2], rows)
workspace.runs.record(sys.argv[2], attempt, {"a": {"state": "running"}})
os.kill(os.getpid(), 9)
"""


def test_run_of_a_killed_process_is_crashed_and_its_nodes_say_the_truth(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT)
    killed = subprocess.run([sys.executable, "-c", CLAIM, str(workspace.path), run.id], timeout=60)
    assert killed.returncode == -9
    assert workspace.runs.get(run.id).state == "running"
    assert workspace.runs.recover() == [run.id]
    assert workspace.runs.get(run.id).state == "crashed"
    states = {name: row.state for name, row in workspace.runs.nodes(run.id).items()}
    assert states == {"a": "crashed", "b": "skipped", "c": "reused"}


def test_run_of_a_living_process_is_left_alone(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT)
    workspace.runs.claim(run.id, [])
    assert workspace.runs.recover() == []
    assert workspace.runs.get(run.id).state == "running"


def test_old_events_are_forgotten_and_states_stay(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT)
    workspace.runs.forget_events(run.created + 60)
    assert workspace.runs.events_after(0) == []
    assert workspace.runs.get(run.id).state == "queued"
