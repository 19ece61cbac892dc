"""Requests to a real scoring process over HTTP: answers, and refusals of every kind of bad request."""

from __future__ import annotations

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import orjson
import pytest

from designer.contract.schema import Schema
from designer.inference.rows import RowReader
from designer.inference.scorer import Scorer
from designer.pipeline.document import from_document
from designer.serving.address import HOST
from designer.serving.live import Live, Route
from designer.serving.realtime import Application
from tests.serving.conftest import ROW, Served


def request(rows: Any, name: str = "WebServiceInput0") -> dict[str, Any]:
    return {"Inputs": {name: rows}, "GlobalParameters": {}}


def refused(served: Served, body: Any, endpoint: str = "income", **how: Any) -> tuple[int, str]:
    """The status and code of a refusal; asserts the structure of the error document."""
    status, answer = served.post(endpoint, body, **how)
    error = answer["error"]
    assert set(error) == {"code", "message", "where", "hint", "request_id"}
    assert error["message"]
    assert not any(word in orjson.dumps(answer).decode() for word in ("Traceback", "/tmp", 'File "'))
    return status, error["code"]


@pytest.mark.parametrize("endpoint", ["income", "scripted"])
def test_an_answer_is_what_the_pipeline_says(endpoint: str, served: Served) -> None:
    version = served.workspace.endpoints.version(endpoint)
    scorer = Scorer.load(from_document(version.document), served.library, served.workspace.sources(served.library))
    rows = [ROW, {**ROW, "age": 71}, {**ROW, "work": None, "hours": None}]
    expected = scorer.score(rows)
    answers = served.score(endpoint, rows)
    assert [row["Scored Labels"] for row in answers] == [row["Scored Labels"] for row in expected]
    for one, other in zip(answers, expected, strict=True):
        assert one["Scored Probabilities"] == pytest.approx(other["Scored Probabilities"], abs=1e-9)
        assert list(one) == list(other)


def test_each_endpoint_says_which_engine_answers_and_why(served: Served) -> None:
    assert served.deployed["income"].engine == "onnxruntime"
    assert served.deployed["scripted"].engine == "scikit-learn"
    assert "Execute Python Script" in served.deployed["scripted"].reason


def test_the_names_of_the_original_are_accepted(served: Served) -> None:
    status, answer = served.post("income", request([ROW], "input1"))
    assert status == 200
    assert list(answer["Results"]) == ["output1"]


def test_order_of_fields_does_not_matter_and_the_label_may_come_along(served: Served) -> None:
    full = dict(reversed({**ROW, "income": ">50K", "id": 7}.items()))
    (one,), (other,) = served.score("income", [full]), served.score("income", [ROW])
    assert one == {**full, **{name: other[name] for name in ("Scored Labels", "Scored Probabilities")}}
    assert list(one)[:6] == list(full)


def test_an_answer_is_the_row_as_it_was_sent_with_its_scores(served: Served) -> None:
    """The pipeline fills hours with the median; the caller's null stays null, and a whole number stays whole."""
    rows: list[dict[str, Any]] = [{**ROW, "hours": None}, {**ROW, "hours": 38}]
    answers = served.score("income", rows)
    assert [list(answer) for answer in answers] == [[*ROW, "Scored Labels", "Scored Probabilities"]] * 2
    assert [{name: answer[name] for name in ROW} for answer in answers] == rows
    assert orjson.dumps(answers[1]["hours"]) == b"38"
    assert "the row as it was sent" in about(served, "income")


def test_with_a_script_an_answer_is_the_table_that_was_scored(served: Served) -> None:
    """A script may reorder rows, so scores cannot be joined to the rows as they were sent."""
    answers = served.score("scripted", [{**ROW, "hours": None}, {**ROW, "hours": 38}])
    assert answers[0]["hours"] is not None  # filled with the median
    assert answers[1]["hours"] == 38
    assert "the row as it was sent" not in about(served, "scripted")


