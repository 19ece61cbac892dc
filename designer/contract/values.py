"""The values that flow along edges. Stored artifacts hold only these classes, pandas, numpy and scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import pandas as pd

from designer.contract.column_types import require_distinct
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
"""The labels of anomaly detection: 1 for normal rows, 0 for rows with a high probability of being abnormal."""


class Task(StrEnum):
    """The task of a model."""

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
    """How Train Model preprocesses features for a learner.

    `scale` scales numbers to 0..1 by the training minimum and maximum. `missing` and `categories` say whether the
    learner supports them. If not, rows with a missing number are dropped in training and left unscored, and categories
    are one-hot encoded (an unseen or missing category gives all zeros).
    """

    scale: bool = False
    missing: bool = False
    categories: bool = False


@dataclass(frozen=True)
class ModelScript:
    """A model written by the user: its source and, after training, the attributes of its instance (`vars`)."""

    source: str
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class UntrainedModel:
    """A learner with its settings, not yet fitted.

    `estimator` is a scikit-learn estimator or a `ModelScript`; `variants` holds (settings, estimator) for each
    combination of a sweep; `settings` configures the training module beyond fitting (how k-means is initialized and
    uses a label). Train Model refuses two-class learners for a multiclass label. `maker` is what makes the learner with
    other settings (module, version, parameters), None for a learner made of others; `ranges` are the names and
    `contract.ranges.Range` documents of the parameters that a search may change.
    """

    name: str
    task: Task
    estimator: Any
    preparation: Preparation = Preparation()
    variants: tuple[tuple[Mapping[str, Any], Any], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    maker: tuple[str, int, Mapping[str, Any]] | None = None
    ranges: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def is_script(self) -> bool:
        """Whether the user wrote the model; its output is then unknown before the run."""
        return isinstance(self.estimator, ModelScript)


@dataclass(frozen=True)
class TrainedModel:
    """A fitted model with everything that scoring needs.

    `estimator` is a fitted scikit-learn pipeline over the frame of `features`, or a `ModelScript`; `features` are the
    columns it uses, with kinds and known categories; `classes` are the label's values in the order of the
    probabilities (the second of two is the positive one), or the numbers of the clusters. Quantile regression lists
    its quantiles in `quantiles`. In anomaly detection, a row with an anomaly score of `threshold` is abnormal with
    probability one half, and `spread` is the scale of the logistic curve around it. `report` is shown to users: rows
    and features used, coefficients or importances.
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
        """Whether the user wrote the model; its output is then unknown before the run."""
        return isinstance(self.estimator, ModelScript)

    @property
    def positive(self) -> Any:
        """The positive class of two-class classification; None for other tasks."""
        return self.classes[-1] if self.task is Task.TWO_CLASS and self.classes else None

    def frame(self, table: Table) -> Table:
        """The features of a table in the order and types of training.

        Raises ColumnNotFound for a missing column, and IncompatibleColumnType or InfiniteValues for one that cannot be
        converted.
        """
        missing = [name for name in self.features.names if name not in table.columns]
        if missing:
            raise ColumnNotFound.named(missing[0], [str(c) for c in table.columns])
        plain = bare(table)
        columns = {column.name: feature_values(plain[column.name], column) for column in self.features}
        return pd.DataFrame(columns, index=table.index)

    def scoreable(self, frame: Table) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """The mask of rows that can be scored: all, or those without missing numbers."""
        if self.accepts_missing:
            return np.ones(len(frame), dtype=bool)
        numbers = [c.name for c in self.features if c.kind not in (Kind.STRING, Kind.CATEGORICAL)]
        return np.asarray(frame[numbers].notna().all(axis=1), dtype=bool)

    def score_schema(self) -> Schema:
        """The score columns that the model adds to a table."""
        probability: tuple[Column, ...]
        match self.task:
            case Task.CLUSTERING:
                distances = [Column(f"{DISTANCES}{i}", Kind.DECIMAL, Role.SCORE) for i in self.classes]
                schema = Schema((Column(ASSIGNMENTS, Kind.INTEGER, Role.SCORE), *distances))
                return schema if self.classes else schema.open()
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
    """A module that applies a fitted state to other tables."""

    def apply(self, state: Any, dataset: Table) -> Table:
        """The transformed table."""

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        """The columns of the transformed table; `state` is None before the run."""


