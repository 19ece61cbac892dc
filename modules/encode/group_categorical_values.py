"""Group Categorical Values: merge levels of a categorical column."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter
from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Kind, Schema
from designer.contract.selection import Columns
from designer.contract.values import Table, Transformation

from ..columns.cells import with_columns
from ..columns.chosen import TEXT, chosen
from .lookup import coded, text_tensor

WRITTEN, RARE = "Written groups", "Rare values"
GROUP = re.compile(r'\s*(?:"(?P<quoted>[^"]+)"\s*|(?P<plain>[^":][^:]*)):(?P<values>.*)')
PUT, KEEP = "Put into the default group", "Keep"


def learn_groups(
    dataset: pd.DataFrame, columns: list[str], groups: dict[str, str], most: int, least: int, default: str | None
) -> dict[str, Any]:
    """The group of each value: the given `groups`, or without any the frequent values."""
    learned: dict[str, Any] = {"groups": {}, "default": default}
    for name in columns:
        groups_of_column = groups
        if not groups:
            codes, texts = coded(dataset[name])
            counts = dict(zip(texts, np.bincount(codes[codes >= 0], minlength=len(texts)).tolist(), strict=True))
            order = sorted((text for text in texts if counts[text]), key=lambda text: (-counts[text], text))
            groups_of_column = {text: text for text in order[:most] if counts[text] >= least}
        learned["groups"][name] = groups_of_column
    return learned


def apply_groups(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Replace values by their groups as categories; columns missing from the table are skipped."""
    present = {name: groups for name, groups in learned["groups"].items() if name in dataset.columns}
    changed = {name: grouped(dataset[name], groups, learned["default"]) for name, groups in present.items()}
    return with_columns(dataset, changed)


def grouped(series: pd.Series[Any], groups: Mapping[str, str], default: str | None) -> pd.Series[Any]:
    """Replace each value of a column by its group; missing cells stay missing."""
    codes, texts = coded(series)
    new = [groups.get(text, text if default is None else default) for text in texts]
    levels = list(dict.fromkeys([*groups.values(), *([] if default is None else [default])]))
    levels += sorted({new[code] for code in np.unique(codes[codes >= 0])} - set(levels))
    places = {level: place for place, level in enumerate(levels)}
    chosen_levels = np.array([*(places.get(text, -1) for text in new), -1])
    return pd.Series(
        pd.Categorical.from_codes(chosen_levels[codes], categories=pd.Index(levels, dtype="str")), index=series.index
    )


class Grouped(NamedTuple):
    """The outputs of Group Categorical Values."""

    results_dataset: Table
    grouping_transformation: Transformation


class GroupCategoricalValues(
    Transform,
    category="Data Transformation",
    icon="group",
    synonyms=("merge levels", "rare categories", "lump", "recode", "map values", "other", "collapse"),
):
    """Merge values of a text or categorical column into groups.

    *Written groups* defines one group per line, as `group: value, value` (names and values with commas or colons in
    double quotes); an unlisted value goes to the default group or is kept. *Rare values* keeps the most frequent values
    (ties in sort order) and moves all others to the default group. The result is categorical, with the groups as levels
    in the order of the lines or of frequency, the default group last. Missing cells stay missing. The transformation
    treats an unseen value as unlisted, or as rare.

    Errors: 0011 for a selection that matches nothing, 0008 for a line that does not define a group or a value in two
    groups, 0017 for a column that is neither text nor categorical.

    Example: `warm: red, orange` makes `red` and `orange` the level `warm`, and `blue` the level `Other`.
    """

    fits = learn_groups
    applies = apply_groups

    columns: Columns = param(Columns(), label="Selected columns")
    """The text or categorical columns to group."""

    mode: Literal["Written groups", "Rare values"] = param(WRITTEN, label="Grouping mode")
    """Whether to use the groups written below or to merge rare values."""

    groups: str = param("", label="Groups", editor="lines", when={"mode": WRITTEN})
    """One group per line: name, colon, values separated by commas."""

    others: Literal["Put into the default group", "Keep"] = param(PUT, label="Other values", when={"mode": WRITTEN})
    """What to do with unlisted values."""

    most: int = param(10, ge=1, label="Number of values to keep", when={"mode": RARE})
    """Maximum number of values to keep, the most frequent first."""

    least: int = param(1, ge=1, label="Minimum rows of a value", when={"mode": RARE})
    """A value with fewer rows than this is rare."""

    default: str = param("Other", label="Default level name")
    """The name of the default group for all other values."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        return {
            "columns": chosen(self.columns, dataset, TEXT, "Selected columns"),
            "groups": self._written() if self.mode == WRITTEN else {},
            "most": self.most,
            "least": self.least,
            "default": None if self._keeps else self.default,
        }

    def run(self, dataset: Table) -> Grouped:
        return Grouped(*self.fitted(dataset))

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        names = chosen(self.columns, dataset, TEXT, "Selected columns", lenient=True) if state is None else state["groups"]  # noqa: E501  # fmt: skip
        return dataset.map(lambda column: replace(column, kind=Kind.CATEGORICAL, categories=None), names)

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        changed = dict(dataset)
        for name, groups in state["groups"].items():
            if name in dataset:
                tensor = text_tensor(graph, dataset[name].tensor, groups, state["default"])
                changed[name] = TensorColumn(tensor, Kind.CATEGORICAL, dataset[name].role)
        return changed

    def summary(self) -> str:
        return f"{self.mode}, {self.columns}"

    @property
    def learns(self) -> bool:
        """Written groups do not depend on the data."""
        return self.mode == RARE

    @property
    def _keeps(self) -> bool:
        return self.mode == WRITTEN and self.others == KEEP

    def _written(self) -> dict[str, str]:
        groups: dict[str, str] = {}
        for number, line in enumerate(self.groups.splitlines(), start=1):
            if not line.strip():
                continue
            written = GROUP.fullmatch(line)
            group = (written["quoted"] or written["plain"] or "").strip() if written else ""
            rest = written["values"].strip() if written else ""
            values = [v.strip() for v in next(csv.reader([rest], skipinitialspace=True), []) if v.strip()]
            if not (group and values):
                raise InvalidParameter(
                    f"line {number} is not a group", "Write lines like warm: red, orange.", parameter="Groups"
                )
            twice = next((value for value in values if groups.get(value, group) != group), None)
            if twice is not None:
                raise InvalidParameter(f"'{twice}' is in two groups", "Name it once.", parameter="Groups")
            groups |= dict.fromkeys(values, group)
        if not groups:
            raise InvalidParameter("no group is given", "Write lines like warm: red, orange.", parameter="Groups")
        return groups
