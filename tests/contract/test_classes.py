"""Which of two classes is the positive one."""

from __future__ import annotations

from typing import Any

import pytest

from designer.contract.classes import class_like, ordered_classes


@pytest.mark.parametrize(
    ("classes", "positive"),
    [
        (["ja", "nein"], "ja"),
        (["Ja", "Nein"], "Ja"),
        (["nein", "ja"], "ja"),
        (["Yes", "no"], "Yes"),
        (["no", "yes"], "yes"),
        (["oui", "non"], "oui"),
        (["SI", "no"], "SI"),
        (["Y", "n"], "Y"),
        (["True", "denied"], "True"),
        (["Positive", "clear"], "Positive"),
        ([True, False], True),
        ([1, 0], 1),
        ([1, 2], 2),
        ([-1.0, 1.0], 1.0),
        (["0", "1"], "1"),
        (["1", "2"], "2"),
        (["9", "10"], "10"),
        (["Stayed", "Churned"], "Stayed"),
        (["yes", "true"], "yes"),
        ([">50K", "<=50K"], ">50K"),
    ],
)
def test_the_value_that_says_yes_or_is_larger_is_positive(classes: list[Any], positive: Any) -> None:
    assert ordered_classes([*classes, *classes])[-1] == positive
    assert ordered_classes(classes[::-1])[-1] == positive


def test_more_classes_are_in_ascending_order_whatever_they_say() -> None:
    assert ordered_classes(["yes", "no", "perhaps"]) == ["no", "perhaps", "yes"]
    assert ordered_classes(["zu", "ja", "nein"]) == ["ja", "nein", "zu"]
    assert ordered_classes([3, 1, 2, 1]) == [1, 2, 3]


def test_a_class_that_is_chosen_is_positive() -> None:
    assert ordered_classes(["Stayed", "Churned"], "Churned") == ["Stayed", "Churned"]
    assert ordered_classes(["ja", "nein"], "nein") == ["ja", "nein"]
    assert ordered_classes([0, 1], "0") == [1, 0]
    assert ordered_classes([0.0, 1.0], "0") == [1.0, 0.0]
    assert ordered_classes([True, False], "false") == [True, False]


def test_a_class_is_found_as_it_is_written_before_others_that_are_alike() -> None:
    assert class_like("A", ["a", "A"]) == "A"
    assert class_like(" Churned ", ["Stayed", "churned"]) == "churned"
    assert class_like("left", ["Stayed", "churned"]) is None
