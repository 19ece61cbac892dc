"""Stop policies against tables computed by hand: the trials that end, and the step at which they do."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from designer.contract.search import Policy
from designer.engine.search.stop import brackets, reason

NAN = math.nan

TABLE = [
    [0.80, 0.80, 0.80, 0.80, 0.80],
    [0.70, 0.72, 0.75, 0.78, 0.79],
    [0.60, 0.85, 0.85, 0.85, 0.85],
    [0.79, 0.60, 0.60, 0.60, 0.60],
    [0.78, 0.78, 0.50, 0.50, 0.50],
    [0.90, 0.90, 0.90, 0.90, 0.90],
    [0.74, 0.79, 0.79, 0.79, 0.79],
]
"""Seven trials, one after the other: the value at each of five steps, higher is better."""


def ended(policy: Policy, table: Sequence[Sequence[float]], steps: int = 5) -> dict[int, int]:
    """The trials that the policy ends, and their last step, when they run one after the other."""
    told: dict[int, list[float]] = {}
    stopped = {}
    for number, values in enumerate(table):
        own: list[float] = []
        for step, value in enumerate(values, 1):
            own.append(value)
            if step < len(values) and reason(policy, number, own, told, steps):
                stopped[number] = step
                break
        told[number] = own
    return stopped


def test_none_ends_nothing() -> None:
    assert ended(Policy(), TABLE) == {}


def test_bandit_with_a_factor() -> None:
    # best / 1.1: 0.7273 at step 1 (best 0.80), at step 2 0.7273, from trial 5 on 0.8182 (best 0.90)
    # 1: 0.70 < 0.7273 at 1; 2: 0.60 at 1; 3: 0.79 passes 1, 0.60 < 0.7273 at 2; 4: 0.50 at 3; 6: 0.74 < 0.8182 at 1
    assert ended(Policy("bandit", slack_factor=0.1), TABLE) == {1: 1, 2: 1, 3: 2, 4: 3, 6: 1}


def test_bandit_with_an_amount() -> None:
    # best - 0.1: 0.70 at step 1 (0.70 is not below), 2: 0.60 < 0.70; 3: at 2; 4: at 3; 6: 0.74 < 0.80 at 1
    assert ended(Policy("bandit", slack_amount=0.1), TABLE) == {2: 1, 3: 2, 4: 3, 6: 1}


def test_the_delay_and_the_interval_are_counted_in_steps() -> None:
    # judged at 2 and 4 only: 1: 0.72 < 0.7273 at 2; 2: 0.85 passes; with best 0.85 / 1.1 = 0.7727: 3 at 2; 4: 0.78
    # passes 2, 0.50 at 4; 6: 0.79 < 0.90 / 1.1 = 0.8182 at 2
    assert ended(Policy("bandit", interval=2, slack_factor=0.1), TABLE) == {1: 2, 3: 2, 4: 4, 6: 2}
    # judged from 3 on: 1: 0.75 passes; 3: at 3; 4: at 3; 6: 0.79 at 3
    assert ended(Policy("bandit", delay=3, slack_factor=0.1), TABLE) == {3: 3, 4: 3, 6: 3}
    # every second step from 3 on is 4
    assert ended(Policy("bandit", interval=2, delay=3, slack_factor=0.1), TABLE) == {3: 4, 4: 4, 6: 4}


def test_median_stopping() -> None:
    # running means of the others at the step; a trial's best value so far is compared
    # 1: 0.70 < 0.80 at 1. 2: others 0.80, 0.70, median 0.75: 0.60 at 1. 3: 0.80, 0.70, 0.60: 0.79 passes 1; at 2 only
    # trial 0 (0.80): best so far 0.79 < 0.80. 4: at 1 0.80, 0.70, 0.60, 0.79: median 0.745, 0.78 passes; at 2 0.80 and
    # (0.79 + 0.60) / 2 = 0.695: median 0.7475, 0.78 passes; at 3 trial 0 alone: 0.78 < 0.80. 5 is above all.
    # 6: at 1 0.80, 0.70, 0.60, 0.79, 0.78, 0.90: median 0.785, 0.74 below.
    assert ended(Policy("median"), TABLE) == {1: 1, 2: 1, 3: 2, 4: 3, 6: 1}


def test_truncation_selection() -> None:
    # the lowest 40 % at a step, rounded down, the trial itself included; of two that is none
    # 1: of two, 0.8 -> none; goes on to the end. 2: of three, 1.2 -> 1: 0.60 is the lowest at 1.
    # 3: of four, 1.6 -> 1: lowest is 0.60 of trial 2, passes 1; at 2 of 0.80, 0.72, 0.60: at 2.
    # 4: of five, 2: lowest 0.60, 0.70, passes 1; at 2 of four 1: 0.60, passes; at 3 of 0.80, 0.75, 0.50: at 3.
    # 5: passes. 6: of seven, 2.8 -> 2: lowest 0.60, 0.70, passes 1; at 2 of 0.80, 0.72, 0.60, 0.78, 0.90, 0.79, 2.4
    # -> 2: 0.60, 0.72, passes; at 3 of 0.80, 0.75, 0.50, 0.90, 0.79 -> 2: 0.50, 0.75, passes; at 4 of 0.80, 0.78,
    # 0.90, 0.79 -> 1: 0.78, passes.
    assert ended(Policy("truncation", truncation_percentage=40), TABLE) == {2: 1, 3: 2, 4: 3}


def test_successive_halving() -> None:
    # rungs at steps 1, 2, 4; at each the better half goes on, the best where there are fewer than two
    # 0: alone. 1: 0.70 of two: one goes on: ends at 1. 2: three, one goes on: 0.60 ends. 3: four (0.80 0.70 0.60
    # 0.79), two go on: passes 1; at 2 of 0.80, 0.60 one goes on: ends at 2. 4: five, two go on: 0.80, 0.79; 0.78 ends
    # at 1. 5: passes all. 6: seven, three go on: 0.90, 0.80, 0.79: 0.74 ends at 1.
    assert ended(Policy("halving"), TABLE) == {1: 1, 2: 1, 3: 2, 4: 1, 6: 1}


def test_hyperband_compares_within_brackets() -> None:
    # 5 steps, factor 2: three brackets with budgets of 4, 3 and 3 trials, see the test below; trials 0 to 3 are in
    # bracket 0 (rungs 1, 2, 4), 4 to 6 in bracket 1 (rungs 2, 4)
    # 1 and 2 end at 1, 3 at 2 as above; 4 is alone in bracket 1; 5 passes; 6: at 2 of 0.78, 0.90, 0.79 one goes on
    assert ended(Policy("hyperband"), TABLE) == {1: 1, 2: 1, 3: 2, 6: 2}


def test_the_brackets_of_hyperband() -> None:
    # n_brackets = floor(log2 5) + 1 = 3; ceil(3 * 2**s / (s + 1)) for s = 2, 1, 0: 4, 3, 3
    assert [brackets(5, 2)[number % 10] for number in range(10)] == [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert set(brackets(1, 2)) == {0}


def test_a_value_that_is_not_defined_decides_nothing() -> None:
    assert ended(Policy("median"), [[0.8, 0.8], [NAN, NAN], [NAN, 0.1]], 2) == {}
    assert ended(Policy("bandit", slack_factor=0.1), [[NAN, NAN], [0.1, 0.1]], 2) == {}


def test_errors_are_negated() -> None:
    table = [[-10.0, -10.0], [-12.0, -9.0], [-10.5, -10.5]]
    assert ended(Policy("bandit", slack_amount=1.0), table, 2) == {1: 1}
    # with a factor -10 * 1.1 = -11 is the limit, that of 10 for an error
    assert ended(Policy("bandit", slack_factor=0.1), table, 2) == {1: 1}
    assert ended(Policy("bandit", slack_factor=0.25), table, 2) == {}


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (Policy("bandit", slack_factor=0.1), "0.7 at step 1 is below 0.727, the best (0.8) less its slack"),
        (Policy("median"), "0.7 up to step 1 is below 0.8, the median of the others"),
        (Policy("halving"), "0.7 at step 1 is not among the best 1 of 2"),
    ],
)
def test_a_reason_is_given_in_words(policy: Policy, words: str) -> None:
    assert reason(policy, 1, [0.7], {0: [0.8]}, 5) == words


def test_a_reason_has_the_digits_that_tell_its_numbers_apart() -> None:
    words = "0.863 up to step 1 is below 0.8631, the median of the others"
    assert reason(Policy("median"), 1, [0.86304], {0: [0.86312]}, 5) == words
