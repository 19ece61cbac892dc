"""A pipeline's runs go to the experiment of its run before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from designer.store.history.submission import DEFAULT, Submission
from designer.store.workspace import open_workspace
from designer.workbench.runs import AlreadyRunning
from designer.workbench.workbench import Workbench
from tests.workbench.test_datasets import LIBRARY

DOCUMENT = {"format": 1, "name": "p", "nodes": {}}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_workspace(tmp_path / "workspace") as workspace:
        yield Workbench(workspace, lambda: LIBRARY)


def ran(bench: Workbench, pipeline: str, experiment: str) -> None:
    run = bench.runs.submit(pipeline, submission=Submission(experiment))
    bench.workspace.runs.request_cancel(run.id)


def test_the_last_experiment_of_a_pipeline_is_that_of_its_newest_run(bench: Workbench) -> None:
    one, other = (bench.workspace.drafts.create(name, DOCUMENT).id for name in ("one", "other"))
    assert bench.experiments.last_of(one) == DEFAULT
    ran(bench, one, "wine")
    ran(bench, other, "leaves")
    assert (bench.experiments.last_of(one), bench.experiments.last_of(other)) == ("wine", "leaves")
    bench.experiments.archive("wine")
    assert bench.experiments.last_of(one) == DEFAULT


def test_a_running_pipeline_is_not_taken_for_a_run_in_another_experiment(bench: Workbench) -> None:
    draft = bench.workspace.drafts.create("one", DOCUMENT).id
    run = bench.runs.submit(draft, submission=Submission("wine"))
    for submission in (None, Submission(), Submission("wine")):
        assert bench.runs.submit(draft, submission=submission).id == run.id
    with pytest.raises(AlreadyRunning, match="'one' is running in the experiment 'wine'"):
        bench.runs.submit(draft, submission=Submission("leaves"))
