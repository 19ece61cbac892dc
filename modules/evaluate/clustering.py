"""Compactness of clusters, as pure functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

DISTANCE = "DistancesToClusterCenter no."
POINTS = 2000


def cluster_metrics(table: pd.DataFrame) -> dict[str, float]:
    """The combined evaluation of all clusters."""
    combined = cluster_table(table).iloc[-1]
    return {name: float(combined[name]) for name in CLUSTER_METRICS}


CLUSTER_METRICS = (
    "Average Distance to Other Center",
    "Average Distance to Cluster Center",
    "Number of Points",
    "Maximal Distance to Cluster Center",
)


def cluster_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row per cluster, then all combined. `Average Distance to Other Center` is the mean over points and over the
    other clusters' centers; an empty cluster has no distances."""
    rows = table[table["Assignments"].notna()]
    centers = center_columns(rows)
    distances = rows[list(centers.values())].to_numpy(dtype="float64")
    nearest = rows["Assignments"].to_numpy(dtype="int64")
    places = np.searchsorted(list(centers), nearest)
    own = np.take_along_axis(distances, places[:, np.newaxis], axis=1)[:, 0] if len(rows) else np.empty(0)
    count = distances.shape[1]
    others = (distances.sum(axis=1) - own) / (count - 1) if count > 1 else np.full(len(rows), np.nan)
    lines = [cluster_line(f"Evaluation For Cluster No.{i}", others[nearest == i], own[nearest == i]) for i in centers]
    return pd.DataFrame([*lines, cluster_line("Combined Evaluation", others, own)])


def center_columns(table: pd.DataFrame) -> dict[int, str]:
    """The distance columns in ascending order of their center."""
    names = [str(name) for name in table if str(name).startswith(DISTANCE)]
    return dict(sorted((int(name.removeprefix(DISTANCE)), name) for name in names if name[len(DISTANCE) :].isdecimal()))


def cluster_line(title: str, others: np.ndarray[Any, Any], own: np.ndarray[Any, Any]) -> dict[str, Any]:
    """The metrics of one cluster."""
    metrics = (
        float(others.mean()) if len(own) else float("nan"),
        float(own.mean()) if len(own) else float("nan"),
        len(own),
        float(own.max()) if len(own) else float("nan"),
    )
    return {"Result Description": title, **dict(zip(CLUSTER_METRICS, metrics, strict=True))}


def cluster_map(table: pd.DataFrame) -> pd.DataFrame:
    """At most 2,000 rows projected to the plane of largest variance of their distances to the centers."""
    rows = table[table["Assignments"].notna()]
    rows = rows if len(rows) <= POINTS else rows.sample(POINTS, random_state=0)
    distances = rows[[name for name in rows if str(name).startswith(DISTANCE)]].to_numpy(dtype="float64")
    centered = distances - distances.mean(axis=0) if len(rows) else distances
    _, _, axes = np.linalg.svd(centered, full_matrices=False)
    axes = axes * np.where(axes.sum(axis=1, keepdims=True) < 0, -1, 1)
    plane = centered @ np.pad(axes.T, ((0, 0), (0, 2)))[:, :2]
    return pd.DataFrame({"x": plane[:, 0], "y": plane[:, 1], "cluster": rows["Assignments"].to_numpy(dtype="int64")})
