"""The datastores of a workspace: their names, addresses, secrets and the default one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from designer.contract.errors import InvalidParameter
from designer.store.datastores.datastores import OWN, DatastoreMissing, DatastoreTaken
from designer.store.workspace import Workspace


def test_every_workspace_has_one_for_its_own_files(workspace: Workspace, tmp_path: Path) -> None:
    assert [(row.name, row.is_default) for row in workspace.datastores.all()] == [(OWN, True)]
    (tmp_path / "x.txt").write_text("x")
    workspace.datastores.files().upload(tmp_path / "x.txt", "in/x.txt")
    assert (workspace.path / "files" / "in" / "x.txt").read_text() == "x"
    for refused in (lambda: workspace.datastores.remove(OWN), lambda: workspace.datastores.register(OWN, "/x")):
        with pytest.raises(InvalidParameter, match="workspace"):
            refused()


def test_another_one_becomes_the_default(workspace: Workspace, tmp_path: Path) -> None:
    workspace.datastores.register("lake", str(tmp_path))
    workspace.datastores.register("shop", "sqlite:////shop.db")
    workspace.datastores.set_default("lake")
    assert [(row.name, row.is_default) for row in workspace.datastores.all()] == [
        (OWN, False), ("lake", True), ("shop", False)
    ]  # fmt: skip
    assert workspace.datastores.get().name == "lake"
    with pytest.raises(InvalidParameter, match="'shop' is a database"):
        workspace.datastores.set_default("shop")
    workspace.datastores.remove("lake")
    assert workspace.datastores.get().name == OWN


def test_secrets_lie_apart_and_are_not_shown(workspace: Workspace) -> None:
    row = workspace.datastores.register("shop", "postgresql://ada:p%40ss@db/shop")
    assert row.address == "postgresql://ada@db/shop"
    assert workspace.datastores.secret_names("shop") == ["password"]
    file = workspace.path / "secrets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "p@ss" in file.read_text()
    assert b"p@ss" not in (workspace.path / "designer.db").read_bytes()
    workspace.datastores.remove("shop")
    assert "p@ss" not in file.read_text()


def test_a_name_is_taken_once(workspace: Workspace) -> None:
    workspace.datastores.register("shop", "postgresql://ada@db/shop", {"password": "one"})
    with pytest.raises(DatastoreTaken, match="there is a datastore 'shop' already"):
        workspace.datastores.register("shop", "postgresql://ada@db/other")
    workspace.datastores.register("shop", "postgresql://ada@db/shop", replace=True)
    assert workspace.datastores.secret_names("shop") == ["password"]
    workspace.datastores.register("shop", "postgresql://eve@db/shop", replace=True)
    assert workspace.datastores.secret_names("shop") == []  # the password of another user is of no use
    with pytest.raises(DatastoreMissing, match="Did you mean 'shop'") as refusal:
        workspace.datastores.get("shopp")
    assert refusal.value.code == "0157"


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 65, "Öl"])
def test_a_name_has_only_plain_letters(workspace: Workspace, name: str) -> None:
    with pytest.raises(InvalidParameter, match="cannot name a datastore"):
        workspace.datastores.register(name, "/data")


def test_files_and_tables_are_told_apart(workspace: Workspace, tmp_path: Path) -> None:
    workspace.datastores.register("lake", str(tmp_path))
    workspace.datastores.register("shop", f"sqlite:///{tmp_path / 'shop.db'}")
    with pytest.raises(InvalidParameter, match="'shop' is a database"):
        workspace.datastores.files("shop")
    with pytest.raises(InvalidParameter, match="'lake' holds files"):
        workspace.datastores.open_database("lake")
    workspace.datastores.test("lake")
