"""Run records: one active run, attempts, cancellation, events, and recovery after a crash."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from designer.store.history.runs import MostRuns, StaleAttempt, TooManyRuns
from designer.store.workspace import Workspace, open_workspace

DOCUMENT = {"name": "p", "nodes": {}}


def node(name: str) -> dict[str, Any]:
    return {"node": name}


def test_fifty_simultaneous_submissions_create_one_run(workspace: Workspace) -> None:
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


def test_runs_are_ordered_by_creation_even_if_the_clock_is_set_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for hour in (0, -24, 5, 1, -9000):  # clock set back a day, corrected, daylight saving ends, battery empty
        with monkeypatch.context() as patched:
            now = time.time() + hour * 3600
            patched.setattr("designer.store.history.runs.time.time", lambda now=now: now)
            run = workspace.runs.create(DOCUMENT, pipeline_id="p")
            workspace.runs.finish(run.id, workspace.runs.claim(run.id, []) or 0, "finished")
        made.append(run.id)
    assert [run.id for run in workspace.runs.all("p")] == made[::-1]
    assert [run.id for run in workspace.runs.heads()] == made[::-1]
    waiting = [workspace.runs.create(DOCUMENT).id for _ in range(5)]
    assert workspace.runs.queued() == waiting


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


def test_a_run_is_marked_crashed_with_its_nodes_unless_it_has_ended(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT)
    rows = [{"node": "a", "state": "queued"}, {"node": "b", "state": "queued"}, {"node": "c", "state": "reused"}]
    attempt = workspace.runs.claim(run.id, rows, "somebody")
    assert attempt is not None
    workspace.runs.record(run.id, attempt, {"a": {"state": "running"}})
    (taken,) = workspace.runs.owned()
    assert (taken.id, taken.owner) == (run.id, "somebody")
    assert workspace.runs.crash(taken, "Nobody knows.")
    crashed = workspace.runs.get(run.id)
    assert (crashed.state, (crashed.error or {})["message"]) == ("crashed", "Nobody knows. Run it again.")
    states = {name: row.state for name, row in workspace.runs.nodes(run.id).items()}
    assert states == {"a": "crashed", "b": "skipped", "c": "reused"}
    assert not workspace.runs.crash(taken, "Nobody knows.")
    assert workspace.runs.owned() == []


def test_old_events_are_forgotten_and_states_stay(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT)
    workspace.runs.forget_events(run.created + 60)
    assert workspace.runs.events_after(0) == []
    assert workspace.runs.get(run.id).state == "queued"


def test_a_hundred_runs_wait_beside_four_and_the_next_is_told_so(workspace: Workspace) -> None:
    assert (MostRuns.at_once, MostRuns.waiting) == (4, 100)
    for number in range(104):
        workspace.runs.create(DOCUMENT, pipeline_id=str(number))
    with pytest.raises(TooManyRuns, match=r"100 runs are queued, and 4 are running\. Try again when"):
        workspace.runs.create(DOCUMENT, pipeline_id="104")
    assert workspace.runs.create(DOCUMENT, pipeline_id="3").id == workspace.runs.active("3").id  # type: ignore[union-attr]
    last = workspace.runs.latest("103")
    assert last is not None
    assert workspace.runs.waiting_before(last) == 103
    workspace.runs.request_cancel(last.id)
    assert workspace.runs.create(DOCUMENT, pipeline_id="104").state == "queued"


def test_run_with_an_owner_waits_for_no_other(workspace: Workspace) -> None:
    run = workspace.runs.create(DOCUMENT, owner="this one")
    assert workspace.runs.queued() == []
    assert [taken.id for taken in workspace.runs.owned()] == [run.id]
    assert workspace.runs.claim(run.id, [], "another") is None
    assert workspace.runs.claim(run.id, [], "this one") == 1
