"""Naive Bayes for two and for more classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.naive_bayes import GaussianNB


class NaiveBayes(Learner):
    """The settings that both naive Bayes learners share."""

    preparation: ClassVar[Preparation] = Preparation(scale=True)

    variance_smoothing: float = param(1e-9, gt=0, le=1, sweep=(1e-9, 1e-6, 1e-3))
    """The share of the largest variance that is added to all, so that none is 0."""

    def in_words(self) -> str:
        """What is added to variances."""
        return f"smoothing {self.variance_smoothing:g}"

    def estimator(self) -> GaussianNB:
        """The estimator, not fitted."""
        from sklearn.naive_bayes import GaussianNB

        return GaussianNB(var_smoothing=self.variance_smoothing)


class TwoClassNaiveBayes(
    NaiveBayes,
    category="Machine Learning Algorithms / Classification",
    icon="sigma",
    title="Two-Class Naive Bayes",
    synonyms=("Bayes point machine", "Gaussian", "binary classification"),
):
    """Predict one of two classes as if all features were independent and normal within a class.

    scikit-learn's GaussianNB. Numbers are scaled to 0..1, categories become indicators, rows with a missing number are
    left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS


class MulticlassNaiveBayes(
    NaiveBayes, category="Machine Learning Algorithms / Classification", icon="sigma", synonyms=("Bayes", "Gaussian")
):
    """Predict one of several classes as if all features were independent and normal within a class.

    scikit-learn's GaussianNB. Numbers are scaled to 0..1, categories become indicators, rows with a missing number are
    left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it answers `low` for 1 and `high`
    for 8.
    """

    task: ClassVar[Task] = Task.MULTICLASS
