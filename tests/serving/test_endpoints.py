"""Deploying, swapping versions, pausing and keys, with a scoring process that follows the store."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, FileMissing
from designer.inference.path import NotRewritable
from designer.pipeline.document import from_document
from designer.pipeline.edit import change
from designer.pipeline.graph import Pipeline
from designer.serving import consume
from designer.serving.address import HOST, free_port, scoring_address
from designer.serving.certifying import certify
from designer.serving.client import Client, NoScoringProcess
from designer.serving.deploying import certify_apart, deploy_apart
from designer.serving.endpoints import delete, deploy, make_default, pause, resume, rotate_key
from designer.serving.keys import FILE, first_keys, revealed_key
from designer.serving.server import main
from designer.serving.workers.wire import Refused
from designer.store.workspace import Workspace, open_workspace
from tests.serving.conftest import ROW, Served, deployed, ended, logistic, started
from tests.trained import people, people_pipeline


@pytest.fixture(scope="module")
def second(served: Served) -> Iterator[Pipeline]:
    """The inference pipeline of a second training run, deployed as `second`."""
    pipeline = change(logistic(), "split", parameters={"fraction": 0.3, "seed": 5})
    deployed(served.workspace, served.library, pipeline, "second")
    yield from_document(served.workspace.endpoints.version("second").document)
    delete(served.workspace, "second")


def eventually(check: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.05)
    return check()


def status_of(served: Served, endpoint: str, key: str | None = None) -> int:
    return served.post(endpoint, {"Inputs": {"WebServiceInput0": [ROW]}}, key=key)[0]


def test_a_certificate_covers_every_path_with_all_held_out_rows(served: Served) -> None:
    certificate = served.deployed["income"].certificate
    assert certificate.passed
    assert certificate.held_out == 120
    assert certificate.edge > 15
    assert [path.path for path in certificate.paths] == [
        "pipeline steps", "ONNX", "ONNX, edge rows", "HTTP", "HTTP, edge rows"
    ]  # fmt: skip
    assert [path.rows for path in certificate.paths if path.against == "training run"] == [120, 120, 120]
    stored = served.workspace.endpoints.version("income").certificate
    assert stored["passed"]
    assert stored["sentence"] == certificate.sentence
    assert json.dumps(stored)


def test_a_version_is_checked_again_and_its_certificate_renewed(served: Served) -> None:
    workspace, before = served.workspace, served.deployed["income"].certificate
    again = certify(workspace, served.library, "income")
    assert again.passed
    assert [(path.path, path.rows) for path in again.paths] == [(path.path, path.rows) for path in before.paths]
    assert again.checked > before.checked
    assert workspace.endpoints.version("income").certificate["checked"] == again.checked
    assert {key.slot for key in workspace.endpoints.keys("income")} == {"primary", "secondary"}
    assert workspace.endpoints.version("income").state == "ready"


def test_a_version_that_answers_with_scikit_learn_is_checked_again_apart(served: Served) -> None:
    steps: list[str] = []
    answer = certify_apart(served.workspace.path, "scripted", report=lambda fraction, text: steps.append(text))
    assert answer["passed"]
    assert [path["path"] for path in answer["paths"]] == ["pipeline steps", "HTTP", "HTTP, edge rows"]
    assert len(steps) >= 3
    with pytest.raises(DesignerError, match="no version 9"):
        certify_apart(served.workspace.path, "scripted", 9)


def test_a_version_that_no_longer_answers_as_in_training_says_so_and_goes_on(served: Served, second: Pipeline) -> None:
    """A model of another training run with this run's evidence, put live without a check."""
    workspace = served.workspace
    workspace.endpoints.create("odd")
    _copied(workspace, "second", "odd", run_id=workspace.endpoints.version("income").run_id)
    key = first_keys(workspace, "odd")["primary"]
    assert eventually(lambda: status_of(served, "odd", key) == 200)
    certificate = certify(workspace, served.library, "odd")
    assert not certificate.passed
    assert workspace.endpoints.version("odd").certificate["sentence"] == certificate.sentence
    assert workspace.endpoints.get("odd").default_version == 1
    assert status_of(served, "odd", key) == 200
    delete(workspace, "odd")


