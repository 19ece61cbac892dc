"""Two-class and multiclass naive Bayes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.naive_bayes import GaussianNB


class NaiveBayes(Learner):
    """The settings shared by both naive Bayes learners."""

    preparation: ClassVar[Preparation] = Preparation(scale=True)

    variance_smoothing: float = param(1e-9, gt=0, le=1, sweep=(1e-9, 1e-6, 1e-3))
    """Variance smoothing: fraction of the largest variance added to all variances, so that none is 0."""

    def in_words(self) -> str:
        """The variance smoothing, in words."""
        return f"smoothing {self.variance_smoothing:g}"

    def estimator(self) -> GaussianNB:
        """The unfitted estimator."""
        from sklearn.naive_bayes import GaussianNB

        return GaussianNB(var_smoothing=self.variance_smoothing)


class TwoClassNaiveBayes(
    NaiveBayes,
    category="Machine Learning Algorithms / Classification",
    icon="sigma",
    title="Two-Class Naive Bayes",
    synonyms=("Bayes point machine", "Gaussian", "binary classification"),
):
    """Predict one of two classes assuming independent, normally distributed features within each class.

    scikit-learn's GaussianNB. Numbers are scaled to 0..1, categories are one-hot encoded, rows with a missing number
    are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS


class MulticlassNaiveBayes(
    NaiveBayes, category="Machine Learning Algorithms / Classification", icon="sigma", synonyms=("Bayes", "Gaussian")
):
    """Predict one of several classes assuming independent, normally distributed features within each class.

    scikit-learn's GaussianNB. Numbers are scaled to 0..1, categories are one-hot encoded, rows with a missing number
    are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS
