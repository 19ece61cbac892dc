"""A script published as a pipeline: called over REST with values, switched between versions, disabled and enabled."""

from __future__ import annotations

import json
import textwrap
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from designer.sdk import Parameter, Published, Workspace, output, script
from designer.serving.address import free_port
from tests.sdk.conftest import opened
from tests.serving.conftest import ended, started

COMPARE = """
    import argparse, os
    from designer import step

    parser = argparse.ArgumentParser()
    parser.add_argument("--input")
    parser.add_argument("--output_data")
    parser.add_argument("--param1", type=int)
    args = parser.parse_args()
    groups = step.read("input")
    os.makedirs(args.output_data, exist_ok=True)
    with open(os.path.join(args.output_data, "said.txt"), "w") as file:
        file.write(f"--param1 {args.param1} of {len(groups)}")
"""


@dataclass(frozen=True)
class Caller:
    """A program that knows an address and a key."""

    key: str

    def call(self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """Send a request; returns the status and the document, or the bytes."""
        parts = urlsplit(url)
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {})}
        connection = HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        try:
            address = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(method, address, None if body is None else json.dumps(body), sent)
            response = connection.getresponse()
            content = response.read()
            is_json = response.headers["content-type"] == "application/json"
            return response.status, json.loads(content) if is_json else content
        finally:
            connection.close()

    def post(self, url: str, body: Any = None, **headers: str) -> Any:
        """POST a body."""
        return self.call("POST", url, body, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("published")
    (place / "step").mkdir()
    (place / "step" / "compare.py").write_text(textwrap.dedent(COMPARE))
    (place / "hello_world.ipynb").write_text("{}")
    (place / "groups.csv").write_text("group\nsci.space\nrec.autos\n")
    return place


@pytest.fixture(scope="module")
def ws(folder: Path) -> Iterator[Workspace]:
    with opened(folder / "workspace") as workspace:
        yield workspace


@pytest.fixture(scope="module")
def scoring(ws: Workspace, folder: Path) -> Iterator[None]:
    process = started(folder / "workspace", free_port())
    yield
    assert ended(process) == 0


def compare(ws: Workspace, folder: Path) -> Any:
    groups = ws.datasets.register("20newsgroups", folder / "groups.csv")
    return script(
        folder / "step/compare.py",
        "--input", groups, "--output_data", output("data"), "--param1", Parameter("pipeline_arg", 10),
        reuse=False, hash_paths=[folder / "hello_world.ipynb"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def published(ws: Workspace, scoring: None, folder: Path) -> Published:
    return ws.publish(
        compare(ws, folder),
        name="My_Published_Pipeline",
        description="My Published Pipeline Description",
        version="1.0",
    )


def said(ws: Workspace, id: str) -> str:
    run = ws.runs[id].wait(show=False)
    return str(run["compare"].outputs["data"].load().files()[0].read_text())


def test_it_is_called_with_a_value_and_followed_to_its_end(ws: Workspace, published: Published) -> None:
    caller = Caller(published.key)
    body = {"ExperimentName": "My_Pipeline", "RunSource": "SDK", "ParameterAssignments": {"pipeline_arg": 20}}
    status, answer = caller.post(published.endpoint, body)
    assert (status, answer["Status"], answer["PipelineVersion"]) == (200, "NotStarted", 1)
    assert answer["Id"] == answer["RunId"]
    ws.connection.keep_alive(answer["Id"])
    until = time.monotonic() + 90
    document = answer
    while document["Status"] in ("NotStarted", "Running"):
        assert time.monotonic() < until
        status, document = caller.call("GET", f"{answer['StatusUrl']}?wait=30")
        assert status == 200
    assert (document["Status"], document["Error"]) == ("Finished", None)
    assert [(step["Name"], step["Status"]) for step in document["Steps"]][-1] == ("compare", "Finished")
    assert said(ws, answer["Id"]) == "--param1 20 of 2"
    run = ws.runs[answer["Id"]]
    assert (run.experiment, run.number) == ("My_Pipeline", 1)
    status, content = caller.call("GET", f"{answer['StatusUrl']}/outputs/compare/data")
    assert (status, content[:2]) == (200, b"PK")
    status, content = caller.call(
        "GET", f"{answer['StatusUrl']}/outputs/dataset/dataset", headers={"Accept": "text/csv"}
    )
    assert (status, content.decode()) == (200, "group\nsci.space\nrec.autos\n")


def test_without_assignments_it_runs_with_the_default(ws: Workspace, published: Published) -> None:
    status, answer = Caller(published.key).post(published.endpoint, {"ExperimentName": "My_Pipeline"})
    assert status == 200
    ws.connection.keep_alive(answer["Id"])
    assert said(ws, answer["Id"]) == "--param1 10 of 2"


def test_a_value_that_does_not_fit_and_an_unknown_name_are_refused(published: Published) -> None:
    caller = Caller(published.key)
    status, answer = caller.post(published.endpoint, {"ParameterAssignments": {"pipeline_arg": "x"}})
    assert (status, answer["error"]["code"]) == (422, "pipeline.parameter")
    assert answer["error"]["message"] == "pipeline_arg: 'x' is not a whole number. Use a whole number."
    assert answer["error"]["where"] == {"parameter": "pipeline_arg"}
    status, answer = caller.post(published.endpoint, {"ParameterAssignments": {"pipeline_args": 1}})
    assert status == 422
    assert "Did you mean 'pipeline_arg'?" in answer["error"]["message"]
    status, answer = caller.post(published.endpoint, {"ParameterAssigments": {"pipeline_arg": 1}})
    assert status == 422
    assert "Did you mean 'ParameterAssignments'?" in answer["error"]["message"]


def test_disabled_it_refuses_runs_and_still_shows_them(ws: Workspace, published: Published) -> None:
    caller = Caller(published.key)
    status, answer = caller.post(published.endpoint, {})
    assert status == 200
    published.disable()
    try:
        status, refused = caller.post(published.endpoint, {})
        assert (status, refused["error"]["code"]) == (503, "pipeline.disabled")
        assert caller.call("GET", answer["StatusUrl"])[0] == 200
        assert not published.is_enabled
    finally:
        published.enable()
    status, again = caller.post(published.endpoint, {})
    assert status == 200
    assert caller.post(f"{again['StatusUrl']}/cancel")[0] == 202


def test_a_second_version_becomes_the_default_and_the_first_is_made_it_again(
    ws: Workspace, published: Published, folder: Path
) -> None:
    file = folder / "step" / "compare.py"
    file.write_text(file.read_text().replace("--param1 {args", "second {args"))
    second = ws.publish(compare(ws, folder), name="My_Published_Pipeline", version="2.0")
    assert second.address == published.address
    assert [(each.number, each.label) for each in published.versions] == [(2, "2.0"), (1, "1.0")]
    caller = Caller(published.key)
    status, answer = caller.post(published.endpoint, {})
    assert (status, answer["PipelineVersion"]) == (200, 2)
    ws.connection.keep_alive(answer["Id"])
    assert said(ws, answer["Id"]) == "second 10 of 2"
    published.set_default("1.0")
    status, answer = caller.post(published.endpoint, {})
    assert (status, answer["PipelineVersion"]) == (200, 1)
    ws.connection.keep_alive(answer["Id"])
    assert said(ws, answer["Id"]) == "--param1 10 of 2"
    address = published.endpoint.removesuffix("/submit")
    assert caller.post(f"{address}/versions/2.0/submit", {})[1]["PipelineVersion"] == 2
    assert len(published.runs) >= 5


def test_a_run_of_the_sdk_is_published_with_its_value(ws: Workspace, scoring: None, folder: Path) -> None:
    run = ws.submit(compare(ws, folder), parameters={"pipeline_arg": 7}).wait(show=False)
    published = run.publish_pipeline("From a run", description="As it ran", version="1")
    assert (published.name, published.address) == ("From a run", "from-a-run")
    assert published.parameters["pipeline_arg"].default == 7
    again = published.submit({"pipeline_arg": "8"})
    assert said(ws, again.id).endswith("8 of 2")


def test_one_step_may_run_always_and_the_step_below_is_reused(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "up.py").write_text("import sys\nopen(sys.argv[1] + '/a.txt', 'w').write('same')\n")
    (tmp_path / "down").mkdir()
    (tmp_path / "down" / "down.py").write_text("import sys\nopen(sys.argv[2] + '/b.txt', 'w').write('below')\n")
    (tmp_path / "down" / ".amlignore").write_text("notes.txt\n")
    (tmp_path / "down" / ".gitignore").write_text("*.md\n")
    (tmp_path / "hashed.txt").write_text("1")
    up = script(tmp_path / "up/up.py", output("made"), reuse=False)
    down = script(tmp_path / "down/down.py", up, output("end"), hash_paths=[tmp_path / "hashed.txt"])
    published = ws.publish(down, "Two steps")

    def states() -> dict[str, str]:
        return {id: step.status for id, step in published.submit().wait(show=False).steps.items()}

    assert states() == {"up": "finished", "down": "finished"}
    assert states() == {"up": "finished", "down": "reused"}
    (tmp_path / "down" / "notes.txt").write_text("ignored by .amlignore, which wins")
    assert ws.publish(down, "Two steps").default.number == 1
    (tmp_path / "down" / "read.md").write_text("packed, for .gitignore is not read")
    assert ws.publish(down, "Two steps").default.number == 2
    assert states()["down"] == "finished"
    (tmp_path / "hashed.txt").write_text("2")
    assert ws.publish(down, "Two steps").default.number == 3
    assert states()["down"] == "finished"
