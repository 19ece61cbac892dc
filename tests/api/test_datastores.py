"""Datastores over HTTP: registered without their secrets coming back, files up and down, queries, datasets."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from designer.api.operation import BYTES
from tests.api.conftest import Client
from tests.served import Served

FILE = {"content-type": BYTES}


@pytest.fixture
def folder(client: Client, tmp_path: Path) -> str:
    (tmp_path / "lake").mkdir()
    answer = client.put("/datastores/lake", json={"address": str(tmp_path / "lake"), "replace": True})
    assert answer.status_code in (200, 201), answer.text
    return "/datastores/lake"


def test_files_go_up_are_listed_and_come_down(client: Client, folder: str) -> None:
    path = f"{folder}/files/in%2Fa%20b.csv"
    put = client.put(path, content=b"a,b\n1,2\n", headers=FILE)
    assert (put.status_code, put.json()["path"], put.json()["size"]) == (201, "in/a b.csv", 8)
    assert client.refusal("PUT", path, 409, content=b"x", headers=FILE)["code"] == "datastore.file_taken"
    assert client.put(path, content=b"a,b\n3,4\n", headers=FILE, params={"overwrite": "true"}).status_code == 201
    listed = client.get(f"{folder}/files", params={"pattern": "in/*.csv"}).json()
    assert ([entry["path"] for entry in listed["entries"]], listed["is_complete"]) == (["in/a b.csv"], True)
    assert client.get(path).content == b"a,b\n3,4\n"
    made = client.post(f"{folder}/datasets", json={"path": "in/a b.csv", "dataset": "from the lake"})
    assert (made.status_code, made.json()["rows"]) == (201, 1), made.text
    client.refusal("GET", f"{folder}/files/in%2Fnone.csv", 404)
    client.refusal("POST", f"{folder}/datasets", 422, json={"dataset": "x"})
    assert client.delete(folder).status_code == 204
    client.refusal("GET", folder, 404)


@pytest.mark.parametrize("path", ["..%2Fout.txt", "a%2F..%2F..%2Fb", "in%2F"])
def test_a_path_out_of_a_datastore_is_refused(client: Client, folder: str, path: str, tmp_path: Path) -> None:
    answer = client.put(f"{folder}/files/{path}", content=b"x", headers=FILE)
    assert answer.status_code == 422 or not list(tmp_path.glob("*.txt"))
    assert not (tmp_path / "out.txt").exists()
    assert client.get(f"{folder}/files/{path}").status_code in (404, 422)


def test_a_database_answers_queries_and_keeps_its_secret(client: Client, server: Served, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("CREATE TABLE sale (city TEXT, price REAL)")
        database.execute("INSERT INTO sale VALUES ('Oslo', 2.5), ('Bergen', 4)")
    database.close()
    assert client.put("/datastores/shop", json={"address": f"sqlite:///{tmp_path / 'shop.db'}"}).status_code == 201
    error = client.refusal("PUT", "/datastores/shop", 409, json={"address": f"sqlite:///{tmp_path / 'shop.db'}"})
    assert error["code"] == "datastore.taken"
    assert client.get("/datastores/shop/tables").json() == ["sale"]
    rows = client.post("/datastores/shop/query", json={"query": "SELECT price FROM sale WHERE city = :city",
                                                       "values": {"city": "Oslo"}})  # fmt: skip
    assert (rows.status_code, rows.text) == (200, "price\n2.5\n")
    client.refusal("POST", "/datastores/shop/query", 422, json={"query": "DELETE FROM sale"})
    assert client.post("/datastores/shop/test").status_code == 200

    far = {"address": "postgresql://ann@127.0.0.1:9/shop", "secrets": {"password": "s3cret-word"}}
    answer = client.put("/datastores/far", json=far)
    assert answer.json()["secrets"] == {"password": True}
    assert "s3cret-word" not in answer.text + client.get("/datastores").text
    refused = client.post("/datastores/far/test")
    assert (refused.status_code, "s3cret-word" in refused.text) == (424, False)
    with Client(server, server.new_token("read", "looks")) as reader:
        assert reader.get("/datastores").status_code == 200
        reader.refusal("POST", "/datastores/shop/query", 403, json={"query": "SELECT 1"})
