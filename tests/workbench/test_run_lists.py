"""Lists of runs: filters, sorting, metrics by name; more than two runs compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.history.metrics import Point, insert_in
from designer.store.history.run_query import RunQuery
from designer.store.history.submission import Submission
from designer.store.records import Run
from designer.store.workspace import open_workspace
from designer.workbench.results.run_table import MOST_RUNS
from designer.workbench.submitting import read_tags, submission
from designer.workbench.workbench import Workbench

LIBRARY = Library.scan()


@dataclass
class Made:
    """A workbench, and runs that ended with the metrics they are given."""

    bench: Workbench

    def run(
        self,
        name: str = "p",
        experiment: str = "Default",
        *,
        seed: int = 0,
        logged: Mapping[str, list[float]] | None = None,
        evaluated: Mapping[str, float | None] | None = None,
        state: str = "finished",
        **said: Any,
    ) -> Run:
        runs, logged = self.bench.workspace.runs, logged or {}
        nodes = {"split": Node("split", "split-data", parameters={"seed": seed}), "join": Node("join", "join-data")}
        pipeline = Pipeline(name, nodes=nodes, edges=(Edge("split", "results_dataset1", "join", "dataset1"),))
        run = runs.create(to_document(pipeline), submission=Submission(experiment, **said))
        models = [{"name": "A", "rows": 5, "metrics": dict(evaluated or {})}]
        outputs = {"out": {"kind": "evaluation", "digest": "0" * 64, "summary": {"models": models}}}
        rows = [
            {
                "node": "split",
                "state": "finished",
                "logged": {name: values[-1] for name, values in logged.items()},
                "outputs": {},
            },
            {"node": "join", "state": "finished", "logged": {}, "outputs": outputs if evaluated else {}},
        ]
        attempt = runs.claim(run.id, rows) or 0
        with self.bench.workspace.database.record() as session:
            points = {
                ("split", name): [Point(n, n + 1, value, None, 0.0) for n, value in enumerate(values)]
                for name, values in logged.items()
            }
            insert_in(session, run.id, points)
        runs.finish(run.id, attempt, state)
        return runs.get(run.id)

    def names(self, **fields: Any) -> list[str]:
        return [run.name for run in self.bench.runs.listed(RunQuery(**fields)).runs]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with open_workspace(tmp_path) as workspace:
        yield Made(Workbench(workspace, lambda: LIBRARY))


def test_runs_are_filtered_by_experiment_state_tag_and_text(made: Made) -> None:
    made.run("a", "churn", tags={"owner": "Ada", "größe": "M"})
    made.run("b", "churn", state="failed", tags={"owner": "Bob"}, description="with 100% of the rows")
    made.run("c", description="50 rows")
    assert made.names() == ["c", "b", "a"]
    assert made.names(experiment="churn") == ["b", "a"]
    assert made.names(state="failed") == ["b"]
    assert made.names(tags={"owner": ""}) == ["b", "a"]
    assert made.names(tags={"owner": "Ada", "größe": "M"}) == ["a"]
    assert made.names(tags={'"': "'; DROP TABLE run"}) == []
    assert made.names(text="ADA") == ["a"]
    assert made.names(text="größe") == ["a"]
    assert made.names(text="0%") == ["b"]
    assert made.names(text="rows", experiment="churn") == ["b"]
    assert made.names(text=made.bench.runs.listed().runs[0].id[:8]) == ["c"]


def test_a_run_of_a_pipeline_without_a_name_is_called_as_its_last_step(made: Made) -> None:
    steps = {"rows": Node("rows", "enter-data-manually", 1, {"data": "a\n1\n"}),
             "split": Node("split", "split-data", 1, title="fit.py")}  # fmt: skip
    wired = (Edge("rows", "dataset", "split", "dataset"),)
    runs = made.bench.runs
    assert runs.submit_document(Pipeline(nodes=steps, edges=wired)).name == "fit.py"
    assert runs.submit_document(Pipeline(name="Named", nodes=steps, edges=wired)).name == "Named"


def test_imports_are_listed_only_on_request(made: Made) -> None:
    made.run("import", "")
    made.run("a")
    assert made.names() == ["a"]
    assert made.names(with_imports=True) == ["a", "import"]


def test_runs_are_sorted_by_columns_and_by_any_metric(made: Made) -> None:
    made.run("b", logged={"loss": [3.0, 0.2]}, evaluated={"AUC": 0.8})
    made.run("a", logged={"loss": [0.5]}, evaluated={"AUC": None})
    made.run("c", logged={}, evaluated={"AUC": 0.9})
    assert made.names(sort="name") == ["a", "b", "c"]
    assert made.names(sort="-number") == ["c", "a", "b"]
    assert made.names(sort="loss") == ["b", "a", "c"]
    assert made.names(sort="-loss") == ["a", "b", "c"]
    assert made.names(sort="-AUC") == ["c", "b", "a"]
    listing = made.bench.runs.listed(RunQuery(sort="AUC"), limit=1)
    assert [run.name for run in listing.runs] == ["b"]
    assert listing.metrics[listing.runs[0].id] == {"loss": 0.2, "AUC": 0.8}
    assert made.names(sort="seconds")[-1:] != []


def test_metrics_of_a_run_are_found_by_name_and_step_whatever_made_them(made: Made) -> None:
    run = made.run(logged={"loss": [3.0, 0.2]}, evaluated={"AUC": 0.8})
    assert made.bench.runs.metrics(run.id) == {"split": {"loss": 0.2}, "join": {"AUC": 0.8}}
    (series,) = made.bench.runs.series(run.id)
    assert (series.steps(), series.values()) == ([1, 2], [3.0, 0.2])


def test_more_than_two_runs_are_compared_with_what_differs(made: Made) -> None:
    first = made.run(seed=1, logged={"loss": [3.0, 0.2]}, evaluated={"AUC": 0.8, "Mean_Absolute_Error": 2.0})
    second = made.run(seed=2, logged={"loss": [2.0]}, evaluated={"AUC": 0.9, "Mean_Absolute_Error": 1.0})
    third = made.run(seed=1, logged={}, evaluated={"AUC": 0.7})
    table = made.bench.runs.compare_many([third, first, second])
    assert [run.id for run in table.runs] == [first.id, second.id, third.id]
    (setting,) = table.settings
    assert (setting.setting, setting.values) == ("Random seed", ("1", "2", "1"))
    metrics = {each.metric: (each.values, each.best) for each in table.metrics}
    assert metrics == {
        "loss": ((0.2, 2.0, None), 0),
        "AUC": ((0.8, 0.9, 0.7), 1),
        "Mean_Absolute_Error": ((2.0, 1.0, None), 1),
    }
    (curve,) = table.curves
    assert (curve.step, curve.metric) == ("Split Data", "loss")
    assert [series.values() if series else None for series in curve.series] == [[3.0, 0.2], None, None]


def test_one_run_or_too_many_are_not_compared(made: Made) -> None:
    run = made.run()
    with pytest.raises(DesignerError, match="Choose 2 to"):
        made.bench.runs.compare_many([run, run])
    with pytest.raises(DesignerError, match=f"{MOST_RUNS + 1} runs cannot"):
        made.bench.runs.compare_many([made.run() for _ in range(MOST_RUNS + 1)])


def test_filters_are_saved_replaced_and_removed(made: Made) -> None:
    query = RunQuery(experiment="churn", tags={"owner": "Ada"}, sort="-AUC", columns=("AUC", "loss"))
    runs = made.bench.runs
    runs.keep_filter(" best ", query)
    runs.keep_filter("all", RunQuery())
    assert runs.filters() == {"all": RunQuery(), "best": query}
    assert runs.filter("best").is_narrow
    assert not runs.filter("all").is_narrow
    runs.keep_filter("best", RunQuery(state="failed"))
    assert runs.filter("best") == RunQuery(state="failed")
    runs.forget_filter("all")
    with pytest.raises(FileMissing, match=r"no filter 'all'.*best"):
        runs.forget_filter("all")
    with pytest.raises(InvalidParameter):
        runs.keep_filter("<b>", query)


def test_a_submission_says_what_submitted_it_and_from_which_code() -> None:
    about = submission("cli", folder=Path(__file__).parent, tags={"a": "b"}, version=2)
    assert (about.experiment, about.trigger) == ("Default", {"kind": "cli", "version": 2})
    assert submission("sdk").source == {}


def test_tags_are_written_as_name_and_value() -> None:
    assert read_tags(["a=1", " b = x=y ", "c="]) == {"a": "1", "b": "x=y", "c": ""}
    with pytest.raises(InvalidParameter, match="'owner' has no value"):
        read_tags(["owner"])
