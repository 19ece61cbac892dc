"""The engine process: takes queued runs, runs once per workspace, and reports true states after kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from designer.audit.audit import VERSION as AUDIT_VERSION
from designer.audit.finding import SAME_ROWS
from designer.contract.catalogue.library import Library
from designer.contract.errors import MismatchedTables, UnreadableFile
from designer.engine.auditing import audit, is_waiting, results_that_hold
from designer.engine.importing import import_dataset
from designer.engine.profiles import wanted
from designer.engine.service.daemon import RETRY_SECONDS
from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.history.runs import TooManyRuns
from designer.store.workspace import Workspace
from tests.engine.conftest import chain

NUMBERS = ("numbers", {})
Start = Callable[[], "subprocess.Popen[bytes]"]


ROOT = Path(__file__).parents[2]
LOCAL, IN_ORDER = "designer.engine.service.daemon", "tests.engine.in_order"
only_local = pytest.mark.parametrize("engine", [LOCAL], ids=["local"], indirect=True)


@pytest.fixture(params=[LOCAL, IN_ORDER], ids=["local", "in order"])
def engine(request: pytest.FixtureRequest) -> str:
    """The module of an engine process, for each of two backends."""
    return str(request.param)


@pytest.fixture
def start(workspace: Workspace, engine: str) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", engine, "--workspace", str(workspace.path), "--slots", "2"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=ROOT)
        started.append(process)
        wait_for(workspace.engine_is_running)
        return process

    yield begin
    for process in started:
        process.terminate()
        process.wait(timeout=20)


def wait_for(condition: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.02)


def has_ended(workspace: Workspace, run_id: str) -> Callable[[], bool]:
    return lambda: workspace.runs.get(run_id).state not in ("queued", "running")


def is_running(workspace: Workspace, run_id: str, node: str) -> Callable[[], bool]:
    return lambda: node in (rows := workspace.runs.nodes(run_id)) and rows[node].state == "running"


def test_queued_run_is_taken_cancelled_one_ends_and_an_odd_one_says_why(workspace: Workspace, start: Start) -> None:
    start()
    fine = workspace.runs.create(to_document(chain(NUMBERS, ("step", {}))), pipeline_id="p")
    wait_for(has_ended(workspace, fine.id))
    assert workspace.runs.get(fine.id).state == "finished"
    assert {row.state for row in workspace.runs.nodes(fine.id).values()} == {"finished"}

    endless = workspace.runs.create(to_document(chain(NUMBERS, ("misbehave", {"how": "loop"}))), pipeline_id="p")
    wait_for(is_running(workspace, endless.id, "b"))
    requested = time.monotonic()
    workspace.runs.request_cancel(endless.id)
    wait_for(has_ended(workspace, endless.id))
    assert time.monotonic() - requested < 2
    assert workspace.runs.nodes(endless.id)["b"].state == "cancelled"

    odd = workspace.runs.create({"format": 1, "nodes": "none"})
    wait_for(has_ended(workspace, odd.id))
    assert workspace.runs.get(odd.id).state == "failed"
    assert "damaged" in (workspace.runs.get(odd.id).error or {})["message"]


@only_local  # no task runs
def test_second_engine_leaves_at_once(workspace: Workspace, start: Start) -> None:
    first = start()
    command = [sys.executable, "-m", "designer.engine.service.daemon", "--workspace", str(workspace.path)]
    second = subprocess.run(command, capture_output=True, timeout=60)
    assert second.returncode == 3
    assert f"Another engine process ({first.pid})".encode() in second.stderr


def test_a_killed_engine_leaves_no_process_and_the_next_one_marks_its_run_crashed(
    workspace: Workspace, engine: str, start: Start
) -> None:
    killed = start()
    how = "offspring" if engine == LOCAL else "stubborn"  # only the fork server adopts children that leave its session
    run = workspace.runs.create(to_document(chain(NUMBERS, ("misbehave", {"how": how}), ("step", {}))))
    wait_for(is_running(workspace, run.id, "b"))
    family = psutil.Process(killed.pid).children(recursive=True)
    assert len(family) >= (2 if engine == LOCAL else 1)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    wait_for(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family), 5)
    assert not workspace.engine_is_running()
    start()
    wait_for(has_ended(workspace, run.id))
    assert workspace.runs.get(run.id).state == "crashed"
    states = {id: row.state for id, row in workspace.runs.nodes(run.id).items()}
    assert states == {"a": "finished", "b": "crashed", "c": "skipped"}
    wait_for(lambda: list(workspace.scratch.iterdir()) == [])


def test_an_engine_that_starts_leaves_the_folders_of_requests_alone(workspace: Workspace, start: Start) -> None:
    fresh, old, of_a_run = (workspace.scratch / name for name in ("datastore-a", "datastore-b", f"{'0' * 32}-1-0"))
    for folder in (fresh, old, of_a_run):
        folder.mkdir(parents=True)
    os.utime(old, (time.time() - 7200,) * 2)
    start()
    wait_for(lambda: not of_a_run.exists() and not old.exists())
    assert fresh.exists()


def test_a_terminated_engine_cancels_its_runs_and_exits(workspace: Workspace, start: Start) -> None:
    process = start()
    run = workspace.runs.create(to_document(chain(NUMBERS, ("misbehave", {"how": "stubborn"}))))
    wait_for(is_running(workspace, run.id, "b"))
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert workspace.runs.get(run.id).state == "cancelled"


@only_local  # its end is detected by the number of the engine's remaining children
def test_the_end_of_a_run_is_recorded_once_the_disk_has_room_again(workspace: Workspace, start: Start) -> None:
    process = psutil.Process(start().pid)
    run = workspace.runs.create(to_document(chain(NUMBERS, ("misbehave", {"how": "stubborn"}), ("step", {}))))
    wait_for(is_running(workspace, run.id, "b"))
    log = workspace.path / "designer.db-wal"
    process.rlimit(psutil.RLIMIT_FSIZE, (log.stat().st_size, psutil.RLIM_INFINITY))  # as if the disk were full
    workspace.runs.request_cancel(run.id)
    wait_for(lambda: len(process.children(recursive=True)) == 1)
    time.sleep(2 * RETRY_SECONDS)
    assert process.is_running()
    assert workspace.runs.get(run.id).state == "running"
    process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    wait_for(has_ended(workspace, run.id))
    ended = workspace.runs.get(run.id)
    assert ended.state == "crashed"
    assert (ended.error or {})["message"].startswith("The end of the run could not be written")
    assert {row.state for row in workspace.runs.nodes(run.id).values()} == {"finished", "crashed", "skipped"}
    again = workspace.runs.create(to_document(chain(NUMBERS)))
    wait_for(has_ended(workspace, again.id))
    assert workspace.runs.get(again.id).state == "finished"


def test_files_become_datasets_and_tables_get_statistics(workspace: Workspace, library: Library, start: Start) -> None:
    start()
    place = workspace.upload_place("sales.csv")
    place.write_text("region;amount\nnorth;1\nsouth;2\n")
    relative = place.relative_to(workspace.uploads)
    row = import_dataset(workspace, library, relative, "Sales", options={"separator": "Semicolon"})
    assert (row.name, row.rows, row.columns) == ("Sales", 2, 2)
    assert row.options["separator"] == "Semicolon"
    assert row.options["reading"]["separator"] == ";"
    wait_for(lambda: wanted(workspace, row.digest).state != "wanted")
    profile = wanted(workspace, row.digest)
    assert profile.state == "ready"
    assert [column["name"] for column in profile.document["profile"]] == ["region", "amount"]
    assert wanted(workspace, "0" * 64).state == "wanted"
    wait_for(lambda: wanted(workspace, "0" * 64).state == "failed")


def test_file_that_is_no_table_says_what_is_wrong_without_an_engine_too(
    workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text("a,b\n1,2,3\n")
    with pytest.raises(UnreadableFile, match=r"Import Data, .*3 cells where 2"):
        import_dataset(workspace, library, tmp_path / "bad.csv", "Bad")
    assert "Bad" not in workspace.datasets.names()
    (tmp_path / "many").mkdir()
    for name, header in (("one", "a"), ("two", "a,b")):
        (tmp_path / "many" / f"{name}.csv").write_text(f"{header}\n")
    with pytest.raises(MismatchedTables, match=r"two\.csv: the file has 2 columns, 'one\.csv' has 1") as refused:
        import_dataset(workspace, library, tmp_path / "many" / "**", "Both")
    assert refused.value.code == "0061"


@only_local  # concurrency is up to the backend, and a hundred processes are slow
def test_four_runs_are_active_and_queued_runs_use_no_thread(workspace: Workspace, start: Start) -> None:
    process = psutil.Process(start().pid)
    idle = process.num_threads()
    endless = to_document(chain(NUMBERS, ("misbehave", {"how": "loop"})))
    busy = [workspace.runs.create(endless) for _ in range(4)]
    quick = [workspace.runs.create(to_document(chain(NUMBERS))) for _ in range(100)]
    wait_for(lambda: workspace.runs.running() == {run.id for run in busy})
    assert len(workspace.runs.queued()) == 100
    assert process.num_threads() <= idle + 4 + 2
    with pytest.raises(TooManyRuns):
        workspace.runs.create(endless)
    for run in busy:
        workspace.runs.request_cancel(run.id)
    wait_for(has_ended(workspace, quick[-1].id))
    wait_for(lambda: workspace.runs.queued() == [] and not workspace.runs.running())
    assert {workspace.runs.get(run.id).state for run in quick} == {"finished"}
    assert process.is_running()


def test_the_engine_looks_for_leaks_in_tables_and_lives_on_where_it_cannot(
    workspace: Workspace, library: Library, start: Start
) -> None:
    rows = pd.DataFrame(np.random.RandomState(0).normal(size=(60, 2)), columns=["x", "z"]).assign(y=["a", "b"] * 30)
    workspace.datasets.register("Doubled", pd.concat([rows, rows], ignore_index=True))
    pipeline = Pipeline(
        nodes={
            "data": Node("data", "dataset", parameters={"name": "Doubled"}),
            "split": Node("split", "split-data"),
            "learner": Node("learner", "two-class-logistic-regression"),
            "train": Node("train", "train-model", parameters={"label_column": "y"}),
            "score": Node("score", "score-model"),
        },
        edges=(
            Edge("data", "dataset", "split", "dataset"),
            Edge("learner", "untrained_model", "train", "untrained_model"),
            Edge("split", "results_dataset1", "train", "dataset"),
            Edge("train", "trained_model", "score", "trained_model"),
            Edge("split", "results_dataset2", "score", "dataset"),
        ),
    )
    start()
    run = workspace.runs.create(to_document(pipeline))
    wait_for(has_ended(workspace, run.id))
    outputs = results_that_hold(workspace, pipeline, library)
    pending = audit(workspace, pipeline, library, outputs, here=False)
    assert len(pending.waiting) == 2
    workspace.results.keep_profile("odd", AUDIT_VERSION, "wanted", {"tables": ["0" * 64], "question": {}, "title": "T"})
    wait_for(lambda: not is_waiting(workspace, pending))
    complete = audit(workspace, pipeline, library, outputs, here=False)
    assert complete.waiting == {}
    assert {finding.rule for each in complete.findings.values() for finding in each} == {SAME_ROWS}
    assert complete == audit(workspace, pipeline, library, outputs, here=True)
    wait_for(lambda: workspace.results.profile("odd", AUDIT_VERSION).state == "failed")  # type: ignore[union-attr]
