"""Gradient-boosted decision trees for regression and classification."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor


class BoostedTrees(Learner):
    """The settings shared by all boosted trees, for scikit-learn's histogram gradient boosting."""

    preparation: ClassVar[Preparation] = Preparation(missing=True, categories=True)

    maximum_number_of_leaves_per_tree: int = param(20, ge=2, sweep=(2, 8, 32, 128))
    """Maximum number of leaves per tree. More leaves fit the data more closely and overfit sooner."""

    minimum_number_of_samples_per_leaf_node: int = param(10, ge=1, sweep=(1, 10, 50))
    """Minimum number of training rows per leaf."""

    learning_rate: float = param(0.2, gt=0, le=1, sweep=(0.025, 0.05, 0.1, 0.2, 0.4))
    """Learning rate: the shrinkage of each tree. Smaller rates need more trees and often generalize better."""

    total_number_of_trees_constructed: int = param(100, ge=1, sweep=(20, 100, 500))
    """Number of trees to build in sequence."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty means 0."""

    def in_words(self) -> str:
        """The number and size of the trees."""
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
    """Predict a number with gradient-boosted trees.

    scikit-learn's HistGradientBoostingRegressor. Missing numbers and categories are handled natively: a missing or
    unseen category follows the branch for missing values. In a text column with more than 254 categories, the most
    frequent are kept separate and the rest are pooled.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    def estimator(self) -> HistGradientBoostingRegressor:
        """The unfitted estimator."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        return HistGradientBoostingRegressor(**self.settings_of_trees())


class TwoClassBoostedDecisionTree(
    BoostedTrees,
    category="Machine Learning Algorithms / Classification",
    icon="network",
    title="Two-Class Boosted Decision Tree",
    synonyms=("gradient boosting", "GBM", "LightGBM", "binary classification"),
):
    """Predict one of two classes with gradient-boosted trees.

    scikit-learn's HistGradientBoostingClassifier. Missing numbers and categories are handled natively: a missing or
    unseen category follows the branch for missing values. In a text column with more than 254 categories, the most
    frequent are kept separate and the rest are pooled.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS

    def estimator(self) -> HistGradientBoostingClassifier:
        """The unfitted estimator."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(**self.settings_of_trees())


class MulticlassBoostedDecisionTree(
    BoostedTrees,
    category="Machine Learning Algorithms / Classification",
    icon="network",
    synonyms=("gradient boosting", "GBM", "LightGBM"),
):
    """Predict one of several classes with gradient-boosted trees.

    scikit-learn's HistGradientBoostingClassifier, one tree per class in each round. Missing numbers and categories are
    handled natively: a missing or unseen category follows the branch for missing values. In a text column with more
    than 254 categories, the most frequent are kept separate and the rest are pooled.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    random_number_seed: int | None = param(42, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty means 0."""

    def estimator(self) -> HistGradientBoostingClassifier:
        """The unfitted estimator."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(**self.settings_of_trees())
