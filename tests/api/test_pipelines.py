"""Saved pipelines over HTTP, checks and plans."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from designer.pipeline.document import to_document
from tests.api.conftest import Client, small
from tests.served import Served


def test_a_pipeline_is_saved_shown_replaced_and_removed(client: Client) -> None:
    document = to_document(small(name="Kept"))
    first = client.post("/pipelines", json={"document": document})
    assert (first.status_code, first.headers["etag"]) == (201, '"1"')
    assert client.post("/pipelines", json={"document": document}).status_code == 200
    id = first.json()["id"]
    path = f"/pipelines/{id}"
    assert client.get("/pipelines/Kept").json() == client.get(path).json() == first.json()
    changed = {"document": to_document(small(seed=2, name="Kept"))}
    second = client.put(path, json=changed, headers={"if-match": first.headers["etag"]})
    assert (second.status_code, second.json()["revision"], second.headers["etag"]) == (200, 2, '"2"')
    assert second.json()["document"]["nodes"]["split"]["parameters"]["seed"] == 2
    error = client.refusal("PUT", path, 409, json=changed, headers={"if-match": '"1"'})
    assert (error["code"], "revision 2, this edit was made on 1" in error["message"]) == ("pipeline.changed", True)
    assert client.refusal("PUT", path, 428, json=changed)["hint"].endswith('If-Match: "3".')
    client.refusal("PUT", path, 422, json=changed, headers={"if-match": "x"})
    empty = {"document": {**document, "nodes": {}, "edges": [], "layout": {}}}
    assert client.refusal("PUT", path, 409, json=empty, headers={"if-match": "2"})["code"] == "pipeline.would_empty"
    third = client.post("/pipelines", json={**changed, "document": to_document(small(3, "Kept")), "replace": True})
    assert (third.json()["id"], third.json()["revision"]) == (id, 3)
    assert "Kept" in [row["name"] for row in client.get("/pipelines").json()]
    assert client.delete(path).status_code == 204
    client.refusal("GET", "/pipelines/Kept", 404)


def test_the_history_says_that_a_revision_came_over_rest(client: Client, server: Served) -> None:
    made = client.post("/pipelines", json={"document": to_document(small(name="History"))}).json()
    body = {"document": to_document(small(seed=5, name="History"))}
    client.put(f"/pipelines/{made['id']}", json=body, headers={"if-match": "1"})
    with sqlite3.connect(server.folder / "designer.db") as database:
        query = "SELECT action FROM draft_revision WHERE draft_id = ? ORDER BY revision"
        actions = [action for (action,) in database.execute(query, (made["id"],))]
    database.close()
    assert actions == ["create", "rest"]


@pytest.mark.parametrize("body", [{"nodes": 1}, {"nodes": {}, "edges": [{}]}, {"format": 99}, {"nodes": {"a": {}}}])
def test_a_damaged_document_is_refused_with_its_place(client: Client, body: dict[str, Any]) -> None:
    for path in ("/pipelines", "/checks", "/plans"):
        error = client.refusal("POST", path, 422, json={"document": body})
        assert error["code"] == "refused.damaged_document"


def test_two_of_a_name_are_told_apart_by_id(client: Client) -> None:
    ids = [
        client.post("/pipelines", json={"document": to_document(small(seed, "Twice"))}).json()["id"] for seed in (1, 2)
    ]
    error = client.refusal("GET", "/pipelines/Twice", 409)
    assert all(id[:8] in error["hint"] for id in ids)


def test_a_check_names_what_keeps_a_step_from_running(client: Client, document: dict[str, Any]) -> None:
    assert client.post("/checks", json={"document": document}).json() == []
    broken = {**document, "edges": []}
    problems = client.post("/checks", json={"document": broken}).json()
    assert [(problem["node"], problem["severity"]) for problem in problems] == [("split", "error")]
    assert "nothing is connected" in problems[0]["error"]["message"]


def test_a_plan_says_what_would_run_and_runs_nothing(client: Client, document: dict[str, Any]) -> None:
    before = len(client.get("/runs").json())
    steps = client.post("/plans", json={"document": document}).json()["steps"]
    assert [(step["id"], step["action"]) for step in steps] == [
        ("rows", "reuse"),
        ("split", "reuse"),
        ("script", "reuse"),
    ]
    assert all(step["seconds"] is not None for step in steps)
    steps = client.post("/plans", json={"document": to_document(small(seed=7)), "to": "split"}).json()["steps"]
    assert [(step["id"], step["action"]) for step in steps] == [("rows", "reuse"), ("split", "run")]
    assert steps[1]["reason"].startswith("runs again: Random seed")
    assert steps[1]["reason"].endswith("-> 7")
    assert len(client.get("/runs").json()) == before
