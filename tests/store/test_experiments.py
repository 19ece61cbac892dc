"""Experiments number their runs; a run remembers what was said of it when it was submitted."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.store.history.experiments import ArchivedExperiment
from designer.store.history.metrics import Point, insert_in
from designer.store.history.submission import DEFAULT, Submission
from designer.store.workspace import Workspace, open_workspace

DOCUMENT = {"name": "p", "nodes": {}}


def submit(workspace: Workspace, experiment: str = DEFAULT, **said: object) -> tuple[str, int | None]:
    """Create a run; returns its id and number."""
    run = workspace.runs.create(DOCUMENT, submission=Submission(experiment, **said))  # type: ignore[arg-type]
    return run.id, run.number


def test_runs_are_numbered_within_their_experiment(workspace: Workspace) -> None:
    assert [submit(workspace, name)[1] for name in ("churn", DEFAULT, "churn", " churn ", DEFAULT)] == [1, 1, 2, 3, 2]
    counts = {each.experiment.name: each.runs for each in workspace.experiments.all()}
    assert counts == {"churn": 3, DEFAULT: 2}
    assert submit(workspace, "")[1] is None
    assert {each.experiment.name for each in workspace.experiments.all()} == {"churn", DEFAULT}


def test_runs_submitted_at_once_get_different_numbers(workspace: Workspace) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: submit(workspace)[1], range(40)))
    assert sorted(number or 0 for number in numbers) == list(range(1, 41))


def test_a_run_remembers_its_submission(workspace: Workspace) -> None:
    said = Submission(
        "churn", " Halved rate ", {" owner ": " Ada "}, {"kind": "cli"}, {"azureml.git.dirty": "False"}, "ada"
    )
    run = workspace.runs.get(workspace.runs.create(DOCUMENT, submission=said).id)
    assert (run.experiment, run.number, run.description, run.tags) == ("churn", 1, "Halved rate", {"owner": "Ada"})
    assert (run.trigger, run.source, run.submitted_by) == ({"kind": "cli"}, {"azureml.git.dirty": "False"}, "ada")
    assert workspace.runs.get(workspace.runs.create(DOCUMENT).id).submitted_by != ""


def test_description_and_tags_are_changed_after_the_fact(workspace: Workspace) -> None:
    id, _ = submit(workspace, tags={"a": "1"})
    assert workspace.runs.describe(id, description="later").tags == {"a": "1"}
    changed = workspace.runs.describe(id, tags={"b": "2"})
    assert (changed.description, changed.tags) == ("later", {"b": "2"})
    with pytest.raises(FileMissing):
        workspace.runs.describe("none", description="x")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"experiment": "x" * 101}, "101 characters"),
        ({"experiment": "  "}, "the name is empty"),
        ({"experiment": "<b>"}, "has the character '<'"),
        ({"tags": {"a\nb": "c"}}, "has the character"),
        ({"tags": {"": "c"}}, "the name is empty"),
        ({"tags": {"a": "x" * 1001}}, "1,001 characters"),
        ({"tags": {str(number): "" for number in range(101)}}, "101 tags"),
        ({"description": "x" * 10_001}, "10,001 characters"),
    ],
)
def test_unusable_names_and_texts_are_refused(workspace: Workspace, said: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidParameter, match=words):
        submit(workspace, **said)  # type: ignore[arg-type]
    assert workspace.runs.all() == []


def test_an_archived_experiment_is_hidden_and_takes_no_runs(workspace: Workspace) -> None:
    submit(workspace, "old")
    assert workspace.experiments.archive("old").archived is not None
    assert workspace.experiments.all() == []
    assert [each.experiment.name for each in workspace.experiments.all(archived=True)] == ["old"]
    with pytest.raises(ArchivedExperiment, match="'old' is archived"):
        submit(workspace, "old")
    workspace.experiments.restore("old")
    assert submit(workspace, "old")[1] == 2
    submit(workspace)
    with pytest.raises(DesignerError, match="always there"):
        workspace.experiments.archive(DEFAULT)
    with pytest.raises(FileMissing, match=r"no experiment 'new'.*Default, old"):
        workspace.experiments.archive("new")


def test_metrics_tags_and_experiment_are_brought_back_with_a_lost_run(workspace: Workspace, tmp_path: Path) -> None:
    id, _ = submit(workspace, "churn", tags={"owner": "Ada"})
    workspace.experiments.describe("churn", "Who leaves")
    attempt = workspace.runs.claim(id, [{"node": "a", "logged": {"loss": 0.5}}]) or 0
    with workspace.database.record() as session:
        insert_in(session, id, {("a", "loss"): [Point(0, 1, 0.5, None, 7.0)]})
    workspace.runs.finish(id, attempt, "finished")
    (tmp_path / "rebuilt").mkdir()
    shutil.copytree(workspace.path / "manifests", tmp_path / "rebuilt" / "manifests")
    with open_workspace(tmp_path / "rebuilt") as rebuilt:
        rebuilt.record.bring_back()
        (series,) = rebuilt.metrics.of_run(id)
        assert series.points == (Point(0, 1, 0.5, None, 7.0),)
        assert rebuilt.runs.get(id).tags == {"owner": "Ada"}
        (counted,) = rebuilt.experiments.all()
        assert (counted.experiment.description, counted.runs) == ("Who leaves", 1)
        assert submit(rebuilt, "churn")[1] == 2


def test_a_name_is_usable_unless_it_is_archived(workspace: Workspace) -> None:
    assert workspace.experiments.usable(" new ") == "new"
    submit(workspace, "old")
    assert workspace.experiments.usable("old") == "old"
    workspace.experiments.archive("old")
    with pytest.raises(ArchivedExperiment, match="'old' is archived"):
        workspace.experiments.usable("old ")
    with pytest.raises(InvalidParameter, match="Experiment: the name 'a<b' has the character '<'"):
        workspace.experiments.usable("a<b")
