"""Scoring: pure functions of pandas and scikit-learn, used by Score Model and included in exported scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .features import complete_rows, feature_frame, in_parts, within_single

SCORES_AGREE = 1e12


def score_table(table: pd.DataFrame, model: Mapping[str, Any], append: bool) -> pd.DataFrame:
    """Score a table with a trained model; the scores are appended or returned alone."""
    frame = feature_frame(table, model["features"])
    return with_scores(table, score_columns(frame, model), append)


def score_columns(frame: pd.DataFrame, model: Mapping[str, Any]) -> pd.DataFrame:
    """The scores of a feature frame; rows with a missing number the model needs stay unscored."""
    scored = np.ones(len(frame), dtype=bool) if model["missing"] else complete_rows(frame)
    with np.errstate(over="ignore"):  # a prediction beyond double precision is dropped, see `finite`
        return answers(within_single(frame, model["estimator"][-1]), scored, model)


def answers(frame: pd.DataFrame, scored: np.ndarray[Any, Any], model: Mapping[str, Any]) -> pd.DataFrame:
    """The scores of the scoreable rows, missing in the others."""
    if model["task"] == "Anomaly detection":
        return anomaly_columns(frame, scored, model)
    if model.get("quantiles"):
        return quantile_columns(frame, scored, model)
    if not model["classes"]:
        values = np.full(len(frame), np.nan)
        if scored.any():
            values[scored] = finite(in_parts(model["estimator"].predict, frame[scored]))
        return pd.DataFrame({"Scored Labels": values}, index=frame.index)
    shares = np.full((len(frame), len(model["classes"])), np.nan)
    if scored.any():
        shares[scored] = in_parts(lambda part: class_shares(model["estimator"], part), frame[scored])
    labels = class_labels(winners(shares), model["classes"], model["kind"], frame.index)
    return pd.DataFrame({"Scored Labels": labels, **probabilities(shares, model)}, index=frame.index)


def finite(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Predictions with overflowed ones missing: such a row is unscored."""
    return np.where(np.isfinite(values), values, np.nan)


def quantile_columns(frame: pd.DataFrame, scored: np.ndarray[Any, Any], model: Mapping[str, Any]) -> pd.DataFrame:
    """One column per quantile; the one nearest the median is the label."""
    quantiles = model["quantiles"]
    values = np.full((len(frame), len(quantiles)), np.nan)
    if scored.any():
        values[scored] = finite(in_parts(model["estimator"].transform, frame[scored]))
    columns = {f"Scored Quantiles_{share:g}": values[:, i] for i, share in enumerate(quantiles)}
    middle = min(range(len(quantiles)), key=lambda i: abs(quantiles[i] - 0.5))
    return pd.DataFrame({"Scored Labels": values[:, middle], **columns}, index=frame.index)


def anomaly_columns(frame: pd.DataFrame, scored: np.ndarray[Any, Any], model: Mapping[str, Any]) -> pd.DataFrame:
    """The anomaly score of each row from 0 to 1, and the label: 1 for normal rows, 0 for scores above 0.5."""
    from scipy import special

    shares = np.full(len(frame), np.nan)
    if scored.any():
        far = in_parts(lambda part: oddness(model["estimator"], part), frame[scored])
        distance = (far - model["threshold"]) / model["spread"]
        shares[scored] = special.expit(distance)
    codes = np.where(scored, np.rint((np.nan_to_num(shares) - 0.5) * SCORES_AGREE) <= 0, -1).astype(int)
    labels = class_labels(codes, [0, 1], "Integer", frame.index)
    return pd.DataFrame({"Scored Labels": labels, "Scored Probabilities": shares}, index=frame.index)


def oddness(pipeline: Any, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """The raw anomaly score of each row: the norm of a projection's reconstruction error, or a detector's own score."""
    detector = pipeline[-1]
    if hasattr(detector, "score_samples") and not hasattr(detector, "components_"):
        return -np.asarray(pipeline.score_samples(frame))
    prepared = pipeline[:-1].transform(frame)
    lost = prepared - detector.inverse_transform(detector.transform(prepared))
    return np.asarray(np.sqrt((np.asarray(lost) ** 2).sum(axis=1)))


def class_shares(estimator: Any, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """The probability of each class; without predict_proba, the logistic function or softmax of the decision
    function."""
    from scipy import special
    from sklearn.multioutput import MultiOutputClassifier

    if isinstance(estimator[-1], MultiOutputClassifier):
        return ordered_shares(estimator.predict_proba(frame))
    if hasattr(estimator, "predict_proba"):
        return np.asarray(estimator.predict_proba(frame))
    margins = np.asarray(estimator.decision_function(frame))
    if margins.ndim > 1:
        return np.asarray(special.softmax(margins, axis=1))
    return np.column_stack([1 - special.expit(margins), special.expit(margins)])


def ordered_shares(chances: Sequence[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """Class probabilities of ordered classes from the probabilities of exceeding each but the last, made
    non-increasing."""
    above = np.minimum.accumulate(np.column_stack([chance[:, 1] for chance in chances]), axis=1)
    edges = np.column_stack([np.ones(len(above)), above, np.zeros(len(above))])
    return np.asarray(edges[:, :-1] - edges[:, 1:])


def probabilities(shares: np.ndarray[Any, Any], model: Mapping[str, Any]) -> dict[str, Any]:
    """The probability of the positive class, or of each class."""
    if model["task"] == "Two-class classification":
        return {"Scored Probabilities": shares[:, 1]}
    return {f"Scored Probabilities_{name}": shares[:, i] for i, name in enumerate(model["classes"])}


def winners(shares: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The most probable class of each row, -1 if unscored; probabilities within rounding error tie, and the first class
    wins."""
    unscored = np.isnan(shares).any(axis=1)
    return np.where(unscored, -1, np.argmax(np.rint(np.nan_to_num(shares) * SCORES_AGREE), axis=1))


def class_labels(codes: np.ndarray[Any, Any], classes: Sequence[Any], kind: str, index: Any) -> pd.Series[Any]:
    """Classes by position, of the label's kind; -1 is missing."""
    values = pd.Series(np.array([*classes, None], dtype=object)[codes], index=index, dtype=object)
    if kind == "Categorical":
        return pd.Series(pd.Categorical(values, categories=list(classes)), index=index)
    missing = bool((codes < 0).any())
    dtypes: dict[str, tuple[Any, Any]] = {
        "Integer": ("int64", "Int64"),
        "Boolean": ("bool", "boolean"),
        "Decimal": ("float64", "float64"),
    }
    return values.astype(dtypes.get(kind, ("str", "str"))[missing])


def with_scores(table: pd.DataFrame, scores: pd.DataFrame, append: bool) -> pd.DataFrame:
    """Append the scores to the table, replacing columns of the same name, or return them alone."""
    if not append:
        return scores
    return pd.concat([table.drop(columns=[name for name in scores if name in table]), scores], axis=1)
