"""Poisson regression."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.linear_model import PoissonRegressor


class PoissonRegression(
    Learner,
    category="Machine Learning Algorithms / Regression",
    icon="trending-up",
    synonyms=("GLM", "counts", "log link"),
):
    """Predict a count with a log-linear model.

    scikit-learn's PoissonRegressor; negative labels are rejected. Numbers are scaled to 0..1, categories are one-hot
    encoded, rows with a missing number are left out.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION
    preparation: ClassVar[Preparation] = Preparation(scale=True)
    trains_by_first_of_range: ClassVar[bool] = True

    optimization_tolerance: float = param(1e-7, ge=1e-15, le=1, sweep=(1e-4, 1e-7))
    """Stop when the gradient falls below this tolerance."""

    l1_regularization_weight: float = param(1.0, label="L1 regularization weight", ge=0, le=1e6, sweep=(1.0,))
    """Kept for compatibility with pipelines of the original. scikit-learn's Poisson regression has an L2 penalty
    only."""

    l2_regularization_weight: float = param(1.0, label="L2 regularization weight", ge=0, le=1e6, sweep=(0.01, 0.1, 1.0))
    """Strength of the L2 penalty on the weights."""

    memory_size_for_l_bfgs: int = param(20, label="Memory size for L-BFGS", ge=1, sweep=(20,))
    """Kept for compatibility with pipelines of the original. scikit-learn's solver always keeps the last 10 steps; the
    optimum is the same."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """Kept for compatibility with pipelines of the original; the solver is deterministic."""

    def in_words(self) -> str:
        """The penalty."""
        return f"L2 weight {self.l2_regularization_weight:g}"

    def estimator(self) -> PoissonRegressor:
        """The unfitted estimator."""
        from sklearn.linear_model import PoissonRegressor

        return PoissonRegressor(alpha=self.l2_regularization_weight, tol=self.optimization_tolerance, max_iter=1000)
