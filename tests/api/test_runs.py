"""Runs over HTTP: submitted, listed, followed, described, cancelled, compared; their logs and outputs."""

from __future__ import annotations

import io
import threading
import time
from typing import Any

import joblib
import pandas as pd
import pyarrow as pa
import pytest

from designer.api.operation import ARROW, BYTES, CSV
from designer.pipeline.document import to_document
from designer.store.workspace import open_workspace
from tests.api.conftest import Client, small
from tests.served import Served


def test_a_run_is_queued_with_what_it_remembers(client: Client, document: dict[str, Any]) -> None:
    order = {"document": document, "experiment": "Over REST", "description": "First", "tags": {"ticket": "4711"},
             "source": {"mlflow.source.git.commit": "abc"}}  # fmt: skip
    answer = client.post("/runs", json=order)
    assert answer.status_code == 202, answer.text
    run = answer.json()
    assert (run["state"], run["experiment"], run["number"], run["tags"]) == (
        "queued",
        "Over REST",
        1,
        {"ticket": "4711"},
    )
    assert (run["trigger"]["kind"], run["source"]) == ("rest", {"mlflow.source.git.commit": "abc"})
    assert run["submitted_by"] == run["trigger"]["token"]
    shown = client.get(f"/runs/{run['id'][:8]}").json()
    assert (shown["id"], shown["document"]["name"]) == (run["id"], "Small")
    assert [row["id"] for row in client.get("/runs", params={"tag": "ticket=4711"}).json()] == [run["id"]]
    assert client.get("/runs", params={"experiment": "Over REST", "state": "finished"}).json() == []
    changed = client.patch(f"/runs/{run['id']}", json={"tags": {"ticket": "4712"}, "description": "Later"}).json()
    assert (changed["tags"], changed["description"]) == ({"ticket": "4712"}, "Later")
    cancelled = client.post(f"/runs/{run['id']}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (202, "cancelled")
    experiments = {row["name"]: row for row in client.get("/experiments").json()}
    assert experiments["Over REST"]["runs"] == 1
    assert client.patch("/experiments/Over%20REST", json={"archived": True}).json()["archived"] is not None
    error = client.refusal("POST", "/runs", 409, json=order)
    assert error["code"] == "experiment.archived"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"foo": "1"}, "foo: there is no such field."),
        ({"limit": "-1"}, "limit: it is below 1."),
        ({"limit": "many"}, "limit: it is not a whole number."),
        ({"limit": "5000"}, "limit: it is above 1000."),
        ({"text": "x" * 300}, "text: it is longer than 200 characters."),
    ],
)
def test_a_query_that_does_not_fit_is_refused_in_words(client: Client, query: dict[str, str], message: str) -> None:
    assert client.refusal("GET", "/runs", 422, params=query)["message"] == message


def test_runs_cannot_be_sorted_by_what_no_run_has(client: Client) -> None:
    error = client.refusal("GET", "/runs", 422, params={"sort": "-creatd"})
    assert error["message"] == "sort: no run has a metric 'creatd'. Did you mean 'created'?"
    rows = client.get("/runs", params={"sort": "created"}).json()
    assert [row["created"] for row in rows] == sorted(row["created"] for row in rows)


