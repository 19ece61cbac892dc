"""Linear regression that finds its own regularization."""

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
    """Predict a number as a weighted sum, with a regularization that the data decide.

    scikit-learn's BayesianRidge. Numbers are scaled to 0..1, categories become indicators, rows with a missing number
    are left out.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it answers higher for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION
    preparation: ClassVar[Preparation] = Preparation(scale=True)

    regularization_weight: float = param(1.0, gt=0, le=1e12, sweep=(0.1, 1.0, 10.0))
    """The regularization that the search starts from."""

    maximum_number_of_iterations: int = param(300, ge=1)
    """How often the regularization is improved at most."""

    tolerance: float = param(0.001, gt=0, le=1)
    """When to stop: the change of the weights that counts as none."""

    def in_words(self) -> str:
        """Where the search for the regularization starts."""
        return f"weight from {self.regularization_weight:g}"

    def estimator(self) -> BayesianRidge:
        """The estimator, not fitted."""
        from sklearn.linear_model import BayesianRidge

        return BayesianRidge(
            lambda_init=self.regularization_weight, max_iter=self.maximum_number_of_iterations, tol=self.tolerance
        )
