"""What flows along an edge. Stored artifacts hold only these classes, pandas, numpy and scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

import numpy as np
import pandas as pd

from designer.contract.cells import require_distinct
from designer.contract.errors import (
    ColumnNotFound,
    DuplicateColumns,
    IncompatibleColumnType,
    InfiniteValues,
    WrongModel,
)
from designer.contract.schema import Column, Kind, Role, Schema, bare

Table: TypeAlias = pd.DataFrame

SCORED_LABELS = "Scored Labels"
SCORED_PROBABILITIES = "Scored Probabilities"
SCORED_QUANTILES = "Scored Quantiles"
ASSIGNMENTS = "Assignments"
DISTANCES = "DistancesToClusterCenter no."


ABNORMAL_LAST = (1, 0)
"""The labels of anomaly detection: 1 for normal rows, 0 for those whose probability of being abnormal is high."""


class Task(StrEnum):
    """What a model is asked for."""

    TWO_CLASS = "Two-class classification"
    MULTICLASS = "Multiclass classification"
    REGRESSION = "Regression"
    CLUSTERING = "Clustering"
    ANOMALY = "Anomaly detection"
    RECOMMENDATION = "Recommendation"

    @property
    def is_classification(self) -> bool:
        """Two-class or multiclass."""
        return self in (Task.TWO_CLASS, Task.MULTICLASS)


@dataclass(frozen=True)
class Preparation:
    """What Train Model does to features before a learner sees them.

    `scale` maps numbers to 0..1 by the training minimum and maximum. Where `missing` or `categories` is False the
    learner cannot take them: rows with a missing number are left out of training and come back unscored, and
    categories become indicators (an unseen or missing category sets none).
    """

    scale: bool = False
    missing: bool = False
    categories: bool = False


@dataclass(frozen=True)
class ModelScript:
    """A model written by the user: its source, and after training what its instance holds (`vars`)."""

    source: str
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class UntrainedModel:
    """A learner with its settings, not yet fitted.

    `estimator` is a scikit-learn estimator or a `ModelScript`; `variants` are (settings in words, estimator) for each
    combination of a sweep; `settings` say what the training module does beyond fitting (how k-means starts and treats
    a label). Two-class learners used for a multiclass label are refused by Train Model.
    """

    name: str
    task: Task
    estimator: Any
    preparation: Preparation = Preparation()
    variants: tuple[tuple[Mapping[str, Any], Any], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_script(self) -> bool:
        """Whether the user wrote it: what it answers is known only when it runs."""
        return isinstance(self.estimator, ModelScript)


@dataclass(frozen=True)
class TrainedModel:
    """A fitted model with everything that scoring needs.

    `estimator` is a fitted scikit-learn pipeline over the frame of `features`, or a `ModelScript`; `features` are the
    columns it uses, with kinds and known categories; `classes` are the label's values in the order of the
    probabilities (the second is the positive one of two), or the numbers of the clusters. A regression of quantiles
    names them in `quantiles`; in anomaly detection a row as far out as `threshold` is abnormal with probability one
    half, and `spread` is the scale of the logistic curve around it. `report` is for readers: rows and features used,
    coefficients or importances.
    """

    name: str
    task: Task
    estimator: Any
    features: Schema
    label: Column | None = None
    classes: tuple[Any, ...] = ()
    accepts_missing: bool = False
    quantiles: tuple[float, ...] = ()
    threshold: float | None = None
    spread: float | None = None
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_script(self) -> bool:
        """Whether the user wrote it: what it answers is known only when it runs."""
        return isinstance(self.estimator, ModelScript)

    @property
    def positive(self) -> Any:
        """The positive class of two; None for other tasks."""
        return self.classes[-1] if self.task is Task.TWO_CLASS and self.classes else None

    def frame(self, table: Table) -> Table:
        """The features of a table in the order and types of training.

        Raises ColumnNotFound where one is missing and IncompatibleColumnType or InfiniteValues where it cannot be read.
        """
        missing = [name for name in self.features.names if name not in table.columns]
        if missing:
            raise ColumnNotFound.named(missing[0], [str(c) for c in table.columns])
        plain = bare(table)
        columns = {column.name: feature_values(plain[column.name], column) for column in self.features}
        return pd.DataFrame(columns, index=table.index)

    def scoreable(self, frame: Table) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which rows of a feature frame can be scored: all, or those without a missing number."""
        if self.accepts_missing:
            return np.ones(len(frame), dtype=bool)
        numbers = [c.name for c in self.features if c.kind not in (Kind.STRING, Kind.CATEGORICAL)]
        return np.asarray(frame[numbers].notna().all(axis=1), dtype=bool)

    def score_schema(self) -> Schema:
        """The columns that `score` answers with."""
        probability: tuple[Column, ...]
        match self.task:
            case Task.CLUSTERING:
                distances = [Column(f"{DISTANCES}{i}", Kind.DECIMAL, Role.SCORE) for i in self.classes]
                found = Schema((Column(ASSIGNMENTS, Kind.INTEGER, Role.SCORE), *distances))
                return found if self.classes else found.open()
            case Task.TWO_CLASS | Task.ANOMALY:
                probability = (Column(SCORED_PROBABILITIES, Kind.DECIMAL, Role.SCORE),)
            case Task.MULTICLASS:
                names = [f"{SCORED_PROBABILITIES}_{label}" for label in self.classes]
                probability = tuple(Column(name, Kind.DECIMAL, Role.SCORE) for name in names)
            case _:
                quantiles = [f"{SCORED_QUANTILES}_{share:g}" for share in self.quantiles]
                probability = tuple(Column(name, Kind.DECIMAL, Role.SCORE) for name in quantiles)
        kind = self.label.kind if self.label is not None else Kind.INTEGER
        if self.task is Task.REGRESSION:
            kind = Kind.DECIMAL
        categories = self.label.categories if self.label is not None and kind is Kind.CATEGORICAL else None
        classes = ABNORMAL_LAST if self.task is Task.ANOMALY else self.classes
        return Schema((Column(SCORED_LABELS, kind, Role.SCORE, categories, classes or None), *probability))


