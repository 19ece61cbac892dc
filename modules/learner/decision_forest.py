"""Decision forests: averaged trees on resampled rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.ensemble import (
        ExtraTreesClassifier,
        ExtraTreesRegressor,
        RandomForestClassifier,
        RandomForestRegressor,
    )


class DecisionForest(Learner):
    """The settings shared by all decision forests, for scikit-learn's forests."""

    preparation: ClassVar[Preparation] = Preparation(missing=True)

    resampling_method: Literal["Bagging Resampling", "Replicate Resampling"] = param("Bagging Resampling")
    """Bagging trains each tree on a bootstrap sample; Replicate trains every tree on all rows with random splits."""

    number_of_decision_trees: int = param(8, ge=1, sweep=(1, 8, 32))
    """Number of trees to average."""

    maximum_depth_of_the_decision_trees: int = param(32, ge=1, sweep=(1, 16, 64))
    """Maximum depth of a tree."""

    number_of_random_splits_per_node: int = param(128, ge=1, sweep=(1, 128, 1024))
    """Number of prepared features drawn at random as candidates for each split."""

    minimum_number_of_samples_per_leaf_node: int = param(1, ge=1, sweep=(1, 4, 16))
    """Minimum number of training rows per leaf."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty means 0."""

    def in_words(self) -> str:
        """The number and depth of the trees."""
        return f"{counted(self.number_of_decision_trees, 'tree')}, depth to {self.maximum_depth_of_the_decision_trees}"

    @property
    def draws_rows(self) -> bool:
        """Whether each tree gets a bootstrap sample."""
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

    scikit-learn's RandomForestRegressor; with Replicate Resampling its ExtraTreesRegressor. Missing numbers are handled
    natively, categories are one-hot encoded.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    def estimator(self) -> RandomForestRegressor | ExtraTreesRegressor:
        """The unfitted estimator."""
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
    mean share of the class in the leaves. Missing numbers are handled natively, categories are one-hot encoded.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS

    def estimator(self) -> RandomForestClassifier | ExtraTreesClassifier:
        """The unfitted estimator."""
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
    mean shares of the classes in the leaves. Missing numbers are handled natively, categories are one-hot encoded.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    def estimator(self) -> RandomForestClassifier | ExtraTreesClassifier:
        """The unfitted estimator."""
        from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

        kind = RandomForestClassifier if self.draws_rows else ExtraTreesClassifier
        return kind(**self.settings_of_trees())
