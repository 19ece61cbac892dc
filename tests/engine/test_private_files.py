"""Copies of stored files for programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer.engine import private_files
from designer.engine.private_files import private_file


def test_a_copy_is_read_only_and_apart_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "stored").write_text("whole")
    copy = private_file(tmp_path / "stored", tmp_path / "private" / "data")
    assert copy.stat().st_mode & 0o777 == 0o444
    copy.chmod(0o644)
    copy.write_text("spoilt")
    assert (tmp_path / "stored").read_text() == "whole"


def test_a_file_that_is_too_large_to_copy_is_read_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stored").write_text("whole")
    monkeypatch.setattr(private_files, "_cloned", lambda file, place: False)
    monkeypatch.setattr(private_files, "COPIED_BYTES", 4)
    assert private_file(tmp_path / "stored", tmp_path / "private" / "data") == tmp_path / "stored"
    monkeypatch.setattr(private_files, "COPIED_BYTES", 5)
    assert private_file(tmp_path / "stored", tmp_path / "private" / "data") == tmp_path / "private" / "data"
