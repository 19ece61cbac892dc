"""Bayesian linear regression."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.linear_model import BayesianRidge


class BayesianLinearRegression(
    Learner,
    category="Machine Learning Algorithms / Regression",
    icon="sigma",
    synonyms=("ridge", "evidence", "probabilistic"),
):
    """Predict a number with a linear model whose regularization is estimated from the data.

    scikit-learn's BayesianRidge. Numbers are scaled to 0..1, categories are one-hot encoded, rows with a missing number
    are left out.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION
    preparation: ClassVar[Preparation] = Preparation(scale=True)

    regularization_weight: float = param(1.0, gt=0, le=1e12, sweep=(0.1, 1.0, 10.0))
    """Initial regularization."""

    maximum_number_of_iterations: int = param(300, ge=1)
    """Maximum number of iterations."""

    tolerance: float = param(0.001, gt=0, le=1)
    """Stop when the weights change by less than this tolerance."""

    def in_words(self) -> str:
        """The initial regularization, in words."""
        return f"weight from {self.regularization_weight:g}"

    def estimator(self) -> BayesianRidge:
        """The unfitted estimator."""
        from sklearn.linear_model import BayesianRidge

        return BayesianRidge(
            lambda_init=self.regularization_weight, max_iter=self.maximum_number_of_iterations, tol=self.tolerance
        )
