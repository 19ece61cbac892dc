"""Clusters by density and by hierarchy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.counting import counted
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.cluster import DBSCAN


class DensityClustering(
    Learner,
    category="Machine Learning Algorithms / Clustering",
    icon="chart-scatter",
    title="DBSCAN Clustering",
    synonyms=("density", "noise", "outlier"),
):
    """Group rows that lie densely together; rows that lie alone are noise and get no cluster.

    scikit-learn's DBSCAN, trained by Train Clustering Model. Distances are measured between prepared features: numbers
    scaled to 0..1, categories as indicators. Other rows are later assigned to the cluster with the nearest mean.

    Example: rows around 0 and rows around 10 become two clusters.
    """

    task: ClassVar[Task] = Task.CLUSTERING

    largest_distance: float = param(0.5, gt=0, le=1e6)
    """How near two rows must be to be neighbors."""

    smallest_neighborhood: int = param(5, ge=1)
    """How many rows, itself included, must lie near a row for it to start a cluster."""

    metric: Literal["Euclidean", "Manhattan"] = param("Euclidean")
    """How distance is measured."""

    normalize_features: bool = param(True)
    """Scale numbers to 0..1 first, so that a column of large numbers does not decide alone."""

    def prepared(self) -> Preparation:
        """Scaled, unless told not to."""
        return Preparation(scale=self.normalize_features)

    def in_words(self) -> str:
        """How dense a cluster is."""
        return f"within {self.largest_distance:g}, {counted(self.smallest_neighborhood, 'row')} or more"

    def estimator(self) -> DBSCAN:
        """The estimator, not fitted."""
        from sklearn.cluster import DBSCAN

        return DBSCAN(eps=self.largest_distance, min_samples=self.smallest_neighborhood, metric=self.metric.lower())


class HierarchicalClustering(
    Learner,
    category="Machine Learning Algorithms / Clustering",
    icon="chart-scatter",
    synonyms=("agglomerative", "dendrogram", "Ward"),
):
    """Join the most alike rows, then the most alike groups, until so many clusters are left.

    scikit-learn's AgglomerativeClustering, trained by Train Clustering Model. Distances are measured between prepared
    features: numbers scaled to 0..1, categories as indicators. Memory grows with the square of the rows. Other rows are
    later assigned to the cluster with the nearest mean.

    Example: rows around 0 and rows around 10 become two clusters.
    """

    task: ClassVar[Task] = Task.CLUSTERING

    number_of_clusters: int = param(2, ge=2, le=10_000)
    """How many clusters are left."""

    linkage: Literal["Ward", "Average", "Complete", "Single"] = param("Ward")
    """What makes two groups alike: the least growth of variance, or the mean, largest or smallest distance."""

    normalize_features: bool = param(True)
    """Scale numbers to 0..1 first, so that a column of large numbers does not decide alone."""

    def prepared(self) -> Preparation:
        """Scaled, unless told not to."""
        return Preparation(scale=self.normalize_features)

    def estimator(self) -> Any:
        """The estimator, not fitted."""
        from sklearn.cluster import AgglomerativeClustering

        return AgglomerativeClustering(n_clusters=self.number_of_clusters, linkage=self.linkage.lower())

    def in_words(self) -> str:
        """How many clusters, joined how."""
        return f"{counted(self.number_of_clusters, 'cluster')}, {self.linkage}"
