"""Check that the label and the scores of a table are comparable."""

from __future__ import annotations

import numpy as np

from designer.contract.classes import ordered_classes
from designer.contract.errors import DesignerError, InfiniteValues, InvalidValues
from designer.contract.schema import Kind, Schema
from designer.contract.values import ASSIGNMENTS, Table, Task
from designer.contract.wording.counting import counted

from .classes import two_classes
from .clustering import center_columns
from .scored_table import ScoredColumns, ScoresMissing

_NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN)


class NotComparable(DesignerError):
    """The label and the scores differ in kind or in classes (0058)."""

    code = "0058"


def check_kinds(schema: Schema, columns: ScoredColumns, port: str) -> None:
    """Reject incompatible kinds: numbers against text, and non-numeric probabilities."""
    if columns.task is Task.CLUSTERING:
        _only_numbers(schema, ASSIGNMENTS, port)
        return
    label, labels = schema[columns.names["label"]], schema[columns.names["labels"]]
    are_numbers = [column.kind in _NUMBERS for column in (label, labels)]
    either = Kind.CATEGORICAL in (label.kind, labels.kind) and columns.task is not Task.REGRESSION
    if (columns.task is Task.REGRESSION and not all(are_numbers)) or (are_numbers[0] != are_numbers[1] and not either):
        problem = f"the label '{label.name}' is {label.kind} and '{labels.name}' is {labels.kind}"
        raise NotComparable(problem, "Convert one with Edit Metadata.", port=port, column=label.name)
    if columns.task is Task.TWO_CLASS:
        _only_numbers(schema, columns.names["probability"], port)


def check_values(table: Table, columns: ScoredColumns, port: str) -> None:
    """Reject invalid cells: a third class, an invalid probability, an infinite number, a cluster without a center."""
    match columns.task:
        case Task.TWO_CLASS:
            check_two_classes(table, columns, port)
        case Task.REGRESSION:
            for name in (columns.names["label"], columns.names["labels"]):
                if np.isinf(table[name].to_numpy(dtype="float64", na_value=np.nan)).any():
                    problem = f"column '{name}' holds an infinite value"
                    raise InfiniteValues(problem, "Clip it first.", port=port, column=name)
        case Task.CLUSTERING:
            unknown = set(table[ASSIGNMENTS].dropna().astype("int64")) - set(center_columns(table))
            if unknown:
                problem = f"cluster {min(unknown)} has no column of distances"
                raise ScoresMissing(problem, "Keep all columns of the assignment.", port=port, column=ASSIGNMENTS)


def check_two_classes(table: Table, columns: ScoredColumns, port: str) -> None:
    """Reject label classes unknown to the scores, and invalid probabilities."""
    names = columns.names
    rows = table[table[list(names.values())].notna().all(axis=1)]
    actual, predicted = (rows[names[part]].astype(object) for part in ("label", "labels"))
    shares = rows[names["probability"]].to_numpy(dtype="float64")
    classes = two_classes(actual, predicted, shares, columns.classes)
    if len(classes) > 2:
        shown = ", ".join(f"'{name}'" for name in classes[:4])
        problem = f"'{names['label']}' and '{names['labels']}' together hold {counted(len(classes), 'class')}, {shown}"
        raise NotComparable(problem, "Two-class scores need a label of two classes.", port=port, column=names["label"])
    unknown = [value for value in ordered_classes(actual.tolist()) if value not in classes]
    if unknown:
        problem = f"'{names['label']}' holds '{unknown[0]}', and the model knows '{classes[0]}' and '{classes[1]}'"
        raise NotComparable(problem, "Leave such rows out.", port=port, column=names["label"])
    wrong = shares[(shares < 0) | (shares > 1)]
    if len(wrong):
        problem = f"column '{names['probability']}' holds {wrong[0]:g}, which is not a probability"
        raise InvalidValues(problem, "Give numbers from 0 to 1.", port=port, column=names["probability"])


def _only_numbers(schema: Schema, name: str, port: str) -> None:
    if schema[name].kind not in _NUMBERS:
        raise ScoresMissing(
            f"column '{name}' is {schema[name].kind}, not numbers",
            "Score the rows with Score Model.",
            port=port,
            column=name,
        )
