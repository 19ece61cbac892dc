"""The check itself: each planted defect is reported under its letter, and an untouched workspace passes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from designer.store.workspace import Workspace, open_workspace
from tests.hardening.intact import LETTERS, broken, moment


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "workspace") as opened:
        opened.drafts.create("mine", {"nodes": {}})
        opened.datasets.register("table", pd.DataFrame({"x": [1.0, 2.0]}))
        yield opened


def test_untouched_workspace_is_intact(workspace: Workspace) -> None:
    before = moment(workspace, os.getpid())
    assert broken(before, workspace, "There is no column 'x'.") == []


def overwrite_a_pipeline(workspace: Workspace) -> None:
    (draft,) = workspace.drafts.all()
    workspace.drafts.save(draft.id, 1, {"nodes": {"b": {}}})


def lose_a_dataset(workspace: Workspace) -> None:
    workspace.datasets.delete("table")


def flip_a_bit(workspace: Workspace) -> None:
    (file,) = (workspace.path / "artifacts").glob("??/*")
    content = bytearray(file.read_bytes())
    content[-9] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)


def remove_a_result(workspace: Workspace) -> None:
    (file,) = (workspace.path / "artifacts").glob("??/*")
    file.unlink()


def leave_a_working_folder(workspace: Workspace) -> None:
    (workspace.scratch / "left").mkdir()


def leave_half_a_file(workspace: Workspace) -> None:
    (workspace.path / "artifacts" / "incoming" / "half").write_bytes(b"x")


@pytest.mark.parametrize(
    ("defect", "letter"),
    [
        (overwrite_a_pipeline, "D"),
        (lose_a_dataset, "D"),
        (flip_a_bit, "A"),
        (remove_a_result, "A"),
        (leave_a_working_folder, "T"),
        (leave_half_a_file, "T"),
    ],
)
def test_a_planted_defect_is_caught(workspace: Workspace, defect: Callable[[Workspace], None], letter: str) -> None:
    before = moment(workspace)
    defect(workspace)
    assert {line[0] for line in broken(before, workspace)} == {letter}


def test_a_process_that_ended_is_caught(workspace: Workspace) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        before = moment(workspace, process.pid)
        assert broken(before, workspace) == []
        process.kill()
    assert broken(before, workspace) == [f"S: process {process.pid} ended"]


@pytest.mark.parametrize(
    "answer",
    [
        "Traceback (most recent call last):",
        '  File "x.py", line 3',
        "<object at 0x7f3a21b4>",
        "sqlalchemy.exc.OperationalError",
        "key dsg_0123456789012345678901234",
        "{folder}/uploads/x.csv is bad",
    ],
)
def test_a_trace_in_an_answer_is_caught(workspace: Workspace, answer: str) -> None:
    before = moment(workspace)
    assert [line[0] for line in broken(before, workspace, answer.format(folder=workspace.path))] == ["X"]


def test_every_letter_has_a_planted_defect() -> None:
    assert LETTERS == "DATSX"
