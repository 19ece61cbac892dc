"""SMOTE: oversample the minority class."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd

from designer.contract.errors import InfiniteValues, InvalidParameter, InvalidValues, TooFewColumns, TooFewRows
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Kind, Schema, bare
from designer.contract.selection import ColumnName
from designer.contract.values import Table
from designer.contract.wording.counting import counted


class UnsuitableSamples(InvalidValues):
    """The table has missing cells, or a label without exactly two classes (0018)."""

    code = "0018"


class SMOTE(
    Module,
    category="Data Transformation",
    icon="blend",
    title="SMOTE",
    at_inference="pass through",
    makes_rows=True,
    label="label",
    no_onnx="it creates training rows",
    no_python="imbalanced-learn is not part of a bare environment",
    synonyms=("oversampling", "imbalanced", "synthetic minority", "upsample"),
):
    """Oversample the minority of two classes with synthetic rows.

    New rows interpolate between a minority row and one of its nearest minority neighbours; non-numeric columns take the
    most frequent value of those neighbours. Percentage/100 x minority rows are appended; the other rows are unchanged.
    Integers are rounded. Left out of an inference pipeline. Uses imbalanced-learn.

    Errors: 0018 for a label without exactly two classes and for missing values, 0033 for infinite numbers, 0020 without
    a numeric feature, 0021 if the minority has no more rows than the number of neighbours.

    Example: 748 rows of which 178 are of the minority: 100 gives 926 rows, 200 gives 1104.
    """

    label: ColumnName = param(ColumnName(""), label="Label column")
    """The column with the two classes."""

    percentage: int = param(100, ge=0, label="SMOTE percentage")
    """Number of rows to add per 100 minority rows: a multiple of 100."""

    neighbors: int = param(1, ge=1, label="Number of nearest neighbors")
    """Number of nearest minority neighbours to interpolate with."""

    seed: int = param(0, ge=0, le=2**32 - 1, label="Random seed")
    """The same seed gives the same rows."""

    @property
    def learns(self) -> bool:
        """New rows are interpolated from existing ones."""
        return True

    def run(self, samples: Table) -> Annotated[Table, "Table"]:
        label = self.label.of(samples)
        if self.percentage % 100:
            raise InvalidParameter(
                f"{self.percentage} is not a multiple of 100", "Use 100, 200, ...", parameter="SMOTE percentage"
            )
        counts = self._counts(samples, label)
        if self.percentage == 0:
            return samples.copy(deep=False)
        target = int(counts.iloc[-1]) * (100 + self.percentage) // 100
        return oversampled(samples, label, counts.index[-1], target, self.neighbors, self.seed)

    def infer(self, samples: Schema) -> Schema:
        return samples

    def summary(self) -> str:
        """The number of added rows."""
        return f"{self.percentage:,} % more minority rows"

    def _counts(self, samples: Table, label: str) -> pd.Series[int]:
        empty = list(samples.columns[samples.isna().any()])
        if empty:
            problem = f"column '{empty[0]}' has missing values"
            raise UnsuitableSamples(problem, "Clean Missing Data first.", port="Samples", column=empty[0])
        numbers = samples.select_dtypes("float64")
        endless = list(numbers.columns[np.isinf(numbers.to_numpy()).any(axis=0)])
        if endless:
            problem = f"column '{endless[0]}' holds an infinite value"
            raise InfiniteValues(problem, "Clip it first.", port="Samples", column=endless[0])
        counts = samples[label].value_counts()
        counts = counts[counts > 0]
        if len(counts) != 2:
            raise UnsuitableSamples(
                f"column '{label}' has {counted(len(counts), 'class')}",
                "SMOTE needs a label of two classes.",
                parameter="Label column",
            )
        schema = Schema.of(samples)
        if not any(c.kind.is_numeric or c.kind is Kind.DATETIME for c in schema if c.name != label):
            raise TooFewColumns("there is no numeric feature", "SMOTE needs at least one.", port="Samples")
        if counts.iloc[-1] <= self.neighbors:
            problem = (
                f"the class '{counts.index[-1]}' has {counted(counts.iloc[-1], 'row')} for {self.neighbors} neighbours"
            )
            raise TooFewRows(problem, "Use fewer neighbours.", parameter="Number of nearest neighbors")
        return counts


def oversampled(
    samples: pd.DataFrame, label: str, minority: Any, target: int, neighbors: int, seed: int
) -> pd.DataFrame:
    """Append synthetic minority rows until there are `target` of them."""
    from imblearn.over_sampling import SMOTE as Oversampler  # noqa: N811  (the module has the name on screen)
    from imblearn.over_sampling import SMOTENC

    samples = bare(samples)
    prepared = pd.DataFrame({name: as_number(series) for name, series in samples.drop(columns=label).items()})
    other = list(prepared.select_dtypes(exclude="float64"))
    settings: dict[str, Any] = {"sampling_strategy": {1: target}, "k_neighbors": neighbors, "random_state": seed}
    sampler = SMOTENC(categorical_features=other, **settings) if other else Oversampler(**settings)
    made, _ = sampler.fit_resample(prepared, (samples[label] == minority).astype("int64"))
    added = {name: restored(series, samples[name]) for name, series in made.iloc[len(samples) :].items()}
    added[label] = pd.Series([minority] * (len(made) - len(samples)), dtype=samples[label].dtype).array
    return pd.concat([samples, pd.DataFrame(added)[list(samples)]], ignore_index=True)


def as_number(series: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers and dates (as integer ticks) as float64, the rest as objects."""
    if series.dtype.kind == "M":
        return series.astype("int64").astype("float64")
    return series.astype("float64" if series.dtype.kind in "iuf" and series.dtype.name != "category" else object)


def restored(made: pd.Series[Any], original: pd.Series[Any]) -> Any:
    """Synthetic cells in the type of the original column; integers rounded."""
    if original.dtype.kind in "iuM" and original.dtype.name != "category":
        return made.round().astype("int64").astype(original.dtype).array
    return made.astype(original.dtype).array
