"""No datastore reaches the files of the workspace itself: its keys, secrets and database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from designer.contract.errors import DesignerError, InvalidParameter
from designer.store.datastores.filesystem import FileStore
from designer.store.workspace import Workspace


@pytest.fixture
def around(workspace: Workspace) -> FileStore:
    """A datastore for the folder that the workspace lies in, with links into the workspace."""
    folder = workspace.path.parent
    workspace.datastores.register("shop", "postgresql://ada:secret@db/shop")
    (folder / "data").mkdir()
    (folder / "data" / "a.csv").write_text("x\n1\n")
    (folder / "data" / "link.json").symlink_to(workspace.path / "secrets.json")
    (folder / "linked").symlink_to(workspace.path)
    workspace.datastores.register("around", str(folder))
    return workspace.datastores.files("around")


@pytest.mark.parametrize("inside", ["", "files", "uploads/new", "../linked", "../linked/manifests"])
def test_a_folder_in_the_workspace_is_no_datastore(workspace: Workspace, inside: str) -> None:
    (workspace.path.parent / "linked").symlink_to(workspace.path)
    with pytest.raises(InvalidParameter, match="the folder lies in the workspace itself"):
        workspace.datastores.register("own", str(workspace.path / inside))
    assert len(workspace.datastores.all()) == 1


def test_a_folder_that_became_the_workspace_is_not_opened(workspace: Workspace) -> None:
    place = workspace.path.parent / "later"
    workspace.datastores.register("later", str(place))
    workspace.datastores.register("sales", f"sqlite:///{place}/designer.db")
    place.symlink_to(workspace.path)
    with pytest.raises(InvalidParameter, match="'later' belongs to the workspace itself"):
        workspace.datastores.test("later")
    with pytest.raises(InvalidParameter, match="the file belongs to the workspace itself"):
        workspace.datastores.test("sales")


def test_a_database_of_the_user_may_lie_in_the_workspace(workspace: Workspace) -> None:
    with pytest.raises(InvalidParameter, match="the file belongs to the workspace itself"):
        workspace.datastores.register("sales", f"sqlite:///{workspace.path}/designer.db")
    workspace.datastores.register("sales", f"sqlite:///{workspace.path}/files/sales.db")


def test_a_folder_around_the_workspace_is_listed_without_it(workspace: Workspace, around: FileStore) -> None:
    name = workspace.path.name
    assert [each.path for each in around.entries("").entries] == ["data"]
    assert [each.path for each in around.entries("data").entries] == ["data/a.csv"]
    for pattern in ("**", "data", "*/*", "**/*.csv"):
        assert [each.path for each in around.matching(pattern).entries] == ["data/a.csv"]
    for pattern in (f"{name}/**", f"{name}/*", f"{name}/secrets.json", "linked/*.json", "data/link.json"):
        with pytest.raises(InvalidParameter, match="belongs to the workspace itself"):
            around.matching(pattern)


@pytest.mark.parametrize("path", ["{}/secrets.json", "linked/secrets.json", "data/link.json", "data/../linked/x"])
@pytest.mark.parametrize(
    "verb",
    [
        lambda store, path, place: list(store.read(path)),
        lambda store, path, place: store.download(path, place / "copy"),
        lambda store, path, place: store.upload(place / "data" / "a.csv", path, overwrite=True),
        lambda store, path, place: store.upload(place / "data" / "a.csv", path),
        lambda store, path, place: store.delete(path),
        lambda store, path, place: store.local(path),
        lambda store, path, place: store.entries(path),
        lambda store, path, place: store.stamp(path),
    ],
    ids=["read", "download", "overwrite", "upload", "delete", "local", "entries", "stamp"],
)
def test_no_verb_reaches_into_the_workspace(
    workspace: Workspace, around: FileStore, path: str, verb: Callable[[FileStore, str, Path], object]
) -> None:
    secrets = (workspace.path / "secrets.json").read_text()
    with pytest.raises(DesignerError, match=r"belongs to the workspace itself|leads out of the datastore"):
        verb(around, path.format(workspace.path.name), workspace.path.parent)
    assert (workspace.path / "secrets.json").read_text() == secrets
    assert not (workspace.path.parent / "copy").exists()


def test_a_link_out_of_the_workspaces_own_datastore_is_not_followed_back_into_it(workspace: Workspace) -> None:
    workspace.datastores.register("shop", "postgresql://ada:secret@db/shop")
    store = workspace.datastores.files()
    (workspace.path / "files" / "link").symlink_to(workspace.path / "secrets.json")
    (workspace.path / "files" / "b.csv").write_text("x\n1\n")
    assert [each.path for each in store.matching("**").entries] == ["b.csv"]
    with pytest.raises(InvalidParameter, match="belongs to the workspace itself"):
        list(store.read("link"))


def test_another_case_of_the_name_is_the_same_folder(workspace: Workspace) -> None:
    other = workspace.path.with_name(workspace.path.name.upper())
    if not other.exists():
        other.symlink_to(workspace.path)  # a file system that tells cases apart
    with pytest.raises(InvalidParameter, match="lies in the workspace"):
        workspace.datastores.register("own", str(other))