def about(served: Served, endpoint: str) -> str:
    """The description of an answer in the OpenAPI document."""
    contract = served.post(endpoint, b"", path=f"/endpoints/{endpoint}/openapi.json", method="GET")[1]
    return str(contract["paths"][f"/endpoints/{endpoint}/score"]["post"]["responses"]["200"]["description"])


def test_an_unknown_category_is_scored_as_none_of_the_known(served: Served) -> None:
    unknown, missing = served.score("income", [{**ROW, "work": "Astronaut"}, {**ROW, "work": None}])
    assert unknown["Scored Probabilities"] == missing["Scored Probabilities"]
    assert unknown["work"] == "Astronaut"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"age": None}, "score.missing_value"),
        ({"age": "40"}, "score.type"),
        ({"age": True}, "score.type"),
        ({"age": 40.5}, "score.type"),
        ({"hours": " 12 "}, "score.type"),
        ({"hours": [1.0]}, "score.type"),
        ({"work": 3}, "score.type"),
        ({"work": "a\0b"}, "score.value"),
        ({"member": "yes"}, "score.type"),
        ({"agee": 1}, "score.field_unknown"),
        ({"age": 2**63}, "score.value"),
    ],
)
def test_a_bad_cell_names_its_row_and_column(change: dict[str, Any], code: str, served: Served) -> None:
    status, answer = served.post("income", request([ROW, {**ROW, **change}]))
    assert (status, answer["error"]["code"]) == (422, code)
    assert answer["error"]["where"] == {"row": 2, "column": next(iter(change))}


def test_a_missing_column_is_named(served: Served) -> None:
    status, answer = served.post("income", request([{name: value for name, value in ROW.items() if name != "hours"}]))
    assert (status, answer["error"]["code"]) == (422, "score.field_missing")
    assert "'hours'" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "score.not_json"),
        (b"{", "score.not_json"),
        (b'{"Inputs": 1} x', "score.not_json"),
        ('{"Inputs": {}}'.encode("utf-16"), "score.not_json"),
        (b'{"Inputs": {"WebServiceInput0": [{"age": NaN}]}}', "score.not_finite"),
        (b'{"Inputs": {"WebServiceInput0": [{"age": 1e999}]}}', "score.not_finite"),
        (b"[" * 100_000, "score.too_deep"),
        (b"null", "score.shape"),
        (b"[]", "score.shape"),
        (b'"rows"', "score.shape"),
        (b"7", "score.shape"),
        (b'{"Inputs": []}', "score.shape"),
        (b'{"Inputs": {}}', "score.shape"),
        (b'{"Inputs": {"WebServiceInput0": []}, "GlobalParameters": {"threshold": 0.1}}', "score.shape"),
        (b'{"Inputs": {"WebServiceInput0": []}, "Foo": 1}', "score.shape"),
        (b'{"Inputs": {"other": []}}', "score.shape"),
        (b'{"Inputs": {"WebServiceInput0": [[1, 2]]}}', "score.shape"),
        (b'{"Inputs": {"WebServiceInput0": {"age": 1}}}', "score.shape"),
        (b'{"Inputs": {"WebServiceInput0": []}}', "score.no_rows"),
        (b'{"Inputs": {"WebServiceInput0": [{"age": 1, "age": 2}]}}', "score.duplicate_key"),
        (b'{"Inputs": {"WebServiceInput0": [{"age": "\\ud800"}]}}', "score.not_json"),
    ],
)
def test_a_body_of_another_form_is_refused(body: bytes, code: str, served: Served) -> None:
    started = time.perf_counter()
    assert refused(served, body) == (422, code)
    assert time.perf_counter() - started < 1


def test_too_many_rows_and_too_many_bytes_are_413(served: Served) -> None:
    assert refused(served, request([ROW] * 1001)) == (413, "score.too_many_rows")
    assert refused(served, request([{**ROW, "work": "x" * 2**20}])) == (413, "score.too_large")
    assert len(served.score("income", [ROW] * 1000)) == 1000


