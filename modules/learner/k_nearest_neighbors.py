"""K-nearest neighbors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor


class NearestNeighbors(Learner):
    """The settings shared by both learners."""

    preparation: ClassVar[Preparation] = Preparation(scale=True)

    number_of_neighbors: int = param(5, ge=1, sweep=(1, 3, 5, 11, 21))
    """Number of neighbors."""

    weights: Literal["Uniform", "Distance"] = param("Uniform")
    """Weight neighbors uniformly or by inverse distance."""

    metric: Literal["Euclidean", "Manhattan", "Chebyshev"] = param("Euclidean")
    """The distance metric on the prepared features."""

    def in_words(self) -> str:
        """The number of neighbors and the metric."""
        return f"{counted(self.number_of_neighbors, 'neighbor')}, {self.metric}"

    def settings_of_neighbors(self) -> dict[str, Any]:
        """The settings under scikit-learn's names."""
        names = {"n_neighbors": self.number_of_neighbors, "weights": self.weights.lower()}
        return {**names, "metric": self.metric.lower()}


class KNearestNeighborsClassification(
    NearestNeighbors,
    category="Machine Learning Algorithms / Classification",
    icon="chart-scatter",
    title="k-Nearest Neighbors Classification",
    synonyms=("KNN", "instance-based"),
):
    """Predict one of two or more classes from the nearest training rows.

    scikit-learn's KNeighborsClassifier. Numbers are scaled to 0..1, categories are one-hot encoded, rows with a missing
    number are left out. The model stores its training rows and cannot be exported to ONNX.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    def settings(self) -> Mapping[str, Any]:
        """A label with two classes gives a two-class model."""
        return {"any_classes": True}

    def estimator(self) -> KNeighborsClassifier:
        """The unfitted estimator."""
        from sklearn.neighbors import KNeighborsClassifier

        return KNeighborsClassifier(**self.settings_of_neighbors())


class KNearestNeighborsRegression(
    NearestNeighbors,
    category="Machine Learning Algorithms / Regression",
    icon="chart-scatter",
    title="k-Nearest Neighbors Regression",
    synonyms=("KNN", "instance-based"),
):
    """Predict a number as the mean of the nearest training rows.

    scikit-learn's KNeighborsRegressor. Numbers are scaled to 0..1, categories are one-hot encoded, rows with a missing
    number are left out. The model stores its training rows and cannot be exported to ONNX.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    def estimator(self) -> KNeighborsRegressor:
        """The unfitted estimator."""
        from sklearn.neighbors import KNeighborsRegressor

        return KNeighborsRegressor(**self.settings_of_neighbors())
