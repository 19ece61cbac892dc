"""Propose settings to try, from those known so far. The only file that imports Optuna, for its samplers.

A proposal depends on the seed, its number and what was told before, so that a search that is resumed proposes the same.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, CmaEsSampler, QMCSampler, RandomSampler, TPESampler
from optuna.trial import TrialState

from designer.contract.errors import InvalidParameter
from designer.contract.ranges import Range
from designer.contract.search import GRID_LIMIT, Sampler

STARTUP_TRIALS = 8
"""How many trials TPE draws at random before it models them."""
_STRIDE = 1_000_003
_SEEDS = 2**32

optuna.logging.disable_default_handler()


class Proposer:
    """Asks Optuna for settings, with a new sampler for each number; higher values are better."""

    def __init__(self, sampler: Sampler, space: Mapping[str, Range], seed: int = 0) -> None:
        self._sampler, self._seed = sampler, seed
        self._fixed = {name: spanned.choices[0] for name, spanned in space.items() if len(spanned.choices) == 1}
        self._space = {name: _distribution(spanned) for name, spanned in space.items() if name not in self._fixed}
        self._order = list(space)
        self._study = optuna.create_study(direction="maximize")
        self._asked: dict[int, optuna.Trial] = {}
        self._grid = grid(space) if sampler == "grid" else []

    def propose(self, number: int) -> dict[str, Any]:
        """The settings of the trial of this number, counted from 0; numbers are asked for in order."""
        if self._sampler == "grid":
            return dict(self._grid[number])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some samplers are marked as experimental
            self._study.sampler = _made(self._sampler, self._seed, number)
            self._asked[number] = trial = self._study.ask(self._space)
        drawn = {**self._fixed, **trial.params}
        return {name: drawn[name] for name in self._order}

    def tell(self, number: int, values: Sequence[float], value: float | None, *, is_pruned: bool = False) -> None:
        """How a trial went: its values at the steps so far, and the final one; None where there is none."""
        trial = self._asked.pop(number, None)
        if trial is None:  # of a grid
            return
        for step, each in enumerate(values, 1):
            trial.report(each, step)
        if is_pruned:
            self._study.tell(trial, state=TrialState.PRUNED)
        elif value is None:
            self._study.tell(trial, state=TrialState.FAIL)
        else:
            self._study.tell(trial, value)


def grid(space: Mapping[str, Range]) -> list[dict[str, Any]]:
    """All combinations of the points of the ranges. Raises InvalidParameter if there are too many."""
    points = [spanned.points() for spanned in space.values()]
    count = 1
    for values in points:
        count *= len(values)
    if count > GRID_LIMIT:
        problem = f"the ranges make {count:,} combinations"
        raise InvalidParameter(problem, f"Use at most {GRID_LIMIT:,}, or another sampler.")
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*points)]


def _distribution(spanned: Range) -> BaseDistribution:
    if spanned.choices:
        return CategoricalDistribution(spanned.choices)
    if spanned.is_integer:
        return IntDistribution(int(spanned.low), int(spanned.high), log=spanned.is_log)
    return FloatDistribution(spanned.low, spanned.high, log=spanned.is_log)


def _made(sampler: Sampler, seed: int, number: int) -> BaseSampler:
    drawn = (seed * _STRIDE + number) % _SEEDS
    match sampler:
        case "random":
            return RandomSampler(drawn)
        case "cma-es":
            return CmaEsSampler(seed=drawn, n_startup_trials=1, warn_independent_sampling=False)
        case "qmc":  # one sequence, so that its points spread evenly
            return QMCSampler(seed=seed, independent_sampler=RandomSampler(drawn), warn_independent_sampling=False)
        case _:
            return TPESampler(multivariate=True, seed=drawn, n_startup_trials=STARTUP_TRIALS, constant_liar=True)
