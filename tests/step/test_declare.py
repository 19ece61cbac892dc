"""Paths that a component gets: text, and paths."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from designer.step.declare import File, Folder


def test_a_file_is_text_with_the_members_of_a_path(tmp_path: Path) -> None:
    file = File(tmp_path / "rows.csv")
    file.write_text("a\n1\n")
    assert (file.name, file.suffix, file.stem, file.parent) == ("rows.csv", ".csv", "rows", tmp_path)
    assert file.exists()
    assert file.read_text() == "a\n1\n"
    assert file.upper() == str(tmp_path / "rows.csv").upper()
    assert os.path.getsize(file) == 4
    assert pd.read_csv(file)["a"].tolist() == [1]


def test_a_folder_lists_and_makes_its_files(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (folder / "inner").mkdir()
    (folder / "inner" / "b.txt").write_text("b")
    assert [path.name for path in folder.iterdir()] == ["inner"]
    assert folder.files() == [tmp_path / "inner" / "b.txt"]
    assert folder.joinpath("inner").is_dir()


def test_a_member_that_no_path_has_is_missing_and_protocols_are_those_of_text(tmp_path: Path) -> None:
    with pytest.raises(AttributeError, match="reed_text"):
        File(tmp_path).reed_text()
    assert not hasattr(File(tmp_path), "__fspath__")
    assert os.fspath(File(tmp_path)) == str(tmp_path)
