"""What cards and wires say: states, sizes, stale results, warnings."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from designer.contract.library import Library
from designer.engine.run import execute
from designer.pipeline.graph import Edge, Group, Node, Pipeline
from designer.pipeline.lint import RULES
from designer.store.records import NodeRun, Run
from designer.store.workspace import Workspace, open_workspace
from designer.ui.state.editor_analysis import analysis
from designer.ui.state.editor_marks import WORDS, duration, node_mark, run_marks
from designer.ui.state.editor_run import outcome_of

HALVES = Pipeline(
    name="Halves",
    nodes={
        "data": Node("data", "dataset", parameters={"name": "Iris"}),
        "split": Node("split", "split-data", parameters={"fraction": 0.7}),
    },
    edges=(Edge("data", "dataset", "split", "dataset"),),
)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.scan()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


def ran(workspace: Workspace, library: Library, pipeline: Pipeline) -> dict[str, NodeRun]:
    result = execute(pipeline, library, workspace)
    assert result.ok
    return workspace.runs.nodes(result.run_id)


def test_a_node_that_lacks_something_says_what(workspace: Workspace, library: Library) -> None:
    lonely = Pipeline(nodes={"split": Node("split", "split-data"), "data": Node("data", "dataset")})
    marks = analysis(workspace, library, lonely, {}).marks
    assert marks["split"]["problem"] == "Needs dataset"
    assert str(marks["data"]["problem"]).startswith("Needs ")


def test_after_a_run_wires_carry_rows_and_columns(workspace: Workspace, library: Library) -> None:
    marks = run_marks(ran(workspace, library, HALVES))
    assert marks["split"]["state"] == "finished"
    assert marks["data/dataset"]["shape"] == "150 × 5"
    assert marks["split/results_dataset1"]["shape"] == "105 × 5"


def test_a_changed_setting_makes_its_node_stale_and_says_why(workspace: Workspace, library: Library) -> None:
    before = ran(workspace, library, HALVES)
    changed = Pipeline(
        nodes={**HALVES.nodes, "split": Node("split", "split-data", parameters={"fraction": 0.5})}, edges=HALVES.edges
    )
    marks = analysis(workspace, library, changed, before).marks
    assert marks["data"]["stale"] is None
    assert marks["split"]["stale"] is True
    assert "0.7" in str(marks["split"]["because"])
    assert "0.5" in str(marks["split"]["because"])
    assert analysis(workspace, library, HALVES, before).marks["split"]["stale"] is None


def test_a_result_of_settings_that_were_taken_back_is_stale_though_nothing_has_to_run(
    workspace: Workspace, library: Library
) -> None:
    ran(workspace, library, HALVES)
    changed = Pipeline(
        nodes={**HALVES.nodes, "split": Node("split", "split-data", parameters={"fraction": 0.5})}, edges=HALVES.edges
    )
    shown = ran(workspace, library, changed)
    marks = analysis(workspace, library, HALVES, shown).marks
    assert marks["split"]["stale"] is True
    assert "run to see it" in str(marks["split"]["because"])
    assert marks["data"]["stale"] is None


def test_data_that_changed_behind_our_back_is_stale(workspace: Workspace, library: Library) -> None:
    workspace.datasets.register("Own", pd.DataFrame({"a": range(10)}))
    data = Node("data", "dataset", parameters={"name": "Own"})
    pipeline = Pipeline(nodes={**HALVES.nodes, "data": data}, edges=HALVES.edges)
    before = ran(workspace, library, pipeline)
    marks = analysis(workspace, library, pipeline, before).marks
    assert (marks["data"]["stale"], marks["split"]["stale"]) == (None, None)
    workspace.datasets.register("Own", pd.DataFrame({"a": range(11)}))
    marks = analysis(workspace, library, pipeline, before).marks
    assert (marks["data"]["stale"], marks["split"]["stale"]) == (True, True)


def test_nothing_that_only_has_another_name_is_stale(workspace: Workspace, library: Library) -> None:
    before = ran(workspace, library, HALVES)
    renamed = replace(
        HALVES,
        name="Another name",
        description="Other words",
        nodes={id: replace(node, title=f"My {id}", comment="why") for id, node in HALVES.nodes.items()},
        layout={"data": (500.0, 4.0)},
        groups=(Group("g", "A group", ("data", "split"), collapsed=True),),
    )
    marks = analysis(workspace, library, renamed, before).marks
    assert [marks[id]["stale"] for id in HALVES.nodes] == [None, None]


def test_columns_of_a_result_that_holds_are_known(workspace: Workspace, library: Library) -> None:
    before = ran(workspace, library, HALVES)
    known = analysis(workspace, library, HALVES, before).known.outlets["split", "results_dataset2"]
    assert len(getattr(known, "names", [])) == 5


def test_a_failed_node_shows_the_error_and_what_would_do() -> None:
    node = NodeRun(
        run_id="r", node="n", state="failed", seconds=0.12,
        error={"found": "no column 'incme'", "remedy": "Did you mean 'income'?", "message": "all of it"},
    )  # fmt: skip
    mark = node_mark(node)
    assert (mark["state"], mark["message"], mark["remedy"]) == ("failed", "no column 'incme'", "Did you mean 'income'?")
    assert mark["right"] == "0.1 s"


@pytest.mark.parametrize(("seconds", "words"), [(0.04, "0.0 s"), (9.96, "10.0 s"), (42.2, "42 s"), (190, "3 min 10 s")])
def test_times_are_read_at_a_glance(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_run_that_found_everything_done_says_so() -> None:
    run = Run(id="r", state="finished", created=0)
    nodes = {str(i): NodeRun(run_id="r", node=str(i), state="reused") for i in range(7)}
    assert outcome_of(run, nodes) == "Nothing to do: 7 of 7 up to date"
    nodes["0"].state = "finished"
    assert outcome_of(run, nodes) == "Finished: 1 ran, 6 reused"


def test_every_rule_has_a_word_for_its_badge() -> None:
    assert set(WORDS) == {rule.__name__.replace("_", "-") for rule in RULES}
