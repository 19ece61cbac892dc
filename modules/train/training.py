"""Train a model: checks, fitting, report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from designer.contract.errors import DesignerError, InvalidLabel, TooFewFeatures, TooFewRows
from designer.contract.schema import Column, Schema, bare
from designer.contract.selection import ColumnName
from designer.contract.values import (
    LearnerOutline,
    ModelOutline,
    ModelScript,
    Table,
    Task,
    TrainedModel,
    UntrainedModel,
)
from designer.contract.wording.counting import counted

from ..score.custom_model import train_custom
from ..score.features import complete_rows, feature_frame
from .fitting import class_codes, fit_model
from .report import describe
from .suitability import (
    check_features,
    check_label,
    check_positive,
    check_rows,
    feature_columns,
    label_column,
    supervised,
)
from .threads import fitting_threads, without_threads

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


EXPLAINED_ROWS, EXPLAINED_REPEATS = 2000, 5
_OUT_OF_RANGE = ("out of the valid range of the loss", "requires strictly positive y", "requires non-negative y")


class LearnerFailed(DesignerError):
    """The learner cannot be fitted to these rows (0083)."""

    code = "0083"


def as_mapping(model: UntrainedModel) -> dict[str, Any]:
    """An untrained model in the form of the pure functions."""
    ways = {"name": model.name, "task": str(model.task), **asdict(model.preparation)}
    return {**ways, "settings": dict(model.settings), "estimator": model.estimator}


def trained(
    model: UntrainedModel, table: Table, chosen: ColumnName, positive: str = "", *, explain: bool = False
) -> TrainedModel:
    """Fit a learner with a label; `positive` is the positive class of two, automatic if empty."""
    supervised(model)
    schema, table = Schema.of(table), bare(table)
    label, features = suitable(model, table, schema, chosen, positive)
    if isinstance(model.estimator, ModelScript):
        return train_custom(model.name, model.estimator, table, label, features)
    kinds = {column.name: str(column.kind) for column in features}
    _check_usable(model, table, label, kinds)
    with failures_named(model.name, label.name), fitting_threads(model.estimator):
        result = fit_model(table, label.name, str(label.kind), kinds, as_mapping(model), positive)
    without_threads(result["estimator"][-1])
    _enough_neighbors(model, result["rows"])
    finished = from_mapping(result, schema, label)
    if not explain:
        return finished
    return replace(finished, report={**finished.report, "explanations": explained(finished, table)})


def suitable(
    model: UntrainedModel, table: Table, schema: Schema, chosen: ColumnName, positive: str = ""
) -> tuple[Column, Schema]:
    """The label and the features. Raises what keeps the learner from being fitted, as far as it shows before."""
    label = label_column(chosen, schema)
    features = feature_columns(schema, label.name)
    check_positive(positive, model, label, table[label.name].dropna())
    if not isinstance(model.estimator, ModelScript):
        check_features(table, features)
        check_label(model.task, label, table[label.name].dropna(), chosen.parameter)
    return label, features


@contextmanager
def failures_named(name: str, label: str = "") -> Iterator[None]:
    """Name the learner if scikit-learn fails to fit, and the column if the label is the cause."""
    try:
        yield
    except (ValueError, FloatingPointError, OverflowError, np.linalg.LinAlgError) as error:
        if any(words in str(error) for words in _OUT_OF_RANGE):
            problem = f"the label '{label}' holds numbers that '{name}' cannot predict"
            remedy = "Counts (Poisson) are not negative, amounts (Gamma) are above 0: clip them, or use another loss."
            raise InvalidLabel(problem, remedy, column=label) from error
        remedy = "Check that the label and the learner's settings suit these rows."
        raise LearnerFailed(f"'{name}' cannot be fitted: {_first_line(error)}", remedy) from error


def from_mapping(result: Mapping[str, Any], schema: Schema, label: Column | None) -> TrainedModel:
    """The trained model from the result of the pure functions."""
    pipeline, classes = result["estimator"], tuple(result["classes"])
    used = schema.select(result["features"])
    return TrainedModel(
        name=result["name"],
        task=Task(result["task"]),
        estimator=pipeline,
        features=_with_categories(used, pipeline),
        label=label,
        classes=classes,
        accepts_missing=result["missing"],
        quantiles=tuple(result.get("quantiles", ())),
        threshold=result.get("threshold"),
        spread=result.get("spread"),
        report=_report(result, schema, pipeline, classes),
    )


def expected_scores(learner: LearnerOutline, label: Column | None) -> Schema:
    """The score columns of a model before it is trained."""
    quantiles = tuple(learner.settings.get("quantiles", ()))
    scores = TrainedModel("", learner.task, None, Schema(), label, quantiles=quantiles).score_schema()
    return scores.open() if learner.task is Task.MULTICLASS else scores


def outline_of(learner: LearnerOutline, label: Column | None, features: Schema) -> ModelOutline:
    """The model's outline before training."""
    if learner.is_script:
        return ModelOutline(learner.name, None, label, features)
    return ModelOutline(learner.name, learner.task, label, features, expected_scores(learner, label))


