"""Histogram gradient boosting with all its settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.counting import counted
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor


class HistogramGradientBoosting(Learner):
    """The settings that both learners share."""

    preparation: ClassVar[Preparation] = Preparation(missing=True, categories=True)

    learning_rate: float = param(0.1, gt=0, le=1, sweep=(0.03, 0.1, 0.3))
    """How much each tree corrects."""

    number_of_iterations: int = param(100, ge=1, sweep=(100, 300))
    """How many rounds of trees are built at most."""

    maximum_number_of_leaves: int = param(31, ge=2, sweep=(15, 31, 63))
    """How many leaves a tree may grow."""

    maximum_depth: int | None = param(None, ge=1)
    """How many questions a tree may ask one after the other. Empty: as many as the leaves allow."""

    minimum_number_of_samples_per_leaf_node: int = param(20, ge=1, sweep=(5, 20, 50))
    """How many training rows a leaf needs."""

    l2_regularization: float = param(0.0, label="L2 regularization", ge=0, le=1e9, sweep=(0.0, 1.0))
    """How strongly large answers of leaves are held back."""

    number_of_bins: int = param(255, ge=2, le=255)
    """Into how many bins each number is put before trees are built."""

    share_of_features_per_split: float = param(1.0, gt=0, le=1)
    """The share of the features, drawn by chance, that is looked at for each split."""

    stop_early: bool = param(False)
    """Stop once a part of the rows that is held back is no longer predicted better."""

    share_of_rows_held_back: float = param(0.1, gt=0, lt=1, when={"stop_early": True})
    """The share of the rows that decides when to stop."""

    rounds_without_gain: int = param(10, ge=1, when={"stop_early": True})
    """How many rounds without a gain it takes to stop."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty stands for 0."""

    def in_words(self) -> str:
        """How many rounds of which steps."""
        return f"{counted(self.number_of_iterations, 'round')}, rate {self.learning_rate:g}"

    def settings_of_trees(self) -> dict[str, Any]:
        """The settings under scikit-learn's names."""
        return {
            "learning_rate": self.learning_rate,
            "max_iter": self.number_of_iterations,
            "max_leaf_nodes": self.maximum_number_of_leaves,
            "max_depth": self.maximum_depth,
            "min_samples_leaf": self.minimum_number_of_samples_per_leaf_node,
            "l2_regularization": self.l2_regularization,
            "max_bins": self.number_of_bins,
            "max_features": self.share_of_features_per_split,
            "early_stopping": self.stop_early,
            "validation_fraction": self.share_of_rows_held_back,
            "n_iter_no_change": self.rounds_without_gain,
            "random_state": self.random_number_seed or 0,
        }


class HistogramGradientBoostingClassification(
    HistogramGradientBoosting,
    category="Machine Learning Algorithms / Classification",
    icon="network",
    synonyms=("GBM", "LightGBM", "XGBoost", "boosted trees"),
):
    """Predict a class, two or more, with boosted trees that take missing values and categories as they are.

    scikit-learn's HistGradientBoostingClassifier. A missing or unseen category goes the way that missing values went in
    training. Of a text column with more categories than bins the most frequent are kept apart.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    balance_classes: bool = param(False)
    """Let rare classes weigh as much as frequent ones."""

    def settings(self) -> Mapping[str, Any]:
        """A label of two classes makes a two-class model; no more categories than bins."""
        return {"any_classes": True, "largest_category": self.number_of_bins - 1}

    def estimator(self) -> HistGradientBoostingClassifier:
        """The estimator, not fitted."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        weight = "balanced" if self.balance_classes else None
        return HistGradientBoostingClassifier(**self.settings_of_trees(), class_weight=weight)


class HistogramGradientBoostingRegression(
    HistogramGradientBoosting,
    category="Machine Learning Algorithms / Regression",
    icon="network",
    synonyms=("GBM", "LightGBM", "XGBoost", "boosted trees"),
):
    """Predict a number with boosted trees that take missing values and categories as they are.

    scikit-learn's HistGradientBoostingRegressor. A missing or unseen category goes the way that missing values went in
    training. Of a text column with more categories than bins the most frequent are kept apart.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it answers higher for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    loss: Literal["Squared error", "Absolute error", "Poisson", "Gamma", "Quantile"] = param("Squared error")
    """What is minimized. Poisson is for counts, Gamma for positive amounts, Quantile for a share of the label."""

    quantile: float = param(0.5, gt=0, lt=1, when={"loss": "Quantile"})
    """The quantile that is predicted."""

    def settings(self) -> Mapping[str, Any]:
        """No more categories than bins."""
        return {"largest_category": self.number_of_bins - 1}

    def estimator(self) -> HistGradientBoostingRegressor:
        """The estimator, not fitted."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        loss = self.loss.lower().replace(" ", "_")
        quantile = self.quantile if self.loss == "Quantile" else None
        return HistGradientBoostingRegressor(**self.settings_of_trees(), loss=loss, quantile=quantile)
