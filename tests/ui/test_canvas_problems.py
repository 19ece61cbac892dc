"""Problem messages leave out what their place on the page already shows."""

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.pipeline.check import Problem, check
from designer.pipeline.graph import Node, Pipeline
from designer.store.records import NodeRun
from designer.ui.state.editor.problems import Failure, failures, finding_at_field, finding_on_card
from designer.ui.views.failure import in_sentence

LIBRARY = Library.scan()


def problem_of(**parameters: object) -> Problem:
    lonely = Pipeline(nodes={"split": Node("split", "split-data", parameters=parameters)})
    return next(problem for problem in check(lonely, LIBRARY) if problem.parameter or not parameters)


def test_a_card_does_not_repeat_its_own_name() -> None:
    assert finding_on_card(problem_of()) == "Dataset: nothing is connected."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7, "7 is above 1. Use a number at least 0 and at most 1."),
        ("abc", "'abc' is not a number. Use a number at least 0 and at most 1."),
        (None, "Use a number at least 0 and at most 1."),
    ],
)
def test_a_field_says_what_is_wrong_with_its_value_and_what_would_do(value: object, words: str) -> None:
    assert finding_at_field(problem_of(fraction=value)) == words


def test_a_field_that_has_to_be_filled_in_says_only_that() -> None:
    lonely = Pipeline(nodes={"select": Node("select", "select-columns-in-dataset")})
    missing = next(problem for problem in check(lonely, LIBRARY) if problem.parameter)
    assert finding_at_field(missing) == "Choose a column."


def failed(node: str, module: str, reason: str, remedy: str) -> NodeRun:
    error = DesignerError(reason, remedy, port="Dataset").at(node=node, module="Split Data")
    return NodeRun(run_id="r", node=node, module=module, state="failed", error=error.to_json())


def test_what_failed_in_the_last_run_is_a_problem_with_its_node() -> None:
    pipeline = Pipeline(nodes={"split": Node("split", "split-data"), "off": Node("off", "split-data", disabled=True)})
    rows = {
        "split": failed("split", "split-data", "2 rows are too few", "Use more rows."),
        "off": failed("off", "split-data", "it failed", ""),
        "gone": failed("gone", "split-data", "it failed", ""),
    }
    assert failures(pipeline, rows, []) == [
        Failure("split", "Last run: Dataset: 2 rows are too few.", "Use more rows.")
    ]


def test_a_problem_that_the_check_finds_is_not_said_twice() -> None:
    problem = problem_of()
    row = failed("split", "split-data", problem.error.found, problem.remedy)
    pipeline = Pipeline(nodes={"split": Node("split", "split-data")})
    assert failures(pipeline, {"split": row}, [problem]) == []


def test_another_module_in_the_place_of_a_failed_one_did_not_fail() -> None:
    pipeline = Pipeline(nodes={"split": Node("split", "clip-values")})
    assert failures(pipeline, {"split": failed("split", "split-data", "it failed", "")}, []) == []


def test_a_sentence_begins_with_a_capital_but_a_file_keeps_its_name() -> None:
    assert in_sentence("no column 'x'.") == "No column 'x'."
    assert in_sentence("prices.csv, row 3: it has 4 cells.", "prices.csv") == "prices.csv, row 3: it has 4 cells."