def test_without_the_right_key_everybody_gets_the_same_401(served: Served) -> None:
    good = served.keys["income"]
    answers = [served.post("income", request([ROW]), key=key) for key in ("", "wrong", good[:-1], good + "x")]
    answers.append(served.post("income", request([ROW]), Authorization=good))
    answers.append(served.post("income", request([ROW]), key="", path=f"/endpoints/income/score?key={good}"))
    assert {status for status, _ in answers} == {401}
    assert {answer["error"]["message"] for _, answer in answers} == {answers[0][1]["error"]["message"]}


@pytest.mark.parametrize("scheme", ["Basic", "Token", "bearers", "", "ApiKey"])
@pytest.mark.parametrize("owner", ["income", "scripted"])
def test_a_good_key_in_another_scheme_is_401(served: Served, scheme: str, owner: str) -> None:
    sent = f"{scheme} {served.keys[owner]}".strip()
    assert refused(served, request([ROW]), Authorization=sent) == (401, "auth.key")


def test_a_key_of_another_endpoint_is_403(served: Served) -> None:
    assert refused(served, request([ROW]), key=served.keys["scripted"]) == (403, "auth.other_endpoint")


@pytest.mark.parametrize("path", ["/endpoints/nobody/score", "/endpoints/income/score/", "/endpoints//score", "/score",
                                  "/endpoints/income/versions/99/score", "/endpoints/%2e%2e/score"])  # fmt: skip
def test_an_unknown_address_is_404(path: str, served: Served) -> None:
    status, _ = served.post("income", request([ROW]), path=path)
    assert status in (404, 405)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_405(method: str, served: Served) -> None:
    assert refused(served, request([ROW]), method=method)[0] == 405


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/octet-stream"])
def test_another_content_type_is_415(kind: str, served: Served) -> None:
    assert refused(served, request([ROW]), Content_Type=kind) == (415, "score.content_type")


def test_compressed_bodies_are_415(served: Served) -> None:
    assert refused(served, request([ROW]), Content_Encoding="gzip") == (415, "score.content_type")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "192.168.0.4", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused(host: str, served: Served) -> None:
    assert refused(served, request([ROW]), Host=host) == (403, "server.host")


def test_pages_of_other_sites_are_refused(served: Served) -> None:
    assert refused(served, request([ROW]), Origin="http://evil.example") == (403, "server.origin")
    status, _ = served.post("income", request([ROW]), Origin="http://127.0.0.1:8321")
    assert status == 200


def test_a_model_that_raises_is_424_and_harms_no_neighbour(served: Served) -> None:
    with ThreadPoolExecutor(4) as pool:
        ages = [40, 13, 41, 42]
        answers = list(pool.map(lambda age: served.post("scripted", request([{**ROW, "age": age}])), ages))
    assert [status for status, _ in answers] == [200, 424, 200, 200]
    assert answers[1][1]["error"]["code"] == "model.error"


def test_a_model_that_hangs_is_504_and_the_next_request_is_answered(served: Served) -> None:
    started = time.perf_counter()
    assert refused(served, request([{**ROW, "age": 14}]), "scripted") == (504, "model.timeout")
    assert time.perf_counter() - started < 10
    assert served.score("scripted", [ROW])


def test_a_model_that_crashes_is_424_and_the_next_request_is_answered(served: Served) -> None:
    assert refused(served, request([{**ROW, "age": 15}]), "scripted") == (424, "model.error")
    assert served.score("scripted", [ROW])


def test_above_the_limit_requests_get_429_with_retry_after(served: Served) -> None:
    with ThreadPoolExecutor(40) as pool:
        body = request([{**ROW, "age": 16}])
        statuses = [status for status, _ in pool.map(lambda _: served.post("scripted", body), range(40))]
    assert set(statuses) <= {200, 429}
    assert 200 in statuses
    assert 429 in statuses


def test_simultaneous_requests_each_get_their_own_answer(served: Served) -> None:
    ages = list(range(20, 76))
    expected = served.score("income", [{**ROW, "age": age} for age in ages])
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda age: served.score("income", [{**ROW, "age": age}])[0], ages))
    for one, other in zip(answers, expected, strict=True):
        assert one["age"] == other["age"]
        assert one["Scored Probabilities"] == pytest.approx(other["Scored Probabilities"], abs=1e-12)


