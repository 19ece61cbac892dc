"""Logistic regression for two and for more classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression


_ITERATIONS = 1000


class PenalizedLogistic(Learner):
    """The settings that both logistic regressions share."""

    preparation: ClassVar[Preparation] = Preparation(scale=True)

    optimization_tolerance: float = param(1e-7, ge=1e-15, le=1, sweep=(1e-4, 1e-7))
    """When to stop: the slope below which the optimum counts as reached."""

    l1_regularization_weight: float = param(1.0, label="L1 regularization weight", ge=0, le=1e6, sweep=(1.0,))
    """Holds weights back until many are exactly 0. It is used where the L2 weight is 0: the original, too, is
    penalized by L2 alone where both are set."""

    l2_regularization_weight: float = param(
        1.0, label="L2 regularization weight", ge=0, le=1e6, sweep=(0.01, 0.1, 1.0, 10.0)
    )
    """How strongly large weights are held back."""

    def in_words(self) -> str:
        """The penalty that is used."""
        return f"{'L1' if self._by_l1 else 'L2'} weight {self._weight:g}"

    def penalized(self, seed: int | None) -> LogisticRegression:
        """The estimator under scikit-learn's names: C is one over the weight of the penalty that is used."""
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
    """Predict one of two classes from a weighted sum of the features.

    scikit-learn's LogisticRegression with C = 1 / L2 weight. Numbers are scaled to 0..1, categories become
    indicators, rows with a missing number are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS

    memory_size_for_l_bfgs: int = param(20, label="Memory size for L-BFGS", ge=1, sweep=(20,))
    """Taken over from pipelines of the original. scikit-learn's solver keeps the last 10 steps whatever is written
    here; the optimum is the same."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty stands for 0."""

    def estimator(self) -> LogisticRegression:
        """The estimator, not fitted."""
        return self.penalized(self.random_number_seed)


class MulticlassLogisticRegression(
    PenalizedLogistic,
    category="Machine Learning Algorithms / Classification",
    icon="spline",
    synonyms=("softmax", "multinomial", "maximum entropy"),
):
    """Predict one of several classes from weighted sums of the features.

    scikit-learn's multinomial LogisticRegression with C = 1 / L2 weight. Numbers are scaled to 0..1, categories
    become indicators, rows with a missing number are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty stands for 0."""

    def estimator(self) -> LogisticRegression:
        """The estimator, not fitted."""
        return self.penalized(self.random_number_seed)
