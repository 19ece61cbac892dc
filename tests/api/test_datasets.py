"""Datasets over HTTP: files streamed in, rows out, versions, bad files."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from designer.api.operation import ARROW, BYTES, CSV, PARQUET
from tests.api.conftest import Client

FILE = {"content-type": BYTES}


def put(client: Client, name: str, content: bytes, media: str = BYTES, **query: str) -> Any:
    return client.put(f"/datasets/{name}/content", content=content, headers={"content-type": media}, params=query)


def test_a_file_becomes_a_version_and_its_rows_come_back(client: Client) -> None:
    first = put(client, "sales", b"day;amount\n2026-01-02;1,5\n2026-01-03;2\n", file="sales.csv", description="By day",
                reading='{"decimal_mark": "Comma"}')  # fmt: skip
    assert first.status_code == 201, first.text
    assert (first.json()["version"], first.json()["rows"], first.json()["description"]) == (1, 2, "By day")
    assert any("separator" in notice for notice in first.json()["notices"])
    again = put(client, "sales", b"day,amount\n2026-01-02,1.5\n2026-01-03,2\n", file="same.csv")
    assert (again.status_code, again.json()["version"]) == (200, 1)
    second = put(client, "sales", b"day,amount\n2026-01-02,9\n", file="sales.csv")
    assert (second.status_code, second.json()["version"]) == (201, 2)
    assert [row["version"] for row in client.get("/datasets/sales/versions").json()] == [2, 1]
    changes = client.get("/datasets/sales/versions/2/difference").json()
    assert changes == client.get("/datasets/sales/versions/2/difference?before=1").json()
    assert changes["rows"]["after"] == client.get("/datasets/sales").json()["rows"]
    client.refusal("GET", "/datasets/sales/versions/1/difference", 404)
    client.refusal("GET", "/datasets/sales/versions/2/difference?before=x", 422)
    text = client.get("/datasets/sales/versions/1/content")
    assert (text.headers["content-type"].split(";")[0], text.text) == (
        CSV,
        "day,amount\n2026-01-02,1.5\n2026-01-03,2.0\n",
    )
    assert client.get("/datasets/sales/content").text == "day,amount\n2026-01-02,9\n"
    profile = client.get("/datasets/sales/versions/1/profile").json()
    assert [(column["name"], column["kind"]) for column in profile] == [("day", "DateTime"), ("amount", "Decimal")]


def test_rows_come_as_the_client_accepts_them(client: Client) -> None:
    put(client, "kinds", b"a,b\n1,x\n2,y\n", file="kinds.csv")
    arrow = client.get("/datasets/kinds/content", headers={"accept": ARROW})
    assert pa.ipc.open_file(io.BytesIO(arrow.content)).read_all().num_rows == 2
    part = client.get("/datasets/kinds/content", headers={"accept": ARROW, "range": "bytes=0-5"})
    assert (part.status_code, part.content) == (206, arrow.content[:6])
    parquet = client.get("/datasets/kinds/content", headers={"accept": f"image/png, {PARQUET}"})
    assert pq.read_table(io.BytesIO(parquet.content)).column_names == ["a", "b"]
    assert client.get("/datasets/kinds/content", headers={"accept": "*/*"}).text == "a,b\n1,x\n2,y\n"
    error = client.refusal("GET", "/datasets/kinds/content", 406, headers={"accept": "image/png"})
    assert CSV in error["hint"]


def test_an_arrow_table_is_registered_as_it_is(client: Client) -> None:
    frame = pd.DataFrame({"n": pd.array([1, None], "Int64"), "c": pd.Categorical(["x", "y"])})
    sink = io.BytesIO()
    table = pa.Table.from_pandas(frame)
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    answer = put(client, "arrow", sink.getvalue(), ARROW)
    assert (answer.status_code, answer.json()["rows"]) == (201, 2), answer.text
    kinds = {column["name"]: column["kind"] for column in answer.json()["table_schema"]["columns"]}
    assert kinds == {"n": "Integer", "c": "Categorical"}


@pytest.mark.parametrize(
    ("name", "content", "query", "status", "words"),
    [
        ("x", b"", {"file": "x.csv"}, 422, "the content is empty"),
        ("x", b"a,b\n1,2\n", {"file": "x.pkl"}, 422, "x.pkl"),
        ("x", b"a,b\n1,2\n", {}, 422, "content"),
        ("x", b"\x89PNG\r\n\x1a\n\x00\x00", {"file": "x.csv"}, 422, ""),
        ("x", b"a,a\n1,2\n", {"file": "x.csv"}, 422, "'a'"),
        ("x", b"a,b\n1,2\n", {"file": "x.csv", "reading": "[]"}, 422, "no JSON object"),
        ("x", b"a,b\n1,2\n", {"file": "x.csv", "reading": '{"separater": "Tab"}'}, 422, "separat"),
        ("x", b"PAR1PAR1", {"file": "x.parquet"}, 422, ""),
        ("%20", b"a,b\n1,2\n", {"file": "x.csv"}, 422, "the name is empty"),
        ("y" * 121, b"a,b\n1,2\n", {"file": "x.csv"}, 422, "121 characters"),
    ],
)
def test_a_file_that_cannot_be_a_dataset_is_refused(
    client: Client, name: str, content: bytes, query: dict[str, str], status: int, words: str
) -> None:
    error = client.refusal("PUT", f"/datasets/{name}/content", status, content=content, params=query, headers=FILE)
    assert words in error["message"]
    assert "/uploads" not in error["message"]
    assert client.get("/datasets/x").status_code == 404


@pytest.mark.parametrize("damage", [b"", b"ARROW1", b"ARROW1\0\0" + b"\xff" * 300 + b"ARROW1"])
def test_a_damaged_arrow_file_is_refused_and_the_server_lives(client: Client, damage: bytes) -> None:
    client.refusal("PUT", "/datasets/x/content", 422, content=damage, headers={"content-type": ARROW})
    assert client.get("/workspace").status_code == 200


def test_a_form_is_not_a_file(client: Client) -> None:
    files = {"file": ("x.csv", b"a,b\n1,2\n")}
    assert BYTES in client.refusal("PUT", "/datasets/x/content", 415, files=files)["hint"]


def test_a_name_may_hold_what_a_path_cannot(client: Client) -> None:
    answer = put(client, "a%2Fb%20%C3%BC", b"a,b\n1,2\n", file="x.csv")
    assert answer.json()["name"] == "a/b ü"
    assert client.get("/datasets/a%2Fb%20%C3%BC/versions/1").status_code == 200
    assert client.delete("/datasets/a%2Fb%20%C3%BC").status_code == 204
    client.refusal("GET", "/datasets/a%2Fb%20%C3%BC", 404)


def test_samples_are_listed_and_cannot_be_removed(client: Client) -> None:
    listed = {row["name"]: row for row in client.get("/datasets").json()}
    assert listed["Wine"]["origin"] == "sample"
    assert "ships with Designer" in client.refusal("DELETE", "/datasets/Wine", 422)["message"]


def test_a_version_that_is_no_number_is_missing(client: Client) -> None:
    for number in ("x", "-1", "1.5", "9" * 20, "²"):
        client.refusal("GET", f"/datasets/Iris/versions/{number}", 404)


def test_an_output_of_a_run_becomes_a_dataset(client: Client) -> None:
    order = {"name": "half", "run": "latest", "step": "split", "port": "results_dataset1"}
    assert client.post("/datasets", json=order).status_code == 201
    assert client.post("/datasets", json=order).status_code == 200
    assert client.get("/datasets/half").json()["origin"] == "output"
    assert "Did you mean 'split'" in client.refusal("POST", "/datasets", 422, json={**order, "step": "splt"})["hint"]
    error = client.refusal("POST", "/datasets", 422, json={**order, "port": "results_dataset3"})
    assert "Did you mean 'results_dataset" in error["hint"]