def test_a_version_that_is_not_the_default_is_checked_while_another_answers(served: Served, second: Pipeline) -> None:
    workspace = served.workspace
    workspace.endpoints.create("pair")
    assert (_copied(workspace, "income", "pair"), _copied(workspace, "second", "pair")) == (1, 2)
    first_keys(workspace, "pair")
    assert certify(workspace, served.library, "pair", 1).passed
    assert workspace.endpoints.get("pair").default_version == 2
    assert workspace.endpoints.version("pair", 1).state == "ready"
    delete(workspace, "pair")


def test_a_version_keeps_rows_for_the_form(served: Served) -> None:
    example = served.workspace.endpoints.version("income").example
    assert list(example["rows"][0]) == list(ROW)
    frame = people()
    for row, number in zip(example["rows"], example["numbers"], strict=True):
        assert row["age"] == frame["age"][number]
        assert row["member"] == frame["member"][number]
    assert served.score("income", example["rows"])[0]["Scored Labels"] == example["answers"][0]["Scored Labels"]


def test_a_training_pipeline_cannot_be_deployed(served: Served) -> None:
    with pytest.raises(NotRewritable, match="inference pipeline"):
        deploy(served.workspace, served.library, logistic(), "training")
    with pytest.raises(FileMissing):
        served.workspace.endpoints.get("training")


def test_a_damaged_pipeline_deploys_nothing(served: Served) -> None:
    pipeline = from_document(served.workspace.endpoints.version("income").document)
    broken = change(pipeline, "train-trained_model", parameters={"name": "x", "artifact": "0" * 64})
    with pytest.raises(DesignerError):
        deploy(served.workspace, served.library, broken, "broken")
    with pytest.raises(FileMissing):
        served.workspace.endpoints.get("broken")


def test_a_version_that_differs_from_training_is_not_made_default(served: Served, second: Pipeline) -> None:
    """A model of another training run with this run's evidence."""
    workspace, library = served.workspace, served.library
    run_id = workspace.endpoints.version("income").run_id
    result = deploy(workspace, library, second, "differing", run_id=run_id)
    assert not result.certificate.passed
    assert not result.is_default
    assert workspace.endpoints.get("differing").default_version is None
    assert eventually(lambda: status_of(served, "differing", key=result.keys["primary"]) == 503)
    accepted = deploy(workspace, library, second, "differing", run_id=run_id, accept_differences=True)
    assert accepted.is_default
    assert accepted.keys == {}
    assert eventually(lambda: status_of(served, "differing", key=result.keys["primary"]) == 200)
    delete(workspace, "differing")


