"""Fit a learner: pure functions of pandas and scikit-learn, used by Train Model and included in exported scripts."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from designer.contract.classes import ordered_classes
from designer.contract.spread import without_rounding

from ..score.features import complete_rows, feature_frame
from ..score.scoring import oddness

if TYPE_CHECKING:
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


DENSE_CELLS = 50_000_000
NATIVE_CATEGORIES = 254


def fit_clusters(table: pd.DataFrame, features: Mapping[str, str], learner: Mapping[str, Any]) -> dict[str, Any]:
    """Fit a clustering learner on the rows without missing numbers."""
    frame = feature_frame(table, features)
    frame = frame.loc[:, frame.notna().any()]
    used = complete_rows(frame)
    frame = frame.loc[:, frame[used].notna().any()]
    pipeline, notes = fitted(learner, frame[used], None)
    pipeline, own = with_centers(pipeline, frame[used])
    assigned = np.full(len(frame), -1)
    assigned[used] = own
    return {
        "name": learner["name"],
        "task": learner["task"],
        "estimator": pipeline,
        "assigned": assigned,
        "features": {str(name): features[str(name)] for name in frame},
        "classes": list(range(len(pipeline[-1].cluster_centers_))),
        "missing": False,
        "rows": int(used.sum()),
        "without_label": 0,
        "incomplete": int((~used).sum()),
        "notes": notes,
    }


def with_centers(pipeline: Pipeline, frame: pd.DataFrame) -> tuple[Pipeline, np.ndarray[Any, Any]]:
    """A clustering with centers, and the clusters of its training rows (-1 for noise). A clustering without centers is
    replaced by k-means at its cluster means."""
    from sklearn.cluster import KMeans
    from sklearn.pipeline import Pipeline

    clustering = pipeline[-1]
    if hasattr(clustering, "cluster_centers_"):
        return pipeline, np.asarray(pipeline.predict(frame))
    prepared = np.asarray(pipeline[:-1].transform(frame), dtype="float64")
    count = max(int(clustering.labels_.max()) + 1, 1)
    members = [
        clustering.labels_ == i if (clustering.labels_ >= 0).any() else np.ones(len(frame), bool) for i in range(count)
    ]
    means = np.array([prepared[rows].mean(axis=0) for rows in members])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # equal means
        centers = KMeans(count, init=means, n_init=1, max_iter=1).fit(means)
    centers.cluster_centers_ = means
    return Pipeline([*pipeline.steps[:-1], ("estimator", centers)]), np.asarray(clustering.labels_)


def fit_detector(table: pd.DataFrame, features: Mapping[str, str], learner: Mapping[str, Any]) -> dict[str, Any]:
    """Fit a detector on the rows without missing numbers; its threshold is a quantile of their scores."""
    from sklearn.base import clone

    frame = feature_frame(table, features)
    frame = frame.loc[:, frame.notna().any()]
    used = complete_rows(frame)
    frame = frame.loc[:, frame[used].notna().any()]
    settings = dict(learner["settings"])
    estimator = learner["estimator"]
    if "rows_per_tree" in settings:
        estimator = clone(estimator).set_params(max_samples=min(settings["rows_per_tree"], int(used.sum())))
    pipeline, notes = fitted({**learner, "estimator": estimator}, frame[used], None)
    with np.errstate(over="ignore"):  # trees cast to single precision
        scores = oddness(pipeline, frame[used])
    return {
        "name": learner["name"],
        "task": learner["task"],
        "estimator": pipeline,
        "features": {str(name): features[str(name)] for name in frame},
        "classes": [],
        "missing": False,
        "threshold": float(np.quantile(scores, 1 - settings["abnormal"])),
        "spread": float(without_rounding(scores).std()) or 1.0,
        "rows": int(used.sum()),
        "without_label": 0,
        "incomplete": int((~used).sum()),
        "notes": notes,
    }


def fit_model(
    table: pd.DataFrame,
    label: str,
    kind: str,
    features: Mapping[str, str],
    learner: Mapping[str, Any],
    positive: str = "",
) -> dict[str, Any]:
    """Fit a learner on the rows with a label and, if it does not support missing numbers, without any.

    `positive` is the positive class of two as a text; without it, `ordered_classes` decides.
    """
    frame = feature_frame(table, features)
    labelled = table[label].notna().to_numpy()
    frame = frame.loc[:, frame[labelled].notna().any()]
    used = labelled if learner["missing"] else labelled & complete_rows(frame)
    frame = frame.loc[:, frame[used].notna().any()]
    target = table[label][used]
    settings = learner.get("settings", {})
    classes = class_values(target, positive) if "classification" in learner["task"] else []
    wanted = class_codes(target, classes) if classes else target.astype("float64").to_numpy()
    if settings.get("ordered"):
        wanted = (wanted[:, np.newaxis] > np.arange(len(classes) - 1)).astype(int)
    two = settings.get("any_classes") and len(classes) == 2
    pipeline, notes = fitted(learner, frame[used], wanted)
    return {
        "name": learner["name"],
        "task": "Two-class classification" if two else learner["task"],
        "estimator": pipeline,
        "features": {str(name): features[str(name)] for name in frame},
        "quantiles": list(settings.get("quantiles", ())),
        "label": label,
        "kind": kind,
        "classes": classes,
        "missing": learner["missing"],
        "rows": int(used.sum()),
        "without_label": int((~labelled).sum()),
        "incomplete": int((labelled & ~used).sum()),
        "notes": notes,
    }


def class_values(target: pd.Series[Any], positive: str = "") -> list[Any]:
    """The classes of a label in order, the positive of two last; ordered categories keep their order unless a positive
    class is given."""
    if isinstance(target.dtype, pd.CategoricalDtype) and target.dtype.ordered and not positive:
        return [category for category in target.dtype.categories if (target == category).any()]
    values = [getattr(value, "item", lambda value=value: value)() for value in target.astype(object).unique()]
    return ordered_classes(values, positive)


def class_codes(target: pd.Series[Any], classes: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The position of each label among the classes."""
    codes = {value: code for code, value in enumerate(classes)}
    return target.astype(object).map(codes).to_numpy(dtype="int64")