@dataclass(frozen=True)
class Transformation:
    """A fitted transformation: its module (id and version), its parameters and its fitted state.

    `state` holds plain values, pandas and scikit-learn objects. `applier` is the module instance; it is not stored,
    the library binds it when it loads an artifact.
    """

    name: str
    module: str
    version: int
    parameters: Mapping[str, Any]
    state: Any
    applier: Applies | None = None

    def apply(self, table: Table) -> Table:
        """Transform a table like the training table. Raises DuplicateColumns for repeated column names."""
        require_distinct([str(name) for name in table.columns])
        return self._living().apply(self.state, table)

    def infer(self, schema: Schema) -> Schema:
        """The schema after `apply`."""
        return self._living().infer_applied(self.state, schema)

    def bound_to(self, applier: Applies) -> Transformation:
        """A copy bound to a module instance."""
        return replace(self, applier=applier)

    def _living(self) -> Applies:
        if self.applier is None:
            raise WrongModel(f"the transformation '{self.name}' is not bound to '{self.module}'", "Load it again.")
        return self.applier

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "applier": None}


@dataclass(frozen=True)
class ModelEvaluation:
    """The evaluation of one scored table.

    `metrics` are by name, in display order; `baseline` are the same metrics for predicting the most frequent class or
    the mean; `tables` are the curves and counts that charts draw (documented in Evaluate Model).
    """

    name: str
    rows: int
    metrics: Mapping[str, float]
    baseline: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of one scored table, or the comparison of two."""

    task: Task
    models: tuple[ModelEvaluation, ...]
    label: str = ""
    classes: tuple[Any, ...] = ()

    @property
    def positive(self) -> Any:
        """The positive class of two-class classification; None for other tasks."""
        return self.classes[-1] if self.task is Task.TWO_CLASS and self.classes else None

    @property
    def metrics(self) -> Table:
        """One row per model, one column per metric; the original's evaluation results."""
        return pd.DataFrame([{"Model": model.name, **model.metrics} for model in self.models])


@dataclass(frozen=True)
class Archive:
    """Files by relative path: the script bundle of Execute Python Script, or images."""

    files: Mapping[str, bytes]


@dataclass(frozen=True)
class File:
    """One file, read-only where it is an input. As an output, the store keeps its bytes and its name.

    `name` is the name that it was written with, whose ending tells its format; by default that of the path.
    """

    path: Path
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or self.path.name)


@dataclass(frozen=True)
class Folder:
    """A folder of files, read-only where it is an input. As an output, the store keeps its files, not their times."""

    path: Path

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def files(self) -> list[Path]:
        """The files, sub-folders included, sorted by their path."""
        return sorted(path for path in self.path.rglob("*") if path.is_file())


@dataclass(frozen=True)
class LearnerOutline:
    """What is known about an untrained model before the run; `settings` and `is_script` as in `UntrainedModel`."""

    name: str
    task: Task
    settings: Mapping[str, Any] = field(default_factory=dict)
    is_script: bool = False


@dataclass(frozen=True)
class ModelOutline:
    """What is known about a trained model before the run; `scores` are the columns that scoring adds."""

    name: str
    task: Task | None
    label: Column | None = None
    features: Schema = field(default_factory=Schema.unknown)
    scores: Schema = field(default_factory=Schema.unknown)


class TransformationOutline(Protocol):
    """What is known about a transformation before the run: how it changes columns. A Transformation is one, too."""

    def infer(self, schema: Schema) -> Schema:
        """The schema after the transformation."""


Known: TypeAlias = Schema | LearnerOutline | ModelOutline | TransformationOutline | None
"""What `infer` takes and returns for each port: a Schema for a table, an outline for the rest, None if unknown."""


def outline(value: Any) -> Known:
    """The schema or outline of an actual value; None for values that have none."""
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
    """Convert a column for a learner, see `cells`.

    Raises DuplicateColumns, IncompatibleColumnType or InfiniteValues for a column that cannot be converted.
    """
    if isinstance(series, pd.DataFrame):
        problem = f"two columns are named '{column.name}'"
        raise DuplicateColumns(problem, "Rename one of them first.", column=column.name)
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
    """Convert a column of a kind for a learner: float64 for numbers, booleans (0/1) and dates (seconds since 1970),
    object dtype for text and categories, with None for missing."""
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
