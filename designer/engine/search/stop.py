"""When to stop a trial: the policies of HyperDrive, successive halving and Hyperband. Pure functions; higher is better.

Values of a trial are those at its steps 1, 2, ... so far. `interval` and `delay` are HyperDrive's evaluation_interval
and delay_evaluation: a policy judges at steps that are multiples of the interval and not below the delay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from statistics import median

from designer.contract.search import Policy

Values = Sequence[float]
Others = Mapping[int, Values]


def reason(policy: Policy, number: int, own: Values, others: Others, steps: int) -> str:
    """Why the trial of that number is stopped after its last value, in words; empty if it goes on.

    `others` are the values of the other trials by their numbers, `steps` is the number of steps of a whole trial. A
    value that is not defined (NaN) decides nothing.
    """
    step = len(own)
    is_due = step % policy.interval == 0 and step >= policy.delay
    judge = _JUDGES.get(policy.kind)
    if judge is None or not is_due or math.isnan(own[-1]):
        return ""
    return judge(policy, number, own, {other: values for other, values in others.items() if other != number}, steps)


def _bandit(policy: Policy, number: int, own: Values, others: Others, steps: int) -> str:
    """Below the best at the step by more than the slack."""
    there = _at(len(own), others)
    if not there:
        return ""
    best = max(there)
    factor = 1 + policy.slack_factor
    limit = best - policy.slack_amount
    if policy.slack_factor:
        limit = best / factor if best > 0 else best * factor  # a negated error is below 0
    if own[-1] >= limit or math.isclose(own[-1], limit):
        return ""
    low, high = _apart(own[-1], limit)
    return f"{low} at step {len(own)} is below {high}, the best ({best:.3g}) less its slack"


def _median(policy: Policy, number: int, own: Values, others: Others, steps: int) -> str:
    """The best so far below the median of the running means of the others."""
    step = len(own)
    running = [mean for values in others.values() if len(values) >= step and (mean := _mean(values[:step])) == mean]
    best = max(value for value in own if value == value)
    if not running or best >= median(running):
        return ""
    low, high = _apart(best, median(running))
    return f"{low} up to step {step} is below {high}, the median of the others"


def _truncation(policy: Policy, number: int, own: Values, others: Others, steps: int) -> str:
    """Among the lowest share at the step."""
    there = sorted([*_at(len(own), others), own[-1]])
    count = len(there) * policy.truncation_percentage // 100
    if count == 0 or own[-1] > there[count - 1]:
        return ""
    return f"{_at_step(own)} is among the lowest {count} of {len(there)}"


def _halving(policy: Policy, number: int, own: Values, others: Others, steps: int, first: int = 0) -> str:
    """Not among the best share at a rung; rungs are at powers of the reduction factor, from the power `first` on."""
    step, factor = len(own), policy.reduction_factor
    if step not in {factor**power for power in range(first, steps.bit_length() + 1)}:
        return ""
    there = sorted([*_at(step, others), own[-1]], reverse=True)
    count = max(len(there) // factor, 1)
    return "" if own[-1] >= there[count - 1] else f"{_at_step(own)} is not among the best {count} of {len(there)}"


def _hyperband(policy: Policy, number: int, own: Values, others: Others, steps: int) -> str:
    """Successive halving within the bracket of the trial."""
    turns = brackets(steps, policy.reduction_factor)
    bracket = turns[number % len(turns)]
    same = {other: values for other, values in others.items() if turns[other % len(turns)] == bracket}
    return _halving(policy, number, own, same, steps, bracket)


@cache
def brackets(steps: int, factor: int) -> tuple[int, ...]:
    """The bracket of each trial, in turns: as many trials for each as Hyperband allots to it."""
    count = int(math.log(steps) / math.log(factor) + 1e-9) + 1
    budgets = [math.ceil(count * factor**s / (s + 1)) for s in reversed(range(count))]
    return tuple(bracket for bracket, budget in enumerate(budgets) for _ in range(budget))


def _at(step: int, others: Others) -> list[float]:
    """The values of the others at a step, as far as they came to it."""
    values = [values[step - 1] for values in others.values() if len(values) >= step]
    return [value for value in values if not math.isnan(value)]


def _mean(values: Values) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def _apart(low: float, high: float) -> tuple[str, str]:
    """Two numbers with as many digits, at least three, as tell them apart."""
    for digits in range(3, 17):
        texts = f"{low:.{digits}g}", f"{high:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def _at_step(own: Values) -> str:
    return f"{own[-1]:.3g} at step {len(own)}"


_Judge = Callable[[Policy, int, Values, Others, int], str]
_JUDGES: dict[str, _Judge] = {
    "bandit": _bandit,
    "median": _median,
    "truncation": _truncation,
    "halving": _halving,
    "hyperband": _hyperband,
}