def training_summary(model: TrainedModel) -> str:
    """How many rows and features were used, why others were left out, and the positive class."""
    report = model.report
    parts = [f"Used {counted(report['rows'], 'row')} and {counted(len(report['features']), 'feature')}."]
    if report["without_label"]:
        parts.append(f"Left out: {counted(report['without_label'], 'row')} without a label.")
    if report["incomplete"]:
        parts.append(f"Left out: {counted(report['incomplete'], 'row')} with a missing number.")
    if report["not_used"]:
        parts.append(f"Not used: {', '.join(report['not_used'])}.")
    if model.positive is not None:
        parts.append(f"Positive class: {model.positive}.")
    return " ".join([*parts, *report["notes"]])


def explained(model: TrainedModel, table: Table) -> list[dict[str, Any]]:
    """Permutation importance on the training rows."""
    from sklearn.inspection import permutation_importance

    assert model.label is not None
    rows = table[table[model.label.name].notna()]
    rows = rows.sample(min(len(rows), EXPLAINED_ROWS), random_state=0)
    frame = model.frame(rows)
    usable = model.scoreable(frame)
    target = rows[model.label.name][usable]
    wanted = class_codes(target, model.classes) if model.classes else target.astype("float64").to_numpy()
    result = permutation_importance(model.estimator, frame[usable], wanted, n_repeats=EXPLAINED_REPEATS, random_state=0)
    order = np.argsort(-result.importances_mean, kind="stable")
    names = model.features.names
    return [{"feature": names[i], "importance": float(result.importances_mean[i])} for i in order]


def _check_usable(model: UntrainedModel, table: Table, label: Column, kinds: Mapping[str, str]) -> None:
    """Reject training data without features or rows, or with one class."""
    labelled = table[label.name].notna().to_numpy()
    there = table.loc[labelled, list(kinds)].notna().any()
    known = [name for name in kinds if there[name]]
    if not known:
        raise TooFewFeatures("every feature is missing in every labelled row", "Choose other features.", port="Dataset")
    if model.preparation.missing:
        return
    frame = feature_frame(table.loc[labelled, known], {name: kinds[name] for name in known})
    used = complete_rows(frame)
    check_rows(known, frame, len(frame), int(used.sum()))
    if model.task.is_classification and table[label.name][labelled][used].nunique() < 2:
        raise InvalidLabel(
            f"only one class of the label '{label.name}' is left, since the other rows have missing numbers",
            "Use Clean Missing Data first.",
            column=label.name,
        )


def _enough_neighbors(model: UntrainedModel, rows: int) -> None:
    settings = model.estimator.get_params()
    wanted = max((value for name, value in settings.items() if name.split("__")[-1] == "n_neighbors"), default=0)
    if rows < wanted:
        problem = f"only {counted(rows, 'row')} for {wanted:,} neighbors"
        raise TooFewRows(problem, "Use fewer neighbors.", port="Dataset")


def _report(result: Mapping[str, Any], schema: Schema, pipeline: Pipeline, classes: tuple[Any, ...]) -> dict[str, Any]:
    label = result.get("label", "")
    reasons = {
        column.name: "missing in every row" if str(column.role) == "Feature" else f"its role is {column.role}"
        for column in schema
        if column.name not in result["features"] and column.name != label
    }
    counts = {name: result[name] for name in ("rows", "without_label", "incomplete", "notes")}
    return {"features": list(result["features"]), "not_used": reasons, **counts, **describe(pipeline, classes)}


def _with_categories(features: Schema, pipeline: Pipeline) -> Schema:
    """The columns with their categories in training."""
    known: dict[str, tuple[str, ...]] = {}
    for _, step, names in pipeline[0].transformers_:
        for name, values in zip(names, getattr(step, "categories_", ()), strict=False):
            known[name] = tuple(str(value) for value in values if not pd.isna(value))
    return Schema(tuple(Column(c.name, c.kind, c.role, known.get(c.name)) for c in features))


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")
