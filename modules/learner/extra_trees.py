"""Extremely randomized trees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.counting import counted
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor


class ExtraTrees(Learner):
    """The settings that both learners share."""

    preparation: ClassVar[Preparation] = Preparation(missing=True)

    number_of_trees: int = param(100, ge=1, sweep=(50, 100, 300))
    """How many trees are averaged."""

    maximum_depth: int | None = param(None, ge=1)
    """How many questions a tree may ask one after the other. Empty: as many as it takes."""

    minimum_number_of_samples_per_leaf_node: int = param(1, ge=1, sweep=(1, 5, 20))
    """How many training rows a leaf needs."""

    features_per_split: Literal["Square root", "Logarithm", "All"] = param("Square root")
    """How many of the prepared features, drawn by chance, are looked at for each split."""

    draw_rows_for_each_tree: bool = param(False)
    """Show each tree rows drawn anew instead of all."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty stands for 0."""

    def in_words(self) -> str:
        """How many trees of which depth."""
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
    """Predict a class, two or more, with trees whose splits are drawn by chance.

    scikit-learn's ExtraTreesClassifier. Missing numbers are taken as they are, categories become indicators.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    balance_classes: bool = param(False)
    """Let rare classes weigh as much as frequent ones."""

    def settings(self) -> Mapping[str, Any]:
        """A label of two classes makes a two-class model."""
        return {"any_classes": True}

    def estimator(self) -> ExtraTreesClassifier:
        """The estimator, not fitted."""
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
    """Predict a number with trees whose splits are drawn by chance.

    scikit-learn's ExtraTreesRegressor. Missing numbers are taken as they are, categories become indicators.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it answers higher for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    features_per_split: Literal["Square root", "Logarithm", "All"] = param("All")
    """How many of the prepared features, drawn by chance, are looked at for each split."""

    def estimator(self) -> ExtraTreesRegressor:
        """The estimator, not fitted."""
        from sklearn.ensemble import ExtraTreesRegressor

        return ExtraTreesRegressor(**self.settings_of_trees())
