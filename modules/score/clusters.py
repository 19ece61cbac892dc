"""Assign rows to clusters: pure functions of pandas and scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .features import complete_rows, feature_frame, in_parts
from .scoring import with_scores


def assign_clusters(table: pd.DataFrame, model: Mapping[str, Any], append: bool) -> pd.DataFrame:
    """The cluster of each row and its distances to all centers, appended to the table or alone."""
    return with_scores(table, cluster_columns(feature_frame(table, model["features"]), model["estimator"]), append)


def cluster_columns(frame: pd.DataFrame, pipeline: Any) -> pd.DataFrame:
    """The nearest center of each row and the distances to all; none for a row with a missing number."""
    complete = complete_rows(frame)
    distances = np.full((len(frame), len(pipeline[-1].cluster_centers_)), np.nan)
    nearest = np.full(len(frame), -1)
    if complete.any():
        distances[complete] = in_parts(pipeline.transform, frame[complete])
        complete = complete & np.isfinite(distances).all(axis=1)  # no cluster for a row whose distance overflows
        distances[~complete] = np.nan
        nearest[complete] = np.argmin(distances[complete], axis=1)
    assignments = pd.Series(nearest, index=frame.index, dtype="int64")
    if not complete.all():
        assignments = assignments.astype("Int64").mask(~complete)
    columns = {f"DistancesToClusterCenter no.{i}": distances[:, i] for i in range(distances.shape[1])}
    return pd.DataFrame({"Assignments": assignments, **columns}, index=frame.index)


def assigned_training_rows(table: pd.DataFrame, model: Mapping[str, Any], append: bool) -> pd.DataFrame:
    """The training rows with the clusters assigned in training."""
    columns = cluster_columns(feature_frame(table, model["features"]), model["estimator"])
    return with_scores(table, with_assignments(columns, model["assigned"]), append)


def with_assignments(columns: pd.DataFrame, assigned: np.ndarray[Any, Any]) -> pd.DataFrame:
    """The cluster columns with these assignments, -1 for none."""
    clusters = pd.Series(assigned, index=columns.index, dtype="int64")
    return columns.assign(
        Assignments=clusters if (assigned >= 0).all() else clusters.astype("Int64").mask(assigned < 0)
    )
