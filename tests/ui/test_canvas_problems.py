"""What a problem says where its place is seen."""

import pytest

from designer.contract.library import Library
from designer.pipeline.check import Problem, check
from designer.pipeline.graph import Node, Pipeline
from designer.ui.state.editor_problems import said, said_at_field

LIBRARY = Library.scan()


def problem_of(**parameters: object) -> Problem:
    lonely = Pipeline(nodes={"split": Node("split", "split-data", parameters=parameters)})
    return next(problem for problem in check(lonely, LIBRARY) if problem.parameter or not parameters)


def test_a_card_does_not_repeat_its_own_name() -> None:
    assert said(problem_of()) == "Dataset: nothing is connected."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7, "7 does not fit. Use a number at least 0 and at most 1."),
        ("abc", "'abc' does not fit. Use a number at least 0 and at most 1."),
        (None, "Use a number at least 0 and at most 1."),
    ],
)
def test_a_field_says_what_is_wrong_with_its_value_and_what_would_do(value: object, words: str) -> None:
    assert said_at_field(problem_of(fraction=value)) == words


def test_a_field_that_has_to_be_filled_in_says_only_that() -> None:
    lonely = Pipeline(nodes={"select": Node("select", "select-columns-in-dataset")})
    missing = next(problem for problem in check(lonely, LIBRARY) if problem.parameter)
    assert said_at_field(missing) == "Choose a column."
