"""Join Data: join two tables on key columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter, MismatchedTables
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table

from .keys import either, matching_rows, taken, taken_rows

INNER, LEFT, FULL, SEMI = "Inner Join", "Left Outer Join", "Full Outer Join", "Left Semi-Join"


class JoinData(
    Module,
    category="Data Transformation",
    icon="merge",
    no_onnx="the result depends on another table",
    synonyms=("merge", "lookup", "combine", "sql join"),
):
    """Join two tables on key columns.

    Several key columns are paired in the order of the selections. Rows keep the order of the left table, then of the
    right; unmatched right rows come last in a full outer join. A missing key matches nothing. The unmatched side is
    filled with missing values; integers stay integers. A right column whose name is taken gets the suffix `_2`. A left
    semi-join returns each left row with a match once. Without the right keys, a full outer join writes the right key
    into the left key column of unmatched right rows; the column is then decimal or text if one of the two is.

    Errors: 0027 if the numbers of keys differ, 0154 if the types of two keys are not comparable.

    Example: orders and customers by `customer` and `id`, left outer join: every order, with its customer if known.
    """

    left_keys: Columns = param(Columns(), label="Join key columns for left dataset", input="left_dataset")
    """The key columns of the left table."""

    right_keys: Columns = param(Columns(), label="Join key columns for right dataset", input="right_dataset")
    """The key columns of the right table, in the same order."""

    match_case: bool = param(True)
    """Whether text keys are case-sensitive."""

    join_type: Literal["Inner Join", "Left Outer Join", "Full Outer Join", "Left Semi-Join"] = param(INNER)
    """The join type: which unmatched rows to keep."""

    keep_right_keys: bool = param(True, label="Keep right key columns in joined table")
    """Whether to keep the key columns of the right table."""

    def run(self, left_dataset: Table, right_dataset: Table) -> Annotated[Table, "Results dataset"]:
        plan = self._plan(Schema.of(left_dataset), Schema.of(right_dataset))
        for mine, other in zip(plan["left_keys"], plan["right_keys"], strict=True):
            zones = [getattr(side.dtype, "tz", None) for side in (left_dataset[mine], right_dataset[other])]
            if (zones[0] is None) != (zones[1] is None):
                raise _incomparable(f"only one of the keys '{mine}' and '{other}' has a time zone", other)
        return join_tables(left_dataset, right_dataset, **plan)

    def infer(self, left_dataset: Schema, right_dataset: Schema) -> Schema:
        if self.join_type == SEMI:
            return left_dataset
        plan = self._plan(left_dataset, right_dataset, strict=left_dataset.complete and right_dataset.complete)
        added = [replace(right_dataset[name], name=new) for name, new in plan["names"].items()]
        joined = Schema((*left_dataset, *added), left_dataset.complete and right_dataset.complete)
        if self.join_type != FULL or self.keep_right_keys:
            return joined
        pairs = zip(plan["left_keys"], plan["right_keys"], strict=False)
        return joined.append(*(_joint_key(joined[mine], right_dataset.get(other)) for mine, other in pairs))

    def to_python(self, script: Script, left_dataset: Variable, right_dataset: Variable) -> tuple[str, ...]:
        plan = self._plan(left_dataset.schema, right_dataset.schema)
        return (script.call(join_tables, left_dataset, right_dataset, **plan, result="joined"),)

    def summary(self) -> str:
        return f"{self.join_type} on {self.left_keys}"

    def _plan(self, left: Schema, right: Schema, strict: bool = True) -> dict[str, Any]:
        keys = self.left_keys.of(left, allow_empty=not strict), self.right_keys.of(right, allow_empty=not strict)
        if strict:
            _comparable([left[name] for name in keys[0]], [right[name] for name in keys[1]])
        kept = [name for name in right.names if self.keep_right_keys or name not in keys[1]]
        return {
            "left_keys": keys[0],
            "right_keys": keys[1],
            "how": self.join_type,
            "match_case": self.match_case,
            "names": _fresh(left.names, kept),
        }


def join_tables(
    left: pd.DataFrame,
    right: pd.DataFrame,
    left_keys: list[str],
    right_keys: list[str],
    how: str,
    match_case: bool,
    names: dict[str, str],
) -> pd.DataFrame:
    """The joined table; `names` are the right columns to keep with the names they get."""
    keep_left = how in ("Left Outer Join", "Full Outer Join")
    left_rows, right_rows = matching_rows(left[left_keys], right[right_keys], match_case, keep_left)
    if how == "Left Semi-Join":
        return left.iloc[np.unique(left_rows)].reset_index(drop=True)
    if how == "Full Outer Join":
        alone = np.flatnonzero(np.bincount(right_rows + 1, minlength=len(right) + 1)[1:] == 0)
        left_rows = np.concatenate([left_rows, np.full(len(alone), -1)])
        right_rows = np.concatenate([right_rows, alone])
    joined = taken_rows(left, left_rows)
    for mine, other in zip(left_keys, right_keys, strict=True):
        if how == "Full Outer Join" and other not in names:
            joined[mine] = either(joined[mine], taken(right[other], right_rows), left_rows >= 0)
    added = taken_rows(right[list(names)], right_rows).set_axis(list(names.values()), axis=1)
    return pd.concat([joined, added], axis=1)


def _fresh(taken_names: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    used = set(taken_names)
    fresh: dict[str, str] = {}
    for name in names:
        new, number = name, 1
        while new in used or (number > 1 and new in names):
            number += 1
            new = f"{name}_{number}"
        used.add(new)
        fresh[name] = new
    return fresh


def _comparable(left: Sequence[Column], right: Sequence[Column]) -> None:
    if len(left) != len(right):
        raise InvalidParameter(
            f"{len(left)} left and {len(right)} right key columns are chosen",
            "Choose as many on both sides, in the same order.",
            parameter="Join key columns for right dataset",
            code="0027",
        )
    for mine, other in zip(left, right, strict=True):
        if _family(mine.kind) != _family(other.kind):
            raise _incomparable(f"key '{mine.name}' is {mine.kind} and '{other.name}' is {other.kind}", other.name)


def _incomparable(problem: str, column: str) -> MismatchedTables:
    return MismatchedTables(
        problem,
        "Bring both to one type with Edit Metadata.",
        parameter="Join key columns for right dataset",
        column=column,
        code="0154",
    )


def _joint_key(mine: Column, other: Column | None) -> Column:
    """A left key that also holds right keys: decimal or text if one of them is."""
    kinds = {mine.kind, mine.kind if other is None else other.kind}
    kind = next((kind for kind in (Kind.DECIMAL, Kind.STRING) if kind in kinds), mine.kind)
    return replace(mine, kind=kind, categories=None)


def _family(kind: Kind) -> str:
    if kind.is_numeric:
        return "number"
    return "text" if kind in (Kind.STRING, Kind.CATEGORICAL) else str(kind)
