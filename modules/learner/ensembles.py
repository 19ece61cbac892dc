"""Ensembles of learners: voting and stacking."""

from __future__ import annotations

import math
from typing import Annotated, Any

from designer.contract.errors import InvalidParameter, WrongModel
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.script import Script, Variable
from designer.contract.values import LearnerOutline, Preparation, Task, UntrainedModel
from designer.contract.wording.counting import counted

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
        if not models:
            return None
        self._settings(len(models))
        return LearnerOutline(self.spec().title, common_task(models), common_settings(models))

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """The combined estimators."""
        learners = [inputs[port] for port in PORTS if inputs.get(port) is not None]
        call = script.call(join_learners, learners, self._kind(), **self._settings(len(learners)), result="learner")
        return (call,)

    def _settings(self, learners: int) -> dict[str, Any]:
        """Further arguments of `join_learners`."""
        return {}

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

    Errors: 0008 for weights that do not fit the learners.

    Example: two learners that predict 3 and 6 are averaged to 4.5, with the weights 2, 1 to 4.
    """

    weights: str = param("", label="Weights", required=False)
    """The weight of each learner in the order of the ports, such as 2, 1, 1; empty for equal ones."""

    def joined(self, parts: Parts, task: Task) -> Any:
        """The ensemble estimator."""
        return voting(parts, task is Task.REGRESSION, self._read_weights(len(parts)))

    def summary(self) -> str:
        """The prediction in words."""
        return f"the mean of its learners, weighted {self.weights}" if self.weights else "the mean of its learners"

    def _settings(self, learners: int) -> dict[str, Any]:
        weights = self._read_weights(learners)
        return {"weights": weights} if weights else {}

    def _read_weights(self, learners: int) -> list[float] | None:
        """The weights; None for equal ones. Raises InvalidParameter."""
        if not self.weights.strip():
            return None
        try:
            weights = [float(part) for part in self.weights.split(",")]
        except ValueError:
            weights = []
        problem = ""
        if not weights or not all(0 <= weight < math.inf for weight in weights):
            problem = f"'{self.weights}' is no list of weights"
        elif len(weights) != learners or sum(weights) == 0:
            problem = f"{counted(len(weights), 'weight')} for {counted(learners, 'learner')}"
            problem = "all weights are 0" if len(weights) == learners else problem
        if problem:
            remedy = "Write a number for each wired learner, such as 2, 1, 1, or nothing for equal ones."
            raise InvalidParameter(problem, remedy, parameter="Weights", code="0008")
        return weights

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


def voting(parts: Parts, regression: bool, weights: list[float] | None = None) -> Any:
    """A voting ensemble; its learners have equal weights by default."""
    from sklearn import ensemble

    if regression:
        return ensemble.VotingRegressor(parts, weights=weights)
    return ensemble.VotingClassifier(parts, voting="soft", weights=weights)


def stacking(parts: Parts, regression: bool) -> Any:
    """A stacking ensemble with a linear final estimator."""
    from sklearn import ensemble
    from sklearn.linear_model import LogisticRegression, RidgeCV

    if regression:
        return ensemble.StackingRegressor(parts, RidgeCV())
    return ensemble.StackingClassifier(parts, LogisticRegression(max_iter=1000))


def join_learners(learners: list[dict[str, Any]], kind: str, weights: list[float] | None = None) -> dict[str, Any]:
    """The combined learner, in the form Train Model expects."""
    regression = learners[0]["task"] == "Regression"
    parts = [(f"model {i}", sure(each["estimator"], regression)) for i, each in enumerate(learners, 1)]
    joined = voting(parts, regression, weights) if kind == "voting" else stacking(parts, regression)
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
