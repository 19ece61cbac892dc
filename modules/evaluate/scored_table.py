"""Infer the task, the label and the score columns of a scored table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from designer.contract.errors import DesignerError, TooManyLabels
from designer.contract.schema import Kind, Role, Schema
from designer.contract.values import ASSIGNMENTS, DISTANCES, SCORED_LABELS, SCORED_PROBABILITIES, Task

_FOREIGN = {
    "Binary Class Scored Labels": (Task.TWO_CLASS, "Binary Class Scored Probabilities"),
    "Multi Class Scored Labels": (Task.MULTICLASS, ""),
    "Regression Scored Labels": (Task.REGRESSION, ""),
}


class LabelMissing(DesignerError):
    """The table has no label column (0024)."""

    code = "0024"


class ScoresMissing(DesignerError):
    """The table has no score columns (0025)."""

    code = "0025"


class DifferentTasks(DesignerError):
    """The scored tables come from models of different tasks (0062)."""

    code = "0062"


@dataclass(frozen=True)
class ScoredColumns:
    """The task, the relevant column names by purpose, and the model's classes if known."""

    task: Task
    names: Mapping[str, str]
    classes: tuple[Any, ...] = ()

    @property
    def label(self) -> str:
        """The label column, empty for clusters."""
        return self.names.get("label", "")


def read_columns(schema: Schema, port: str) -> ScoredColumns:
    """Find label and score columns by the names of Score Model, or by those agreed for external scores."""
    if ASSIGNMENTS in schema and any(name.startswith(DISTANCES) for name in schema.names):
        return ScoredColumns(Task.CLUSTERING, {})
    for name, (task, probability) in _FOREIGN.items():
        if name in schema:
            if probability and probability not in schema:
                raise ScoresMissing(f"the table has no column '{probability}'", "Add it.", port=port)
            foreign = {"label": _label(schema, port), "labels": name}
            return ScoredColumns(task, {**foreign, "probability": probability} if probability else foreign)
    if SCORED_LABELS not in schema:
        remedy = "Score it with Score Model or Assign Data to Clusters first."
        raise ScoresMissing("the table has no column 'Scored Labels'", remedy, port=port)
    names = {"label": _label(schema, port), "labels": SCORED_LABELS}
    known = schema[SCORED_LABELS].classes or ()
    if SCORED_PROBABILITIES in schema:
        return ScoredColumns(Task.TWO_CLASS, {**names, "probability": SCORED_PROBABILITIES}, known)
    numbers = schema[SCORED_LABELS].kind is Kind.DECIMAL and schema[names["label"]].kind.is_numeric
    classes = any(name.startswith(f"{SCORED_PROBABILITIES}_") for name in schema.names)
    return ScoredColumns(Task.REGRESSION if numbers and not (classes or known) else Task.MULTICLASS, names, known)


def _label(schema: Schema, port: str) -> str:
    labels = schema.with_role(Role.LABEL)
    if len(labels) > 1:
        raise TooManyLabels(f"{', '.join(labels)} are all labels", "Keep one with Edit Metadata.", port=port)
    if labels:
        return labels[0]
    if "Labels" in schema:
        return "Labels"
    remedy = "Score rows with the true label, or mark the column as Label with Edit Metadata."
    raise LabelMissing("no column has the role Label", remedy, port=port)
