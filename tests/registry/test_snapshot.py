"""Snapshots: what is taken and left out, and what is refused."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from designer.contract.errors import DesignerError, FileMissing
from designer.registry import snapshot as module
from designer.registry.snapshot import SnapshotTooLarge, digests_of, snapshot
from designer.store.artifacts.blobs import Blobs
from designer.store.artifacts.trees import UnsafeFolder, members_of


def fill(folder: Path, *paths: str) -> Path:
    for path in paths:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    return folder


NASTY = (
    "train.py", "data/big.bin", "data/keep.csv", "out/model.pkl", "logs/a.log", "logs/deep/b.log", "a b/c#d.txt",
    "notes.md", "sub/.gitignore", "sub/skip.txt", "sub/stay.txt",
)  # fmt: skip
RULES = "data/*\n!data/keep.csv\n/out/\n**/*.log\n# a comment\nnotes.m?\n"


def test_git_ignore_rules_decide_as_git_does(tmp_path: Path) -> None:
    fill(tmp_path, *NASTY)
    (tmp_path / ".gitignore").write_text(RULES)
    (tmp_path / "sub" / ".gitignore").write_text("skip.txt\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "-z"], cwd=tmp_path, check=True, capture_output=True
    ).stdout.decode()
    assert sorted(snapshot(tmp_path).sizes) == sorted(filter(None, listed.split("\0")))


def test_own_rules_win_over_those_of_git(tmp_path: Path) -> None:
    fill(tmp_path, "train.py", "notes.md", "data/x.csv")
    (tmp_path / ".gitignore").write_text("train.py\n")
    (tmp_path / ".amlignore").write_text("*.md\ndata/\n")
    assert set(snapshot(tmp_path).sizes) == {"train.py", ".gitignore", ".amlignore"}


def test_what_never_belongs_to_a_program_is_left_out(tmp_path: Path) -> None:
    fill(tmp_path, "train.py", ".git/config", "__pycache__/a.pyc", ".venv/x", "sub/node_modules/y", ".designer/z")
    assert set(snapshot(tmp_path).sizes) == {"train.py"}


def test_equal_folders_are_stored_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    first = snapshot(fill(tmp_path / "a", "x.py", "sub/y.py")).keep(blobs)
    assert snapshot(fill(tmp_path / "b", "sub/y.py", "x.py")).keep(blobs) == first
    assert [member.path for member in members_of(blobs.path(first))] == ["sub/y.py", "x.py"]


def test_a_link_out_of_the_folder_is_refused_and_one_inside_taken(tmp_path: Path) -> None:
    folder = fill(tmp_path / "a", "x.py")
    (folder / "y.py").symlink_to("x.py")
    assert set(snapshot(folder).sizes) == {"x.py", "y.py"}
    fill(tmp_path, "secret.txt")
    (folder / "z.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(UnsafeFolder, match=r"'z\.txt' is a link out of the folder"):
        snapshot(folder)


def test_a_pipe_is_refused_by_name(tmp_path: Path) -> None:
    os.mkfifo(fill(tmp_path, "x.py") / "pipe")
    with pytest.raises(UnsafeFolder, match="'pipe' is not a file"):
        snapshot(tmp_path)


def test_too_much_names_the_five_largest_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in range(1, 8):
        (tmp_path / f"f{size}").write_bytes(b"x" * size)
    monkeypatch.setattr(module, "MOST_BYTES", 20)
    with pytest.raises(SnapshotTooLarge) as refused:
        snapshot(tmp_path)
    assert [name for name in ("f7", "f6", "f5", "f4", "f3", "f2", "f1") if f"{name} (" in str(refused.value)] == [
        "f7", "f6", "f5", "f4", "f3",
    ]  # fmt: skip
    assert ".amlignore" in str(refused.value)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, *(f"f{number}" for number in range(4)))
    monkeypatch.setattr(module, "MOST_FILES", 3)
    with pytest.raises(SnapshotTooLarge, match="holds 4 files"):
        snapshot(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="there is no folder"):
        snapshot(tmp_path / "none")


def test_further_files_and_folders_are_digested_by_content(tmp_path: Path) -> None:
    fill(tmp_path, "notes.md", "data/a.csv")
    before = digests_of([Path("notes.md"), Path("data")], tmp_path)
    assert digests_of([Path("notes.md"), Path("data")], tmp_path) == before
    (tmp_path / "data" / "a.csv").write_text("changed")
    after = digests_of([Path("notes.md"), Path("data")], tmp_path)
    assert (after["notes.md"] == before["notes.md"], after["data"] == before["data"]) == (True, False)
    with pytest.raises(DesignerError, match=r"no file 'gone\.txt'"):
        digests_of([Path("gone.txt")], tmp_path)