def fitted(learner: Mapping[str, Any], frame: pd.DataFrame, wanted: Any) -> tuple[Pipeline, list[str]]:
    """The fitted preparation and learner, and scikit-learn's warnings."""
    from sklearn.base import clone
    from sklearn.multiclass import OneVsOneClassifier
    from sklearn.pipeline import Pipeline

    estimator, frame = clone(learner["estimator"]), as_varying(frame)
    if isinstance(estimator, OneVsOneClassifier) and np.ndim(wanted) == 1 and wanted.max() == 1:
        estimator = estimator.estimator
    preparation = preparing(frame, learner)
    estimator = with_native_categories(estimator, frame) if learner["categories"] else estimator
    if learner.get("settings", {}).get("first_rows"):
        estimator.set_params(init=preparation.fit_transform(frame)[: estimator.n_clusters])
    pipeline = Pipeline([("preparation", preparation), ("estimator", estimator)])
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        pipeline.fit(frame, wanted)
    return pipeline, list(dict.fromkeys(str(warning.message).split("\n")[0] for warning in raised))


def as_varying(frame: pd.DataFrame) -> pd.DataFrame:
    """The features with numbers within rounding error made equal, so that no learner fits rounding noise."""
    still: dict[str, np.ndarray[Any, Any]] = {}
    for name in frame.select_dtypes("float64"):
        cells = frame[name].to_numpy()
        varying = without_rounding(cells)
        still |= {str(name): varying} if varying is not cells else {}
    return frame.assign(**still) if still else frame


def preparing(frame: pd.DataFrame, learner: Mapping[str, Any]) -> ColumnTransformer:
    """Numbers unchanged or scaled to 0..1, categories ordinal or one-hot encoded."""
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import MinMaxScaler

    numbers, texts = list(frame.select_dtypes("float64")), list(frame.select_dtypes(exclude="float64"))
    steps = []
    if texts and learner["categories"]:
        steps.append(("categories", category_numbers(frame[texts], learner), texts))
    if numbers:
        steps.append(("numbers", MinMaxScaler() if learner["scale"] else "passthrough", numbers))
    if texts and not learner["categories"]:
        steps.append(("categories", indicators(frame[texts], learner["estimator"]), texts))
    return ColumnTransformer(steps, verbose_feature_names_out=False)


def category_numbers(texts: pd.DataFrame, learner: Mapping[str, Any]) -> OrdinalEncoder:
    """Ordinal encoding; missing and unseen categories are missing, the rarest share a code."""
    from sklearn.preprocessing import OrdinalEncoder

    categories = known_categories(texts)
    most = learner.get("settings", {}).get("largest_category", NATIVE_CATEGORIES)
    return OrdinalEncoder(
        categories=categories,
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        max_categories=most if any(len(known) > most for known in categories) else None,
    )


def indicators(texts: pd.DataFrame, estimator: Any) -> OneHotEncoder:
    """One-hot encoding; a missing or unseen category sets no indicator."""
    from sklearn.preprocessing import OneHotEncoder
    from sklearn.utils import get_tags

    categories = known_categories(texts)
    many = len(texts) * sum(map(len, categories)) > DENSE_CELLS
    sparse = many and get_tags(estimator).input_tags.sparse
    return OneHotEncoder(categories=categories, handle_unknown="ignore", sparse_output=sparse)


def known_categories(texts: pd.DataFrame) -> list[list[str]]:
    """The categories of each column in sorted order."""
    return [sorted(texts[name].dropna().unique()) for name in texts]


def with_native_categories(estimator: Any, frame: pd.DataFrame) -> Any:
    """The estimator with the leading text columns declared categorical."""
    texts = frame.select_dtypes(exclude="float64").shape[1]
    names = [name for name in estimator.get_params() if name.split("__")[-1] == "categorical_features"]
    return estimator.set_params(**{name: list(range(texts)) for name in names}) if texts else estimator
