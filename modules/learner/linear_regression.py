"""Linear regression by least squares or gradient descent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

_DEPENDENT = 1e-12
"""Cutoff, relative to the largest singular value, below which features count as collinear. scikit-learn's 1e-6 drops
features of steep polynomials; indicators that sum to 1 stay far below."""
_DESCENT = {"solution_method": "Online Gradient Descent"}
_SINGLE = {**_DESCENT, "create_trainer_mode": "SingleParameter"}
_RANGE = {**_DESCENT, "create_trainer_mode": "ParameterRange"}


class LinearRegression(
    Learner,
    category="Machine Learning Algorithms / Regression",
    icon="trending-up",
    synonyms=("OLS", "least squares", "ridge", "SGD"),
):
    """Predict a number with a linear model.

    Ordinary least squares is scikit-learn's Ridge (LinearRegression if the L2 weight is 0), gradient descent its
    SGDRegressor. Numbers are scaled to 0..1 (not without an intercept, since scaling moves the origin), categories are
    one-hot encoded, rows with a missing number are left out.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    solution_method: Literal["Ordinary Least Squares", "Online Gradient Descent"] = param("Ordinary Least Squares")
    """Closed-form solution, or stochastic gradient descent."""

    create_trainer_mode: Literal["SingleParameter", "ParameterRange"] = param("SingleParameter", when=_DESCENT)
    """Train with the values set here, or let Tune Model Hyperparameters try a range of each."""

    l2_regularization_weight: float = param(
        0.001, label="L2 regularization weight", ge=0, le=1e12, sweep=(0.001, 0.01, 0.1)
    )
    """Strength of the L2 penalty on the weights. Stabilizes the solution if features are collinear."""

    include_intercept_term: bool = param(True, when={"solution_method": "Ordinary Least Squares"})
    """Fit an intercept. Off: the prediction for all zeros is 0, and numbers are not scaled."""

    learning_rate: float = param(0.1, gt=0, le=1e6, when=_SINGLE, sweep=(0.025, 0.05, 0.1, 0.2))
    """Initial learning rate."""

    number_of_training_epochs: int = param(10, ge=1, when=_SINGLE, sweep=(1, 10, 100))
    """Number of passes over the training rows (epochs)."""

    normalize_features: bool = param(True, when=_DESCENT)
    """Scale numbers to 0..1 first. Gradient descent rarely converges without scaling."""

    decrease_learning_rate: bool = param(True, when=_DESCENT)
    """Decrease the learning rate over time."""

    range_for_learning_rate: str = param("0.025; 0.05; 0.1; 0.2", label="Range for learning rate", when=_RANGE)
    """Values to try, separated by semicolons."""

    range_for_number_of_training_epochs: str = param(
        "1; 10; 100", label="Range for number of training epochs", when=_RANGE
    )
    """Values to try, separated by semicolons."""

    range_for_l2_regularization_weight: str = param(
        "0.001; 0.01; 0.1", label="Range for L2 regularization weight", when=_RANGE
    )
    """Values to try, separated by semicolons."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty means 0."""

    @property
    def descends(self) -> bool:
        """Whether gradient descent is chosen."""
        return self.solution_method == "Online Gradient Descent"

    def prepared(self) -> Preparation:
        """Scale the features unless scaling is switched off for gradient descent or there is no intercept."""
        return Preparation(scale=self.normalize_features if self.descends else self.include_intercept_term)

    def in_words(self) -> str:
        """The solver."""
        return (
            f"gradient descent, rate {self.learning_rate:g}"
            if self.descends
            else f"least squares, L2 {self.l2_regularization_weight:g}"
        )

    def estimator(self) -> Any:
        """The unfitted estimator."""
        from sklearn import linear_model

        if self.descends:
            return self._descent()
        if self.l2_regularization_weight == 0:
            return linear_model.LinearRegression(fit_intercept=self.include_intercept_term, tol=_DEPENDENT)
        return linear_model.Ridge(
            alpha=self.l2_regularization_weight,
            fit_intercept=self.include_intercept_term,
            random_state=self.random_number_seed or 0,
        )

    def _descent(self) -> Any:
        from sklearn import linear_model

        return linear_model.SGDRegressor(
            alpha=self.l2_regularization_weight,
            eta0=self.learning_rate,
            learning_rate="invscaling" if self.decrease_learning_rate else "constant",
            max_iter=self.number_of_training_epochs,
            tol=None,
            random_state=self.random_number_seed or 0,
        )

    def ranges(self) -> dict[str, Sequence[Any]]:
        """Only gradient descent has parameters to sweep."""
        return super().ranges() if self.descends else {}
