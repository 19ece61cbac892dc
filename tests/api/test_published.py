"""Published pipelines over HTTP: published, versioned, run, disabled, removed."""

from __future__ import annotations

from typing import Any

from designer.pipeline.document import to_document
from tests.api.conftest import Client, small
from tests.served import Served


def with_share(seed: int = 1) -> dict[str, Any]:
    """A document with a parameter."""
    document = to_document(small(seed))
    document["parameters"] = {"share": {"type": "number", "default": 0.5, "minimum": 0, "maximum": 1}}
    document["nodes"]["split"]["parameters"]["fraction"] = {"$parameter": "share"}
    return document


def test_a_pipeline_is_published_versioned_run_and_removed(server: Served, client: Client) -> None:
    order = {"document": with_share(), "name": "Half of it", "description": "Halves", "version": "1.0"}
    first = client.post("/published", json=order)
    assert (first.status_code, first.json()["endpoint"], first.json()["label"]) == (201, "half-of-it", "1.0")
    assert first.json()["parameters"]["share"]["default"] == 0.5
    assert client.post("/published", json=order).status_code == 200
    error = client.refusal("POST", "/published", 409, json={**order, "document": with_share(2)})
    assert error["code"] == "published.label_taken"
    second = client.post("/published", json={**order, "document": with_share(2), "version": "2.0"}).json()
    path = "/published/half-of-it"
    assert client.get(path).json()["default_version"] == second["version"] == 2
    assert client.get("/published/Half%20of%20it").json()["title"] == "Half of it"
    assert client.get(path).json()["address"] is None, "no scoring process runs"
    assert [row["label"] for row in client.get(f"{path}/versions").json()] == ["2.0", "1.0"]
    assert client.get(f"{path}/versions/1.0").json() == first.json() == client.get(f"{path}/versions/1").json()
    assert client.patch(path, json={"default": "1.0", "description": "Halved"}).json()["default_version"] == 1

    run = client.post(f"{path}/runs", json={"assignments": {"share": 0.25}, "experiment": "Halves"})
    assert (run.status_code, run.json()["assignments"], run.json()["experiment"]) == (202, {"share": 0.25}, "Halves")
    assert [row["id"] for row in client.get(f"{path}/runs").json()] == [run.json()["id"]]
    client.post(f"/runs/{run.json()['id']}/cancel")
    error = client.refusal("POST", f"{path}/runs", 422, json={"assignments": {"share": 7}})
    assert error["where"]["parameter"] == "share"
    client.refusal("POST", f"{path}/runs", 404, json={"version": "3.0"})

    assert client.patch(path, json={"enabled": False}).json()["state"] == "paused"
    assert client.refusal("POST", f"{path}/runs", 503, json={})["code"] == "published.disabled"
    assert client.patch(path, json={"enabled": True}).json()["state"] == "ready"
    assert client.delete(path).status_code == 204
    client.refusal("GET", path, 404)


def test_a_run_and_a_saved_pipeline_are_published_too(client: Client) -> None:
    run = client.get("/runs", params={"state": "finished"}).json()[-1]["id"]
    assert client.post("/published", json={"run": run, "name": "From a run"}).json()["run_id"] == run
    saved = client.post("/pipelines", json={"document": to_document(small(3, "To publish"))}).json()["id"]
    made = client.post("/published", json={"pipeline": saved})
    assert (made.json()["endpoint"], made.json()["pipeline_id"]) == ("to-publish", saved)
    for wrong in ({}, {"run": run, "pipeline": saved}):
        assert "Send one of them" in client.refusal("POST", "/published", 422, json={**wrong, "name": "x"})["hint"]
    assert "no letter or digit" in client.refusal("POST", "/published", 422, json={"run": run, "name": "!"})["message"]


def test_keys_are_shown_and_replaced_with_scope_write_alone(server: Served, client: Client) -> None:
    client.post("/published", json={"document": with_share(), "name": "Keyed"})
    before = client.get("/published/keyed/keys").json()
    made = client.post("/published/keyed/keys", json={"slot": "secondary"})
    assert (made.status_code, list(made.json())) == (201, ["secondary"])
    after = client.get("/published/keyed/keys").json()
    assert after == {**before, **made.json()} != before
    client.refusal("POST", "/published/keyed/keys", 422, json={"slot": "third"})
    with Client(server, server.new_token("run", "no keys")) as runner:
        runner.refusal("GET", "/published/keyed/keys", 403)
        assert runner.get("/published/keyed").status_code == 200
