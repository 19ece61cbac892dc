"""Gradient boosting with CatBoost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from designer_catboost.estimators import CatBoostClassification, CatBoostRegression


class CatBoost(Learner):
    """The settings shared by both learners."""

    number_of_iterations: int = param(300, ge=1, le=100_000, sweep=(100, 300, 1000))
    """Number of trees to build in sequence."""

    learning_rate: float = param(0.1, gt=0, le=1, sweep=(0.03, 0.1, 0.3))
    """Learning rate: the shrinkage of each tree. Smaller rates need more trees and often generalize better."""

    depth: int = param(6, label="Depth of a tree", ge=1, le=12, sweep=(4, 6, 8))
    """Depth of the symmetric trees: every node of a level asks the same question."""

    l2_regularization: float = param(3.0, label="L2 regularization", ge=0, le=1e9, sweep=(1.0, 3.0, 10.0))
    """Strength of the L2 penalty on leaf values."""

    categories: Literal["Target statistics", "Indicator columns"] = param("Target statistics")
    """Encode each category by the labels of the rows before it in a random order, or by one column each."""

    combined_columns: int = param(
        1, label="Largest number of combined columns", ge=1, le=4, when={"categories": "Target statistics"}
    )
    """Number of category columns that one target statistic may combine. A model with combinations has no ONNX form."""

    random_number_seed: int | None = param(0, ge=0, le=2**31 - 1)
    """The same seed gives the same model. Empty means 0."""

    def in_words(self) -> str:
        """The number and depth of the trees."""
        return f"{counted(self.number_of_iterations, 'tree')}, depth {self.depth}"

    def prepared(self) -> Preparation:
        """Missing numbers are handled natively, categories where target statistics encode them."""
        return Preparation(missing=True, categories=self.categories == "Target statistics")

    def settings(self) -> Mapping[str, Any]:
        """The number of categories of a column that are kept apart."""
        return {"largest_category": 1000}

    def settings_of_trees(self) -> dict[str, Any]:
        """The settings under CatBoost's names."""
        return {
            "iterations": self.number_of_iterations,
            "learning_rate": self.learning_rate,
            "depth": self.depth,
            "l2_leaf_reg": self.l2_regularization,
            "max_ctr_complexity": self.combined_columns,
            "random_seed": self.random_number_seed or 0,
        }


class CatBoostClassificationLearner(
    CatBoost,
    category="Machine Learning Algorithms / Classification",
    title="CatBoost Classification",
    icon="network",
    synonyms=("gradient boosting", "GBM", "oblivious trees", "boosted trees"),
):
    """Predict one of two or more classes with CatBoost's gradient-boosted symmetric trees.

    CatBoost's log loss for two classes, softmax for more. Missing numbers are handled natively. Target statistics
    replace a category by the share of each class among earlier rows; a missing or unseen category counts as one of its
    own. In a text column with more than 1,000 categories, the most frequent are kept separate and the rest are pooled.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    balance_classes: bool = param(False)
    """Weight classes inversely to their frequency."""

    def settings(self) -> Mapping[str, Any]:
        """A label with two classes gives a two-class model."""
        return {**super().settings(), "any_classes": True}

    def estimator(self) -> CatBoostClassification:
        """The unfitted estimator."""
        from designer_catboost.estimators import CatBoostClassification

        weights = "Balanced" if self.balance_classes else None
        return CatBoostClassification(**self.settings_of_trees(), auto_class_weights=weights)


class CatBoostRegressionLearner(
    CatBoost,
    category="Machine Learning Algorithms / Regression",
    title="CatBoost Regression",
    icon="network",
    synonyms=("gradient boosting", "GBM", "oblivious trees", "boosted trees"),
):
    """Predict a number with CatBoost's gradient-boosted symmetric trees.

    CatBoost's squared error. Missing numbers are handled natively. Target statistics replace a category by the labels
    of earlier rows; a missing or unseen category counts as one of its own. In a text column with more than 1,000
    categories, the most frequent are kept separate and the rest are pooled.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    def estimator(self) -> CatBoostRegression:
        """The unfitted estimator."""
        from designer_catboost.estimators import CatBoostRegression

        return CatBoostRegression(**self.settings_of_trees())
