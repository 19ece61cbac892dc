"""Options to read a file, stored with a dataset, a module's parameters and a deployed version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

SEPARATORS = {"Comma": ",", "Semicolon": ";", "Tab": "\t", "Pipe": "|", "Space": " "}
ENCODINGS = {"UTF-8": "UTF-8", "UTF-16": "UTF-16", "Windows-1252": "cp1252", "ISO-8859-1": "ISO-8859-1"}
DECIMAL_MARKS = {"Point": ".", "Comma": ","}
DAY_FIRST, MONTH_FIRST = "day first", "month first"
DATE_ORDERS = {"Infer": "", "Day first": DAY_FIRST, "Month first": MONTH_FIRST}
THOUSANDS_MARKS = {"None": "", "Comma": ",", "Point": ".", "Blank": " ", "Apostrophe": "'"}


@dataclass(frozen=True)
class ReadOptions:
    """The layout of a text file or workbook, and the format of its cells.

    `missing` are the markers of missing values, `missing_in` those of single columns; blanks around a cell are
    ignored. `decimal` and `thousands` are the marks in numbers of text files; an empty `thousands` allows none. `kinds`
    sets the kinds of columns of text files that are not to be inferred.
    """

    separator: str = ","
    encoding: str = "UTF-8"
    header: bool = True
    skip_rows: int = 0
    missing: tuple[str, ...] = ("",)
    decimal: str = "."
    thousands: str = ""
    sheet: str = ""
    date_order: str = ""
    """Whether the day or the month is first in dates like 03.04.2023; inferred from the cells if empty."""

    date_orders: Mapping[str, str] = field(default_factory=dict)
    """The date order of single columns."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    missing_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pad_short_rows: bool = False
    number_duplicates: bool = False
    """Rename the second column of a name to `name_2` instead of refusing the file."""

    as_text: bool = False
    """Read the cells of text files as text, without type inference."""

    def of(self, column: str) -> ReadOptions:
        """The options for one column, with its own markers of missing values and date order."""
        markers, order = self.missing_in.get(column, ()), self.date_orders.get(column, self.date_order)
        if not markers and order == self.date_order:
            return self
        return replace(self, missing=(*self.missing, *markers), date_order=order)

    def to_json(self) -> dict[str, Any]:
        """The options as a JSON document."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        missing_in = {name: list(markers) for name, markers in self.missing_in.items()}
        return {**values, "missing": list(self.missing), "missing_in": missing_in, "kinds": dict(self.kinds),
                "date_orders": dict(self.date_orders)}  # fmt: skip

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote; options missing from older documents keep their defaults."""
        options = {field.name: document[field.name] for field in fields(cls) if field.name in document}
        if "missing" in options:
            options["missing"] = tuple(options["missing"])
        if "missing_in" in options:
            options["missing_in"] = {name: tuple(markers) for name, markers in options["missing_in"].items()}
        return cls(**options)