def test_a_refusal_reaches_a_caller_whose_body_comes_later_and_the_connection_goes_on(served: Served) -> None:
    head = (f"POST /endpoints/income/score HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
            "Authorization: Bearer wrong\r\nContent-Length: 100000\r\n\r\n")  # fmt: skip
    with socket.create_connection((HOST, served.port)) as caller:
        for _ in range(3):
            caller.sendall(head.encode())
            time.sleep(0.1)
            caller.sendall(b" " * 100_000)
            assert caller.recv(65536).startswith(b"HTTP/1.1 401")


def test_a_slow_client_does_not_hold_up_others(served: Served) -> None:
    head = (f"POST /endpoints/income/score HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {served.keys['income']}\r\nContent-Length: 500\r\n\r\n")  # fmt: skip
    with socket.create_connection((HOST, served.port)) as slow:
        slow.sendall(head.encode() + b"{")
        started = time.perf_counter()
        assert served.score("income", [ROW])
        assert time.perf_counter() - started < 1


def _total(statistics: dict[str, Any], what: str) -> int:
    return int(sum(minute[what] for minute in statistics["minutes"]))


def test_health_readiness_contract_and_statistics(served: Served) -> None:
    def get(path: str) -> tuple[int, Any]:
        return served.post("income", b"", path=path, method="GET")

    assert get("/healthz") == (200, {"status": "alive"})
    assert get("/readyz") == (200, {"status": "ready"})
    assert get("/endpoints/income/ready")[1]["engine"] == "onnxruntime"
    status, contract = get("/endpoints/income/openapi.json")
    assert status == 200
    properties = contract["paths"]["/endpoints/income/score"]["post"]["requestBody"]["content"]["application/json"]
    row = properties["schema"]["properties"]["Inputs"]["properties"]["WebServiceInput0"]["items"]
    assert list(row["properties"]) == list(ROW)
    answered = contract["paths"]["/endpoints/income/score"]["post"]["responses"]["200"]["description"]
    assert "Scored Probabilities: the probability of >50K." in answered
    served.score("income", [ROW])
    refused_before = _total(get("/endpoints/income/statistics")[1], "errors")
    assert served.post("income", request([ROW]), key="wrong")[0] == 401
    assert _total(get("/endpoints/income/statistics")[1], "errors") == refused_before + 1
    minutes = get("/endpoints/income/statistics")[1]["minutes"]
    assert sum(minute["requests"] for minute in minutes) > 0
    assert 0 < minutes[-1]["p50"] <= minutes[-1]["p95"]
    assert 'designer_requests_last_hour{endpoint="income"}' in get("/metrics")[1]


def test_answers_name_the_version_that_gave_them(served: Served) -> None:
    connection = HTTPConnection(HOST, served.port)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {served.keys['income']}"}
    connection.request("POST", "/endpoints/income/score", orjson.dumps(request([ROW])), headers)
    response = connection.getresponse()
    assert response.read()
    assert response.getheader("x-designer-version") == "1"
    connection.close()


async def test_a_body_that_does_not_arrive_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designer.serving.realtime.BODY_SECONDS", 0.01)
    application = Application()
    live = Live("slow", 1, "onnxruntime", "in", "out", RowReader(Schema()), Schema(), frozenset())
    application.routes = {"slow": Route("slow", "", False, False, live, {})}
    sent: list[Any] = []

    async def never() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json"), (b"content-length", b"5")]
    scope = {"type": "http", "method": "POST", "path": "/endpoints/slow/score", "headers": headers}
    request = asyncio.create_task(application(scope, never, send))
    await asyncio.sleep(0.05)
    application.end_slow_requests()
    await request
    assert sent[0]["status"] == 408
    assert orjson.loads(sent[1]["body"])["error"]["code"] == "score.slow"
