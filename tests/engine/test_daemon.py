"""The engine process: takes what is queued, there is one, and after kill -9 the next one tells the truth."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from designer.contract.errors import MismatchedTables, UnreadableFile
from designer.contract.library import Library
from designer.engine.daemon import RETRY_SECONDS
from designer.engine.importing import import_dataset
from designer.engine.profiles import wanted
from designer.pipeline.document import to_document
from designer.store.workspace import Workspace
from tests.engine.conftest import chain

NUMBERS = ("numbers", {})
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(workspace: Workspace) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "designer.engine.daemon", "--workspace", str(workspace.path), "--slots", "2"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        started.append(process)
        wait_for(workspace.engine_is_running)
        return process

    yield begin
    for process in started:
        process.terminate()
        process.wait(timeout=20)


def wait_for(condition: Callable[[], bool], seconds: float = 40) -> None:
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
    asked = time.monotonic()
    workspace.runs.request_cancel(endless.id)
    wait_for(has_ended(workspace, endless.id))
    assert time.monotonic() - asked < 2
    assert workspace.runs.nodes(endless.id)["b"].state == "cancelled"

    odd = workspace.runs.create({"format": 1, "nodes": "none"})
    wait_for(has_ended(workspace, odd.id))
    assert workspace.runs.get(odd.id).state == "failed"
    assert "damaged" in (workspace.runs.get(odd.id).error or {})["message"]


def test_second_engine_leaves_at_once(workspace: Workspace, start: Start) -> None:
    first = start()
    command = [sys.executable, "-m", "designer.engine.daemon", "--workspace", str(workspace.path)]
    second = subprocess.run(command, capture_output=True, timeout=60)
    assert second.returncode == 3
    assert f"Another engine process ({first.pid})".encode() in second.stderr


def test_killed_engine_leaves_no_process_and_the_next_one_a_true_state(workspace: Workspace, start: Start) -> None:
    engine = start()
    run = workspace.runs.create(to_document(chain(NUMBERS, ("misbehave", {"how": "offspring"}), ("step", {}))))
    wait_for(is_running(workspace, run.id, "b"))
    family = psutil.Process(engine.pid).children(recursive=True)
    assert len(family) >= 2
    engine.send_signal(signal.SIGKILL)
    engine.wait()
    wait_for(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family), 5)
    assert not workspace.engine_is_running()
    start()
    wait_for(has_ended(workspace, run.id))
    assert workspace.runs.get(run.id).state == "crashed"
    states = {id: row.state for id, row in workspace.runs.nodes(run.id).items()}
    assert states == {"a": "finished", "b": "crashed", "c": "skipped"}
    wait_for(lambda: list(workspace.scratch.iterdir()) == [])


def test_terminated_engine_cancels_what_runs_and_goes(workspace: Workspace, start: Start) -> None:
    engine = start()
    run = workspace.runs.create(to_document(chain(NUMBERS, ("misbehave", {"how": "stubborn"}))))
    wait_for(is_running(workspace, run.id, "b"))
    engine.terminate()
    assert engine.wait(timeout=10) == 0
    assert workspace.runs.get(run.id).state == "cancelled"


def test_end_that_cannot_be_written_is_told_later_and_the_engine_lives_on(workspace: Workspace, start: Start) -> None:
    engine = psutil.Process(start().pid)
    run = workspace.runs.create(to_document(chain(NUMBERS, ("misbehave", {"how": "stubborn"}), ("step", {}))))
    wait_for(is_running(workspace, run.id, "b"))
    log = workspace.path / "designer.db-wal"
    engine.rlimit(psutil.RLIMIT_FSIZE, (log.stat().st_size, psutil.RLIM_INFINITY))  # as if the disk were full
    workspace.runs.request_cancel(run.id)
    wait_for(lambda: len(engine.children(recursive=True)) == 1)
    time.sleep(2 * RETRY_SECONDS)
    assert engine.is_running()
    assert workspace.runs.get(run.id).state == "running"
    engine.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    wait_for(has_ended(workspace, run.id))
    found = workspace.runs.get(run.id)
    assert found.state == "crashed"
    assert (found.error or {})["message"].startswith("The end of the run could not be written")
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
    assert row.options == {"separator": "Semicolon"}
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
