"""Density-based and hierarchical clustering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.cluster import DBSCAN


class DensityClustering(
    Learner,
    category="Machine Learning Algorithms / Clustering",
    icon="chart-scatter",
    title="DBSCAN Clustering",
    synonyms=("density", "noise", "outlier"),
):
    """Cluster dense regions; isolated rows are noise and get no cluster.

    scikit-learn's DBSCAN, trained by Train Clustering Model. Distances are computed on the prepared features: numbers
    scaled to 0..1, categories one-hot encoded. New rows are assigned to the cluster with the nearest mean.

    Example: rows around 0 and rows around 10 become two clusters.
    """

    task: ClassVar[Task] = Task.CLUSTERING

    largest_distance: float = param(0.5, gt=0, le=1e6)
    """Maximum distance between two neighbors (eps)."""

    smallest_neighborhood: int = param(5, ge=1)
    """Minimum number of neighbors of a core row, itself included."""

    metric: Literal["Euclidean", "Manhattan"] = param("Euclidean")
    """The distance metric."""

    normalize_features: bool = param(True)
    """Scale numbers to 0..1 first, so that columns with large values do not dominate the distance."""

    def prepared(self) -> Preparation:
        """Scale the features unless scaling is switched off."""
        return Preparation(scale=self.normalize_features)

    def in_words(self) -> str:
        """The density settings in words."""
        return f"within {self.largest_distance:g}, {counted(self.smallest_neighborhood, 'row')} or more"

    def estimator(self) -> DBSCAN:
        """The unfitted estimator."""
        from sklearn.cluster import DBSCAN

        return DBSCAN(eps=self.largest_distance, min_samples=self.smallest_neighborhood, metric=self.metric.lower())


class HierarchicalClustering(
    Learner,
    category="Machine Learning Algorithms / Clustering",
    icon="chart-scatter",
    synonyms=("agglomerative", "dendrogram", "Ward"),
):
    """Merge the closest clusters, starting from single rows, until the given number is left.

    scikit-learn's AgglomerativeClustering, trained by Train Clustering Model. Distances are computed on the prepared
    features: numbers scaled to 0..1, categories one-hot encoded. Memory grows quadratically with the rows. New rows are
    assigned to the cluster with the nearest mean.

    Example: rows around 0 and rows around 10 become two clusters.
    """

    task: ClassVar[Task] = Task.CLUSTERING

    number_of_clusters: int = param(2, ge=2, le=10_000)
    """Number of clusters."""

    linkage: Literal["Ward", "Average", "Complete", "Single"] = param("Ward")
    """The linkage: least increase of variance, or mean, largest or smallest distance."""

    normalize_features: bool = param(True)
    """Scale numbers to 0..1 first, so that columns with large values do not dominate the distance."""

    def prepared(self) -> Preparation:
        """Scale the features unless scaling is switched off."""
        return Preparation(scale=self.normalize_features)

    def estimator(self) -> Any:
        """The unfitted estimator."""
        from sklearn.cluster import AgglomerativeClustering

        return AgglomerativeClustering(n_clusters=self.number_of_clusters, linkage=self.linkage.lower())

    def in_words(self) -> str:
        """The number of clusters and the linkage."""
        return f"{counted(self.number_of_clusters, 'cluster')}, {self.linkage}"
