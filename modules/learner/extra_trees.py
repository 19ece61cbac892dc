"""Extremely randomized trees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor


class ExtraTrees(Learner):
    """The settings shared by both learners."""

    preparation: ClassVar[Preparation] = Preparation(missing=True)

    number_of_trees: int = param(100, ge=1, sweep=(50, 100, 300))
    """Number of trees to average."""

    maximum_depth: int | None = param(None, ge=1)
    """Maximum depth of a tree. Empty: unlimited."""

    minimum_number_of_samples_per_leaf_node: int = param(1, ge=1, sweep=(1, 5, 20))
    """Minimum number of training rows per leaf."""

    features_per_split: Literal["Square root", "Logarithm", "All"] = param("Square root")
    """Number of prepared features drawn at random as candidates for each split."""

    draw_rows_for_each_tree: bool = param(False)
    """Train each tree on a bootstrap sample instead of all rows."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty means 0."""

    def in_words(self) -> str:
        """The number and depth of the trees."""
        depth = f"depth to {self.maximum_depth}" if self.maximum_depth else "any depth"
        return f"{counted(self.number_of_trees, 'tree')}, {depth}"

    def settings_of_trees(self) -> dict[str, Any]:
        """The settings under scikit-learn's names."""
        features: dict[str, Any] = {"Square root": "sqrt", "Logarithm": "log2", "All": None}
        return {
            "n_estimators": self.number_of_trees,
            "max_depth": self.maximum_depth,
            "min_samples_leaf": self.minimum_number_of_samples_per_leaf_node,
            "max_features": features[self.features_per_split],
            "bootstrap": self.draw_rows_for_each_tree,
            "random_state": self.random_number_seed or 0,
        }


class ExtraTreesClassification(
    ExtraTrees,
    category="Machine Learning Algorithms / Classification",
    icon="network",
    synonyms=("extremely randomized trees", "random forest"),
):
    """Predict one of two or more classes with extremely randomized trees.

    scikit-learn's ExtraTreesClassifier. Missing numbers are handled natively, categories are one-hot encoded.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    balance_classes: bool = param(False)
    """Weight classes inversely to their frequency."""

    def settings(self) -> Mapping[str, Any]:
        """A label with two classes gives a two-class model."""
        return {"any_classes": True}

    def estimator(self) -> ExtraTreesClassifier:
        """The unfitted estimator."""
        from sklearn.ensemble import ExtraTreesClassifier

        return ExtraTreesClassifier(
            **self.settings_of_trees(), class_weight="balanced" if self.balance_classes else None
        )


class ExtraTreesRegression(
    ExtraTrees,
    category="Machine Learning Algorithms / Regression",
    icon="network",
    synonyms=("extremely randomized trees", "random forest"),
):
    """Predict a number with extremely randomized trees.

    scikit-learn's ExtraTreesRegressor. Missing numbers are handled natively, categories are one-hot encoded.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    features_per_split: Literal["Square root", "Logarithm", "All"] = param("All")
    """Number of prepared features drawn at random as candidates for each split."""

    def estimator(self) -> ExtraTreesRegressor:
        """The unfitted estimator."""
        from sklearn.ensemble import ExtraTreesRegressor

        return ExtraTreesRegressor(**self.settings_of_trees())
