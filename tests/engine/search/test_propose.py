"""Proposals: inside the ranges, the same for the same seed and history, better where it is known."""

from __future__ import annotations

import math
from typing import Any

import pytest

from designer.contract.errors import InvalidParameter
from designer.contract.ranges import Range
from designer.contract.search import Sampler
from designer.engine.search.propose import Proposer, grid

SPACE = {
    "rate": Range(0.001, 1.0, is_log=True),
    "leaves": Range(2, 128, is_log=True, is_integer=True),
    "kind": Range(choices=("a", "b", None)),
    "fixed": Range(choices=(7,)),
}
SAMPLERS: list[Sampler] = ["random", "tpe", "cma-es", "qmc"]


def searched(
    sampler: Sampler, count: int, seed: int = 0, space: dict[str, Range] | None = None
) -> list[dict[str, Any]]:
    proposer = Proposer(sampler, space or SPACE, seed)
    proposals = []
    for number in range(count):
        settings = proposer.propose(number)
        proposals.append(settings)
        if number % 7 == 6:
            proposer.tell(number, [0.1], None, is_pruned=True)
        else:
            value = goodness(settings)
            proposer.tell(number, [value], None if number % 11 == 10 else value)
    return proposals


def goodness(settings: dict[str, Any]) -> float:
    return -abs(math.log(settings["rate"] / 0.03)) - abs(math.log(settings["leaves"] / 16))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_proposals_lie_in_the_ranges(sampler: Sampler) -> None:
    for settings in searched(sampler, 40):
        assert list(settings) == list(SPACE)
        assert 0.001 <= settings["rate"] <= 1.0
        assert isinstance(settings["leaves"], int)
        assert 2 <= settings["leaves"] <= 128
        assert settings["kind"] in ("a", "b", None)
        assert settings["fixed"] == 7


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_same_seed_and_history_give_the_same_proposals(sampler: Sampler) -> None:
    first = searched(sampler, 30)
    assert searched(sampler, 24) == first[:24]
    assert searched(sampler, 30, seed=1) != first


@pytest.mark.parametrize("sampler", ["tpe", "cma-es"])
def test_a_sampler_that_learns_is_closer_to_the_best_than_chance(sampler: Sampler) -> None:
    space = {name: SPACE[name] for name in ("rate", "leaves")}

    def late(of: Sampler) -> float:
        values = [goodness(s) for seed in range(5) for s in searched(of, 60, seed, space)[40:]]
        return sum(values) / len(values)

    assert late(sampler) > late("random") + 0.5


def test_a_grid_takes_all_combinations_in_their_order() -> None:
    space = {"a": Range(1, 3, is_integer=True), "b": Range(choices=("x", "y"))}
    assert grid(space) == [{"a": a, "b": b} for a in (1, 2, 3) for b in ("x", "y")]
    proposer = Proposer("grid", space)
    assert [proposer.propose(number) for number in range(6)] == grid(space)


def test_a_grid_of_too_many_combinations_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="1,953,125 combinations"):
        grid({str(number): Range(0.0, 1.0) for number in range(9)})
