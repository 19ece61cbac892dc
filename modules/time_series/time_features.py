"""Time Features: parts of the calendar, earlier values, moving averages."""

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
    """The table with parts of the calendar, lags and windows at the end."""
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
    """The cell some rows earlier in the same group."""
    whole = cells.astype("Int64") if cells.dtype.name == "int64" else cells
    return whole.groupby(groups).shift(lag)


def rolled(
    cells: pd.Series[Any], groups: np.ndarray[Any, Any], window: int, function: str, current: bool
) -> pd.Series[Any]:
    """A figure of the rows before, or of those and the row itself; missing where the window is not full."""
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
    """Add parts of the calendar, earlier values and moving figures to rows with a time.

    Parts of the time are whole numbers named `<time>_<part>`: the year is that of the calendar, weeks are those of ISO
    8601 and belong to its year (add `iso_year` beside `week`), weekdays count from 1 for Monday, `weekend` says whether
    it is Saturday or Sunday. Times with a zone are read in UTC, as requests are. Sine and cosine show that December and
    January are neighbours.

    A lag `<column>_lag_<n>` is the number n rows earlier in the order of time; a window `<column>_<function>_<n>` is a
    figure of the n rows before (of which the row itself is one, if that is switched on) and missing where one of them
    is missing. Rows of different *Series* do not see each other. Rows keep their place; those without a time have no
    lags and no windows. Only earlier rows are used, so that nothing of the future leaks.

    In an inference pipeline lags and windows look at the rows of the request: send the earlier rows with it.

    Errors: 0017 for a time that is no date or a column that holds no numbers, 0008 for lags that are not whole numbers
    or where nothing is chosen, 0028 where a new name is taken, 0033 for infinite values in windows.

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
    """Add the year that the week belongs to: 2019 for Monday, 31 December 2018, whose week is the first of 2019."""

    week: bool = param(False, label="Week")
    """Add the week as ISO 8601 counts it, 1 to 53; at the ends of a year it may belong to the year before or after, see
    *ISO year*."""

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
    """Add two columns for each chosen month, day of year, weekday, hour and minute that go round with it."""

    values: Columns = param(Columns(), label="Columns for lags and windows", required=False)
    """The columns of numbers whose earlier values are added."""

    lags: str = param("1", label="Lags", required=False)
    """How many rows back to look, separated by commas; empty for none."""

    windows: str = param("", label="Windows", required=False)
    """Over how many rows to compute a moving figure, separated by commas; empty for none."""

    function: Literal["mean", "sum", "min", "max", "std", "median"] = param("mean", label="Window function")
    """The moving figure."""

    current: bool = param(False, label="Windows include the row itself")
    """Count the row itself as the last of its window."""

    series: Columns = param(Columns(), label="Series columns", required=False)
    """Rows that are equal in these columns form a series of their own."""

    @property
    def reads_other_rows(self) -> bool:
        """Lags and windows look at the rows before; parts of the time do not."""
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
            raise NotExportable("lags and windows look at other rows", "Choose no columns for them.")
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