def test_a_saved_pipeline_is_run_by_its_id(client: Client) -> None:
    saved = client.post("/pipelines", json={"document": to_document(small(name="To run"))}).json()
    first = client.post("/runs", json={"pipeline": saved["id"]}).json()
    assert (first["pipeline_id"], first["revision"]) == (saved["id"], 1)
    assert client.post("/runs", json={"pipeline": "To run"}).json()["id"] == first["id"], "it is queued already"
    client.post(f"/runs/{first['id']}/cancel")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"edges": []}, "nothing is connected"),
        ({"nodes": {}, "edges": [], "layout": {}}, ""),
    ],
)
def test_what_cannot_run_is_not_queued(
    client: Client, document: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    before = len(client.get("/runs").json())
    answer = client.post("/runs", json={"document": {**document, **change}})
    if words:
        assert (answer.status_code, words in answer.json()["error"]["message"]) == (422, True)
        assert len(client.get("/runs").json()) == before


def test_values_that_do_not_fit_are_refused_by_the_name_of_the_parameter(
    client: Client, document: dict[str, Any]
) -> None:
    nodes = document["nodes"]
    split = {**nodes["split"], "parameters": {**nodes["split"]["parameters"], "fraction": {"$parameter": "share"}}}
    parameters = {"share": {"type": "number", "default": 0.5, "minimum": 0, "maximum": 1}}
    with_share = {**document, "nodes": {**nodes, "split": split}, "parameters": parameters}
    for text, words in (
        ('"much"', "'much' is not a number"),
        ("NaN", "not a finite number"),
        ("1" + "0" * 400, "not a finite number"),
        ("2", "2"),
    ):
        body = f'{{"assignments": {{"share": {text}}}, "document": {pd.io.json.ujson_dumps(with_share)}}}'
        error = client.refusal("POST", "/runs", 422, content=body, headers={"content-type": "application/json"})
        assert error["where"]["parameter"] == "share"
        assert words in error["message"]
    error = client.refusal("POST", "/runs", 422, json={"document": with_share, "assignments": {"shar": 1}})
    assert "Did you mean 'share'" in error["message"]


def test_a_full_queue_says_when_to_try_again(server: Served, client: Client, document: dict[str, Any]) -> None:
    ids = []
    while (answer := client.post("/runs", json={"document": document})).status_code == 202:
        ids.append(answer.json()["id"])
        assert len(ids) < 200
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert answer.json()["error"]["code"] == "run.too_many"
    with open_workspace(server.folder) as workspace:
        for id in ids:
            workspace.runs.request_cancel(id)


def test_steps_logs_and_metrics_are_read(client: Client) -> None:
    steps = {step["node"]: step for step in client.get(f"/runs/{finished(client)}/steps").json()}
    assert [step["state"] for step in steps.values()] == ["finished"] * 3
    stored = steps["split"]["outputs"]["results_dataset1"]
    assert (stored["kind"], stored["summary"]["rows"]) == ("data", 10)
    assert "seal" not in stored
    path = f"/runs/{finished(client)}/steps/script"
    log = client.get(f"{path}/log").json()
    assert "printed words" in log["text"]
    begin = log["text"].index("printed")
    assert client.get(f"{path}/log", params={"from": begin}).json()["text"].startswith("printed words")
    assert client.get(f"{path}/log", params={"from": log["next"]}).json() == {"text": "", "next": log["next"]}
    client.refusal("GET", f"{path}/log", 422, params={"from": -1})
    assert client.get(f"{path}/metrics").json() == []
    assert client.get(f"/runs/{finished(client)}/metrics").json() == {}
    assert "Did you mean 'script'" in client.refusal("GET", f"/runs/{finished(client)}/steps/scrip/log", 404)["hint"]


def finished(client: Client) -> str:
    return str(client.get("/runs", params={"state": "finished"}).json()[-1]["id"])


def test_outputs_come_as_the_client_accepts_them(client: Client) -> None:
    path = f"/runs/{finished(client)}/steps/split/outputs/results_dataset1"
    text = client.get(path, headers={"accept": CSV}).text
    assert len(pd.read_csv(io.StringIO(text))) == 10
    arrow = client.get(path, headers={"accept": ARROW})
    assert pa.ipc.open_file(io.BytesIO(arrow.content)).read_all().num_rows == 10
    first = client.get(path, headers={"accept": ARROW}, params={"rows": 3})
    assert pa.ipc.open_file(io.BytesIO(first.content)).read_all().num_rows == 3
    client.refusal("GET", path, 406, headers={"accept": "image/png"})
    assert "Did you mean" in client.refusal("GET", f"{path}2", 404)["hint"]


def test_a_model_comes_as_the_bytes_that_are_stored(server: Served, client: Client) -> None:
    from designer.engine.run import execute
    from designer.pipeline.graph import Node, Pipeline

    model = Pipeline(name="Model", nodes={"m": Node("m", "two-class-logistic-regression", 1, {})})
    with open_workspace(server.folder) as workspace:
        run = execute(model, workspace.library(), workspace, slots=1).run_id
    answer = client.get(f"/runs/{run}/steps/m/outputs/untrained_model", headers={"accept": BYTES})
    assert joblib.load(io.BytesIO(answer.content)).name == "Two-Class Logistic Regression"
    digest = answer.headers["etag"].strip('"')
    with open_workspace(server.folder) as workspace:
        workspace.artifacts.blobs.delete(digest)
    error = client.refusal("GET", f"/runs/{run}/steps/m/outputs/untrained_model", 410)
    assert (error["code"], error["hint"]) == ("output.gone", "Run the pipeline again.")


def test_events_wait_for_the_next_change(client: Client, document: dict[str, Any]) -> None:
    run = client.post("/runs", json={"document": document}).json()["id"]
    path = f"/runs/{run}/events"
    known = client.get(path).json()
    assert (known["state"], [event["body"] for event in known["events"]]) == ("queued", [{"state": "queued"}])
    started = time.monotonic()
    quiet = client.get(path, params={"after": known["last"], "wait": 0.3}).json()
    assert (quiet["events"], quiet["last"]) == ([], known["last"])
    assert 0.25 < time.monotonic() - started < 5
    timer = threading.Timer(0.3, client.post, [f"/runs/{run}/cancel"])
    timer.start()
    started = time.monotonic()
    told = client.get(path, params={"after": known["last"], "wait": 20}).json()
    timer.join()
    assert (told["state"], told["events"][-1]["body"]) == ("cancelled", {"state": "cancelled"})
    assert time.monotonic() - started < 10
    assert client.get(path, params={"after": told["last"], "wait": 20}).json()["events"] == [], "it has ended"
    for wrong in ({"wait": 61}, {"wait": "nan"}, {"after": -1}, {"after": 2**64}):
        client.refusal("GET", path, 422, params=wrong)


def test_two_runs_are_compared(server: Served, client: Client) -> None:
    from designer.engine.run import execute

    with open_workspace(server.folder) as workspace:
        second = execute(small(seed=9), workspace.library(), workspace, slots=1).run_id
    compared = client.get(f"/runs/{second}/comparison", params={"with": finished(client)}).json()
    assert [(row["setting"], row["first"], row["second"]) for row in compared["settings"]] == [
        ("Random seed", "1", "9")
    ]
    client.refusal("GET", f"/runs/{second}/comparison", 422, params={"with": second})


def test_a_run_that_is_not_there_is_missing(client: Client) -> None:
    for method, path in (("GET", ""), ("PATCH", ""), ("POST", "/cancel"), ("GET", "/events"), ("GET", "/steps")):
        body = {"json": {}} if method == "PATCH" else {}
        assert "there is no run '0000'" in client.refusal(method, f"/runs/0000{path}", 404, **body)["message"]