class Applies(Protocol):
    """What a module that makes transformations offers: apply a fitted state to another table."""

    def apply(self, state: Any, dataset: Table) -> Table:
        """The transformed table."""

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        """Its columns; `state` is None before the run."""


@dataclass(frozen=True)
class Transformation:
    """A fitted transformation: the module that made it (by id and version), its parameters and what it learned.

    `state` holds plain values, pandas and scikit-learn objects. `applier` is the living module; it is never stored
    but bound again by the library when an artifact is loaded.
    """

    name: str
    module: str
    version: int
    parameters: Mapping[str, Any]
    state: Any
    applier: Applies | None = None

    def apply(self, table: Table) -> Table:
        """Transform a table as the training table was transformed; raises DuplicateColumns for equal names."""
        require_distinct([str(name) for name in table.columns])
        return self._living().apply(self.state, table)

    def infer(self, schema: Schema) -> Schema:
        """The columns after `apply`."""
        return self._living().infer_applied(self.state, schema)

    def bound_to(self, applier: Applies) -> Transformation:
        """The same with a living module."""
        return replace(self, applier=applier)

    def _living(self) -> Applies:
        if self.applier is None:
            raise WrongModel(f"the transformation '{self.name}' is not bound to '{self.module}'", "Load it again.")
        return self.applier

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "applier": None}


@dataclass(frozen=True)
class ModelEvaluation:
    """How good one scored table is.

    `metrics` by name in the order shown, `baseline` the same for the most frequent class or the mean, `tables` the
    curves and counts that charts draw (documented in Evaluate Model).
    """

    name: str
    rows: int
    metrics: Mapping[str, float]
    baseline: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """The comparison of one or two scored tables; `positive` is the positive class of two."""

    task: Task
    models: tuple[ModelEvaluation, ...]
    label: str = ""
    classes: tuple[Any, ...] = ()

    @property
    def positive(self) -> Any:
        """The positive class of two; None for other tasks."""
        return self.classes[-1] if self.task is Task.TWO_CLASS and self.classes else None

    @property
    def metrics(self) -> Table:
        """One row a model, one column a metric: what the original calls the evaluation results."""
        return pd.DataFrame([{"Model": model.name, **model.metrics} for model in self.models])


