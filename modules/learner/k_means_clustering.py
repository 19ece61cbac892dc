"""Lloyd's k-means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.counting import counted
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

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
    """Group rows around centroids so that each row is near to its own.

    scikit-learn's KMeans, trained by Train Clustering Model. Distances are measured between prepared features:
    numbers scaled to 0..1, categories as indicators. Rows with a missing number are left out.

    Example: rows around 0 and rows around 10 become two clusters.
    """

    task: ClassVar[Task] = Task.CLUSTERING

    create_trainer_mode: Literal["SingleParameter"] = param("SingleParameter")
    """K-means is trained with the values set here."""

    number_of_centroids: int = param(2, ge=2, le=10_000)
    """How many clusters are looked for."""

    metric: Literal["Euclidean"] = param("Euclidean")
    """How distance is measured."""

    initialization: Literal["K-Means++", "Random", "First N"] = param("K-Means++")
    """Where centroids start: far apart by chance, at rows chosen by chance, or at the first rows of the table."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same clusters. Empty stands for 0."""

    iterations: int = param(100, ge=1, le=100_000)
    """How often centroids move at most."""

    assign_label_mode: LabelMode = param("Ignore label column")
    """What happens to a label column of the training rows: nothing, or missing labels (or all labels) are taken from
    the labelled row that is closest to the cluster's center."""

    normalize_features: bool = param(True)
    """Scale numbers to 0..1 first, so that a column of large numbers does not decide alone."""

    def prepared(self) -> Preparation:
        """Scaled, unless told not to."""
        return Preparation(scale=self.normalize_features)

    def settings(self) -> Mapping[str, Any]:
        """What Train Clustering Model does beyond fitting."""
        return {"first_rows": self.initialization == "First N", "labels": self.assign_label_mode}

    def estimator(self) -> KMeans:
        """The estimator, not fitted."""
        from sklearn.cluster import KMeans

        return KMeans(
            n_clusters=self.number_of_centroids,
            init="k-means++" if self.initialization == "K-Means++" else "random",
            n_init=1,
            max_iter=self.iterations,
            random_state=self.random_number_seed or 0,
        )

    def in_words(self) -> str:
        """How many clusters, and where they start."""
        return f"{counted(self.number_of_centroids, 'cluster')}, {self.initialization}"
