"""Limits of the computer: a slow disk, memory exhaustion, hours of sleep, an old SQLite."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from designer.engine.local.backend import Local
from designer.engine.service.recovery import recover
from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.artifacts.values import Stored
from designer.store.records import ACTIVE
from designer.store.workspace import Workspace, open_workspace
from tests.hardening.conftest import Laboratory, wait_for


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "workspace") as opened:
        yield opened


SLOW = "inject=fsync,fdatasync:delay_enter=500000"
"""Option for strace that delays each sync to disk by half a second."""


def script(code: str) -> Pipeline:
    """A pipeline of one script on a small table."""
    nodes = {
        "data": Node("data", "enter-data-manually", parameters={"data": "x\n1\n2\n"}),
        "script": Node("script", "execute-python-script", parameters={"script": code}),
    }
    return Pipeline(name="Machine", nodes=nodes, edges=(Edge("data", "dataset", "script", "dataset1"),))


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_on_a_slow_disk_nothing_is_taken_for_dead(tmp_path: Path) -> None:
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", SLOW,
               sys.executable, "-m", "designer.engine.service.daemon", "--workspace", str(tmp_path)]  # fmt: skip
    with open_workspace(tmp_path) as workspace:
        # A signal to strace alone would leave the engine running, so both get a session of their own.
        engine = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            wait_for(workspace.engine_is_running, 60)
            run = workspace.runs.create(
                to_document(script("def azureml_main(dataframe1=None, dataframe2=None): return dataframe1,"))
            )
            seen = {run.state}
            while seen <= set(ACTIVE):
                with Local() as backend:
                    assert recover(workspace, backend) == []
                seen.add(workspace.runs.get(run.id).state)
            assert seen - set(ACTIVE) == {"finished"}
        finally:
            os.killpg(engine.pid, signal.SIGKILL)
            engine.wait(20)


OWNER = """
import sys
from designer.engine.children.processes import this_process
from designer.store.workspace import open_workspace
workspace = open_workspace(sys.argv[1])
run = workspace.runs.create({"name": "p", "nodes": {}}, owner=this_process())
workspace.runs.claim(run.id, [], this_process())
print(run.id, flush=True)
sys.stdin.read()
"""


def test_a_run_that_slept_for_two_hours_is_alive(workspace: Workspace) -> None:
    command = [sys.executable, "-c", OWNER, str(workspace.path)]
    with (
        Local() as backend,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner,
    ):
        assert owner.stdout is not None
        id = owner.stdout.readline().strip()
        owner.send_signal(signal.SIGSTOP)
        with closing(sqlite3.connect(workspace.database.file)) as rows, rows:
            rows.execute("UPDATE run SET created = created - 7200, started = created - 7200")
        assert recover(workspace, backend) == []
        owner.kill()
        owner.wait(20)
        assert recover(workspace, backend) == [id]


def test_where_memory_ends_a_step_goes_before_the_engine(laboratory: Laboratory) -> None:
    code = (
        "import pandas as pd\n"
        "def azureml_main(dataframe1=None, dataframe2=None):\n"
        "    return pd.DataFrame({'adj': [int(open('/proc/self/oom_score_adj').read())]}),\n"
    )
    run = laboratory.workspace.runs.create(to_document(script(code)))
    wait_for(lambda: laboratory.workspace.runs.get(run.id).state not in ACTIVE)
    row = laboratory.workspace.runs.nodes(run.id)["script"]
    assert row.state == "finished", row.error
    table = laboratory.workspace.artifacts.get(Stored.from_json(row.outputs["result_dataset"]))
    engine = int(Path(f"/proc/{laboratory.engine}/oom_score_adj").read_text())
    assert table["adj"][0] > engine


def test_an_old_sqlite_is_named_and_one_process_moves_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_workspace(tmp_path) as page, open_workspace(tmp_path, checkpoints=True) as engine:
        moves = []
        for workspace in (page, engine):
            with workspace.database.read() as session:
                moves.append(session.connection().exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one())
        assert moves[0] == 0
        assert moves[1] > 0
        monkeypatch.setattr("designer.store.database.sqlite3.sqlite_version_info", (3, 51, 2))
        assert "write-ahead log, repaired in 3.51.3" in page.database.warnings()[0]
        monkeypatch.setattr("designer.store.database.sqlite3.sqlite_version_info", (3, 51, 3))
        assert page.database.warnings() == []
