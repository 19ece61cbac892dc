"""The averaged perceptron."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.linear_model import SGDClassifier


class TwoClassAveragedPerceptron(
    Learner,
    category="Machine Learning Algorithms / Classification",
    icon="waypoints",
    title="Two-Class Averaged Perceptron",
    synonyms=("linear", "online", "binary classification"),
):
    """Predict one of two classes with an averaged perceptron.

    scikit-learn's SGDClassifier with the perceptron loss and averaging. Its probability is the logistic function of the
    decision function: it ranks rows; use Calibrate Probabilities to calibrate it. Numbers are scaled to 0..1,
    categories are one-hot encoded, rows with a missing number are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS
    preparation: ClassVar[Preparation] = Preparation(scale=True)

    learning_rate: float = param(1.0, gt=0, le=1e6, sweep=(0.1, 0.5, 1.0))
    """Learning rate: the step size of each update."""

    maximum_number_of_iterations: int = param(10, ge=1, sweep=(1, 10))
    """Number of passes over the training rows (epochs)."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed shuffles the rows identically. Empty means 0."""

    def in_words(self) -> str:
        """The learning rate and the epochs."""
        return f"rate {self.learning_rate:g}, {counted(self.maximum_number_of_iterations, 'pass')}"

    def estimator(self) -> SGDClassifier:
        """The unfitted estimator."""
        from sklearn.linear_model import SGDClassifier

        return SGDClassifier(
            loss="perceptron",
            penalty=None,
            average=True,
            learning_rate="constant",
            eta0=self.learning_rate,
            max_iter=self.maximum_number_of_iterations,
            tol=None,
            random_state=self.random_number_seed or 0,
        )
