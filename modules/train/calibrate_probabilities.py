"""Probability calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.errors import ColumnNotFound, InvalidLabel, TooFewRows, WrongModel
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import ModelOutline, Table, TrainedModel
from designer.contract.wording.counting import counted

from ..score.features import complete_rows, feature_frame
from .fitting import class_codes


class CalibrateProbabilities(
    Module,
    category="Model Training",
    icon="target",
    synonyms=("Platt scaling", "isotonic", "reliability"),
    no_onnx="calibrating needs all rows",
):
    """Calibrate the probabilities of a trained classifier on held-out rows.

    scikit-learn's CalibratedClassifierCV around the frozen model: after calibration, about seven of ten rows with
    probability 0.7 are positive. Use rows held out by Split Data, never the training rows. Classes keep their order;
    labels are again the most probable class, so they may change.

    Errors: 0013 for a model without probabilities, 0001 without the label column, 0023 for a class with too few rows.

    Example: an overconfident perceptron gets probabilities that match its accuracy.
    """

    method: Literal["Sigmoid", "Isotonic"] = param("Sigmoid")
    """Sigmoid (Platt scaling; suits few rows), or isotonic regression (needs at least a thousand rows; no ONNX
    export)."""

    def run(
        self, trained_model: TrainedModel, calibration_dataset: Table
    ) -> Annotated[TrainedModel, "Calibrated model"]:
        """Calibrate the model."""
        _check(trained_model, calibration_dataset)
        mapping = as_mapping(trained_model)
        result = calibrate(calibration_dataset, mapping, self.method.lower())
        report = {**trained_model.report, "calibrated_on": result["calibrated_on"]}
        return replace(trained_model, estimator=result["estimator"], report=report)

    def infer(self, trained_model: ModelOutline | None, calibration_dataset: Schema) -> ModelOutline | None:
        """The same model."""
        return trained_model

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Call the same function."""
        model, dataset = inputs["trained_model"], inputs["calibration_dataset"]
        return (script.call(calibrate, dataset, model, self.method.lower(), result="model"),)

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """The number of rows used."""
        return f"Calibrated on {counted(outputs['calibrated_model'].report['calibrated_on'], 'row')}."


def calibrate(table: pd.DataFrame, model: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Calibrate the last step of the model on scoreable rows with a known class."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.frozen import FrozenEstimator
    from sklearn.pipeline import Pipeline

    frame = feature_frame(table, model["features"])
    used = table[model["label"]].isin(model["classes"]).to_numpy()
    used = used if model["missing"] else used & complete_rows(frame)
    codes = class_codes(table[model["label"]][used], model["classes"])
    pipeline = model["estimator"]
    calibrated = CalibratedClassifierCV(FrozenEstimator(pipeline[-1]), method=method, ensemble=False)
    calibrated.fit(pipeline[:-1].transform(frame[used]), codes)
    fitted = Pipeline([*pipeline.steps[:-1], ("estimator", calibrated)])
    return {**model, "estimator": fitted, "calibrated_on": int(used.sum())}


def as_mapping(model: TrainedModel) -> dict[str, Any]:
    """A trained model in the form of the pure function."""
    return {
        "estimator": model.estimator,
        "features": {column.name: str(column.kind) for column in model.features},
        "label": model.label.name if model.label else "",
        "classes": list(model.classes),
        "missing": model.accepts_missing,
    }


def _check(model: TrainedModel, table: Table) -> None:
    from sklearn.multioutput import MultiOutputClassifier
    from sklearn.pipeline import Pipeline

    ordered = isinstance(model.estimator, Pipeline) and isinstance(model.estimator[-1], MultiOutputClassifier)
    if not model.task.is_classification or model.label is None or ordered:
        raise WrongModel(
            f"'{model.name}' has no probabilities to calibrate", "Wire a classifier.", port="Trained model"
        )
    if model.label.name not in table:
        raise ColumnNotFound.named(model.label.name, [str(name) for name in table])
    frame = model.frame(table)
    rows = table[model.label.name][model.scoreable(frame)]
    counts = rows.value_counts().reindex(list(model.classes), fill_value=0)
    if not counts.sum():
        problem = "no row has a label that the model knows and can be scored"
        raise TooFewRows(problem, "Use rows held out by Split Data.", port="Calibration dataset")
    if np.any(counts.to_numpy() < 5):
        rare = counts.idxmin()
        problem = f"class '{rare}' has {counts.min():,} of the rows"
        raise InvalidLabel(problem, "Calibration needs five rows of each class.", port="Calibration dataset")
