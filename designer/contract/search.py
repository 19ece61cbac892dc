"""What a searching module and the engine tell each other: the plan of a search, and the trials that it made."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, Self, runtime_checkable

from designer.contract.errors import InvalidParameter
from designer.contract.ranges import Range

Sampler = Literal["tpe", "random", "cma-es", "qmc", "grid"]
Stopping = Literal["none", "bandit", "median", "truncation", "halving", "hyperband"]
TrialState = Literal["running", "finished", "pruned", "failed", "cancelled"]
VALUE = "value"
"""The column of the output of a trial with what it reported at each step, `contract.progress.measured`."""

GRID_LIMIT = 10_000
"""The most combinations of a grid."""


@dataclass(frozen=True)
class Policy:
    """When a trial is stopped before its last step; `interval` and `delay` are counted in steps."""

    kind: Stopping = "none"
    interval: int = 1
    delay: int = 0
    slack_factor: float = 0.0
    slack_amount: float = 0.0
    truncation_percentage: int = 0
    reduction_factor: int = 2

    def to_json(self) -> dict[str, Any]:
        """The policy as a JSON document."""
        return dict(vars(self))


@dataclass(frozen=True)
class Candidate:
    """Settings to try: as shown to users, and as parameters of a trial."""

    settings: Mapping[str, Any]
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class SearchPlan:
    """A search as data.

    A trial is a task of the module `trial` with `parameters`, those of its candidate, and inputs by port: the values
    at these ports of the searching module. Candidates are listed, or drawn from `space` for `learner`, a module, its
    version and its parameters. `seconds` is the time of the search and `patience` a number of trials without a better
    one after which it ends; 0 is no limit. `at_once` 0 is one trial for each core. `steps` is how often a whole trial
    reports its metric. `outer` has, for each fold of a nested estimate, the parameters of the trials inside it, and
    those that measure the best of them on the fold. Where `fails_fast`, the first error of a trial is that of the
    search.
    """

    trial: str
    parameters: Mapping[str, Any]
    inputs: Mapping[str, str]
    metric: str
    lower_is_better: bool
    candidates: Sequence[Candidate] = ()
    learner: tuple[str, int, Mapping[str, Any]] | None = None
    space: Mapping[str, Range] = field(default_factory=dict)
    sampler: Sampler = "tpe"
    seed: int = 0
    trials: int = 1
    seconds: float = 0.0
    patience: int = 0
    at_once: int = 0
    policy: Policy = Policy()
    steps: int = 1
    outer: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]] = ()
    fails_fast: bool = False

    def candidate(self, settings: Mapping[str, Any]) -> Candidate:
        """The candidate with these settings of the learner."""
        assert self.learner is not None
        module, version, parameters = self.learner
        text = json.dumps([module, version, {**parameters, **settings}], sort_keys=True)
        return Candidate(settings, {"learner": text})

    def to_json(self) -> dict[str, Any]:
        """The plan as a JSON document."""
        return {
            **vars(self),
            "candidates": [vars(candidate) for candidate in self.candidates],
            "space": {name: spanned.to_json() for name, spanned in self.space.items()},
            "policy": self.policy.to_json(),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        learner = document["learner"]
        return cls(
            **{
                **document,
                "candidates": tuple(Candidate(**candidate) for candidate in document["candidates"]),
                "space": {name: Range.from_json(spanned) for name, spanned in document["space"].items()},
                "policy": Policy(**document["policy"]),
                "learner": tuple(learner) if learner else None,
                "outer": tuple((inside, outside) for inside, outside in document["outer"]),
            }
        )


@dataclass(frozen=True)
class Tried:
    """A trial as the searching module gets it back: its settings, and the metrics of each step it came to."""

    number: int
    settings: Mapping[str, Any]
    state: TrialState
    by_step: Sequence[Mapping[str, float]] = ()

    def to_json(self) -> dict[str, Any]:
        """The trial as a JSON document; metrics that are not numbers become None."""
        steps = [{name: None if math.isnan(v) else v for name, v in step.items()} for step in self.by_step]
        return {**vars(self), "by_step": steps}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        steps = [{n: math.nan if v is None else v for n, v in step.items()} for step in document["by_step"]]
        return cls(**{**document, "by_step": steps})


@dataclass(frozen=True)
class Found:
    """What a search found: its trials in the order of their numbers, and the metric of the best settings of each outer
    fold on the rows of that fold; `ending` is why it ended before its last trial, if it did."""

    trials: Sequence[Tried]
    honest: Sequence[float] = ()
    ending: str = ""

    def to_json(self) -> dict[str, Any]:
        """What was found as a JSON document."""
        trials = [trial.to_json() for trial in self.trials]
        return {"trials": trials, "honest": list(self.honest), "ending": self.ending}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        trials = tuple(Tried.from_json(trial) for trial in document["trials"])
        return cls(trials, tuple(document["honest"]), document["ending"])


@runtime_checkable
class Searching(Protocol):
    """A module with the ability `searches`. Both methods run in a process of their own."""

    def plan_search(self, **inputs: Any) -> SearchPlan:
        """What the engine should try."""

    def conclude(self, found: Found, **inputs: Any) -> tuple[Any, str]:
        """The outputs, as `run` returns them, and what the search did, in a sentence or two."""


def check_plan(plan: SearchPlan) -> None:
    """Refuse a plan that cannot be carried out. Raises InvalidParameter."""
    if plan.candidates:
        return
    if not any(not spanned.choices or len(spanned.choices) > 1 for spanned in plan.space.values()):
        remedy = "Give the learner ranges, such as 0.01 .. 1 log, or use another learner."
        raise InvalidParameter("the learner has no settings to search", remedy)
    policy = plan.policy
    if policy.kind == "bandit" and (policy.slack_factor > 0) == (policy.slack_amount > 0):
        raise InvalidParameter("a bandit policy takes a slack factor or a slack amount", "Set one of them above 0.")
