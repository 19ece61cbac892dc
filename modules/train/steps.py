"""Preprocessing inside folds: steps learn from the training rows and are applied to the held-out rows."""

from __future__ import annotations

from collections.abc import Sequence

from designer.contract.errors import InvalidParameter, TooFewRows
from designer.contract.estimator import Transform
from designer.contract.module import Module
from designer.contract.schema import Schema
from designer.contract.values import Table
from designer.contract.wording.counting import counted


def transforms(steps: Sequence[Module], parameter: str) -> list[Transform]:
    """The steps, which must be transformations. Raises InvalidParameter that names the parameter."""
    for step in steps:
        if not isinstance(step, Transform):
            problem = f"'{step.spec().title}' is no step that learns from some rows and is applied to others"
            remedy = "Use transformations such as Normalize Data; what learns nothing may stand before the folds."
            raise InvalidParameter(problem, remedy, parameter=parameter)
    return [step for step in steps if isinstance(step, Transform)]


def prepared(steps: Sequence[Transform], training: Table, held_out: Table) -> tuple[Table, Table]:
    """Both tables after the steps, which learn from the training rows only.

    Raises TooFewRows, naming the step, if one changes the number of held-out rows.
    """
    for step in steps:
        rows = len(held_out)
        index = held_out.index
        training, transformation = step.fitted(training)
        held_out = transformation.apply(held_out.reset_index(drop=True))
        if len(held_out) != rows:
            problem = f"'{step.spec().title}' leaves {len(held_out):,} of the {counted(rows, 'row')} held out"
            remedy = "Every held-out row must be scored: replace values instead, or remove rows before the folds."
            raise TooFewRows(problem, remedy)
        held_out = Schema.of(held_out).attach(held_out.set_axis(index, axis=0))
    return training, held_out
