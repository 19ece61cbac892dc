"""The linear support vector machine."""

from __future__ import annotations

from typing import Any, ClassVar

from designer.contract.counting import counted
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Task


class TwoClassSupportVectorMachine(
    Learner,
    category="Machine Learning Algorithms / Classification",
    icon="spline",
    title="Two-Class Support Vector Machine",
    synonyms=("SVM", "hinge", "Pegasos", "binary classification"),
):
    """Predict one of two classes by the line with the widest margin.

    scikit-learn's SGDClassifier with the hinge loss. Its probability is the logistic function of the distance from the
    line: it ranks rows, and Calibrate Probabilities makes it a share. Categories become indicators, rows with a missing
    number are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS

    number_of_iterations: int = param(1, ge=1, sweep=(1, 10, 100))
    """How often the training passes over all rows."""

    lambda_: float = param(0.001, label="Lambda", gt=0, le=1e6, sweep=(0.00001, 0.0001, 0.001, 0.01, 0.1))
    """How strongly large weights are held back."""

    normalize_features: bool = param(True)
    """Center every prepared feature and give it a variance of 1 first."""

    project_to_the_unit_sphere: bool = param(False, label="Project to the unit-sphere")
    """Divide every row by its length first, so that only directions count."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed takes the rows in the same order. Empty stands for 0."""

    def in_words(self) -> str:
        """The penalty and how often rows are passed."""
        return f"lambda {self.lambda_:g}, {counted(self.number_of_iterations, 'pass')}"

    def estimator(self) -> Any:
        """The estimator, not fitted."""
        from sklearn.linear_model import SGDClassifier
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import Normalizer, StandardScaler

        machine = SGDClassifier(
            loss="hinge",
            alpha=self.lambda_,
            max_iter=self.number_of_iterations,
            tol=None,
            random_state=self.random_number_seed or 0,
        )
        scaler = [("scaler", StandardScaler())] if self.normalize_features else []
        sphere = [("sphere", Normalizer())] if self.project_to_the_unit_sphere else []
        return Pipeline([*scaler, *sphere, ("machine", machine)]) if scaler or sphere else machine
