"""Time Series Split: train on the past, test on the future."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import ConversionFailed, InvalidParameter, InvalidValues, TooFewRows
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from ..columns.chosen import NUMBERS, chosen_column
from ..columns.dates import read_moment

SHARE, MOMENT, FOLD = "Share of rows", "Moment", "Fold"


def split_by_time(
    dataset: pd.DataFrame, time: str, mode: str, share: float, moment: str, folds: int, fold: int, gap: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The earlier and the later rows, both in time order."""
    ordered = dataset.sort_values(time, kind="stable", ignore_index=True)
    rows = len(ordered)
    end = rows
    if mode == "Share of rows":
        start = int(np.floor(share * rows + 1e-9))
    elif mode == "Moment":
        start = int((ordered[time] < moment_of(ordered[time], moment)).sum())
    else:
        size = rows // (folds + 1)
        start = rows - (folds - fold + 1) * size
        end = start + size
    earlier = ordered.iloc[: max(start - gap, 0)]
    return earlier, ordered.iloc[start:end].reset_index(drop=True)


def moment_of(series: pd.Series[Any], text: str) -> Any:
    """Parse a text as a value of the time column: a number, or a date (in UTC if the column has a zone)."""
    if series.dtype.kind != "M":
        return float(text)
    return read_moment(text, None if getattr(series.dtype, "tz", None) is None else "UTC")


class Divided(NamedTuple):
    """The outputs of Time Series Split."""

    results_dataset1: Annotated[Table, "Results dataset1"]
    results_dataset2: Annotated[Table, "Results dataset2"]


class TimeSeriesSplit(
    Module,
    category="Data Transformation",
    icon="calendar-clock",
    at_inference="pass through",
    splits_rows=True,
    purpose="splits by time",
    no_onnx="the rows are split jointly",
    synonyms=(
        "temporal split",
        "train test split",
        "backtest",
        "walk forward",
        "holdout",
        "cross validation",
        "forecast",
    ),
):
    """Split rows by time: earlier rows for training, later ones for testing.

    Rows are sorted by time. *Share of rows* assigns that fraction, rounded down, to the first dataset and the rest to
    the second; *Moment* assigns earlier rows to the first. *Fold* returns one fold of walk-forward validation: the
    table is divided into folds + 1 parts of equal size (the first takes the remainder), fold n tests on part n + 1 and
    trains on all parts before it, as in scikit-learn's TimeSeriesSplit. A gap drops rows between the two, so that lags
    and windows of the second do not use the first. Rows with equal times may end up on both sides, except with
    *Moment*.

    Errors: 0017 for a time that is neither a date nor a number, 0021 for fewer rows than parts, 0039 for a missing
    time, 0042 for a moment that cannot be parsed.

    Example: 10 days and a share of 0.7 give days 1 to 7 and days 8 to 10.
    """

    time: ColumnName = param("", label="Time column")
    """The column of dates, or of numbers that increase with time."""

    mode: Literal["Share of rows", "Moment", "Fold"] = param(SHARE, label="Splitting mode")
    """How to choose the split point."""

    share: float = param(0.75, ge=0, le=1, label="Share of rows in the first dataset", when={"mode": SHARE})
    """Fraction of the rows for the first dataset."""

    moment: str = param("", label="First moment of the second dataset", when={"mode": MOMENT})
    """A date like 2024-06-30 or 2024-06-30 12:00, or a number if the time column is numeric."""

    folds: int = param(5, ge=2, label="Number of folds", when={"mode": FOLD})
    """Number of walk-forward folds."""

    fold: int = param(5, ge=1, label="Fold", when={"mode": FOLD})
    """The fold to return."""

    gap: int = param(0, ge=0, label="Gap")
    """Number of rows to drop from the end of the first dataset."""

    def run(self, dataset: Table) -> Divided:
        settings = self._settings(Schema.of(dataset))
        time = settings["time"]
        if dataset[time].isna().any():
            raise InvalidValues(
                f"column '{time}' has missing values", "Clean them first.", parameter="Time column", column=time
            )
        if self.mode == MOMENT:
            self._read_moment(dataset[time])
        if self.mode == FOLD and len(dataset) <= self.folds:
            raise TooFewRows(
                f"only {counted(len(dataset), 'row')} for {counted(self.folds, 'fold')}",
                f"At least {self.folds + 1} are needed.",
                parameter="Number of folds",
            )
        return Divided(*split_by_time(dataset, **settings))

    def infer(self, dataset: Schema) -> tuple[Schema, Schema]:
        return dataset, dataset

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        both = script.call(split_by_time, dataset, **self._settings(dataset.schema), result="halves")
        first, second = script.variable("earlier"), script.variable("later")
        script.line(f"{first}, {second} = {both}")
        return first, second

    def summary(self) -> str:
        value = {SHARE: f"{self.share:g}", MOMENT: self.moment, FOLD: f"{self.fold} of {self.folds}"}[self.mode]
        return f"{self.mode} {value}"

    def _settings(self, schema: Schema) -> dict[str, Any]:
        if self.mode == FOLD and self.fold > self.folds:
            raise InvalidParameter(
                f"there is no fold {self.fold} of {self.folds}", f"Use 1 to {self.folds}.", parameter="Fold"
            )
        return {
            "time": chosen_column(self.time, schema, (Kind.DATETIME, *NUMBERS), "Time column"),
            "mode": self.mode,
            "share": self.share,
            "moment": self.moment,
            "folds": self.folds,
            "fold": self.fold,
            "gap": self.gap,
        }

    def _read_moment(self, series: pd.Series[Any]) -> None:
        try:
            moment = moment_of(series, self.moment.strip())
        except (ValueError, TypeError):
            moment = None
        if moment is None or pd.isna(moment):
            raise ConversionFailed(
                f"'{self.moment}' is no {'date' if series.dtype.kind == 'M' else 'number'}",
                "Write it like 2024-06-30 12:00, or as a number if the time column is numeric.",
                parameter="First moment of the second dataset",
            )
