"""Two-class and multiclass logistic regression."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression


_ITERATIONS = 1000


class PenalizedLogistic(Learner):
    """The settings shared by both logistic regressions."""

    preparation: ClassVar[Preparation] = Preparation(scale=True)

    optimization_tolerance: float = param(1e-7, ge=1e-15, le=1, sweep=(1e-4, 1e-7))
    """Stop when the gradient falls below this tolerance."""

    l1_regularization_weight: float = param(1.0, label="L1 regularization weight", ge=0, le=1e6, sweep=(1.0,))
    """Strength of the L1 penalty, which drives weights to exactly 0. Used only if the L2 weight is 0: as in the
    original, L2 takes precedence if both are set."""

    l2_regularization_weight: float = param(
        1.0, label="L2 regularization weight", ge=0, le=1e6, sweep=(0.01, 0.1, 1.0, 10.0)
    )
    """Strength of the L2 penalty on the weights."""

    def in_words(self) -> str:
        """The effective penalty."""
        return f"{'L1' if self._by_l1 else 'L2'} weight {self._weight:g}"

    def penalized(self, seed: int | None) -> LogisticRegression:
        """The unfitted estimator; C is the inverse of the effective penalty weight."""
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(
            C=1 / self._weight if self._weight else float("inf"),
            l1_ratio=1.0 if self._by_l1 else 0.0,
            solver="saga" if self._by_l1 else "lbfgs",
            tol=self.optimization_tolerance,
            max_iter=_ITERATIONS,
            random_state=seed or 0,
        )

    @property
    def _by_l1(self) -> bool:
        return self.l2_regularization_weight == 0 and self.l1_regularization_weight > 0

    @property
    def _weight(self) -> float:
        return self.l1_regularization_weight if self._by_l1 else self.l2_regularization_weight


class TwoClassLogisticRegression(
    PenalizedLogistic,
    category="Machine Learning Algorithms / Classification",
    icon="spline",
    title="Two-Class Logistic Regression",
    synonyms=("logit", "binary classification"),
):
    """Predict one of two classes with a linear model of the log-odds.

    scikit-learn's LogisticRegression with C = 1 / L2 weight. Numbers are scaled to 0..1, categories are one-hot
    encoded, rows with a missing number are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS

    memory_size_for_l_bfgs: int = param(20, label="Memory size for L-BFGS", ge=1, sweep=(20,))
    """Kept for compatibility with pipelines of the original. scikit-learn's solver always keeps the last 10 steps; the
    optimum is the same."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty means 0."""

    def estimator(self) -> LogisticRegression:
        """The unfitted estimator."""
        return self.penalized(self.random_number_seed)


class MulticlassLogisticRegression(
    PenalizedLogistic,
    category="Machine Learning Algorithms / Classification",
    icon="spline",
    synonyms=("softmax", "multinomial", "maximum entropy"),
):
    """Predict one of several classes with a multinomial linear model.

    scikit-learn's multinomial LogisticRegression with C = 1 / L2 weight. Numbers are scaled to 0..1, categories are
    one-hot encoded, rows with a missing number are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty means 0."""

    def estimator(self) -> LogisticRegression:
        """The unfitted estimator."""
        return self.penalized(self.random_number_seed)
