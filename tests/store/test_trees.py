"""Folders as one file: deterministic, safe, and unpacked once."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from designer.contract.errors import DesignerError, FileMissing
from designer.contract.ports import PortType
from designer.contract.values import File, Folder
from designer.store.artifacts.trees import LaidFolders, UnsafeFolder, members_of, pack, read_member, unpack
from designer.store.artifacts.values import Artifacts, Stored


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(tmp_path / "artifacts", tmp_path / "laid")


def folder_of(place: Path, **files: str) -> Path:
    for name, text in files.items():
        file = place / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return place


def test_equal_folders_have_equal_digests_whatever_their_times_and_order(tmp_path: Path, artifacts: Artifacts) -> None:
    first = folder_of(tmp_path / "a", b="2", sub__a="1")
    second = folder_of(tmp_path / "b", sub__a="1", b="2")
    os.utime(second / "b", (1, 1))
    assert artifacts.put(Folder(first)).digest == artifacts.put(Folder(second)).digest


def test_an_unpacked_folder_packs_to_the_same_digest(tmp_path: Path, artifacts: Artifacts) -> None:
    source = folder_of(tmp_path / "a", run="#!/bin/sh\n", sub__deep__x="1")
    (source / "run").chmod(0o755)
    stored = artifacts.put(Folder(source))
    again = artifacts.put(artifacts.get(stored))
    assert again.digest == stored.digest
    assert os.access(artifacts.get(stored).path / "run", os.X_OK)


def test_a_folder_keeps_its_files_and_tells_their_number_and_size(tmp_path: Path, artifacts: Artifacts) -> None:
    stored = artifacts.put(Folder(folder_of(tmp_path / "a", one="abc", sub__two="de")))
    assert stored.kind is PortType.FOLDER
    assert stored.summary == {"files": 2, "bytes": 5}
    assert {file.name: file.read_text() for file in artifacts.get(stored).files()} == {"one": "abc", "two": "de"}
    assert Stored.from_json(stored.to_json()) == stored


def test_a_file_keeps_its_bytes_and_its_name(tmp_path: Path, artifacts: Artifacts) -> None:
    (tmp_path / "model.bin").write_bytes(b"\x00\x01")
    stored = artifacts.put(File(tmp_path / "model.bin"))
    assert stored.kind is PortType.FILE
    file = artifacts.get(stored)
    assert (file.name, file.path.read_bytes()) == ("model.bin", b"\x00\x01")


def test_a_file_that_was_not_written_is_named(tmp_path: Path, artifacts: Artifacts) -> None:
    with pytest.raises(FileMissing, match=r"'model\.bin' was not written"):
        artifacts.put(File(tmp_path / "model.bin"))


def test_a_changed_added_or_removed_file_is_noticed_and_the_folder_laid_anew(
    tmp_path: Path, artifacts: Artifacts
) -> None:
    stored = artifacts.put(Folder(folder_of(tmp_path / "a", one="abc", two="de")))
    laid = artifacts.get(stored).path
    assert artifacts.laid.changes(stored.digest) == []
    (laid / "one").chmod(0o644)
    (laid / "one").write_text("xyz")
    (laid / "two").unlink()
    (laid / "three").write_text("new")
    assert artifacts.laid.changes(stored.digest) == ["one", "three", "two"]
    again = artifacts.get(stored)
    assert {file.name: file.read_text() for file in again.files()} == {"one": "abc", "two": "de"}


def test_a_link_inside_the_folder_is_stored_as_a_file_and_one_out_of_it_refused(
    tmp_path: Path, artifacts: Artifacts
) -> None:
    source = folder_of(tmp_path / "a", one="abc")
    (source / "link").symlink_to("one")
    files = artifacts.get(artifacts.put(Folder(source))).files()
    assert [(file.name, file.read_text(), file.is_symlink()) for file in files] == [
        ("link", "abc", False),
        ("one", "abc", False),
    ]
    folder_of(tmp_path / "other", secret="x")
    (source / "out").symlink_to(tmp_path / "other")
    with pytest.raises(UnsafeFolder, match="'out' is a link out of the folder"):
        artifacts.put(Folder(source))


def test_a_pipe_is_refused_by_name(tmp_path: Path, artifacts: Artifacts) -> None:
    source = folder_of(tmp_path / "a", one="abc")
    os.mkfifo(source / "pipe")
    with pytest.raises(UnsafeFolder, match="'pipe' is not a file"):
        artifacts.put(Folder(source))


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "a\\b"])
def test_an_archive_with_unsafe_names_writes_nothing_outside(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(DesignerError, match="not a plain relative name"):
        unpack(tmp_path / "bad.zip", tmp_path / "target")
    assert not (tmp_path / "evil").exists()


def test_members_are_listed_and_read_without_unpacking(tmp_path: Path) -> None:
    pack(folder_of(tmp_path / "a", one="abcdef", sub__two="x"), tmp_path / "a.zip")
    assert [(member.path, member.size) for member in members_of(tmp_path / "a.zip")] == [("one", 6), ("sub/two", 1)]
    assert read_member(tmp_path / "a.zip", "one", 3) == b"abc"
    with pytest.raises(FileMissing, match="no file 'three'"):
        read_member(tmp_path / "a.zip", "three", 3)


def test_an_empty_folder_is_a_folder_without_files(tmp_path: Path, artifacts: Artifacts) -> None:
    (tmp_path / "a").mkdir()
    stored = artifacts.put(Folder(tmp_path / "a"))
    assert stored.summary == {"files": 0, "bytes": 0}
    assert artifacts.get(stored).files() == []


def test_folders_that_are_unpacked_can_all_be_discarded(tmp_path: Path, artifacts: Artifacts) -> None:
    stored = artifacts.put(Folder(folder_of(tmp_path / "a", one="abc")))
    path = artifacts.get(stored).path
    artifacts.laid.discard_all()
    assert not path.exists()
    assert artifacts.get(stored).files()[0].read_text() == "abc"


def test_two_readers_may_unpack_at_the_same_time(tmp_path: Path) -> None:
    pack(folder_of(tmp_path / "a", one="abc"), tmp_path / "a.zip")
    first, second = LaidFolders(tmp_path / "laid"), LaidFolders(tmp_path / "laid")
    assert first.lay("d" * 64, tmp_path / "a.zip") == second.lay("d" * 64, tmp_path / "a.zip")
    second._unpack(tmp_path / "a.zip", tmp_path / "laid" / ("d" * 64))  # as the slower of two
    assert first.changes("d" * 64) == []
    assert [file.name for file in (tmp_path / "laid").iterdir()] == ["d" * 64]
