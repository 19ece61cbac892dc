"""Home lists the actual contents of the workspace."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.samples import templates as samples
from designer.samples.data import sample_datasets
from designer.store.workspace import Workspace
from designer.ui.views.overview import moment, picture_of, recent, task_of, templates
from designer.workbench.workbench import Workbench

NOW = datetime(2026, 11, 20, 12, 4, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.scan()


def small_pipeline() -> Pipeline:
    return Pipeline(
        name="Income over 50K?",
        description="Compare two learners\nLonger text.",
        nodes={
            "data": Node(id="data", module="dataset"),
            "learner": Node(id="learner", module="two-class-logistic-regression"),
            "ghost": Node(id="ghost", module="no-such-module"),
        },
        edges=(Edge("data", "dataset", "ghost", "in"),),
        layout={"data": (0, 0), "learner": (300, 0), "ghost": (0, 108)},
    )


def test_an_empty_workspace_has_no_rows(tmp_path: Path, library: Library) -> None:
    with Workspace(tmp_path) as workspace:
        assert recent(Workbench(workspace, lambda: library)) == []


def test_the_pipeline_edited_last_comes_first(tmp_path: Path, library: Library) -> None:
    with Workspace(tmp_path) as workspace:
        for name in ("first", "second"):
            workspace.drafts.create(name, {"format": 1})
        rows = recent(Workbench(workspace, lambda: library))
    assert [row.name for row in rows] == ["second", "first"]
    assert [(row.state, row.edited) for row in rows] == [("", "now"), ("", "now")]


def test_a_row_says_the_task_and_the_state_of_the_last_run(tmp_path: Path, library: Library) -> None:
    document = {"format": 1, "nodes": {"a": {"module": "two-class-logistic-regression"}}}
    with Workspace(tmp_path) as workspace:
        draft = workspace.drafts.create("Churn", document)
        workspace.runs.create(draft.document, pipeline_id=draft.id)
        (row,) = recent(Workbench(workspace, lambda: library))
    assert (row.task, row.state) == ("Two-class", "Queued")


def test_a_damaged_draft_keeps_its_row(tmp_path: Path, library: Library) -> None:
    with Workspace(tmp_path) as workspace:
        workspace.drafts.create("Broken", {"format": 1, "nodes": "not a mapping"})
        (row,) = recent(Workbench(workspace, lambda: library))
    assert (row.name, row.task) == ("Broken", "")


def test_a_picture_has_the_colours_of_the_categories(library: Library) -> None:
    picture = picture_of(small_pipeline(), library)
    assert [box.colour for box in picture.boxes] == ["var(--cat-data)", "var(--cat-algorithm)", "var(--cat-script)"]
    assert len(picture.wires) == 1


def test_every_template_that_ships_can_be_shown(library: Library) -> None:
    shown = templates(library)
    assert len({template.id for template in shown}) == len(shown) > 0
    for template in shown:
        assert template.title
        assert template.task
        assert len(template.picture.boxes) == template.modules


def test_a_template_says_how_many_rows_its_dataset_has() -> None:
    rows = {sample.name: len(sample.frame()) for sample in sample_datasets()}
    assert [template.rows for template in samples.templates()] == [rows[t.dataset] for t in samples.templates()]


@pytest.mark.parametrize(
    ("ids", "task"),
    [
        (["two-class-decision-forest", "train-model"], "Two-class"),
        (["split-data", "boosted-decision-tree-regression"], "Regression"),
        (["two-class-logistic-regression"], "Two-class"),
        (["multiclass-logistic-regression"], "Multiclass"),
        (["k-means-clustering"], "Clustering"),
        (["pca-based-anomaly-detection"], "Anomaly detection"),
        (["train-svd-recommender"], "Recommendation"),
        (["preprocess-text", "two-class-logistic-regression"], "Two-class"),
        (["preprocess-text"], "Text"),
        (["split-data"], ""),
        ([], ""),
    ],
)
def test_task_is_named_by_the_learner(ids: list[str], task: str, library: Library) -> None:
    assert task_of(library[id] for id in ids) == task


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=82), "10:42"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(days=2), "18 Nov"),
        (timedelta(days=366), "19 Nov 2025"),
        (timedelta(seconds=-30), "now"),
    ],
)
def test_a_time_is_said_as_people_say_it(ago: timedelta, text: str) -> None:
    assert moment(NOW - ago, NOW) == text
