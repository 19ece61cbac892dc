"""Check which columns a learner can be trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from designer.contract.classes import class_like
from designer.contract.errors import (
    InfiniteValues,
    InvalidLabel,
    InvalidParameter,
    LabelNotGiven,
    TooFewFeatures,
    TooFewRows,
    TooManyCategories,
    TooManyLabels,
    WrongModel,
)
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.selection import ColumnName
from designer.contract.values import LearnerOutline, Table, Task, UntrainedModel, feature_values
from designer.contract.wording.counting import counted

POSITIVE_CLASS = "Positive class"
DISTINCT_LIMIT, DISTINCT_SHARE = 1000, 0.97


def supervised(model: UntrainedModel) -> None:
    """Reject learners that are not trained with a label."""
    trainers = {
        Task.CLUSTERING: "Train Clustering Model",
        Task.ANOMALY: "Train Anomaly Detection Model",
        Task.RECOMMENDATION: "Train SVD Recommender",
    }
    if model.task in trainers:
        raise WrongModel(
            f"'{model.name}' is for {str(model.task).lower()}",
            f"Train it with {trainers[model.task]}.",
            port="Untrained model",
        )


def check_learner(model: UntrainedModel | LearnerOutline) -> None:
    """Reject learners that cannot be evaluated by predictions."""
    if model.is_script or model.task not in (Task.TWO_CLASS, Task.MULTICLASS, Task.REGRESSION):
        problem = f"'{model.name}' cannot be tuned or cross-validated"
        raise WrongModel(problem, "Wire a classification or regression learner.", port="Untrained model")


def label_column(chosen: ColumnName, schema: Schema) -> Column:
    """The label: the chosen column, or the one with the role Label."""
    if chosen:
        return schema[chosen.of(schema)]
    labels = schema.with_role(Role.LABEL)
    if len(labels) > 1:
        raise TooManyLabels(f"{', '.join(labels)} are all labels", "Choose one.", parameter=chosen.parameter)
    if not labels:
        raise LabelNotGiven(
            "no label column is chosen and no column has the role Label",
            "Choose the column that should be predicted.",
            parameter=chosen.parameter,
        )
    return schema[labels[0]]


def feature_columns(schema: Schema, *excluded: str) -> Schema:
    """The candidate features: columns with the role Feature, except the label."""
    return Schema(tuple(c for c in schema if c.role is Role.FEATURE and c.name not in excluded), schema.complete)


def check_features(table: Table, features: Schema) -> None:
    """Reject a table without features, identifier-like text columns, and infinite numbers."""
    if not len(features):
        raise TooFewFeatures("no column is left that could be a feature", "Keep at least one.", port="Dataset")
    for column in features:
        if column.kind is Kind.STRING:
            _not_names(table[column.name], column.name)
        elif column.kind is Kind.DECIMAL:
            feature_values(table[column.name], column)


def check_label(task: Task, label: Column, values: pd.Series, parameter: str | None) -> None:
    """Reject a label the learner cannot predict; `values` has no missing cells."""
    if not len(values):
        problem = f"no row has a value in the label column '{label.name}'"
        raise LabelNotGiven(problem, "Use rows that have one.", parameter=parameter, column=label.name)
    if task is Task.REGRESSION:
        _numeric_label(label, values, parameter)
    else:
        _discrete_label(task, label, values, parameter)


def check_positive(positive: str, model: UntrainedModel, label: Column, values: pd.Series) -> None:
    """Reject a positive class that the label lacks or that does not apply; `values` has no missing cells."""
    if not positive:
        return
    known = list(values.unique())
    if model.is_script or not model.task.is_classification or len(known) != 2:
        problem = f"'{positive}' is chosen, but '{model.name}' is not a two-class learner here"
        if model.task.is_classification and not model.is_script:
            problem = f"'{positive}' is chosen, but the label '{label.name}' has {counted(len(known), 'class')}"
        raise InvalidParameter(problem, "Leave it empty.", parameter=POSITIVE_CLASS)
    if class_like(positive, known) is None:
        problem = f"the label '{label.name}' holds {_shown(known[0])} and {_shown(known[1])}, not {_shown(positive)}"
        raise InvalidParameter(problem, "Choose one of them.", parameter=POSITIVE_CLASS)


def check_rows(features: Sequence[str], frame: Table, labelled: int, used: int) -> None:
    """Reject training without rows."""
    if used == 0:
        worst = frame.isna().mean().sort_values(ascending=False).index[0] if len(features) else ""
        raise TooFewRows(
            f"each of the {counted(labelled, 'labelled row')} has a missing number, most often in column '{worst}'",
            "Use Clean Missing Data first.",
            column=str(worst),
        )


def _not_names(values: pd.Series, name: str) -> None:
    distinct, known = values.nunique(), int(values.notna().sum())
    if distinct > DISTINCT_LIMIT and distinct > DISTINCT_SHARE * known:
        raise TooManyCategories(
            f"column '{name}' has {distinct:,} different values in {known:,} rows: an identifier or free text",
            "Take it out of the features with Edit Metadata, or turn it into numbers with a text module.",
            column=name,
        )


def _numeric_label(label: Column, values: pd.Series, parameter: str | None) -> None:
    if not label.kind.is_numeric:
        raise InvalidLabel(
            f"the label '{label.name}' is {label.kind}, and regression predicts numbers",
            "Choose a numeric column, or a classification learner.",
            parameter=parameter,
            column=label.name,
        )
    if np.isinf(values.to_numpy(dtype="float64")).any():
        raise InfiniteValues(f"the label '{label.name}' holds an infinite value", "Clip it first.", column=label.name)


def _discrete_label(task: Task, label: Column, values: pd.Series, parameter: str | None) -> None:
    classes = values.nunique()
    problem, remedy = "", ""
    if label.kind is Kind.DATETIME:
        problem, remedy = "holds dates", "Choose a column with classes."
    elif label.kind is Kind.DECIMAL and bool((values % 1 != 0).any()):
        problem, remedy = "holds decimal numbers", "Choose a regression learner, or group the values into bins first."
    elif classes == 1:
        problem, remedy = _one_class(label, values)
    elif task is Task.TWO_CLASS and classes > 2:
        problem, remedy = f"has {counted(classes, 'class')}", "Choose a multiclass learner, or One-vs-All Multiclass."
    elif classes == len(values) and classes > 2:
        problem, remedy = (
            f"has a different value in each of its {counted(classes, 'row')}",
            "Choose a column with classes.",
        )
    if problem:
        raise InvalidLabel(f"the label '{label.name}' {problem}", remedy, parameter=parameter, column=label.name)


def _one_class(label: Column, values: pd.Series) -> tuple[str, str]:
    """The problem of a single class: the only one of the label, or the only one with rows here."""
    only = _shown(values.iloc[0])
    others = [name for name in label.categories or () if name != str(values.iloc[0])]
    if not others:
        return f"has one class only, {only}", "A classifier needs at least two."
    shown = ", ".join(map(_shown, others[:3]))
    return f"has rows of one class only, {only}; none of {shown}", "A classifier needs rows of at least two classes."


def _shown(value: object) -> str:
    return f"'{str(value)[:40]}'"
