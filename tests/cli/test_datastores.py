"""`designer datastore`: registered, looked into, files moved, rows read."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from designer.store.workspace import open_workspace
from tests.cli.terminal import designer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lake" / "in").mkdir(parents=True)
    (tmp_path / "lake" / "in" / "x.csv").write_text("a,b\n1,2\n")
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, year INTEGER)")
        connection.execute("INSERT INTO orders VALUES (1, 2023), (2, 2024)")
    connection.close()
    return tmp_path


def test_a_datastore_of_files(folder: Path) -> None:
    workspace = folder / "workspace"
    added = designer("datastore", "add", "lake", str(folder / "lake"), "--json", workspace=workspace)
    assert json.loads(added.stdout) == {
        "name": "lake", "kind": "folder", "address": str(folder / "lake"), "default": False, "secrets": {},
    }  # fmt: skip
    assert "in/x.csv" in designer("datastore", "files", "lake", workspace=workspace).stdout
    (folder / "y.csv").write_text("a,b\n3,4\n")
    designer("datastore", "upload", "lake", str(folder / "y.csv"), "--to", "in", workspace=workspace)
    taken = designer("datastore", "upload", "lake", str(folder / "y.csv"), "--to", "in", workspace=workspace, code=2)
    assert "'in/y.csv' is in 'lake' already. Overwrite it" in taken.stderr
    designer("datastore", "upload", "lake", str(folder / "y.csv"), "--to", "in", "--overwrite", workspace=workspace)
    rows = json.loads(designer("datastore", "files", "lake", "in/*.csv", "--json", workspace=workspace).stdout)
    assert [(row["path"], row["size"]) for row in rows] == [("in/x.csv", 8), ("in/y.csv", 8)]
    designer("datastore", "download", "lake", "in", "--to", str(folder / "back"), workspace=workspace)
    assert sorted(path.name for path in (folder / "back").iterdir()) == ["x.csv", "y.csv"]
    imported = designer("datastore", "import", "lake", "in/x.csv", "--dataset", "x", workspace=workspace)
    assert imported.stdout.startswith("x, version 1: 1 row × 2 columns")
    words = ("datastore", "import", "lake", "in/x.csv", "--set", "decimal_mark=Semi")
    assert "Decimal mark: 'Semi' is not one of" in designer(*words, workspace=workspace, code=2).stderr
    designer("datastore", "delete", "lake", "in/y.csv", workspace=workspace)
    assert not (folder / "lake" / "in" / "y.csv").exists()
    designer("datastore", "default", "lake", workspace=workspace)
    assert "(default)" in designer("datastore", "show", "lake", workspace=workspace).stdout
    designer("datastore", "remove", "lake", workspace=workspace)
    assert designer("datastore", "list", workspace=workspace).stdout.startswith("workspace ")


def test_a_file_to_upload_or_score_that_is_missing_or_no_file_is_named(folder: Path) -> None:
    workspace, missing = folder / "workspace", folder / "none.csv"
    words = ("datastore", "upload", "workspace", str(missing))
    designer("dataset", "add", str(folder / "lake" / "in" / "x.csv"), workspace=workspace)
    assert "there is no such file" in designer(*words, workspace=workspace, code=2).stderr
    refused = designer("score", "any", str(folder / "lake"), workspace=workspace, code=2).stderr
    assert "it is a folder, and a file is wanted" in refused


def test_a_database_and_its_secrets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = folder / "workspace"
    designer("datastore", "add", "shop", f"sqlite:///{folder / 'shop.db'}", workspace=workspace)
    assert designer("datastore", "tables", "shop", workspace=workspace).stdout == "orders\n"
    words = ("datastore", "query", "shop", "SELECT id FROM orders WHERE year = :year", "--value", "year=2024")
    assert json.loads(designer(*words, "--json", workspace=workspace).stdout) == [{"id": 2}]
    assert designer(*words, "--dataset", "late", workspace=workspace).stdout == "late, version 1: 1 row, 1 column.\n"
    with open_workspace(workspace) as opened:
        assert opened.datasets.get("late").rows == 1
    monkeypatch.setenv("SHOP_PASSWORD", "p@ss")
    words = ("datastore", "add", "far", "postgresql://ada@127.0.0.1:1/shop", "--secret", "password=SHOP_PASSWORD")
    refused = designer(*words, workspace=workspace, code=2)
    assert "'far' is registered, but was not reached" in refused.stderr
    assert "'far' does not answer" in refused.stderr
    shown = designer("datastore", "show", "far", workspace=workspace).stdout
    assert "password: kept" in shown
    assert "p@ss" not in shown + refused.stderr
    designer("datastore", "test", "shop", workspace=workspace)


def test_a_folder_that_is_not_there_is_registered_and_said_to_be_missing(folder: Path) -> None:
    workspace = folder / "workspace"
    refused = designer("datastore", "add", "gone", str(folder / "gone"), workspace=workspace, code=2)
    assert "'gone' is registered, but was not reached" in refused.stderr
    assert "the folder of 'gone' is not there. Make the folder, or register another address" in refused.stderr
    (folder / "gone").mkdir()
    designer("datastore", "test", "gone", workspace=workspace)


def test_what_is_wrong_is_said_in_one_line(folder: Path) -> None:
    workspace = folder / "workspace"
    open_workspace(workspace).close()
    for words, said in (
        (("add", "lake", "ftp://host"), "'ftp://' is not the address of a datastore"),
        (("add", "a/b", "/data"), "'a/b' cannot name a datastore"),
        (("show", "gone"), "there is no datastore 'gone'"),
        (("show", "lake"), "there is no datastore 'lake'"),
        (("files", "workspace", "../x"), "leads out of the datastore"),
    ):
        refused = designer("datastore", *words, workspace=workspace, code=2)
        assert said in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def test_the_file_of_a_datastore_is_a_value_of_a_run(folder: Path) -> None:
    workspace = folder / "workspace"
    designer("datastore", "add", "lake", str(folder / "lake"), workspace=workspace)
    (folder / "a.csv").write_text("a,b\n3,4\n5,6\n")
    designer("datastore", "upload", "workspace", str(folder / "a.csv"), workspace=workspace)
    settings = {"path": "a.csv", "datastore": "workspace"}
    nodes = {"file": {"module": "import-data", "version": 3, "parameters": settings}}
    (folder / "file.json").write_text(json.dumps({"format": 2, "name": "File", "nodes": nodes, "edges": []}))
    designer("pipeline", "import", str(folder / "file.json"), workspace=workspace)
    words = ("parameter", "promote", "File", "file.path", "--name", "input", "--json")
    (made,) = json.loads(designer(*words, workspace=workspace).stdout)
    assert (made["type"], made["default"]) == ("datapath", "workspace/a.csv")
    designer("pipeline", "export", "File", "-o", str(folder / "promoted.json"), workspace=workspace)
    run = ("run", str(folder / "promoted.json"), "--json")
    for param, rows in (((), 2), (("--param", "input=lake/in/x.csv"), 1)):
        ended = json.loads(designer(*run, *param, workspace=workspace).stdout)
        output = ended["nodes"]["file"]["outputs"]["output_data"]
        assert (ended["nodes"]["file"]["state"], output["rows"]) == ("finished", rows)
    for value, words_of_refusal in (
        ("none/x.csv", "input: there is no datastore 'none'"),
        ("lake/../x.csv", "input: 'lake/../x.csv' leads out of the datastore"),
        ("/etc/hosts", "input: '/etc/hosts' names no datastore"),
    ):
        assert words_of_refusal in designer(*run, "--param", f"input={value}", workspace=workspace, code=2).stderr
    code = designer("pipeline", "export", "File", "--to", "sdk", "-o", str(folder / "f.py"), workspace=workspace)
    assert code.stderr == ""
    text = (folder / "f.py").read_text()
    assert 'type="datapath"' in text
    assert 'datastore="*"' in text
