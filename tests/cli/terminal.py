"""The command `designer` as a user types it, in this process or in one of its own."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from designer.cli import main


@dataclass(frozen=True)
class Answer:
    """Exit code and output of a command."""

    returncode: int
    stdout: str
    stderr: str


def designer(*words: str, workspace: Path, code: int = 0, apart: bool = False) -> Answer:
    """Run a command in this process or a new one; fail with its output on another exit code than `code`."""
    arguments = [*words] if words[0] == "samples" else [*words, "--workspace", str(workspace)]
    answer = _apart(arguments) if apart else _here(arguments)
    assert answer.returncode == code, f"{answer.stdout}\n{answer.stderr}"
    assert "Traceback" not in answer.stderr
    return answer


def _apart(arguments: list[str]) -> Answer:
    command = [sys.executable, "-m", "designer", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=240)
    return Answer(ended.returncode, ended.stdout, ended.stderr)


def _here(arguments: list[str]) -> Answer:
    output, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(errors), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["designer", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    return Answer(int(ended.value.code or 0), output.getvalue(), errors.getvalue())
