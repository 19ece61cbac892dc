"""Marks on cards and wires: states, sizes, stale results, warnings."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from designer.audit.finding import ANSWER, FUTURE, GROUP, IDENTIFIER, NOT_CHECKED, SAME_ROWS
from designer.contract.catalogue.library import Library
from designer.engine.auditing import audit, results_that_hold
from designer.engine.run import execute
from designer.pipeline.graph import Edge, Group, Node, Pipeline
from designer.pipeline.lint.lint import RULES
from designer.pipeline.lint.warning import Warning
from designer.store.records import NodeRun, Run
from designer.store.workspace import Workspace, open_workspace
from designer.ui.state.editor.analysis import marks_of, note_of, unanswered
from designer.ui.state.editor.marks import WORDS, Marks, advice_marks, duration, node_mark, run_marks, size_marks
from designer.ui.state.editor.run import outcome_of
from designer.workbench.editing import Editing
from designer.workbench.workbench import Workbench

HALVES = Pipeline(
    name="Halves",
    nodes={
        "data": Node("data", "dataset", parameters={"name": "Iris"}),
        "split": Node("split", "split-data", parameters={"fraction": 0.7}),
    },
    edges=(Edge("data", "dataset", "split", "dataset"),),
)


TRAINED = Pipeline(
    name="Trained",
    nodes={
        **HALVES.nodes,
        "learner": Node("learner", "multiclass-logistic-regression"),
        "train": Node("train", "train-model", parameters={"label_column": "species"}),
        "score": Node("score", "score-model"),
    },
    edges=(
        *HALVES.edges,
        Edge("learner", "untrained_model", "train", "untrained_model"),
        Edge("split", "results_dataset1", "train", "dataset"),
        Edge("train", "trained_model", "score", "trained_model"),
        Edge("split", "results_dataset2", "score", "dataset"),
    ),
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


def shown(workspace: Workspace, library: Library, pipeline: Pipeline, ran: dict[str, NodeRun]) -> Marks:
    """The marks on the canvas after a run of the pipeline."""
    return marks_of(pipeline, library, Editing(workspace, library).analyse(pipeline, ran), ran)


def test_a_node_that_lacks_something_says_what(workspace: Workspace, library: Library) -> None:
    lonely = Pipeline(nodes={"split": Node("split", "split-data"), "data": Node("data", "dataset")})
    marks = shown(workspace, library, lonely, {})
    assert marks["split"]["problem"] == "Needs dataset"
    assert str(marks["data"]["problem"]).startswith("Needs ")


def test_after_a_run_wires_carry_rows_and_columns(workspace: Workspace, library: Library) -> None:
    nodes = ran(workspace, library, HALVES)
    assert run_marks(nodes)["split"]["state"] == "finished"
    marks = size_marks(HALVES, HALVES, nodes)
    assert marks["data/dataset"]["shape"] == "150 × 5"
    assert marks["split/results_dataset1"]["shape"] == "105 × 5"


def test_sizes_on_wires_are_those_of_the_present_wiring(workspace: Workspace, library: Library) -> None:
    nodes = ran(workspace, library, HALVES)
    other = replace(HALVES, nodes={**HALVES.nodes, "other": Node("other", "dataset", parameters={"name": "Wine"})})
    rewired = replace(other, edges=(Edge("other", "dataset", "split", "dataset"),))
    unwired = replace(HALVES, edges=())
    bypassed = replace(HALVES, nodes={**HALVES.nodes, "split": replace(HALVES.nodes["split"], disabled=True)})
    for changed in (rewired, unwired, bypassed):
        marks = size_marks(changed, HALVES, nodes)
        assert marks["split/results_dataset1"]["shape"] is None
        assert marks["data/dataset"]["shape"] == "150 × 5"
    assert size_marks(other, HALVES, nodes)["split/results_dataset1"]["shape"] == "105 × 5"


def test_a_changed_setting_makes_its_node_stale_and_says_why(workspace: Workspace, library: Library) -> None:
    before = ran(workspace, library, HALVES)
    changed = Pipeline(
        nodes={**HALVES.nodes, "split": Node("split", "split-data", parameters={"fraction": 0.5})}, edges=HALVES.edges
    )
    marks = shown(workspace, library, changed, before)
    assert marks["data"]["stale"] is None
    assert marks["split"]["stale"] is True
    assert "0.7" in str(marks["split"]["because"])
    assert "0.5" in str(marks["split"]["because"])
    assert shown(workspace, library, HALVES, before)["split"]["stale"] is None


def test_a_result_above_which_a_wire_was_cut_is_stale_and_its_node_lacks_the_wire(
    workspace: Workspace, library: Library
) -> None:
    before = ran(workspace, library, HALVES)
    mark = shown(workspace, library, replace(HALVES, edges=()), before)["split"]
    assert mark["stale"] is True
    assert str(mark["because"]).startswith("Shows an earlier result. As it stands now: Split Data")
    assert str(mark["problem"]).startswith("Needs")


def test_a_result_of_settings_that_were_taken_back_is_stale_though_nothing_has_to_run(
    workspace: Workspace, library: Library
) -> None:
    ran(workspace, library, HALVES)
    changed = Pipeline(
        nodes={**HALVES.nodes, "split": Node("split", "split-data", parameters={"fraction": 0.5})}, edges=HALVES.edges
    )
    last = ran(workspace, library, changed)
    marks = shown(workspace, library, HALVES, last)
    assert marks["split"]["stale"] is True
    assert "run to see it" in str(marks["split"]["because"])
    assert marks["data"]["stale"] is None


def test_data_that_changed_behind_our_back_is_stale(workspace: Workspace, library: Library) -> None:
    workspace.datasets.register("Own", pd.DataFrame({"a": range(10)}))
    data = Node("data", "dataset", parameters={"name": "Own"})
    pipeline = Pipeline(nodes={**HALVES.nodes, "data": data}, edges=HALVES.edges)
    before = ran(workspace, library, pipeline)
    marks = shown(workspace, library, pipeline, before)
    assert (marks["data"]["stale"], marks["split"]["stale"]) == (None, None)
    workspace.datasets.register("Own", pd.DataFrame({"a": range(11)}))
    marks = shown(workspace, library, pipeline, before)
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
    marks = shown(workspace, library, renamed, before)
    assert [marks[id]["stale"] for id in HALVES.nodes] == [None, None]


def test_columns_of_a_result_that_holds_are_known(workspace: Workspace, library: Library) -> None:
    before = ran(workspace, library, HALVES)
    known = Editing(workspace, library).analyse(HALVES, before).known.outlets["split", "results_dataset2"]
    assert len(getattr(known, "names", [])) == 5


def test_a_failed_node_shows_the_error_and_what_would_do() -> None:
    node = NodeRun(
        run_id="r", node="n", state="failed", seconds=0.12,
        error={"found": "no column 'incme'", "remedy": "Did you mean 'income'?", "message": "all of it"},
    )  # fmt: skip
    mark = node_mark(node)
    assert (mark["state"], mark["message"], mark["remedy"]) == (
        "failed",
        "no column 'incme'.",
        "Did you mean 'income'?",
    )
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
    of_data = {SAME_ROWS, IDENTIFIER, ANSWER, GROUP, FUTURE, NOT_CHECKED}
    assert set(WORDS) == {rule.__name__.replace("_", "-") for rule in RULES} | of_data


def test_a_wire_with_two_warnings_shows_both() -> None:
    wire = Edge("data", "dataset", "train", "dataset")
    copies = Warning(SAME_ROWS, "train", "The same rows train and test", "40 of 80.", wire, "Remove copies first", ())
    answer = Warning(ANSWER, "train", "“k” gives the answer away", "Every row.", wire, "Leave it out", ())
    (one,) = advice_marks([copies]).values()
    assert one["warning"]["word"] == "Same rows"
    marks = advice_marks([copies, answer])
    assert list(marks) == ["wire:data/dataset>train/dataset"]
    both = marks["wire:data/dataset>train/dataset"]["warning"]
    assert both["word"] == "Same rows +1"
    assert [(part["title"], part["fix"]) for part in both["parts"]] == [
        ("The same rows train and test", "Remove copies first"),
        ("“k” gives the answer away", "Leave it out"),
    ]


async def test_the_page_says_what_was_not_looked_at_in_the_data_and_why(workspace: Workspace, library: Library) -> None:
    bench = Workbench(workspace, lambda: library)
    before = bench.editing.analyse(TRAINED, {})
    assert note_of(before.audit) == "The data is checked for leakage once the pipeline has run."
    nodes = ran(workspace, library, TRAINED)
    pending = bench.editing.analyse(TRAINED, nodes)
    assert note_of(pending.audit) == "The data is being checked for leakage."
    assert NOT_CHECKED not in {warning.rule for warning in pending.advice}
    why = await unanswered(bench, pending)  # no engine runs here
    assert why == "The engine process is not running; Designer starts it again."
    given_up = bench.editing.analyse(TRAINED, nodes, why)
    assert note_of(given_up.audit) == ""
    assert {warning.message for warning in given_up.advice if warning.rule == NOT_CHECKED} == {why}
    assert marks_of(TRAINED, library, given_up, nodes)["wire:split/results_dataset1>train/dataset"]["warning"]
    outputs = results_that_hold(workspace, TRAINED, library)
    audit(workspace, TRAINED, library, outputs, here=True)
    looked = bench.editing.analyse(TRAINED, nodes)
    assert (note_of(looked.audit), await unanswered(bench, looked)) == ("", "")
    assert NOT_CHECKED not in {warning.rule for warning in looked.advice}
