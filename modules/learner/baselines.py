"""Answers that look at no feature: what every model must beat."""

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
    """Always answer with the most frequent class.

    scikit-learn's DummyClassifier, for two or more classes: what every real model must beat.

    Example: trained on rows of which most are `high`, it answers `high` for every row.
    """

    task: ClassVar[Task] = Task.MULTICLASS
    preparation: ClassVar[Preparation] = Preparation(missing=True)

    probabilities: Literal["Shares of the classes", "Certain"] = param("Shares of the classes")
    """Give each class its share of the training rows, or the most frequent one 1."""

    def settings(self) -> Mapping[str, Any]:
        """A label of two classes makes a two-class model."""
        return {"any_classes": True}

    def estimator(self) -> DummyClassifier:
        """The estimator, not fitted."""
        from sklearn.dummy import DummyClassifier

        return DummyClassifier(strategy="most_frequent" if self.probabilities == "Certain" else "prior")

    def in_words(self) -> str:
        """What it answers."""
        return "the most frequent class"


class BaselineRegression(
    Learner,
    category="Machine Learning Algorithms / Regression",
    icon="minus",
    synonyms=("dummy", "mean", "median", "naive"),
):
    """Always answer with the same number.

    scikit-learn's DummyRegressor: what every real model must beat.

    Example: trained on the labels 1, 2 and 6, it answers 3 for every row.
    """

    task: ClassVar[Task] = Task.REGRESSION
    preparation: ClassVar[Preparation] = Preparation(missing=True)

    answer: Literal["Mean", "Median", "Quantile", "Constant"] = param("Mean")
    """Which number of the training rows' labels, or a constant."""

    quantile: float = param(0.5, ge=0, le=1, when={"answer": "Quantile"})
    """The quantile of the labels."""

    constant: float = param(0.0, when={"answer": "Constant"})
    """The number."""

    def estimator(self) -> DummyRegressor:
        """The estimator, not fitted."""
        from sklearn.dummy import DummyRegressor

        match self.answer:
            case "Quantile":
                return DummyRegressor(strategy="quantile", quantile=self.quantile)
            case "Constant":
                return DummyRegressor(strategy="constant", constant=self.constant)
            case _:
                return DummyRegressor(strategy=self.answer.lower())

    def in_words(self) -> str:
        """What it answers."""
        number = {"Quantile": f" {self.quantile:g}", "Constant": f" {self.constant:g}"}.get(self.answer, "")
        return f"always the {self.answer.lower()}{number}"
