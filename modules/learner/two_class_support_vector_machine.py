"""Linear support vector machine."""

from __future__ import annotations

from typing import Any, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Task
from designer.contract.wording.counting import counted


class TwoClassSupportVectorMachine(
    Learner,
    category="Machine Learning Algorithms / Classification",
    icon="spline",
    title="Two-Class Support Vector Machine",
    synonyms=("SVM", "hinge", "Pegasos", "binary classification"),
):
    """Predict one of two classes with a maximum-margin linear model.

    scikit-learn's SGDClassifier with the hinge loss. Its probability is the logistic function of the decision function:
    it ranks rows; use Calibrate Probabilities to calibrate it. Categories are one-hot encoded, rows with a missing
    number are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS

    number_of_iterations: int = param(1, ge=1, sweep=(1, 10, 100))
    """Number of passes over the training rows (epochs)."""

    lambda_: float = param(0.001, label="Lambda", gt=0, le=1e6, sweep=(0.00001, 0.0001, 0.001, 0.01, 0.1))
    """Strength of the L2 penalty on the weights."""

    normalize_features: bool = param(True)
    """Standardize the prepared features (zero mean, unit variance) first."""

    project_to_the_unit_sphere: bool = param(False, label="Project to the unit-sphere")
    """Scale each row to unit norm first."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed shuffles the rows identically. Empty means 0."""

    def in_words(self) -> str:
        """The penalty and the epochs."""
        return f"lambda {self.lambda_:g}, {counted(self.number_of_iterations, 'pass')}"

    def estimator(self) -> Any:
        """The unfitted estimator."""
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
