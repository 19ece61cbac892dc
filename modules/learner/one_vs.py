"""Multiclass learners built from two-class learners."""

from __future__ import annotations

from typing import Annotated, Any

from designer.contract.errors import WrongModel
from designer.contract.module import Module
from designer.contract.script import Script, Variable
from designer.contract.values import LearnerOutline, Task, UntrainedModel

PORT = "Untrained binary classification model"
TwoClassLearner = Annotated[UntrainedModel, PORT]


class OneVs(Module):
    """A multiclass learner built from a two-class learner."""

    def wrapper(self) -> type:
        """scikit-learn's wrapper around the two-class estimator."""
        raise NotImplementedError

    def run(
        self, untrained_binary_classification_model: TwoClassLearner
    ) -> Annotated[UntrainedModel, "Untrained model"]:
        """Wrap the learner."""
        inner = untrained_binary_classification_model
        self._check(inner)
        return UntrainedModel(
            f"{self.spec().title} of {inner.name}", Task.MULTICLASS, self.wrapper()(inner.estimator), inner.preparation
        )

    def infer(self, untrained_binary_classification_model: LearnerOutline | None) -> LearnerOutline:
        """Name and task."""
        inner = untrained_binary_classification_model
        if inner is not None:
            self._check(inner)
        name = f"{self.spec().title} of {inner.name}" if inner else self.spec().title
        return LearnerOutline(name, Task.MULTICLASS)

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """The learner with its estimator wrapped."""
        inner = inputs["untrained_binary_classification_model"]
        wrapper = self.wrapper().__name__
        script.require(f"from sklearn.multiclass import {wrapper}")
        name = script.variable("learner")
        wrapped = f"{wrapper}({inner}['estimator'])"
        script.line(f"{name} = {{**{inner}, 'task': {str(Task.MULTICLASS)!r}, 'estimator': {wrapped}}}")
        return (name,)

    def _check(self, inner: Any) -> None:
        if inner.task is not Task.TWO_CLASS:
            problem = f"'{inner.name}' is for {str(inner.task).lower()}"
            raise WrongModel(problem, "Wire a two-class learner.", port=PORT)


class OneVsAllMulticlass(
    OneVs,
    category="Machine Learning Algorithms / Classification",
    icon="boxes",
    title="One-vs-All Multiclass",
    synonyms=("one vs rest", "OvR", "OvA"),
    no_onnx="a learner scores no rows; its model is exported by the step that scores with it",
):
    """Predict one of several classes with one two-class model per class (one-vs-rest).

    scikit-learn's OneVsRestClassifier: the most confident model wins; probabilities are normalized to sum to 1.

    Example: around Two-Class Logistic Regression it separates `low`, `middle` and `high` with three models.
    """

    def summary(self) -> str:
        """The models in words."""
        return "one model for each class"

    def wrapper(self) -> type:
        """One model per class."""
        from sklearn.multiclass import OneVsRestClassifier

        return OneVsRestClassifier  # type: ignore[no-any-return]


class OneVsOneMulticlass(
    OneVs,
    category="Machine Learning Algorithms / Classification",
    icon="boxes",
    title="One-vs-One Multiclass",
    synonyms=("pairwise", "OvO", "voting"),
    no_onnx="a learner scores no rows; its model is exported by the step that scores with it",
):
    """Predict one of several classes with one two-class model per pair of classes (one-vs-one).

    scikit-learn's OneVsOneClassifier: majority vote, ties broken by confidence. Probabilities are the softmax of the
    votes: they rank classes but are not calibrated.

    Example: around Two-Class Logistic Regression it separates `low`, `middle` and `high` with three models.
    """

    def summary(self) -> str:
        """The models in words."""
        return "one model for each pair"

    def wrapper(self) -> type:
        """One model per pair of classes."""
        from sklearn.multiclass import OneVsOneClassifier

        return OneVsOneClassifier  # type: ignore[no-any-return]
