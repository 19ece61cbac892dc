"""The files of datastores: the same in a folder and in an object store."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.store.datastores.address import parsed
from designer.store.datastores.filesystem import DatastoreUnreachable, FileStore, FileTaken
from tests.servers import KEYS, free_port, new_bucket, s3_server


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        (tmp_path / "store").mkdir()
        return FileStore("lake", parsed(str(tmp_path / "store"))[0], {})
    bucket, server = f"b{time.time_ns()}", request.getfixturevalue("endpoint")
    new_bucket(server, bucket)
    return FileStore("lake", parsed(f"s3://{bucket}/in?region=us-east-1&endpoint={server}")[0], KEYS)


def put(store: FileStore, folder: Path, path: str, text: str, *, overwrite: bool = False) -> None:
    place = folder / "one.txt"
    place.write_text(text)
    store.upload(place, path, overwrite=overwrite)


def test_files_go_up_and_come_back(store: FileStore, tmp_path: Path) -> None:
    put(store, tmp_path, "a/b/x.csv", "x\n1\n")
    put(store, tmp_path, "/a/y.csv", "y\n2\n")
    assert [(each.path, each.is_folder) for each in store.entries("a").entries] == [("a/b", True), ("a/y.csv", False)]
    assert [each.path for each in store.matching("a/**").entries] == ["a/b/x.csv", "a/y.csv"]
    assert [each.path for each in store.matching("a").entries] == ["a/b/x.csv", "a/y.csv"]
    assert [each.path for each in store.matching("a/*.csv").entries] == ["a/y.csv"]
    assert [each.path for each in store.matching("**/x.csv").entries] == ["a/b/x.csv"]
    assert [(each.path, each.size) for each in store.matching("a/y.csv").entries] == [("a/y.csv", 4)]
    store.download("a/b/x.csv", tmp_path / "new" / "x.csv")
    assert (tmp_path / "new" / "x.csv").read_text() == "x\n1\n"
    assert b"".join(store.read("a/y.csv")) == b"y\n2\n"
    store.delete("a/y.csv")
    assert [each.path for each in store.matching("a/**").entries] == ["a/b/x.csv"]


def test_a_file_is_overwritten_only_if_told_so(store: FileStore, tmp_path: Path) -> None:
    put(store, tmp_path, "x.txt", "one")
    with pytest.raises(FileTaken, match=r"'x\.txt' is in 'lake' already"):
        put(store, tmp_path, "x.txt", "two")
    put(store, tmp_path, "x.txt", "three", overwrite=True)
    assert b"".join(store.read("x.txt")) == b"three"
    with pytest.raises(InvalidParameter, match="leads out of the datastore"):
        put(store, tmp_path, "../x.txt", "four")
    with pytest.raises(InvalidParameter, match="no path"):
        put(store, tmp_path, "/", "five")


def test_the_stamp_follows_the_files(store: FileStore, tmp_path: Path) -> None:
    put(store, tmp_path, "in/x.txt", "one")
    first = store.stamp("in/*")
    assert store.stamp("in") == first
    put(store, tmp_path, "in/y.txt", "one")
    second = store.stamp("in/*")
    put(store, tmp_path, "in/y.txt", "longer", overwrite=True)
    assert len({first, second, store.stamp("in/*")}) == 3


def test_what_is_not_there_is_said(store: FileStore, tmp_path: Path) -> None:
    put(store, tmp_path, "a/x.txt", "one")
    for ask in (lambda: store.matching("b.txt"), lambda: store.matching("a/*.csv"),
                lambda: store.download("b.txt", tmp_path / "b.txt"), lambda: store.delete("b.txt")):  # fmt: skip
        with pytest.raises(FileMissing, match=r"lake"):
            ask()


def test_many_files_are_listed_in_part(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.txt").touch()
    (tmp_path / ".hidden").touch()
    store = FileStore("lake", parsed(str(tmp_path))[0], {})
    assert len(store.entries("", limit=10).entries) == 10
    assert not store.matching("*.txt", limit=10).is_complete
    assert store.matching("**", limit=12).is_complete


def test_a_folder_that_is_gone_or_read_only(tmp_path: Path) -> None:
    store = FileStore("lake", parsed(str(tmp_path / "gone"))[0], {})
    with pytest.raises(FileMissing, match="the folder of 'lake' is not there"):
        store.test()


def test_a_dead_host_is_named_within_seconds() -> None:
    dead = parsed(f"s3://bucket?region=us-east-1&endpoint=http://127.0.0.1:{free_port()}")[0]
    begun = time.monotonic()
    with pytest.raises(DatastoreUnreachable, match="'lake' does not answer"):
        FileStore("lake", dead, KEYS).test()
    assert time.monotonic() - begun < 8


def test_a_bucket_that_is_not_there(endpoint: str) -> None:
    store = FileStore("lake", parsed(f"s3://nobody?region=us-east-1&endpoint={endpoint}")[0], KEYS)
    with pytest.raises(DesignerError, match="nobody"):
        store.test()


def test_no_secret_is_in_an_error() -> None:
    store = FileStore("lake", parsed(f"s3://b?region=us-east-1&endpoint=http://127.0.0.1:{free_port()}")[0], KEYS)
    with pytest.raises(DatastoreUnreachable) as refusal:
        store.test()
    assert not any(secret in repr(refusal.value.to_json()) for secret in KEYS.values())
    assert os.environ["AWS_EC2_METADATA_DISABLED"] == "true"


def test_names_that_are_not_text_and_pipes_are_left_out_and_the_rest_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / os.fsdecode(b"bad\xff.csv")).write_text("x")
    (tmp_path / "below").mkdir()
    os.mkfifo(tmp_path / "below" / "pipe")
    store = FileStore("data", parsed(str(tmp_path))[0], {})
    assert [each.path for each in store.entries("").entries] == ["a.csv", "below"]
    assert [each.path for each in store.matching("**").entries] == ["a.csv"]
    assert store.entries("below").entries == []
    for read in (
        lambda: list(store.read("below/pipe")),
        lambda: store.entries("below/pipe"),
        lambda: store.entries("a.csv"),
    ):
        with pytest.raises(FileMissing, match="has no '"):
            read()
    with pytest.raises(FileMissing, match="has no 'below/pipe'"):
        store.download("below/pipe", tmp_path / "copy")
    with pytest.raises(FileTaken):
        store.upload(tmp_path / "a.csv", "below/pipe")


def test_links_out_of_the_folder_are_neither_listed_nor_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.csv").write_text("x")
    (inside / "a.csv").write_text("x")
    (inside / "link.csv").symlink_to(outside / "secret.csv")
    (inside / "folder").symlink_to(outside)
    (inside / "same.csv").symlink_to(inside / "a.csv")
    (inside / "loop").symlink_to(inside)
    store = FileStore("data", parsed(str(inside))[0], {})
    assert [each.path for each in store.entries("").entries] == ["a.csv", "loop", "same.csv"]
    assert [each.path for each in store.matching("*.csv").entries] == ["a.csv", "same.csv"]
    assert len(store.matching("**").entries) == 2
    for use in (
        lambda: list(store.read("link.csv")),
        lambda: store.matching("link.csv"),
        lambda: store.entries("folder"),
        lambda: store.matching("folder/*"),
        lambda: store.local("folder/secret.csv"),
        lambda: store.download("folder/secret.csv", tmp_path / "copy"),
        lambda: store.delete("folder/secret.csv"),
        lambda: store.upload(inside / "a.csv", "folder/new.csv"),
    ):
        with pytest.raises(InvalidParameter, match="leads out of the datastore 'data' by a link"):
            use()
    assert [each.name for each in outside.iterdir()] == ["secret.csv"]
