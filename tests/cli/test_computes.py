"""`designer compute` and `designer worker`, with a scheduler and a worker as real processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from designer.engine.children.lifeline import environment
from tests.cli.terminal import designer
from tests.engine.dask.cluster import Cluster, wait_until

WORKER = """
import sys
from designer.engine.children.lifeline import end_with_starter
end_with_starter()
from designer.cli import main
sys.argv = ["designer", "worker", *sys.argv[1:]]
if __name__ == "__main__":
    main()
"""


def test_computes_by_name(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    designer("compute", "add", "lab", "--address", "tcp://127.0.0.1:8786", workspace=workspace)
    designer("compute", "add", "small", "--processes", "0..4", "--threads", "2", workspace=workspace)
    designer("compute", "default", "small", workspace=workspace)
    lines = designer("compute", "list", workspace=workspace).stdout.splitlines()
    assert lines[0].startswith("local  ")
    assert "tcp://127.0.0.1:8786" in lines[1]
    assert lines[2].endswith("0 to 4 processes, 2 steps at once each  (default)")
    row = json.loads(designer("compute", "list", "--json", workspace=workspace).stdout)[1]
    assert (row["name"], row["minimum"], row["maximum"], row["is_default"], row["runs"]) == ("small", 0, 4, True, [])
    open_to_others = ("compute", "add", "far", "--address", "tcp://10.0.0.5:8786")
    assert "can run programs there" in designer(*open_to_others, workspace=workspace, code=2).stderr
    assert (
        "no number of workers"
        in designer("compute", "add", "x", "--processes", "many", workspace=workspace, code=2).stderr
    )
    assert "give an address or processes" in designer("compute", "add", "x", workspace=workspace, code=2).stderr
    assert "lab: removed" in designer("compute", "remove", "lab", workspace=workspace).stdout
    missing = designer("compute", "test", "lab", workspace=workspace, code=2).stderr
    assert "there is no compute 'lab'" in missing


def test_a_pipeline_runs_on_a_worker_started_by_hand(tmp_path: Path) -> None:
    workspace, script = tmp_path / "workspace", tmp_path / "worker.py"
    script.write_text(WORKER)
    with Cluster(tmp_path) as cluster:
        words = [sys.executable, str(script), cluster.address, "--name", "hand"]
        worker = subprocess.Popen(words, env=environment(), stderr=subprocess.DEVNULL)
        try:
            cluster.wait_for_workers(1)
            document = {
                "format": 2, "name": "p",
                "nodes": {"a": {"module": "enter-data-manually", "parameters": {"data": "a,b\n1,2\n3,4\n"}}},
            }  # fmt: skip
            (tmp_path / "p.json").write_text(json.dumps(document))
            ran = designer("run", str(tmp_path / "p.json"), "--compute", cluster.address, workspace=workspace)
            assert f"{cluster.address}: worker hand at " in ran.stdout
            again = designer("run", str(tmp_path / "p.json"), workspace=workspace)
            assert again.stdout.startswith("reused")
            nobody = ("run", str(tmp_path / "p.json"), "--compute", "nobody")
            assert "there is no compute 'nobody'" in designer(*nobody, workspace=workspace, code=2).stderr
        finally:
            worker.terminate()
            worker.wait()


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "somewhere"])
def test_a_worker_refuses_an_open_address(address: str) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "designer", "worker", address], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_wait_until_finds_what_does_not_come() -> None:
    with pytest.raises(AssertionError):
        wait_until(lambda: False, 0.05)
