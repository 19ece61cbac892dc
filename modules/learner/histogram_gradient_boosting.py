"""Histogram gradient boosting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor


class HistogramGradientBoosting(Learner):
    """The settings shared by both learners."""

    preparation: ClassVar[Preparation] = Preparation(missing=True, categories=True)

    learning_rate: float = param(0.1, gt=0, le=1, sweep=(0.03, 0.1, 0.3))
    """Learning rate: the shrinkage of each tree."""

    number_of_iterations: int = param(100, ge=1, sweep=(100, 300))
    """Maximum number of boosting rounds."""

    maximum_number_of_leaves: int = param(31, ge=2, sweep=(15, 31, 63))
    """Maximum number of leaves per tree."""

    maximum_depth: int | None = param(None, ge=1)
    """Maximum depth of a tree. Empty: limited by the leaves only."""

    minimum_number_of_samples_per_leaf_node: int = param(20, ge=1, sweep=(5, 20, 50))
    """Minimum number of training rows per leaf."""

    l2_regularization: float = param(0.0, label="L2 regularization", ge=0, le=1e9, sweep=(0.0, 1.0))
    """Strength of the L2 penalty on leaf values."""

    number_of_bins: int = param(255, ge=2, le=255)
    """Number of histogram bins per numeric feature."""

    share_of_features_per_split: float = param(1.0, gt=0, le=1)
    """Fraction of the features drawn at random as candidates for each split."""

    stop_early: bool = param(False)
    """Stop early once the score on held-out rows no longer improves."""

    share_of_rows_held_back: float = param(0.1, gt=0, lt=1, when={"stop_early": True})
    """Fraction of the rows held out for early stopping."""

    rounds_without_gain: int = param(10, ge=1, when={"stop_early": True})
    """Number of rounds without improvement before stopping."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty means 0."""

    def in_words(self) -> str:
        """The rounds and the learning rate."""
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
    """Predict one of two or more classes with histogram gradient boosting.

    scikit-learn's HistGradientBoostingClassifier. Missing values and categories are handled natively; a missing or
    unseen category follows the branch for missing values. In a text column with more categories than bins, only the
    most frequent are kept separate.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    balance_classes: bool = param(False)
    """Weight classes inversely to their frequency."""

    def settings(self) -> Mapping[str, Any]:
        """A label with two classes gives a two-class model; categories are limited to the bins."""
        return {"any_classes": True, "largest_category": self.number_of_bins - 1}

    def estimator(self) -> HistGradientBoostingClassifier:
        """The unfitted estimator."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        weight = "balanced" if self.balance_classes else None
        return HistGradientBoostingClassifier(**self.settings_of_trees(), class_weight=weight)


class HistogramGradientBoostingRegression(
    HistogramGradientBoosting,
    category="Machine Learning Algorithms / Regression",
    icon="network",
    synonyms=("GBM", "LightGBM", "XGBoost", "boosted trees"),
):
    """Predict a number with histogram gradient boosting.

    scikit-learn's HistGradientBoostingRegressor. Missing values and categories are handled natively; a missing or
    unseen category follows the branch for missing values. In a text column with more categories than bins, only the
    most frequent are kept separate.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    loss: Literal["Squared error", "Absolute error", "Poisson", "Gamma", "Quantile"] = param("Squared error")
    """The loss function. Poisson suits counts, Gamma positive amounts, Quantile a quantile of the label."""

    quantile: float = param(0.5, gt=0, lt=1, when={"loss": "Quantile"})
    """The quantile to predict."""

    def settings(self) -> Mapping[str, Any]:
        """Categories are limited to the bins."""
        return {"largest_category": self.number_of_bins - 1}

    def estimator(self) -> HistGradientBoostingRegressor:
        """The unfitted estimator."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        loss = self.loss.lower().replace(" ", "_")
        quantile = self.quantile if self.loss == "Quantile" else None
        return HistGradientBoostingRegressor(**self.settings_of_trees(), loss=loss, quantile=quantile)
