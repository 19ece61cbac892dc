"""What only a workspace in a folder has: it is made, starts engines, and reads its own modules."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from designer.contract.errors import FileMissing, InvalidParameter
from designer.sdk import Workspace
from designer.sdk import modules as m
from designer.store.workspace import engine_holds
from tests.sdk.conftest import opened
from tests.sdk.pipelines import ROWS, numbers


def test_a_run_goes_on_without_the_program_and_its_engine_ends_when_idle(tmp_path: Path) -> None:
    script = tmp_path / "submits.py"
    script.write_text(
        "from designer.sdk import Workspace\n"
        "from designer.sdk.connections.folder import Folder\n"
        "from tests.sdk.pipelines import numbers\n"
        "from pathlib import Path\n"
        f"workspace = Workspace(connection=Folder(Path({str(tmp_path / 'w')!r}), idle_seconds=0.5))\n"
        "print(workspace.submit(numbers('def azureml_main(a, b):\\n    return a,\\n')).id)\n"
    )
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, cwd=root, check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    with opened(tmp_path / "w", idle_seconds=0.5) as workspace:
        run = workspace.runs[ended.stdout.strip()].wait(show=False)
        assert run.status == "finished"
        until = time.monotonic() + 60
        while engine_holds(tmp_path / "w"):
            assert time.monotonic() < until, "the engine has not ended by itself"
            time.sleep(0.1)
        assert (
            workspace.submit(numbers("def azureml_main(a, b):\n    return a,\n")).wait(show=False).status == "finished"
        )


def test_the_modules_of_a_workspace_are_functions_too(tmp_path: Path) -> None:
    own = (
        "from designer.contract.function import module\nfrom designer.contract.values import Table\n\n"
        "@module('Add one')\ndef add_one(dataset: Table, amount: int = 1) -> Table:\n"
        "    '''Add a number.'''\n    return dataset + amount\n"
    )
    with opened(tmp_path) as workspace:
        (tmp_path / "modules" / "add_one.py").write_text(own)
        step = workspace.modules.add_one(m.enter_data_manually(data="a\n1\n"), amount=2)
        run = workspace.submit(step).wait(show=False)
        assert run["add-one"].outputs["dataset"].to_pandas()["a"].tolist() == [3]


def test_a_folder_takes_no_token(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter, match="a folder needs none"):
        Workspace(tmp_path, token="dsw_1")


def test_a_workspace_below_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"there is no folder .*nope. Check the path"):
        Workspace(tmp_path / "nope" / "x")
    assert not (tmp_path / "nope").exists()
    Workspace(tmp_path / "x").close()
    assert (tmp_path / "x").is_dir()


def test_the_default_workspace_is_the_one_that_is_named(default_workspace: Path) -> None:
    with Workspace() as workspace:
        assert len(ROWS) > 0
        assert list(workspace.pipelines) == []
    assert (default_workspace / "designer.db").is_file()
