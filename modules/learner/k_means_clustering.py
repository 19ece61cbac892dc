"""Lloyd's k-means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.cluster import KMeans


LabelMode = Literal["Ignore label column", "Fill missing values", "Overwrite from closest to center"]


class KMeansClustering(
    Learner,
    category="Machine Learning Algorithms / Clustering",
    icon="chart-scatter",
    title="K-Means Clustering",
    synonyms=("kmeans", "segments", "Lloyd"),
):
    """Cluster rows around centroids, minimizing the distance to the nearest one.

    scikit-learn's KMeans, trained by Train Clustering Model. Distances are computed on the prepared features: numbers
    scaled to 0..1, categories one-hot encoded. Rows with a missing number are left out.

    Example: rows around 0 and rows around 10 become two clusters.
    """

    task: ClassVar[Task] = Task.CLUSTERING

    create_trainer_mode: Literal["SingleParameter"] = param("SingleParameter")
    """K-means is trained with the values set here."""

    number_of_centroids: int = param(2, ge=2, le=10_000)
    """Number of clusters."""

    metric: Literal["Euclidean"] = param("Euclidean")
    """The distance metric."""

    initialization: Literal["K-Means++", "Random", "First N"] = param("K-Means++")
    """Initial centroids: k-means++, random rows, or the first rows of the table."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same clusters. Empty means 0."""

    iterations: int = param(100, ge=1, le=100_000)
    """Maximum number of iterations."""

    assign_label_mode: LabelMode = param("Ignore label column")
    """How to treat a label column of the training rows: ignore it, or copy missing labels (or all labels) from the
    labelled row closest to the cluster's center."""

    normalize_features: bool = param(True)
    """Scale numbers to 0..1 first, so that columns with large values do not dominate the distance."""

    def prepared(self) -> Preparation:
        """Scale the features unless scaling is switched off."""
        return Preparation(scale=self.normalize_features)

    def settings(self) -> Mapping[str, Any]:
        """Settings for Train Clustering Model beyond fitting."""
        return {"first_rows": self.initialization == "First N", "labels": self.assign_label_mode}

    def estimator(self) -> KMeans:
        """The unfitted estimator."""
        from sklearn.cluster import KMeans

        return KMeans(
            n_clusters=self.number_of_centroids,
            init="k-means++" if self.initialization == "K-Means++" else "random",
            n_init=1,
            max_iter=self.iterations,
            random_state=self.random_number_seed or 0,
        )

    def in_words(self) -> str:
        """The number of clusters and their initialization."""
        return f"{counted(self.number_of_centroids, 'cluster')}, {self.initialization}"
