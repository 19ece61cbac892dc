"""What a run remembers of its submission, and its logged metrics, as shown."""

from __future__ import annotations

import pytest

from designer.engine.recording.run_metrics import Value
from designer.store.history.metrics import Point, Series
from designer.store.records import Run
from designer.ui.views.run.about import Tag, about_run, experiment_label
from designer.ui.views.run.comparison import metric_row, metric_values
from designer.ui.views.run.curves import LoggedRow, charts_of_step, logged_rows, metric_text
from designer.workbench.results.comparison import MetricPair
from designer.workbench.results.run_table import MetricValues

SOURCE = {
    "azureml.git.commit": "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678",
    "azureml.git.branch": "main",
    "azureml.git.repository_uri": "https://example.com/ada/churn.git",
    "azureml.git.dirty": "True",
    "designer.git.changed_files": ["train.py", "notes.md"],
    "designer.git.changed_count": 5,
}


def series(name: str, *values: float, every: int = 1) -> Series:
    return Series("a", name, tuple(Point(n * every, n * every, value, None, 0.0) for n, value in enumerate(values)))


def test_a_run_says_what_submitted_it_and_from_which_code() -> None:
    run = Run(
        id="r", created=1.0, experiment="churn", number=3, description="Halved rate",
        tags={"stage": "x", "owner": "Ada"}, source=SOURCE, trigger={"kind": "cli"}, submitted_by="ada",
    )  # fmt: skip
    about = about_run(run)
    assert (about.experiment, about.number, experiment_label(run)) == ("churn", "#3", "churn #3")
    assert about.tags == [Tag("owner", "Ada"), Tag("stage", "x")]
    assert about.submitted == "on the command line by ada"
    assert (about.commit, about.branch, about.repository) == ("a1b2c3d4e5", "main", "https://example.com/ada/churn.git")
    assert (about.changes, about.changed) == ("5 changed files", "train.py\nnotes.md\nand 3 more")


def test_a_run_of_which_nothing_was_recorded_shows_nothing() -> None:
    about = about_run(Run(id="r", created=1.0))
    assert (about.submitted, about.commit, about.changes, about.number) == ("", "", "", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"), ("converged", "converged"), ("x" * 70, f"{'x' * 59}…"), (3.0, "3"), (-2.0, "−2"),
        (0.12345, "0.123"), (0.000012345, "1.23e−05"), (12345.678, "12,346"), (1e300, "1" + ",000" * 100),
    ],
)  # fmt: skip
def test_values_of_metrics_as_text(value: Value | None, text: str) -> None:
    shown = metric_text(value)
    assert shown == text or (value == 1e300 and len(shown) < 500)


def test_what_a_step_logged_is_listed_and_its_curves_are_drawn() -> None:
    logged = [series("loss", 3.0, 2.0, 0.5), series("rows", 10.0), series("thin", *range(5), every=4)]
    assert logged_rows(logged) == [
        LoggedRow("loss", "0.500"), LoggedRow("rows", "10"), LoggedRow("thin", "4", "5 of 17 values kept"),
    ]  # fmt: skip
    charts = charts_of_step(logged)
    assert charts.titles == ["loss", "thin"]
    assert list(charts.light["loss"].data[0].y) == [3.0, 2.0, 0.5]
    assert charts.light.keys() == charts.dark.keys()


def test_the_best_value_is_marked_only_where_the_name_tells_which_is_better() -> None:
    best = {
        name: [cell.is_best for cell in metric_values(MetricValues("s", name, (0.2, None, 0.9))).cells]
        for name in ("val/loss", "AUC", "temperature")
    }
    assert best == {
        "val/loss": [True, False, False], "AUC": [False, False, True], "temperature": [False, False, False],
    }  # fmt: skip
    pair = metric_row(MetricPair("s", "temperature", 0.2, 0.9))
    assert (pair.better, pair.difference, pair.tone) == (-1, "+0.700", "t2")
