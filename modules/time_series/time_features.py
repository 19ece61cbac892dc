"""Time Features: calendar parts, lags and moving windows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidParameter, NotExportable
from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns, tensor_schema
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName, Columns
from designer.contract.spread import are_exact, rounding_width
from designer.contract.values import Table

from ..columns.cells import numbers, with_columns
from ..columns.chosen import NUMBERS, chosen, chosen_column, require_finite, require_free, whole_numbers
from ..reshape.groups import group_numbers
from .calendar import CYCLES, PARTS, CalendarTensors, calendar_parts


def add_time_features(
    dataset: pd.DataFrame,
    time: str,
    parts: list[str],
    cycles: bool,
    values: list[str],
    lags: list[int],
    windows: list[int],
    figure: str,
    current: bool,
    series: list[str],
) -> pd.DataFrame:
    """Append calendar parts, lags and windows to the table."""
    columns = calendar_parts(dataset[time], time, parts, cycles)
    needed = dataset[list(dict.fromkeys([time, *series, *values]))] if values else dataset[[time]].iloc[:0]
    ordered = needed[needed[time].notna()].sort_values(time, kind="stable")
    groups = group_numbers(ordered, series if values else [])
    for name in values:
        for lag in lags:
            columns[f"{name}_lag_{lag}"] = lagged(ordered[name], groups, lag).reindex(dataset.index)
        for window in windows:
            moving = rolled(ordered[name], groups, window, figure, current)
            columns[f"{name}_{figure}_{window}"] = moving.reindex(dataset.index)
    return with_columns(dataset, columns)


def lagged(cells: pd.Series[Any], groups: np.ndarray[Any, Any], lag: int) -> pd.Series[Any]:
    """The cell a number of rows earlier in the same group."""
    whole = cells.astype("Int64") if cells.dtype.name == "int64" else cells
    return whole.groupby(groups).shift(lag)


def rolled(
    cells: pd.Series[Any], groups: np.ndarray[Any, Any], window: int, function: str, current: bool
) -> pd.Series[Any]:
    """A statistic of the preceding rows, optionally including the row itself; missing until the window is full."""
    shifted = numbers(cells) if current else numbers(cells).groupby(groups).shift(1)
    rolling = shifted.groupby(groups).rolling(window, min_periods=window)
    moving = pd.Series(getattr(rolling, function)())
    if function == "std" and not are_exact(numbers(cells).dropna().to_numpy()):
        low, high = rolling.min(), rolling.max()
        rounded = high - low <= rounding_width(np.maximum(low.abs(), high.abs()), window)
        moving = moving.mask(rounded, 0.0)
    return moving.droplevel(0).astype("float64")


class TimeFeatures(
    Module,
    category="Data Transformation",
    icon="calendar-clock",
    synonyms=("date parts", "calendar", "lag", "rolling", "moving average", "datetime", "month", "weekday", "forecast"),
):
    """Add calendar parts, lags and moving statistics to rows with a time.

    Calendar parts are integers named `<time>_<part>`: the year is the calendar year, weeks follow ISO 8601 and belong
    to the ISO year (add `iso_year` with `week`), weekdays count from 1 for Monday, `weekend` is whether it is Saturday
    or Sunday. Times with a zone are converted to UTC, as in requests. Sine and cosine make December and January
    adjacent.

    A lag `<column>_lag_<n>` is the value n rows earlier in time order; a window `<column>_<function>_<n>` is a
    statistic of the n preceding rows (optionally including the row itself as the last) and missing if one of them is
    missing. Each *Series* is treated separately. Rows keep their position; those without a time have no lags and no
    windows. Only earlier rows are used, so the future does not leak.

    In an inference pipeline lags and windows use the rows of the request: send the earlier rows with it.

    Errors: 0017 for a time that is not a date or a non-numeric column, 0008 for lags that are not integers or if
    nothing is chosen, 0028 if a new column name is taken, 0033 for infinite values in windows.

    Example: sales 5, 7, 9 on three days have `sales_lag_1` missing, 5, 7.
    """

    time: ColumnName = param("", label="Time column")
    """The column of dates and times."""

    year: bool = param(True, label="Year")
    """Add the year."""

    quarter: bool = param(False, label="Quarter")
    """Add the quarter, 1 to 4."""

    month: bool = param(True, label="Month")
    """Add the month, 1 to 12."""

    iso_year: bool = param(False, label="ISO year")
    """Add the year the week belongs to: 2019 for Monday, 31 December 2018, whose week is the first of 2019."""

    week: bool = param(False, label="Week")
    """Add the ISO 8601 week, 1 to 53; around New Year it may belong to the previous or next year, see *ISO year*."""

    day: bool = param(True, label="Day of month")
    """Add the day of the month, 1 to 31."""

    day_of_year: bool = param(False, label="Day of year")
    """Add the day of the year, 1 to 366."""

    weekday: bool = param(True, label="Weekday")
    """Add the day of the week, 1 for Monday to 7 for Sunday."""

    weekend: bool = param(False, label="Weekend")
    """Add whether it is Saturday or Sunday."""

    hour: bool = param(True, label="Hour")
    """Add the hour, 0 to 23."""

    minute: bool = param(False, label="Minute")
    """Add the minute, 0 to 59."""

    second: bool = param(False, label="Second")
    """Add the second, 0 to 59."""

    cycles: bool = param(False, label="Add sine and cosine of cycles")
    """Add sine and cosine columns for each chosen month, day of year, weekday, hour and minute."""

    values: Columns = param(Columns(), label="Columns for lags and windows", required=False)
    """The numeric columns for lags and windows."""

    lags: str = param("1", label="Lags", required=False)
    """The lags in rows, separated by commas; empty for none."""

    windows: str = param("", label="Windows", required=False)
    """The window lengths in rows, separated by commas; empty for none."""

    function: Literal["mean", "sum", "min", "max", "std", "median"] = param("mean", label="Window function")
    """The moving statistic."""

    current: bool = param(False, label="Windows include the row itself")
    """Include the row itself as the last of its window."""

    series: Columns = param(Columns(), label="Series columns", required=False)
    """Rows with equal values in these columns form one series."""

    @property
    def reads_other_rows(self) -> bool:
        """Lags and windows depend on preceding rows; calendar parts do not."""
        return not self.values.is_empty

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        settings = self._settings(Schema.of(dataset))
        names = [column.name for column in self._new(Schema.of(dataset), settings["values"])]
        require_free(names, list(dataset.columns))
        if settings["windows"]:
            require_finite(dataset, settings["values"], "Columns for lags and windows")
        return add_time_features(dataset, **settings)

    def infer(self, dataset: Schema) -> Schema:
        if not self.time:
            return dataset.open()
        values = chosen(self.values, dataset, NUMBERS, "Columns for lags and windows", lenient=True)
        return dataset.append(*self._new(dataset, values))

    def to_onnx(self, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        settings = self._settings(tensor_schema(dataset))
        if settings["values"]:
            raise NotExportable("lags and windows depend on other rows", "Choose no columns for them.")
        tensors = CalendarTensors(graph, dataset[settings["time"]].tensor)
        columns = dict(dataset)
        for part in settings["parts"]:
            kind = Kind.BOOLEAN if part == "weekend" else Kind.INTEGER
            columns[f"{self.time}_{part}"] = TensorColumn(tensors.part(part), kind)
            for suffix, function in (("sin", "Sin"), ("cos", "Cos")) if self.cycles and part in CYCLES else ():
                columns[f"{self.time}_{part}_{suffix}"] = TensorColumn(tensors.cycle(part, function), Kind.DECIMAL)
        return columns

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (script.call(add_time_features, dataset, **self._settings(dataset.schema), result="timed"),)

    def summary(self) -> str:
        return f"{self.time}: {', '.join(self._parts())}" if self.time else ""

    def _parts(self) -> list[str]:
        return [part for part in PARTS if getattr(self, part)]

    def _settings(self, schema: Schema) -> dict[str, Any]:
        time = chosen_column(self.time, schema, (Kind.DATETIME,), "Time column")
        none = self.values.is_empty
        values = [] if none else chosen(self.values, schema, NUMBERS, "Columns for lags and windows")
        lags = whole_numbers(self.lags, "Lags") if values else []
        windows = whole_numbers(self.windows, "Windows") if values else []
        parts = self._parts()
        if not (parts or lags or windows):
            raise InvalidParameter("nothing is chosen", "Choose a part of the time, lags or windows.")
        series = self.series.of(schema, allow_empty=self.series.is_empty)
        return {"time": time, "parts": parts, "cycles": self.cycles, "values": values, "lags": lags, "windows": windows,
                "figure": self.function, "current": self.current, "series": series}  # fmt: skip

    def _new(self, schema: Schema, values: list[str]) -> list[Column]:
        columns: list[Column] = []
        for part in self._parts():
            columns.append(Column(f"{self.time}_{part}", Kind.BOOLEAN if part == "weekend" else Kind.INTEGER))
            if self.cycles and part in CYCLES:
                columns += [Column(f"{self.time}_{part}_{suffix}", Kind.DECIMAL) for suffix in ("sin", "cos")]
        for name in values:
            lags, windows = whole_numbers(self.lags, "Lags"), whole_numbers(self.windows, "Windows")
            columns += [Column(f"{name}_lag_{lag}", schema[name].kind) for lag in lags]
            columns += [Column(f"{name}_{self.function}_{window}", Kind.DECIMAL) for window in windows]
        return columns
