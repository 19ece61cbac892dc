"""Published pipelines over REST: what is answered, what is refused and how, and what is queued once."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.feather as feather
import pyarrow.parquet as parquet
import pytest

from designer.contract.catalogue.library import Library
from designer.engine.run import execute_run
from designer.pipeline.document import from_document
from designer.pipeline.graph import Node, Pipeline, PipelineParameter
from designer.pipeline.parameters import bound
from designer.pipeline.promotion import promote
from designer.serving.address import HOST, free_port
from designer.serving.consume import KEY_VARIABLE
from designer.serving.pipelines.consume import LANGUAGES, program
from designer.store.history.runs import MostRuns
from designer.store.records import Run
from designer.store.workspace import Workspace, open_workspace
from designer.workbench.workbench import Workbench
from tests.serving.conftest import ended, started
from tests.trained import wire

PROGRAMS = {
    "curl": ("bash", "call.sh"), "Python": (sys.executable, "call.py"), "JavaScript": ("node", "call.mjs"),
    "R": ("Rscript", "call.R"), "C#": ("dotnet-script", "call.csx"),
}  # fmt: skip
"""What runs the program of each language, and the file that it is in."""
TABLE = pd.DataFrame({"name": ["a", "b", "c"], "size": [1.5, 2.5, 3.5]})


@dataclass(frozen=True)
class Door:
    """A scoring process on a workspace with published pipelines."""

    workspace: Workspace
    bench: Workbench
    port: int

    def call(
        self, method: str, path: str, body: Any = b"", key: str | None = None, **headers: str
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Send a request; returns status, document or bytes, and headers."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.key if key is None else key}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection(HOST, self.port, timeout=30)
        try:
            with suppress(BrokenPipeError):  # a body that is too large is answered before it was sent
                connection.request(method, f"/pipelines/{path}", content, sent)
            response = connection.getresponse()
            answer = response.read()
            is_json = response.headers["content-type"] == "application/json"
            return response.status, json.loads(answer) if is_json else answer, dict(response.headers.items())
        finally:
            connection.close()

    def refused(self, path: str, body: Any = b"", method: str = "POST", **more: str) -> tuple[int, str, str]:
        """The status, code and message of a refusal."""
        status, answer, _ = self.call(method, path, body, **more)
        return status, answer["error"]["code"], answer["error"]["message"]

    @property
    def key(self) -> str:
        """The key of the first pipeline."""
        return str(self.bench.published.reveal("sizes"))

    def submit(self, body: Any = b"", **headers: str) -> str:
        """Queue a run; returns its id."""
        status, answer, _ = self.call("POST", "sizes/submit", body, **headers)
        assert status == 200, answer
        return str(answer["Id"])

    def cancel_all(self) -> None:
        """Empty the queue."""
        for id in self.workspace.runs.queued():
            self.workspace.runs.request_cancel(id)

    def carry_out(self, id: str) -> Run:
        """Execute a run, as the engine would."""
        run, library = self.workspace.runs.get(id), self.bench.library
        execute_run(run, bound(from_document(run.document), run.assignments), library, self.workspace, BACKEND[0])
        return self.workspace.runs.get(id)


BACKEND: list[Any] = []


def pipeline() -> Pipeline:
    """Rows of a dataset, as many as a parameter says, under a name that another one gives."""
    reference = {"$parameter": "share"}
    return Pipeline(
        "Sizes",
        nodes={
            "data": Node("data", "dataset", parameters={"name": {"$parameter": "rows"}}),
            "split": Node("split", "split-data", parameters={"fraction": reference, "seed": 1}),
        },
        edges=(wire("data.dataset > split.dataset"),),
        parameters={
            "rows": PipelineParameter("rows", "dataset", "sizes"),
            "share": PipelineParameter("share", "number", 0.5, title="Share", minimum=0, maximum=1),
        },
    )


def reading(library: Library) -> Pipeline:
    """A file of a datastore that each run may choose."""
    settings = {"path": "a.csv", "datastore": "workspace"}
    file = Pipeline("Paths", nodes={"file": Node("file", "import-data", 3, parameters=settings)})
    return promote(file, "file", "path", "input", library)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    from tests.engine.in_order import InOrder

    folder = tmp_path_factory.mktemp("pipelines")
    library = Library.scan()
    with open_workspace(folder) as workspace, InOrder() as backend:
        BACKEND[:] = [backend]
        workspace.datasets.register("sizes", TABLE)
        bench = Workbench(workspace, lambda: library)
        bench.published.publish(pipeline(), "Sizes", description="Half of them", version="1.0")
        bench.published.publish(pipeline(), "Other")
        (folder / "files").mkdir()
        (folder / "files" / "a.csv").write_text("x\n1\n2\n")
        workspace.datastores.register("base", f"sqlite:///{folder / 'files' / 'base.db'}")
        bench.published.publish(reading(library), "Paths")
        port = free_port()
        process = started(folder, port)
        try:
            yield Door(workspace, bench, port)
        finally:
            assert ended(process) == 0


@pytest.fixture(autouse=True)
def empty_queue(door: Door) -> Iterator[None]:
    yield
    door.cancel_all()


def test_a_run_remembers_what_the_caller_said(door: Door) -> None:
    body = {"ExperimentName": "night", "Description": "By REST", "Tags": {"by": "cron"}, "RunSource": "Logic App",
            "ParameterAssignments": {"share": "0.25"}, "ContinueOnStepFailure": False,
            "DataSetDefinitionValueAssignments": {"rows": {"SavedDataSetReference": {"Id": "sizes:1"}}}}  # fmt: skip
    run = door.workspace.runs.get(door.submit(body))
    assert (run.experiment, run.description, run.tags) == ("night", "By REST", {"by": "cron"})
    assert run.assignments == {"share": 0.25, "rows": "sizes:1"}
    assert run.trigger == {"kind": "rest", "source": "Logic App", "endpoint": "sizes", "version": 1}
    assert door.bench.published.runs("Sizes")[0].id == run.id


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        (b"{", 400, "pipeline.not_json", "line 1"),
        (b"\xff", 400, "pipeline.not_json", "not UTF-8"),
        (b'{"ParameterAssignments": {"share": NaN}}', 400, "pipeline.not_json", "NaN"),
        (b"[" * 100_000, 400, "pipeline.not_json", "nested too deeply"),
        (b'{"ParameterAssignments": {"share": 1' + b"0" * 5000 + b"}}", 400, "pipeline.not_json", "too long"),
        (b'{"ParameterAssignments": {"share": 1e400}}', 422, "pipeline.parameter", "share: inf is not a finite number"),
        (b"[]", 422, "pipeline.body", "not a JSON object"),
        (b'{"Tags": {"a": 1, "a": 2}}', 422, "pipeline.body", "'a' occurs twice"),
        ({"Tags": {"a": 1}}, 422, "pipeline.body", "the tag 'a' is not a text"),
        ({"ExperimentName": 3}, 422, "pipeline.body", "'ExperimentName' is not a text"),
        ({"ExperimentName": "<b>"}, 422, "pipeline.parameter", "the character '<'"),
        ({"Experiment": "x"}, 422, "pipeline.body", "Did you mean 'ExperimentName'?"),
        ({"ParameterAssignments": []}, 422, "pipeline.body", "'ParameterAssignments' is not an object"),
        ({"ParameterAssignments": {"share": 2}}, 422, "pipeline.parameter", "share: 2 is above 1"),
        ({"ParameterAssignments": {"share": None}}, 422, "pipeline.parameter", "share: no value is given"),
        ({"ParameterAssignments": {"shares": 1}}, 422, "pipeline.parameter", "Did you mean 'share'?"),
        ({"ParameterAssignments": {"rows": "gone"}}, 422, "pipeline.parameter", "no dataset 'gone'"),
        ({"DataSetDefinitionValueAssignments": {"rows": "sizes"}}, 422, "pipeline.parameter", "no dataset is named"),
        (
            {"DataPathAssignments": {"rows": {"DataStoreName": "workspace", "RelativePath": "a.csv"}}},
            422,
            "pipeline.parameter",
            "rows: it is of type dataset, and no path of a datastore. Assign it in ParameterAssignments",
        ),
    ],
)
def test_a_body_that_does_not_fit_is_refused_with_what_would_do(
    door: Door, body: Any, status: int, code: str, words: str
) -> None:
    answer = door.refused("sizes/submit", body)
    assert answer[:2] == (status, code)
    assert words in answer[2]
    assert door.workspace.runs.queued() == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "nothing/submit", 404, "pipeline.unknown"),
        ("POST", "sizes/versions/3.0/submit", 404, "pipeline.version"),
        ("GET", "sizes/runs/00000000", 404, "pipeline.run"),
        ("GET", "sizes/nothing", 404, "server.unknown"),
        ("GET", "sizes/submit", 405, "server.method"),
        ("DELETE", "sizes", 405, "server.method"),
        ("POST", "sizes/runs/1", 405, "server.method"),
        ("GET", "sizes/runs/1?wait=600", 422, "pipeline.wait"),
        ("GET", "sizes/runs/1?wait=soon", 422, "pipeline.wait"),
        ("POST", "sizes/submit?version=9", 422, "pipeline.query"),
        ("GET", "sizes?wait=1", 422, "pipeline.query"),
    ],
)
def test_an_address_that_is_not_there_is_said(door: Door, method: str, path: str, status: int, code: str) -> None:
    assert door.refused(path, method=method)[:2] == (status, code)


PATHS: list[tuple[Any, str]] = [
    ({"DataStoreName": "store", "RelativePath": "a.csv"}, "there is no datastore 'store'"),
    ({"DataStoreName": "base", "RelativePath": "a.csv"}, "'base' is a database"),
    ({"DataStoreName": "workspace", "RelativePath": "../a.csv"}, "leads out of the datastore"),
    ({"DataStoreName": "..", "RelativePath": "a.csv"}, "leads out of the datastore"),
    ({"DataStoreName": "workspace", "RelativePath": "/etc/hosts"}, "'/etc/hosts' is not relative"),
    ({"DataStoreName": "in/workspace", "RelativePath": "a"}, "'in/workspace' names no datastore"),
    ({"DataStoreName": "", "RelativePath": "a.csv"}, '{"DataStoreName": "workspace"'),
    ({"DataStoreName": "workspace"}, '{"DataStoreName": "workspace"'),
    ({"DataStoreName": "workspace", "RelativePath": "a", "Path": "b"}, '{"DataStoreName": "workspace"'),
    ("workspace/a.csv", '{"DataStoreName": "workspace"'),
]


@pytest.mark.parametrize(("path", "words"), PATHS)
def test_a_path_that_names_no_file_of_a_datastore_is_refused(door: Door, path: Any, words: str) -> None:
    key = str(door.bench.published.reveal("Paths"))
    body = {"DataPathAssignments": {"input": path}}
    status, code, message = door.refused("paths/submit", body, key=key)
    assert (status, code) == (422, "pipeline.parameter")
    assert message.startswith("input: ")
    assert words in message
    twice = {**body, "ParameterAssignments": {"input": "workspace/a.csv"}}
    assert "'input' is assigned twice" in door.refused("paths/submit", twice, key=key)[2]
    assert door.workspace.runs.queued() == []


def test_a_file_of_any_datastore_is_assigned_in_two_parts_or_as_one_text(door: Door, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("x\n5\n6\n")
    door.workspace.datastores.register("lake", str(tmp_path), replace=True)
    key = str(door.bench.published.reveal("Paths"))
    path = {"DataStoreName": "lake", "RelativePath": "b.csv"}
    for body, rows in (
        ({}, [1, 2]),
        ({"DataPathAssignments": {"input": path}}, [5, 6]),
        ({"ParameterAssignments": {"input": "lake/b.csv"}}, [5, 6]),
    ):
        status, answer, _ = door.call("POST", "paths/submit", body, key=key)
        assert status == 200
        assert door.carry_out(answer["Id"]).state == "finished"
        _, content, _ = door.call("GET", f"paths/runs/{answer['Id']}/outputs/file/output_data", key=key)
        assert content == "".join(f"{line}\n" for line in ("x", *rows)).encode()
    _, contract, _ = door.call("GET", "paths/openapi.json")
    body = contract["paths"]["/pipelines/paths/submit"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["DataPathAssignments"]["properties"]["input"]["required"] == [
        "DataStoreName",
        "RelativePath",
    ]


def test_a_request_that_is_too_large_or_names_a_version_in_its_query_is_told_what_would_do(door: Door) -> None:
    status, code, message = door.refused("sizes/submit", {"ParameterAssignments": {"text": "x" * 2**20}})
    assert (status, code) == (413, "pipeline.too_large")
    assert message.endswith("Register the data as a dataset, and assign its name.")
    assert "versions/{version}/submit" in door.refused("sizes/submit?version=9")[2]


def test_keys_open_their_own_pipeline_only(door: Door) -> None:
    other = str(door.bench.published.reveal("Other"))
    assert door.refused("sizes/submit", key="")[:2] == (401, "auth.key")
    assert door.refused("sizes/submit", key="dsg_wrong")[:2] == (401, "auth.key")
    assert door.refused("sizes/submit", key=other)[:2] == (403, "auth.other_endpoint")
    run = door.submit()
    assert door.call("GET", f"other/runs/{run}", key=other)[0] == 404
    assert door.call("POST", f"other/runs/{run}/cancel", key=other)[0] == 404
    renewed = door.bench.published.rotate("Other")
    assert door.refused("other/submit", key=other)[:2] == (401, "auth.key")
    assert door.call("POST", "other/submit", key=renewed)[0] == 200


def test_other_content_types_hosts_and_sizes_are_refused(door: Door) -> None:
    assert door.refused("sizes/submit", {"Tags": {}}, Content_Type="text/plain")[:2] == (415, "pipeline.content_type")
    assert door.refused("sizes/submit", {"Tags": {}}, Content_Encoding="gzip")[:2] == (415, "pipeline.content_type")
    assert door.refused("sizes/submit", {}, Host="example.com")[:2] == (403, "server.host")
    assert door.refused("sizes/submit", {}, Origin="https://example.com")[:2] == (403, "server.origin")
    assert door.refused("sizes/submit", b"{" + b" " * 2**20)[0] == 413


def test_the_same_request_with_its_key_queues_one_run(door: Door) -> None:
    body = {"ParameterAssignments": {"share": 0.75}, "ExperimentName": "once"}
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda n: door.submit(body, Idempotency_Key="night-1"), range(8)))
    assert len(set(ids)) == 1
    turned = dict(reversed(body.items()))
    assert door.submit(turned, Idempotency_Key="night-1") == ids[0]
    answer = door.refused("sizes/submit", {"ParameterAssignments": {"share": 0.5}}, Idempotency_Key="night-1")
    assert answer[:2] == (409, "pipeline.idempotency_key")
    assert door.submit(body, Idempotency_Key="night-2") != ids[0]
    assert door.refused("sizes/submit", body, Idempotency_Key="x" * 300)[:2] == (400, "pipeline.idempotency_key")


def test_a_full_queue_is_said_with_when_to_try_again(door: Door) -> None:
    document = {"name": "waiting", "nodes": {}}
    for number in range(MostRuns.at_once + MostRuns.waiting):
        door.workspace.runs.create(document, pipeline_id=str(number))
    status, answer, headers = door.call("POST", "sizes/submit")
    assert (status, answer["error"]["code"]) == (429, "pipeline.queue")
    assert int({name.lower(): value for name, value in headers.items()}["retry-after"]) >= 1


def test_its_description_and_contract_need_no_key(door: Door) -> None:
    status, answer, _ = door.call("GET", "sizes", key="")
    assert (status, answer["Name"], answer["Status"]) == (200, "Sizes", "Active")
    assert answer["Endpoint"] == f"http://127.0.0.1:{door.port}/pipelines/sizes/submit"
    share = next(each for each in answer["Parameters"] if each["Name"] == "share")
    assert (share["Type"], share["Default"], share["Minimum"], share["Maximum"]) == ("number", 0.5, 0, 1)
    _, document, _ = door.call("GET", "sizes/openapi.json", key="")
    body = document["paths"]["/pipelines/sizes/submit"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["ParameterAssignments"]["properties"]["share"] == {
        "type": "number", "title": "Share", "minimum": 0, "maximum": 1, "default": 0.5,
    }  # fmt: skip


def test_the_submission_of_a_version_is_described(door: Door) -> None:
    _, document, _ = door.call("GET", "sizes/openapi.json", key="")
    described = document["paths"]["/pipelines/sizes/versions/{version}/submit"]["post"]
    assert [each["name"] for each in described["parameters"]] == ["version", "Idempotency-Key"]
    _, answer, _ = door.call("GET", "sizes/", key="")
    address = answer["Versions"][0]["Endpoint"].partition("/pipelines/")[2]
    status, run, _ = door.call("POST", address)
    assert (status, run["PipelineVersion"]) == (200, answer["Versions"][0]["Version"])
    door.call("POST", f"sizes/runs/{run['Id']}/cancel")


def test_waiting_answers_at_the_next_change(door: Door) -> None:
    id = door.submit()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(door.call, "GET", f"sizes/runs/{id}?wait=30")
        assert not waiting.done()
        status, cancelled, _ = door.call("POST", f"sizes/runs/{id}/cancel")
        assert (status, cancelled["Status"]) == (202, "Canceled")
        status, answer, _ = waiting.result(timeout=20)
    assert (status, answer["Status"]) == (200, "Canceled")
    assert door.call("GET", f"sizes/runs/{id}?wait=30")[1]["Status"] == "Canceled"


def test_outputs_are_sent_as_the_caller_reads_them(door: Door, tmp_path: Path) -> None:
    id = door.submit({"ParameterAssignments": {"share": 1}})
    assert door.carry_out(id).state == "finished"
    _, document, _ = door.call("GET", f"sizes/runs/{id}")
    assert [(step["Name"], step["Status"], step["Outputs"]) for step in document["Steps"]] == [
        ("data", "Finished", ["dataset"]),
        ("split", "Finished", ["results_dataset1", "results_dataset2"]),
    ]
    outputs = f"sizes/runs/{id}/outputs"
    status, content, headers = door.call("GET", f"{outputs}/data/dataset")
    assert (status, content) == (200, b"name,size\na,1.5\nb,2.5\nc,3.5\n")
    assert {name.lower(): value for name, value in headers.items()}["content-disposition"].endswith("data-dataset.csv")
    for accept, read in (
        ("application/vnd.apache.parquet", parquet.read_table),
        ("text/csv;q=0.5, application/vnd.apache.arrow.file", feather.read_table),
    ):
        (tmp_path / "table").write_bytes(door.call("GET", f"{outputs}/data/dataset", Accept=accept)[1])
        assert read(tmp_path / "table").to_pandas()["size"].tolist() == [1.5, 2.5, 3.5]
    assert door.refused(f"{outputs}/data/dataset", method="GET", Accept="image/png")[:2] == (406, "pipeline.form")
    assert door.refused(f"{outputs}/date/dataset", method="GET")[:2] == (404, "pipeline.step")
    assert door.refused(f"{outputs}/data/rows", method="GET")[:2] == (404, "pipeline.output")
    for place in (door.workspace.path / "artifacts").iterdir():
        for file in place.iterdir() if place.is_dir() else ():
            file.unlink()
    assert door.refused(f"{outputs}/data/dataset", method="GET")[:2] == (410, "pipeline.removed")


def test_a_failed_run_says_which_step_and_why(door: Door) -> None:
    id = door.submit()
    run = door.workspace.runs.get(id)
    attempt = door.workspace.runs.claim(id, [{"node": "split", "title": "Split Data"}])
    assert attempt is not None
    error = {"type": "TooFewRows", "message": "Split Data: 1 row. Add some."}
    door.workspace.runs.record(id, attempt, {"split": {"state": "failed", "error": error}})
    door.workspace.runs.finish(run.id, attempt, "failed")
    document = door.call("GET", f"sizes/runs/{id}")[1]
    assert document["Status"] == "Failed"
    assert document["Error"] == {"Code": "TooFewRows", "Message": "Split Data: 1 row. Add some.", "Step": "split"}


def is_present(language: str) -> bool:
    """Whether this computer runs programs of a language; for R, whether it has the package that they need."""
    if language == "R" and shutil.which("Rscript"):
        return subprocess.run(["Rscript", "-e", "library(httr2)"], capture_output=True).returncode == 0
    return shutil.which(PROGRAMS[language][0]) is not None


@pytest.mark.parametrize("language", [each for each in LANGUAGES if is_present(each)])
def test_the_programs_that_the_page_shows_submit_a_run_and_wait_for_its_end(
    door: Door, language: str, tmp_path: Path
) -> None:
    command, name = PROGRAMS[language]
    address = f"http://{HOST}:{door.port}/pipelines/sizes"
    file = tmp_path / name
    file.write_text(program(language, address, {"share": 0.25, "rows": "sizes:1"}))
    environment = {**os.environ, KEY_VARIABLE: door.key}
    with subprocess.Popen(
        [command, str(file)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 30
        while not (queued := door.workspace.runs.queued()):
            assert process.poll() in (None, 0), process.communicate()
            assert time.monotonic() < until
            time.sleep(0.02)
        run = door.workspace.runs.get(queued[0])
        assert (run.assignments, run.experiment) == ({"share": 0.25, "rows": "sizes:1"}, "From a program")
        attempt = door.workspace.runs.claim(run.id, [])
        assert attempt is not None
        door.workspace.runs.finish(run.id, attempt, "finished")
        said, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert said.strip() == f"{run.id} Finished" or (language == "curl" and run.id in said)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if is_present(each)])
def test_the_programs_that_the_page_shows_end_with_the_message_of_a_refusal(
    door: Door, language: str, tmp_path: Path
) -> None:
    command, name = PROGRAMS[language]
    file = tmp_path / name
    file.write_text(program(language, f"http://{HOST}:{door.port}/pipelines/sizes", {"share": 7}))
    for key, message in ((door.key, "share: 7 is above"), ("dsg_wrong", "the key is missing or not valid")):
        run = subprocess.run([command, file], env={**os.environ, KEY_VARIABLE: key}, capture_output=True, text=True)
        assert run.returncode != 0
        assert message in run.stdout + run.stderr
        assert "Traceback" not in run.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_program_keeps_values_as_they_are_and_names_no_key(language: str) -> None:
    values = {"text": 'it\'s "quoted" \\ here\nand ü', "none": None, "yes": True, "columns": ["a", "b"]}
    code = program(language, "http://127.0.0.1:8322/pipelines/sizes", values)
    assert "http://127.0.0.1:8322/pipelines/sizes/submit" in code
    assert KEY_VARIABLE in code
    assert "dsg_" not in code
    body = {"ExperimentName": "From a program", "ParameterAssignments": values}
    match language:
        case "curl":
            assert json.loads(code.partition(" -d '")[2].rstrip().removesuffix("'").replace("'\\''", "'")) == body
        case "Python":
            compile(code, "snippet", "exec")
        case "R":
            text = re.search(r"body <- '(.*)'\n", code)
            assert text is not None
            assert json.loads(text[1].replace("\\'", "'").replace("\\\\", "\\")) == body
        case "C#":
            match = re.search(r'"""\n\s*(\{.*\})\n', code)
            assert match is not None
            assert json.loads(match[1]) == body
