"""Baselines that ignore all features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.dummy import DummyClassifier, DummyRegressor


class BaselineClassification(
    Learner,
    category="Machine Learning Algorithms / Classification",
    icon="minus",
    synonyms=("dummy", "majority class", "most frequent", "naive"),
):
    """Always predict the most frequent class.

    scikit-learn's DummyClassifier, for two or more classes: a baseline for real models.

    Example: trained on rows that are mostly `high`, it predicts `high` for every row.
    """

    task: ClassVar[Task] = Task.MULTICLASS
    preparation: ClassVar[Preparation] = Preparation(missing=True)

    probabilities: Literal["Shares of the classes", "Certain"] = param("Shares of the classes")
    """Predict the class shares of the training rows as probabilities, or 1 for the most frequent class."""

    def settings(self) -> Mapping[str, Any]:
        """A label with two classes gives a two-class model."""
        return {"any_classes": True}

    def estimator(self) -> DummyClassifier:
        """The unfitted estimator."""
        from sklearn.dummy import DummyClassifier

        return DummyClassifier(strategy="most_frequent" if self.probabilities == "Certain" else "prior")

    def in_words(self) -> str:
        """The prediction in words."""
        return "the most frequent class"


class BaselineRegression(
    Learner,
    category="Machine Learning Algorithms / Regression",
    icon="minus",
    synonyms=("dummy", "mean", "median", "naive"),
):
    """Always predict the same number.

    scikit-learn's DummyRegressor: a baseline for real models.

    Example: trained on the labels 1, 2 and 6, it predicts 3 for every row.
    """

    task: ClassVar[Task] = Task.REGRESSION
    preparation: ClassVar[Preparation] = Preparation(missing=True)

    answer: Literal["Mean", "Median", "Quantile", "Constant"] = param("Mean")
    """The statistic of the training labels, or a constant."""

    quantile: float = param(0.5, ge=0, le=1, when={"answer": "Quantile"})
    """The quantile of the training labels."""

    constant: float = param(0.0, when={"answer": "Constant"})
    """The number."""

    def estimator(self) -> DummyRegressor:
        """The unfitted estimator."""
        from sklearn.dummy import DummyRegressor

        match self.answer:
            case "Quantile":
                return DummyRegressor(strategy="quantile", quantile=self.quantile)
            case "Constant":
                return DummyRegressor(strategy="constant", constant=self.constant)
            case _:
                return DummyRegressor(strategy=self.answer.lower())

    def in_words(self) -> str:
        """The prediction in words."""
        number = {"Quantile": f" {self.quantile:g}", "Constant": f" {self.constant:g}"}.get(self.answer, "")
        return f"always the {self.answer.lower()}{number}"
