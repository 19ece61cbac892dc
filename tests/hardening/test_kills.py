"""A process that writes to a workspace is killed at any moment: everything it acknowledged is intact afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hardening.report import ROOT


def after_kills(folder: Path, mode: str, *defect: str) -> list[str]:
    """Kill writers; return the report line of each kill."""
    if not mode.isdecimal() and shutil.which("strace") is None:
        pytest.skip("this machine has no strace")
    command = [sys.executable, "-W", "ignore", "-m", "tests.hardening.killing", str(folder), mode, *defect]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_no_kill_at_a_random_time_loses_what_was_acknowledged(tmp_path: Path, record_property) -> None:  # type: ignore[no-untyped-def]
    lines = after_kills(tmp_path / "w", "12")
    assert [line for line in lines if not line.startswith("ok ")] == []
    assert len(lines) == 12
    acknowledged = sum(int(line.split()[1]) for line in lines)
    assert acknowledged > 0
    record_property("figure", f"12 kills, 0 of {acknowledged} acknowledged actions lost")


def test_kills_catch_a_writer_that_acknowledges_too_early(tmp_path: Path) -> None:
    assert [line for line in after_kills(tmp_path / "w", "fdatasync/4", "--early") if not line.startswith("ok ")]


@pytest.mark.slow
@pytest.mark.parametrize("call", ["fsync", "fdatasync", "rename", "pwrite64/13", "write/4", "ftruncate", "unlink"])
def test_no_kill_at_a_system_call_that_writes_loses_what_was_acknowledged(
    tmp_path: Path, call: str, record_property
) -> None:  # type: ignore[no-untyped-def]
    lines = after_kills(tmp_path / "w", call)
    assert [line for line in lines if not line.startswith("ok ")] == []
    record_property("figure", f"{call}: {len(lines)} points, 0 lost")
