"""Partial dependence of a model on a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
import pandas as pd

from designer.contract.errors import EmptySelection, InvalidParameter, TooFewRows, WrongModel
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.selection import Columns
from designer.contract.values import ModelOutline, Table, TrainedModel
from designer.contract.wording.counting import counted

from ..score.score_model import as_mapping
from ..score.scoring import score_columns

SAMPLE = 1000
WORK = 5_000_000
"""Limit on predicted rows times features; this many take about a minute."""
TEXT = (Kind.STRING, Kind.CATEGORICAL)


class PartialDependence(
    Module,
    category="Model Scoring & Evaluation",
    icon="chart-line",
    at_inference="drop",
    explains_model=True,
    synonyms=("PDP", "explain", "effect", "interpret"),
    no_onnx="each response is a mean over all rows",
    no_python="the table describes a model and is not part of scoring",
):
    """Show how a model's mean prediction depends on one column.

    For each chosen feature the column is set to one value in all rows and the rows are scored; the table has Feature,
    Value, Number (the value if numeric), Response (the mean prediction: the number, the probability of the positive
    class, or that of each class) and Class. Numeric columns are tried at evenly spaced quantiles, categories at all
    values. At most 1,000 rows are used, sampled at random with a fixed seed.

    Errors: 0013 for a model of an unsupported kind, 0021 if no row can be scored, 0011 if no feature of the model is
    chosen, 0008 for so many values and features that it would take minutes.

    Example: for a model of y = 3x + z the response to x rises by 3 for each unit.
    """

    features: Columns = param(Columns.all(), input="dataset")
    """The columns to examine; those that are not features of the model are skipped."""

    number_of_values: int = param(20, ge=2, le=200)
    """Maximum number of values to try per numeric column."""

    def run(self, trained_model: TrainedModel, dataset: Table) -> Annotated[Table, "Partial dependence"]:
        """Compute the responses."""
        if trained_model.task not in ANSWERING or isinstance(trained_model.estimator, Mapping):
            problem = f"'{trained_model.name}' has no partial dependence"
            raise WrongModel(problem, "Wire a classification, regression or anomaly model.", port="Trained model")
        frame = trained_model.frame(dataset)
        frame = frame[trained_model.scoreable(frame)]
        if not len(frame):
            raise TooFewRows("no row can be scored", "Use Clean Missing Data first.", port="Dataset")
        rows = frame.sample(min(len(frame), SAMPLE), random_state=0)
        chosen = [name for name in self.features.of(dataset) if name in trained_model.features]
        if not chosen:
            problem = f"none of the chosen columns is a feature of '{trained_model.name}'"
            raise EmptySelection(
                problem, f"Features are: {', '.join(trained_model.features.names[:8])}.", parameter="Features"
            )
        values = {name: _values(frame[name], _is_text(trained_model, name), self.number_of_values) for name in chosen}
        _refuse_endless(sum(map(len, values.values())), len(trained_model.features))
        parts = [_of_feature(trained_model, rows, name, tried) for name, tried in values.items()]
        return _table([line for part in parts for line in part])

    def summary(self) -> str:
        """The columns and the number of values of each."""
        return f"{counted(self.number_of_values, 'value')} of {self.features}"

    def infer(self, trained_model: ModelOutline | None, dataset: Schema) -> Schema:
        """Feature, Value, Number, Response, Class."""
        return Schema(
            (
                Column("Feature", Kind.STRING),
                Column("Value", Kind.STRING),
                Column("Number", Kind.DECIMAL),
                Column("Response", Kind.DECIMAL, Role.SCORE),
                Column("Class", Kind.STRING),
            )
        )


ANSWERING = ("Two-class classification", "Multiclass classification", "Regression", "Anomaly detection")


def _refuse_endless(questions: int, features: int) -> None:
    if questions * features > WORK:
        raise InvalidParameter(
            f"{questions:,} values would be scored by a model of {counted(features, 'feature')}, which takes too long",
            f"Choose fewer features, or fewer values of each: {max(WORK // features, 1):,} in all at most.",
            parameter="Features",
        )


def _is_text(model: TrainedModel, name: str) -> bool:
    return model.features[name].kind in TEXT


def _of_feature(model: TrainedModel, rows: Table, name: str, values: list[Any]) -> list[dict[str, Any]]:
    lines = []
    mapping, is_text = as_mapping(model), _is_text(model, name)
    for value in values:
        column = pd.Series([value] * len(rows), index=rows.index, dtype=object if is_text else "float64")
        scores = score_columns(rows.assign(**{name: column}), mapping)
        number = np.nan if is_text else float(value)
        for class_name, response in _responses(model, scores):
            shown = str(value) if is_text else f"{value:.6g}"
            line = {"Feature": name, "Value": shown, "Number": number, "Response": response, "Class": class_name}
            lines.append(line)
    return lines


def _responses(model: TrainedModel, scores: Table) -> list[tuple[str | None, float]]:
    if len(model.classes) > 2 or f"Scored Probabilities_{model.classes[0] if model.classes else ''}" in scores:
        names = [(str(c), f"Scored Probabilities_{c}") for c in model.classes]
        return [(title, float(scores[name].mean())) for title, name in names]
    if "Scored Probabilities" in scores:
        return [(None if model.positive is None else str(model.positive), float(scores["Scored Probabilities"].mean()))]
    return [(None, float(scores["Scored Labels"].mean()))]


def _values(column: pd.Series[Any], is_text: bool, count: int) -> list[Any]:
    known = column.dropna()
    if is_text:
        return sorted(known.unique())
    distinct = np.unique(known.to_numpy(dtype="float64"))
    if len(distinct) <= count:
        return [float(value) for value in distinct]
    return [float(value) for value in np.unique(np.quantile(known, np.linspace(0, 1, count)))]


def _table(lines: list[dict[str, Any]]) -> Table:
    kinds = {"Feature": "str", "Value": "str", "Number": "float64", "Response": "float64", "Class": "str"}
    return pd.DataFrame(lines, columns=list(kinds)).astype(kinds)
