"""Calendar parts of a date column, and of seconds in an ONNX graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from designer.contract.onnx import OnnxGraph

PARTS = (
    "year", "quarter", "month", "iso_year", "week", "day", "day_of_year", "weekday", "weekend", "hour", "minute",
    "second",
)  # fmt: skip
CYCLES = {"month": (1, 12), "day_of_year": (1, 366), "weekday": (1, 7), "hour": (0, 24), "minute": (0, 60)}


def calendar_parts(series: pd.Series[Any], name: str, parts: list[str], cycles: bool) -> dict[str, Any]:
    """The calendar parts of dates, in UTC if they have a zone."""
    moments = series.dt.tz_convert("UTC") if getattr(series.dtype, "tz", None) is not None else series
    columns: dict[str, Any] = {}
    for part in parts:
        columns[f"{name}_{part}"] = calendar_part(moments, part)
        if cycles and part in CYCLES:
            first, length = CYCLES[part]
            angle = 2 * np.pi * (columns[f"{name}_{part}"].to_numpy("float64", na_value=np.nan) - first) / length
            columns[f"{name}_{part}_sin"] = pd.Series(np.sin(angle), index=series.index)
            columns[f"{name}_{part}_cos"] = pd.Series(np.cos(angle), index=series.index)
    return columns


def calendar_part(moments: pd.Series[Any], part: str) -> pd.Series[Any]:
    """One part: integers, or whether it is Saturday or Sunday."""
    if part == "weekend":
        weekend = pd.Series(moments.dt.day_of_week >= 5, dtype="boolean").mask(moments.isna())
        return weekend if moments.hasnans else weekend.astype("bool")
    if part in ("week", "iso_year"):
        cells = moments.dt.isocalendar()["week" if part == "week" else "year"]
    elif part == "weekday":
        cells = moments.dt.day_of_week + 1
    else:
        cells = getattr(moments.dt, part)
    whole: pd.Series[Any] = cells.astype("Int64" if moments.hasnans else "int64")
    return whole


class CalendarTensors:
    """The calendar parts of seconds since 1970 as tensors, by Gregorian calendar arithmetic."""

    def __init__(self, graph: OnnxGraph, seconds: str) -> None:
        self._graph = graph
        self._days = self._floor(self._over(seconds, 86400))
        self._second_of_day = self._minus(seconds, self._times(self._days, 86400))

    def part(self, part: str) -> str:
        """The tensor of one part."""
        match part:
            case "year":
                return self._civil(self._days)[0]
            case "month":
                return self._civil(self._days)[1]
            case "day":
                return self._civil(self._days)[2]
            case "quarter":
                return self._floor(self._over(self._plus(self._civil(self._days)[1], 2), 3))
            case "weekday":
                return self._weekday()
            case "weekend":
                late = self._graph.node("Greater", self._weekday(), self._number(5))
                flag = self._graph.node("Cast", late, to=11)
                missing = self._graph.node("IsNaN", self._days)
                return self._graph.where(missing, self._number(float("nan")), flag)
            case "day_of_year":
                first = self._january(self._civil(self._days)[0])
                return self._plus(self._minus(self._days, first), 1)
            case "iso_year":
                return self._civil(self._plus(self._minus(self._days, self._weekday()), 4))[0]
            case "week":
                thursday = self._plus(self._minus(self._days, self._weekday()), 4)
                first = self._january(self._civil(thursday)[0])
                return self._plus(self._floor(self._over(self._minus(thursday, first), 7)), 1)
            case _:
                return self._clock(part)

    def cycle(self, part: str, function: str) -> str:
        """The sine or cosine of a part's position in its cycle."""
        first, length = CYCLES[part]
        angle = self._over(self._times(self._plus(self.part(part), -first), 2 * np.pi), length)
        return str(self._graph.node(function, angle))

    def _clock(self, part: str) -> str:
        hour = self._floor(self._over(self._second_of_day, 3600))
        rest = self._minus(self._second_of_day, self._times(hour, 3600))
        minute = self._floor(self._over(rest, 60))
        second = self._floor(self._minus(rest, self._times(minute, 60)))
        return {"hour": hour, "minute": minute, "second": second}[part]

    def _weekday(self) -> str:
        shifted = self._plus(self._days, 3)
        return self._plus(self._minus(shifted, self._times(self._floor(self._over(shifted, 7)), 7)), 1)

    def _civil(self, days: str) -> tuple[str, str, str]:
        """Year, month and day from days since 1970, with 400-year eras starting in March."""
        shifted = self._plus(days, 719468)
        era = self._floor(self._over(shifted, 146097))
        day = self._minus(shifted, self._times(era, 146097))
        leaps = self._minus(self._quotient(day, 1460), self._quotient(day, 36524))
        leaps = self._plus_tensor(leaps, self._quotient(day, 146096))
        year = self._quotient(self._minus(day, leaps), 365)
        before = self._minus(self._quotient(year, 4), self._quotient(year, 100))
        in_year = self._minus(day, self._plus_tensor(self._times(year, 365), before))
        march = self._quotient(self._plus(self._times(in_year, 5), 2), 153)
        day_of_month = self._plus(self._minus(in_year, self._quotient(self._plus(self._times(march, 153), 2), 5)), 1)
        next_year = self._quotient(march, 10)  # 1 in January and February, which belong to the year that began in March
        month = self._minus(self._plus(march, 3), self._times(next_year, 12))
        full = self._plus_tensor(self._plus_tensor(year, self._times(era, 400)), next_year)
        return full, month, day_of_month

    def _january(self, year: str) -> str:
        """The day number of January 1."""
        past = self._plus(year, -1)
        leaps = self._minus(self._quotient(past, 4), self._quotient(past, 100))
        leaps = self._plus_tensor(leaps, self._quotient(past, 400))
        return self._plus(self._plus_tensor(self._times(past, 365), leaps), -719162)

    def _number(self, value: float) -> str:
        return self._graph.constant([[float(value)]])

    def _plus(self, tensor: str, value: float) -> str:
        return str(self._graph.node("Add", tensor, self._number(value)))

    def _plus_tensor(self, tensor: str, other: str) -> str:
        return str(self._graph.node("Add", tensor, other))

    def _minus(self, tensor: str, other: str) -> str:
        return str(self._graph.node("Sub", tensor, other))

    def _times(self, tensor: str, value: float) -> str:
        return str(self._graph.node("Mul", tensor, self._number(value)))

    def _over(self, tensor: str, value: float) -> str:
        return str(self._graph.node("Div", tensor, self._number(value)))

    def _floor(self, tensor: str) -> str:
        return str(self._graph.node("Floor", tensor))

    def _quotient(self, tensor: str, value: float) -> str:
        return self._floor(self._over(tensor, value))
