"""Lost runs: the backend decides whether the owner of a run is still alive."""

from __future__ import annotations

import os
import subprocess
import sys

from designer.engine.children.processes import is_there, this_process
from designer.engine.local.backend import Local
from designer.engine.service.recovery import recover
from designer.store.workspace import Workspace

DOCUMENT = {"name": "p", "nodes": {}}


class Cluster(Local):
    """A remote backend: the names of its owners are unrelated to processes on this computer."""

    there = ("east", "west")

    @property
    def owner(self) -> str:
        return "east"

    def lives(self, owner: str) -> bool:
        return owner in self.there


def test_the_backend_says_which_runs_are_lost(workspace: Workspace) -> None:
    runs = workspace.runs
    east, west, north, queued = (runs.create(DOCUMENT) for _ in range(4))
    own = runs.create(DOCUMENT, owner="south")
    for run, owner in ((east, "east"), (west, "west"), (north, "north")):
        runs.claim(run.id, [{"node": "a", "state": "running"}], owner)
    with Cluster() as backend:
        assert set(recover(workspace, backend)) == {north.id, own.id}
        assert recover(workspace, backend, [east.id]) == []
        assert recover(workspace, backend, []) == [east.id]
    assert (runs.get(north.id).error or {})["message"].startswith("The engine process ended before the run did.")
    assert (runs.get(east.id).error or {})["message"].startswith("The end of the run could not be written")
    assert [runs.get(run.id).state for run in (east, west, north, own, queued)] == [
        "crashed", "running", "crashed", "crashed", "queued",
    ]  # fmt: skip
    assert runs.nodes(north.id)["a"].state == "crashed"


OWN = """
import sys
from designer.engine.children.processes import this_process
from designer.store.workspace import open_workspace
workspace = open_workspace(sys.argv[1])
print(workspace.runs.create({"name": "p", "nodes": {}}, owner=this_process()).id, flush=True)
sys.stdin.read()
"""


def test_run_of_a_command_line_is_taken_by_no_engine_and_ends_with_its_process(workspace: Workspace) -> None:
    command = [sys.executable, "-c", OWN, str(workspace.path)]
    with Local() as backend:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            id = process.stdout.readline().strip()
            assert workspace.runs.queued() == []
            assert workspace.runs.claim(id, [], backend.owner) is None
            assert recover(workspace, backend) == []
            process.kill()
        assert recover(workspace, backend) == [id]
    assert workspace.runs.get(id).state == "crashed"


def test_a_reused_pid_counts_as_another_process() -> None:
    assert is_there(this_process())
    assert not is_there(f"process {os.getpid()} since 12.00")
    assert not is_there("")
    assert not is_there("process 0")
