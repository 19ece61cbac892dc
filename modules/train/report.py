"""The report of a fitted model: features, weights or importances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline


_ROUNDS_OF_GAIN = "gain"


class PreparedFeature(NamedTuple):
    """One prepared feature: its source column, and the category it indicates."""

    column: str
    category: str | None = None
    scale: float = 1.0
    shift: float = 0.0

    @property
    def title(self) -> str:
        """The column, with its category."""
        return self.column if self.category is None else f"{self.column} = {self.category}"


def prepared_features(preparation: ColumnTransformer) -> list[PreparedFeature]:
    """The features produced by a fitted preparation, in the learner's order."""
    features: list[PreparedFeature] = []
    for name, step, columns in preparation.transformers_:
        if name == "remainder":
            continue
        if hasattr(step, "categories_") and hasattr(step, "drop_idx_"):
            pairs = zip(columns, step.categories_, strict=True)
            features += [PreparedFeature(str(column), str(value)) for column, values in pairs for value in values]
        elif hasattr(step, "scale_"):
            scales = zip(columns, step.scale_, step.min_, strict=True)
            features += [PreparedFeature(str(c), None, float(scale), float(shift)) for c, scale, shift in scales]
        else:
            features += [PreparedFeature(str(column)) for column in columns]
    return features


def describe(pipeline: Pipeline, classes: tuple[Any, ...]) -> dict[str, Any]:
    """Coefficients of a linear model, or feature importances of trees."""
    estimator = pipeline[-1]
    features = prepared_features(pipeline[0])
    if hasattr(estimator, "coef_") and np.ndim(estimator.coef_) <= 2:
        return _coefficients(estimator, features, classes)
    importances = _importances(estimator, len(features))
    if importances is None:
        return {}
    order = np.argsort(-importances, kind="stable")
    return {"importances": [{"feature": features[i].title, "importance": float(importances[i])} for i in order]}


def _coefficients(estimator: Any, features: list[PreparedFeature], classes: tuple[Any, ...]) -> dict[str, Any]:
    weights = np.atleast_2d(np.asarray(estimator.coef_, dtype=float))
    constants = np.broadcast_to(np.atleast_1d(np.asarray(estimator.intercept_, dtype=float)), len(weights))
    if weights.shape[1] != len(features):
        return {}
    scales = np.array([feature.scale for feature in features])
    shifts = np.array([feature.shift for feature in features])
    rows = []
    for i, (row, constant) in enumerate(zip(weights, constants, strict=True)):
        per_class = {"class": str(classes[i])} if len(weights) > 1 and len(classes) == len(weights) else {}
        unscaled = float(constant + row @ shifts)
        rows.append({**per_class, "feature": "(intercept)", "coefficient": float(constant), "per unit": unscaled})
        for feature, weight, scale in zip(features, row, scales, strict=True):
            entry = {"feature": feature.title, "coefficient": float(weight), "per unit": float(weight * scale)}
            rows.append({**per_class, **entry})
    return {"coefficients": rows}


def _importances(estimator: Any, count: int) -> np.ndarray[Any, Any] | None:
    """The share of each feature in the total split gain."""
    if hasattr(estimator, "_predictors"):
        gains = np.zeros(count)
        for predictor in (tree for trees in estimator._predictors for tree in trees):
            inner = predictor.nodes[predictor.nodes["is_leaf"] == 0]
            np.add.at(gains, inner["feature_idx"], inner[_ROUNDS_OF_GAIN])
        return gains / gains.sum() if gains.sum() else gains
    importances = getattr(estimator, "feature_importances_", None)
    return None if importances is None or len(importances) != count else np.asarray(importances, dtype=float)