@dataclass(frozen=True)
class Archive:
    """A bundle of files by relative path: the script bundle of Execute Python Script, images."""

    files: Mapping[str, bytes]


@dataclass(frozen=True)
class LearnerOutline:
    """What is known of an untrained model before the run; `settings` and `is_script` as in the model."""

    name: str
    task: Task
    settings: Mapping[str, Any] = field(default_factory=dict)
    is_script: bool = False


@dataclass(frozen=True)
class ModelOutline:
    """What is known of a trained model before the run; `scores` are the columns that scoring adds."""

    name: str
    task: Task | None
    label: Column | None = None
    features: Schema = field(default_factory=Schema.unknown)
    scores: Schema = field(default_factory=Schema.unknown)


class TransformationOutline(Protocol):
    """What is known of a transformation: how it changes columns. A Transformation is one itself."""

    def infer(self, schema: Schema) -> Schema:
        """The columns after it."""


Known: TypeAlias = Schema | LearnerOutline | ModelOutline | TransformationOutline | None
"""What `infer` takes and gives for each port: a Schema for a table, an outline for the rest, None for nothing known."""


def outline(value: Any) -> Known:
    """What is known of a value that exists."""
    match value:
        case pd.DataFrame():
            return Schema.of(value)
        case UntrainedModel():
            return LearnerOutline(value.name, value.task, value.settings, value.is_script)
        case TrainedModel() if value.is_script:
            return ModelOutline(value.name, None, value.label, value.features)
        case TrainedModel():
            return ModelOutline(value.name, value.task, value.label, value.features, value.score_schema())
        case Transformation():
            return value
        case _:
            return None


def feature_values(series: pd.Series[Any], column: Column) -> pd.Series[Any]:
    """A column as a learner takes it, see `cells`.

    Raises IncompatibleColumnType or InfiniteValues where it cannot be read.
    """
    if isinstance(series, pd.DataFrame):
        found = f"two columns are named '{column.name}'"
        raise DuplicateColumns(found, "Rename one of them first.", column=column.name)
    try:
        values = cells(series, str(column.kind))
    except (ValueError, TypeError) as error:
        raise IncompatibleColumnType(
            f"column '{column.name}' was {column.kind} in training and cannot be read as such here",
            "Convert it with Edit Metadata.",
            column=column.name,
        ) from error
    if values.dtype != object and (infinite := np.isinf(values.to_numpy())).any():
        row = int(np.flatnonzero(infinite)[0]) + 1
        raise InfiniteValues(
            f"column '{column.name}' holds an infinite value in row {row}",
            "Clip or clean it first.",
            column=column.name,
        )
    return values


def cells(series: pd.Series[Any], kind: str) -> pd.Series[Any]:
    """A column as a learner takes it, by the name of its kind: float64 for numbers, booleans (0/1) and dates (seconds
    since 1970), objects of text with None for missing categories."""
    if isinstance(series.dtype, pd.CategoricalDtype) and kind in ("String", "Categorical"):
        texts = np.array([*map(str, series.cat.categories), None], dtype=object)
        return pd.Series(texts[series.cat.codes.to_numpy()], index=series.index, name=series.name, dtype=object)
    if kind in ("String", "Categorical"):
        text = series.astype(object).where(series.notna(), None)
        whole = isinstance(series.dtype, pd.StringDtype)
        return text if whole else text.map(lambda cell: cell if cell is None else str(cell)).astype(object)
    if kind == "DateTime":
        moments = pd.to_datetime(series, utc=True)
        return ((moments - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(seconds=1)).astype("float64")
    if series.dtype == "float64":
        return series
    nullable = series.dtype.name in ("Int64", "boolean", "Float64")
    numbers = series.astype("Float64") if nullable else series.astype("float64")
    return pd.Series(numbers.to_numpy(dtype="float64", na_value=np.nan), index=series.index, name=series.name)