def test_versions_are_swapped_under_load_and_rolled_back(served: Served, second: Pipeline) -> None:
    workspace = served.workspace
    workspace.endpoints.create("swapped")
    assert _copied(workspace, "income", "swapped") == 1
    key = first_keys(workspace, "swapped")["primary"]
    assert eventually(lambda: status_of(served, "swapped", key) == 200)
    stop, answers = threading.Event(), []

    def load() -> None:
        with closing(Client(served.port, "/endpoints/swapped/score", key)) as client:
            while not stop.is_set():
                answers.append(client.score([ROW, ROW]))

    threads = [threading.Thread(target=load) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    assert _copied(workspace, "second", "swapped") == 2
    time.sleep(1.5)
    make_default(workspace, "swapped", 1)
    time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join()
    seen = {(one["Scored Probabilities"], two["Scored Probabilities"]) for one, two in answers}
    rounded = {(round(one, 9), round(two, 9)) for one, two in seen}
    assert len(rounded) == 2
    assert all(one == two for one, two in rounded)  # one answer never mixes two versions
    delete(workspace, "swapped")
    assert eventually(lambda: status_of(served, "swapped", key) == 404)


def test_a_paused_endpoint_answers_503_until_it_is_resumed(served: Served) -> None:
    pause(served.workspace, "income")
    assert eventually(lambda: status_of(served, "income") == 503)
    resume(served.workspace, "income")
    assert eventually(lambda: status_of(served, "income") == 200)


@pytest.mark.parametrize(
    ("program", "command", "name"),
    [(consume.curl, "bash", "call.sh"), (consume.python, sys.executable, "call.py"),
     (consume.javascript, "node", "call.mjs")],
)  # fmt: skip
def test_the_programs_that_the_page_shows_print_a_score_or_end_with_the_message_of_a_refusal(
    served: Served, program: Callable[..., str], command: str, name: str, tmp_path: Path
) -> None:
    if shutil.which(command) is None:
        pytest.skip(f"no {command} here")
    file = tmp_path / name
    file.write_text(program(f"http://{HOST}:{served.port}", "income", ROW))

    def call(key: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, consume.KEY_VARIABLE: key}
        return subprocess.run([command, file], env=environment, capture_output=True, text=True)

    scored, refused = call(served.keys["income"]), call("dsg_wrong")
    assert scored.returncode == 0, scored.stderr
    assert "Scored Labels" in scored.stdout
    assert refused.returncode != 0
    assert "key" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr


def test_rotating_one_key_keeps_the_other_valid(served: Served) -> None:
    workspace = served.workspace
    old, other = (revealed_key(workspace, "income", slot) for slot in ("primary", "secondary"))
    assert old is not None
    assert other is not None
    new = rotate_key(workspace, "income", "primary")
    assert eventually(lambda: status_of(served, "income", key=old) == 401)
    assert status_of(served, "income", key=other) == 200
    assert eventually(lambda: status_of(served, "income", key=new) == 200)
    served.keys["income"] = new
    assert revealed_key(workspace, "income", "primary") == new


def test_keys_are_readable_by_their_owner_only_and_the_database_has_digests(served: Served) -> None:
    place = served.workspace.path / FILE
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    key = served.keys["scripted"]
    for file in served.workspace.path.glob("designer.db*"):
        assert key.encode() not in file.read_bytes()


def test_counts_and_uses_of_keys_reach_the_store(served: Served) -> None:
    served.score("income", [ROW])
    assert eventually(lambda: sum(c.requests for c in served.workspace.endpoints.request_counts("income")) > 0)
    assert eventually(lambda: any(key.last_used for key in served.workspace.endpoints.keys("income")))


def test_the_address_of_the_scoring_process_is_known(served: Served) -> None:
    assert scoring_address(served.workspace.path) == f"http://127.0.0.1:{served.port}"


def test_a_second_scoring_process_and_a_taken_port_are_refused(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(served.workspace.path)
    assert main(["--workspace", folder, "--port", str(served.port)]) == 2
    assert f"port {served.port} is in use" in capsys.readouterr().err
    assert main(["--workspace", folder, "--port", str(free_port())]) == 3


def test_deploying_apart_reports_progress_and_works_without_a_scoring_process(tmp_path: Path) -> None:
    steps: list[str] = []
    with open_workspace(tmp_path) as workspace:
        library = Library.scan()
        workspace.datasets.register("people", people())
        made = deployed(workspace, library, people_pipeline("boosted-decision-tree-regression", "wage"), "wage")
        assert made.engine == "onnxruntime"
        assert made.certificate.passed
        pipeline = from_document(workspace.endpoints.version("wage").document)
        answer = deploy_apart(tmp_path, pipeline, "wage", report=lambda fraction, text: steps.append(text))
        assert answer["version"] == 2
        assert answer["certificate"]["passed"]
        assert len(steps) >= 4
        with pytest.raises(DesignerError, match="training pipeline"):
            deploy_apart(tmp_path, replace(pipeline, kind="training"), "wage")


def test_a_changed_model_file_is_noticed_and_answered_with_503(served: Served, tmp_path: Path) -> None:
    folder = _copy_of(served, tmp_path)
    digest = served.workspace.endpoints.version("income").artifacts["onnx"]
    place = next(folder.glob(f"artifacts/*/{digest}"))
    place.chmod(0o600)
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    port = free_port()
    process = started(folder, port)
    try:
        client = Client(port, "/endpoints/income/score", served.keys["income"])
        with closing(client), pytest.raises(Refused) as caught:
            client.score([ROW])
        assert (caught.value.status, caught.value.code) == (503, "endpoint.model_integrity")
    finally:
        assert ended(process) == 0


def test_accepted_requests_are_answered_before_the_process_ends(served: Served, tmp_path: Path) -> None:
    folder = _copy_of(served, tmp_path)
    port = free_port()
    process = started(folder, port)
    outcomes: list[Any] = []

    def load() -> None:
        with closing(Client(port, "/endpoints/income/score", served.keys["income"])) as client:
            try:
                while True:
                    outcomes.append(len(client.score([ROW] * 500)))
            except (Refused, NoScoringProcess) as error:
                outcomes.append(error)

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    assert ended(process) == 0
    for thread in threads:
        thread.join()
    assert outcomes.count(500) > 4
    refusals = [outcome for outcome in outcomes if not isinstance(outcome, int)]
    assert len(refusals) == 4
    assert all(isinstance(refusal, NoScoringProcess) or refusal.status == 503 for refusal in refusals)
    assert scoring_address(folder) is None


def _copied(workspace: Workspace, source: str, target: str, **changes: Any) -> int:
    """Add one endpoint's version to another endpoint, without the checks of a deployment."""
    version = workspace.endpoints.version(source)
    fields = ("engine", "reason", "artifacts", "certificate", "example", "run_id")
    values = {field: getattr(version, field) for field in fields} | changes
    return workspace.endpoints.add_version(target, version.document, **values).version


def _copy_of(served: Served, folder: Path) -> Path:
    """A copy of the workspace with the endpoint `income` only."""
    target = folder / "copy"
    shutil.copytree(served.workspace.path, target, ignore=shutil.ignore_patterns("scoring.*", "engine.*"))
    with open_workspace(target) as workspace:
        for endpoint in workspace.endpoints.all():
            if endpoint.name != "income":
                delete(workspace, endpoint.name)
    return target


def version_of(served: Served, endpoint: str, key: str) -> int:
    """The version that the scoring process reports."""
    number: int = served.post(endpoint, b"", key=key, path=f"/endpoints/{endpoint}/ready", method="GET")[1]["version"]
    return number


def test_a_change_is_answered_by_the_scoring_process_when_it_is_said(served: Served, second: Pipeline) -> None:
    """`deploy`, `rotate_key`, `make_default`, `pause` and `resume` return once the change is live: no polling here."""
    workspace = served.workspace
    for _ in range(3):
        key = rotate_key(workspace, "second", "secondary")
        assert status_of(served, "second", key) == 200
    again = deploy(workspace, served.library, second, "second")
    assert again.is_default
    assert version_of(served, "second", key) == again.version
    make_default(workspace, "second", 1)
    assert version_of(served, "second", key) == 1
    pause(workspace, "second")
    assert status_of(served, "second", key) == 503
    resume(workspace, "second")
    assert status_of(served, "second", key) == 200
    fresh = deploy(workspace, served.library, second, "fresh")
    assert status_of(served, "fresh", fresh.keys["primary"]) == 200
    delete(workspace, "fresh")


def test_the_checks_of_a_deployment_are_no_requests_of_a_caller(served: Served, second: Pipeline) -> None:
    workspace = served.workspace
    made = deploy(workspace, served.library, second, "unasked")
    key, address = made.keys["primary"], "/endpoints/unasked/ready"
    assert served.post("unasked", b"", key=key, path=address, method="GET")[1]["opens"] is True
    assert served.post("unasked", b"", key="x" * 40, path=address, method="GET")[1]["opens"] is False
    statistics = "/endpoints/unasked/statistics"
    assert status_of(served, "unasked", key) == 200
    assert served.post("unasked", b"", key=key, path=statistics, method="GET")[1]["hour"]["requests"] == 1
    assert eventually(lambda: any(slot.last_used for slot in workspace.endpoints.keys("unasked")))
