"""Ensembles of learners: voting and stacking."""

from __future__ import annotations

from typing import Annotated, Any

from designer.contract.errors import WrongModel
from designer.contract.module import Module
from designer.contract.script import Script, Variable
from designer.contract.values import LearnerOutline, Preparation, Task, UntrainedModel

PORTS = ("untrained_model_1", "untrained_model_2", "untrained_model_3", "untrained_model_4")
Parts = list[tuple[str, Any]]
_TASKS = (Task.TWO_CLASS, Task.MULTICLASS, Task.REGRESSION)
NO_ONNX = "a learner scores no rows; its model is exported by the step that scores with it"


class Ensemble(Module):
    """An ensemble of two to four learners of one task."""

    def run(
        self,
        untrained_model_1: UntrainedModel,
        untrained_model_2: UntrainedModel,
        untrained_model_3: UntrainedModel | None = None,
        untrained_model_4: UntrainedModel | None = None,
    ) -> Annotated[UntrainedModel, "Untrained model"]:
        """Combine the learners."""
        models = [
            m for m in (untrained_model_1, untrained_model_2, untrained_model_3, untrained_model_4) if m is not None
        ]
        task = common_task(models)
        parts = [(f"model {i}", with_probabilities(model)) for i, model in enumerate(models, 1)]
        preparation = common_preparation([model.preparation for model in models])
        joined, settings = self.joined(parts, task), common_settings(models)
        return UntrainedModel(self.spec().title, task, joined, preparation, settings=settings)

    def joined(self, parts: Parts, task: Task) -> Any:
        """The ensemble estimator."""
        raise NotImplementedError

    def infer(
        self,
        untrained_model_1: LearnerOutline | None,
        untrained_model_2: LearnerOutline | None,
        untrained_model_3: LearnerOutline | None = None,
        untrained_model_4: LearnerOutline | None = None,
    ) -> LearnerOutline | None:
        """Name and task."""
        models = [
            m for m in (untrained_model_1, untrained_model_2, untrained_model_3, untrained_model_4) if m is not None
        ]
        return LearnerOutline(self.spec().title, common_task(models), common_settings(models)) if models else None

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """The combined estimators."""
        learners = [inputs[port] for port in PORTS if inputs.get(port) is not None]
        call = script.call(join_learners, learners, self._kind(), result="learner")
        return (call,)

    def _kind(self) -> str:
        raise NotImplementedError


class VotingEnsemble(
    Ensemble,
    category="Machine Learning Algorithms / Ensembles",
    icon="layers",
    synonyms=("average", "blend", "committee"),
    no_onnx=NO_ONNX,
):
    """Average the predictions of several learners.

    scikit-learn's VotingClassifier (mean probabilities) or VotingRegressor (mean numbers). All learners share the same
    prepared features: numbers are scaled and categories one-hot encoded if one of them needs it, and rows with a
    missing number are left out unless all support them.

    Example: two learners that predict 3 and 6 are averaged to 4.5.
    """

    def joined(self, parts: Parts, task: Task) -> Any:
        """The ensemble estimator."""
        return voting(parts, task is Task.REGRESSION)

    def summary(self) -> str:
        """The prediction in words."""
        return "the mean of its learners"

    def _kind(self) -> str:
        return "voting"


class StackingEnsemble(
    Ensemble,
    category="Machine Learning Algorithms / Ensembles",
    icon="layers",
    synonyms=("stacked generalization", "blend", "meta learner"),
    no_onnx=NO_ONNX,
):
    """Combine several learners with a linear model trained on their predictions.

    scikit-learn's StackingClassifier with a logistic regression on top, or StackingRegressor with a ridge regression,
    trained on out-of-fold predictions (five folds). All learners share the same prepared features: numbers are scaled
    and categories one-hot encoded if one of them needs it, and rows with a missing number are left out unless all
    support them.

    Example: if one learner is accurate and the other always predicts the mean, the stack follows the first.
    """

    def joined(self, parts: Parts, task: Task) -> Any:
        """The ensemble estimator."""
        return stacking(parts, task is Task.REGRESSION)

    def summary(self) -> str:
        """The prediction in words."""
        return "stacks its learners"

    def _kind(self) -> str:
        return "stacking"


def voting(parts: Parts, regression: bool) -> Any:
    """A voting ensemble."""
    from sklearn import ensemble

    return ensemble.VotingRegressor(parts) if regression else ensemble.VotingClassifier(parts, voting="soft")


def stacking(parts: Parts, regression: bool) -> Any:
    """A stacking ensemble with a linear final estimator."""
    from sklearn import ensemble
    from sklearn.linear_model import LogisticRegression, RidgeCV

    if regression:
        return ensemble.StackingRegressor(parts, RidgeCV())
    return ensemble.StackingClassifier(parts, LogisticRegression(max_iter=1000))


def join_learners(learners: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The combined learner, in the form Train Model expects."""
    regression = learners[0]["task"] == "Regression"
    parts = [(f"model {i}", sure(each["estimator"], regression)) for i, each in enumerate(learners, 1)]
    joined = voting(parts, regression) if kind == "voting" else stacking(parts, regression)
    ways = {
        "scale": any(each["scale"] for each in learners),
        "missing": all(each["missing"] for each in learners),
        "categories": all(each["categories"] for each in learners),
    }
    settings = [each.get("settings", {}) for each in learners]
    fixed = [each for each, own in zip(learners, settings, strict=True) if not own.get("any_classes")]
    task = (fixed or learners)[0]["task"]
    return {"name": kind, "task": task, **ways, "settings": {"any_classes": not fixed}, "estimator": joined}


def sure(estimator: Any, regression: bool) -> Any:
    """An estimator with probabilities; a classifier without them is calibrated."""
    from sklearn.calibration import CalibratedClassifierCV

    if regression or hasattr(estimator, "predict_proba"):
        return estimator
    return CalibratedClassifierCV(estimator, ensemble=False)


def with_probabilities(model: UntrainedModel) -> Any:
    """The estimator of a learner, calibrated if it has no probabilities."""
    return sure(model.estimator, model.task is Task.REGRESSION)


def common_task(models: list[Any]) -> Task:
    """The common task; raises WrongModel if the tasks differ or cannot be combined."""
    for model in models:
        settings = model.settings
        if settings.get("ordered") or settings.get("quantiles") or model.is_script or model.task not in _TASKS:
            raise WrongModel(f"'{model.name}' cannot be part of an ensemble", "Use learners with a single prediction.")
    fixed = [model for model in models if not model.settings.get("any_classes")]
    for model in [*fixed, *models]:
        first = (fixed or models)[0]
        if model.task is not first.task and (model in fixed or first.task is Task.REGRESSION):
            problem = f"'{first.name}' is for {str(first.task).lower()}, '{model.name}' for {str(model.task).lower()}"
            raise WrongModel(problem, "Wire learners of one task.")
    return Task((fixed or models)[0].task)


def common_settings(models: list[Any]) -> dict[str, Any]:
    """A label with two classes gives a two-class model if all learners support any number of classes."""
    return {"any_classes": True} if all(model.settings.get("any_classes") for model in models) else {}


def common_preparation(ways: list[Preparation]) -> Preparation:
    """Settings that suit all learners."""
    return Preparation(
        scale=any(way.scale for way in ways),
        missing=all(way.missing for way in ways),
        categories=all(way.categories for way in ways),
    )
