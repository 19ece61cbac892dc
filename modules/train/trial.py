"""A trial of a search: measure one candidate, steps and a learner with their settings, fold by fold."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any, Literal

import pandas as pd

from designer.contract.errors import InvalidParameter, WrongModel
from designer.contract.estimator import Learner
from designer.contract.files.sources import sources
from designer.contract.metrics import log
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.progress import measured
from designer.contract.schema import Schema
from designer.contract.search import VALUE
from designer.contract.selection import ColumnName
from designer.contract.values import LearnerOutline, Table, UntrainedModel

from .folds import with_estimator
from .measuring import FOLDS, Measuring, Outer, deciding
from .steps import transforms
from .suitability import check_learner

MADE = tuple[str, int, dict[str, Any]]


class Trial(
    Module,
    category="Model Training",
    icon="flask-conical",
    hidden=True,
    label="label_column",
    folds_rows=True,
    validation="optional_validation_dataset",
    no_onnx="a trial only measures",
    no_python="a trial only measures",
):
    """Measure one candidate of a search on the folds, or on the validation dataset.

    The steps learn inside each fold, from its training rows. The metric of each fold is reported as soon as it is
    known. Results have one row per fold: the metric as `value`, then all metrics of Evaluate Model.

    Errors: those of Train Model and of the steps; 0021 for a step that removes held-out rows.

    Example: five folds give five rows.
    """

    steps: str = param("[]", required=False, editor="code", language="json")
    """The steps before the learner, as a JSON list of [module, version, parameters]."""

    learner: str = param("", required=False, editor="code", language="json")
    """The learner as JSON, [module, version, parameters]; empty for the one that is wired."""

    variant: int = param(-1, ge=-1)
    """The number of the combination of the wired learner's ranges; -1 for the learner as it is."""

    label_column: ColumnName = param(ColumnName(""), input="training_dataset", required=False)
    """The column to predict. Empty: the column with the role Label."""

    positive_class: str = param("", required=False)
    """The positive class of a two-class label. Empty: chosen automatically."""

    metric: str = param("Accuracy")
    """The metric that is reported for each fold. With more than two classes, accuracy is."""

    folds: int = param(FOLDS, ge=2, le=100)
    """The number of folds, where none are assigned."""

    random_seed: int = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same folds."""

    outer_folds: int = param(0, ge=0, le=100)
    """The number of outer folds of a nested estimate, of which one is left out; 0 for none."""

    outer_fold: int = param(0, ge=0, le=99)
    """The outer fold that is left out, from 0."""

    measures: Literal["Folds", "Outer fold"] = param("Folds")
    """Measure on the folds, or on the rows of the outer fold by a model of all others."""

    def run(
        self,
        training_dataset: Table,
        untrained_model: UntrainedModel | None = None,
        optional_validation_dataset: Table | None = None,
    ) -> Annotated[Table, "Results by fold"]:
        """Measure."""
        model = self._model(untrained_model)
        check_learner(model)
        steps = transforms([sources().module(*made) for made in self._steps()], "Steps")
        outer = Outer(self.outer_folds, self.outer_fold) if self.outer_folds else None
        measuring = Measuring(self.label_column, self.positive_class, self.random_seed, self.folds, tuple(steps), outer)
        if self.measures == "Outer fold":
            metrics = measuring.of_outer_fold(model, training_dataset)
            return pd.DataFrame([{VALUE: metrics[deciding(self.metric, metrics)], **metrics}])
        lines = []
        start = time.perf_counter()
        for metrics in measuring.by_fold(model, training_dataset, optional_validation_dataset):
            value = metrics[deciding(self.metric, metrics)]
            lines.append({VALUE: value, **metrics})
            measured(len(lines), value)
        log("seconds a fold", (time.perf_counter() - start) / len(lines))
        return pd.DataFrame(lines)

    def builds_on(self) -> tuple[str, ...]:
        """The steps and the learner."""
        made = [*self._steps(), *([self._learner()] if self.learner else [])]
        return tuple(sorted({id for id, _, _ in made}))

    def infer(
        self,
        training_dataset: Schema,
        untrained_model: LearnerOutline | None = None,
        optional_validation_dataset: Schema | None = None,
    ) -> Schema:
        """The metrics depend on the label."""
        return Schema.unknown()

    def summary(self) -> str:
        """What is measured."""
        return f"measures {self.metric}"

    def _model(self, wired: UntrainedModel | None) -> UntrainedModel:
        if self.learner:
            module = sources().module(*self._learner())
            if not isinstance(module, Learner):
                problem = f"'{module.spec().title}' is no learner"
                raise InvalidParameter(problem, "Name a learner.", parameter="Learner")
            return module.run()
        if wired is None:
            raise WrongModel("neither a learner is named nor a model wired", "Wire one.", port="Untrained model")
        if self.variant < 0:
            return wired
        if self.variant >= len(wired.variants):
            problem = f"the learner has {len(wired.variants):,} combinations, not {self.variant + 1:,}"
            raise InvalidParameter(problem, "Choose one of them.", parameter="Variant")
        return with_estimator(wired, wired.variants[self.variant][1])

    def _steps(self) -> list[MADE]:
        return [_made(each, "Steps") for each in _parsed(self.steps, "Steps")]

    def _learner(self) -> MADE:
        return _made(_parsed(self.learner, "Learner"), "Learner")


def _parsed(text: str, parameter: str) -> list[Any]:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, list):
        raise InvalidParameter("the text is no JSON list", "Write [module, version, parameters].", parameter=parameter)
    return document


def _made(document: Any, parameter: str) -> MADE:
    match document:
        case [str(id), int(version), dict(parameters)]:
            return id, version, parameters
        case _:
            problem = f"{str(document)[:60]} names no module"
            raise InvalidParameter(problem, "Write [module, version, parameters].", parameter=parameter)
