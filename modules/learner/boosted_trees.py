"""Boosted decision trees: trees that correct each other, for numbers and for classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from designer.contract.counting import counted
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor


class BoostedTrees(Learner):
    """The settings that all boosted trees share, as scikit-learn's histogram boosting takes them."""

    preparation: ClassVar[Preparation] = Preparation(missing=True, categories=True)

    maximum_number_of_leaves_per_tree: int = param(20, ge=2, sweep=(2, 8, 32, 128))
    """How many leaves a tree may grow. More leaves follow the data more closely and overfit sooner."""

    minimum_number_of_samples_per_leaf_node: int = param(10, ge=1, sweep=(1, 10, 50))
    """How many training rows a leaf needs."""

    learning_rate: float = param(0.2, gt=0, le=1, sweep=(0.025, 0.05, 0.1, 0.2, 0.4))
    """How much each tree corrects. Smaller steps need more trees and often end nearer to the best."""

    total_number_of_trees_constructed: int = param(100, ge=1, sweep=(20, 100, 500))
    """How many trees are built, one after the other."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty stands for 0."""

    def in_words(self) -> str:
        """How many trees of which size."""
        trees = counted(self.total_number_of_trees_constructed, "tree")
        return f"{trees}, {self.maximum_number_of_leaves_per_tree} leaves each"

    def settings_of_trees(self) -> dict[str, float | int | bool]:
        """The settings under scikit-learn's names."""
        return {
            "max_leaf_nodes": self.maximum_number_of_leaves_per_tree,
            "min_samples_leaf": self.minimum_number_of_samples_per_leaf_node,
            "learning_rate": self.learning_rate,
            "max_iter": self.total_number_of_trees_constructed,
            "early_stopping": False,
            "random_state": self.random_number_seed or 0,
        }


class BoostedDecisionTreeRegression(
    BoostedTrees,
    category="Machine Learning Algorithms / Regression",
    icon="network",
    synonyms=("gradient boosting", "GBM", "LightGBM", "MART"),
):
    """Predict a number with boosted regression trees.

    scikit-learn's HistGradientBoostingRegressor. Missing numbers and categories are taken as they are: a missing or
    unseen category goes the way that missing values went in training. Of a text column with more than 254 categories
    the most frequent are kept apart and the rest are taken together.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it answers higher for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    def estimator(self) -> HistGradientBoostingRegressor:
        """The estimator, not fitted."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        return HistGradientBoostingRegressor(**self.settings_of_trees())


class TwoClassBoostedDecisionTree(
    BoostedTrees,
    category="Machine Learning Algorithms / Classification",
    icon="network",
    title="Two-Class Boosted Decision Tree",
    synonyms=("gradient boosting", "GBM", "LightGBM", "binary classification"),
):
    """Predict one of two classes with boosted decision trees.

    scikit-learn's HistGradientBoostingClassifier. Missing numbers and categories are taken as they are: a missing or
    unseen category goes the way that missing values went in training. Of a text column with more than 254 categories
    the most frequent are kept apart and the rest are taken together.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS

    def estimator(self) -> HistGradientBoostingClassifier:
        """The estimator, not fitted."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(**self.settings_of_trees())


class MulticlassBoostedDecisionTree(
    BoostedTrees,
    category="Machine Learning Algorithms / Classification",
    icon="network",
    synonyms=("gradient boosting", "GBM", "LightGBM"),
):
    """Predict one of several classes with boosted decision trees.

    scikit-learn's HistGradientBoostingClassifier, one tree a class in each round. Missing numbers and categories are
    taken as they are: a missing or unseen category goes the way that missing values went in training. Of a text column
    with more than 254 categories the most frequent are kept apart and the rest are taken together.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    random_number_seed: int | None = param(42, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty stands for 0."""

    def estimator(self) -> HistGradientBoostingClassifier:
        """The estimator, not fitted."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(**self.settings_of_trees())
