"""Decision forests: many trees on resampled rows, averaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.counting import counted
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.ensemble import (
        ExtraTreesClassifier,
        ExtraTreesRegressor,
        RandomForestClassifier,
        RandomForestRegressor,
    )


class DecisionForest(Learner):
    """The settings that all decision forests share, as scikit-learn's forests take them."""

    preparation: ClassVar[Preparation] = Preparation(missing=True)

    resampling_method: Literal["Bagging Resampling", "Replicate Resampling"] = param("Bagging Resampling")
    """Bagging draws rows anew for each tree; Replicate shows every tree all rows and draws the splits by chance."""

    number_of_decision_trees: int = param(8, ge=1, sweep=(1, 8, 32))
    """How many trees are averaged."""

    maximum_depth_of_the_decision_trees: int = param(32, ge=1, sweep=(1, 16, 64))
    """How many questions a tree may ask one after the other."""

    number_of_random_splits_per_node: int = param(128, ge=1, sweep=(1, 128, 1024))
    """How many prepared features, drawn by chance, are looked at for each split."""

    minimum_number_of_samples_per_leaf_node: int = param(1, ge=1, sweep=(1, 4, 16))
    """How many training rows a leaf needs."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty stands for 0."""

    def in_words(self) -> str:
        """How many trees of which depth."""
        return f"{counted(self.number_of_decision_trees, 'tree')}, depth to {self.maximum_depth_of_the_decision_trees}"

    @property
    def draws_rows(self) -> bool:
        """Whether each tree sees rows of its own."""
        return self.resampling_method == "Bagging Resampling"

    def settings_of_trees(self) -> dict[str, Any]:
        """The settings under scikit-learn's names."""
        return {
            "n_estimators": self.number_of_decision_trees,
            "max_depth": self.maximum_depth_of_the_decision_trees,
            "max_features": self.number_of_random_splits_per_node,
            "min_samples_leaf": self.minimum_number_of_samples_per_leaf_node,
            "random_state": self.random_number_seed or 0,
        }


class DecisionForestRegression(
    DecisionForest,
    category="Machine Learning Algorithms / Regression",
    icon="network",
    synonyms=("random forest", "bagging", "extra trees"),
):
    """Predict a number with a forest of regression trees.

    scikit-learn's RandomForestRegressor; with Replicate Resampling its ExtraTreesRegressor. Missing numbers are taken
    as they are, categories become indicators.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it answers higher for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    def estimator(self) -> RandomForestRegressor | ExtraTreesRegressor:
        """The estimator, not fitted."""
        from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

        kind = RandomForestRegressor if self.draws_rows else ExtraTreesRegressor
        return kind(**self.settings_of_trees())


class TwoClassDecisionForest(
    DecisionForest,
    category="Machine Learning Algorithms / Classification",
    icon="network",
    title="Two-Class Decision Forest",
    synonyms=("random forest", "bagging", "extra trees", "binary classification"),
):
    """Predict one of two classes with a forest of decision trees.

    scikit-learn's RandomForestClassifier; with Replicate Resampling its ExtraTreesClassifier. The probability is the
    mean share of the class in the leaves. Missing numbers are taken as they are, categories become indicators.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS

    def estimator(self) -> RandomForestClassifier | ExtraTreesClassifier:
        """The estimator, not fitted."""
        from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

        kind = RandomForestClassifier if self.draws_rows else ExtraTreesClassifier
        return kind(**self.settings_of_trees())


class MulticlassDecisionForest(
    DecisionForest,
    category="Machine Learning Algorithms / Classification",
    icon="network",
    synonyms=("random forest", "bagging", "extra trees"),
):
    """Predict one of several classes with a forest of decision trees.

    scikit-learn's RandomForestClassifier; with Replicate Resampling its ExtraTreesClassifier. Probabilities are the
    mean shares of the classes in the leaves. Missing numbers are taken as they are, categories become indicators.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    def estimator(self) -> RandomForestClassifier | ExtraTreesClassifier:
        """The estimator, not fitted."""
        from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

        kind = RandomForestClassifier if self.draws_rows else ExtraTreesClassifier
        return kind(**self.settings_of_trees())
