"""Ordinal regression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.multioutput import MultiOutputClassifier


class OrdinalRegression(
    Learner,
    category="Machine Learning Algorithms / Regression",
    icon="trending-up",
    synonyms=("ordered classes", "ranking", "ratings", "proportional odds"),
):
    """Predict one of several ordered classes, such as ratings.

    One scikit-learn LogisticRegression per step of the order estimates the probability of lying above it; the
    differences are the class probabilities (Frank and Hall). The order is that of numbers, of text, or of an ordered
    categorical column. Numbers are scaled to 0..1, categories are one-hot encoded, rows with a missing number are left
    out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS
    preparation: ClassVar[Preparation] = Preparation(scale=True)

    l2_regularization_weight: float = param(
        1.0, label="L2 regularization weight", gt=0, le=1e6, sweep=(0.01, 0.1, 1.0, 10.0)
    )
    """Strength of the L2 penalty on the weights."""

    optimization_tolerance: float = param(1e-7, ge=1e-15, le=1)
    """Stop when the gradient falls below this tolerance."""

    def in_words(self) -> str:
        """The penalty."""
        return f"L2 weight {self.l2_regularization_weight:g}"

    def settings(self) -> Mapping[str, Any]:
        """Learn the label as ordered steps."""
        return {"ordered": True}

    def estimator(self) -> MultiOutputClassifier:
        """The unfitted estimator."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.multioutput import MultiOutputClassifier

        step = LogisticRegression(C=1 / self.l2_regularization_weight, tol=self.optimization_tolerance, max_iter=1000)
        return MultiOutputClassifier(step)
