"""How a file is written: a value that travels with a dataset, a module's parameters and a deployed version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

SEPARATORS = {"Comma": ",", "Semicolon": ";", "Tab": "\t", "Pipe": "|", "Space": " "}
ENCODINGS = {"UTF-8": "UTF-8", "UTF-16": "UTF-16", "Windows-1252": "cp1252", "ISO-8859-1": "ISO-8859-1"}
DECIMAL_MARKS = {"Point": ".", "Comma": ","}
DAY_FIRST, MONTH_FIRST = "day first", "month first"
DATE_ORDERS = {"By the values": "", "Day first": DAY_FIRST, "Month first": MONTH_FIRST}
THOUSANDS_MARKS = {"None": "", "Comma": ",", "Point": ".", "Blank": " ", "Apostrophe": "'"}


@dataclass(frozen=True)
class ReadOptions:
    """How a text file or a workbook is laid out, and how its cells are written.

    `missing` are the cells that stand for a missing value, `missing_in` those of single columns; blanks around a cell
    do not count. `decimal` and `thousands` are the marks of numbers in text files, an empty `thousands` allows none.
    `kinds` are the kinds of columns of text files that are said rather than found.
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
    """Whether the day or the month is first in dates like 03.04.2023; empty where the cells have to tell."""

    date_orders: Mapping[str, str] = field(default_factory=dict)
    """The same for single columns."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    missing_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pad_short_rows: bool = False
    number_duplicates: bool = False
    """Call the second column of a name `name_2`, instead of refusing the file."""

    as_text: bool = False
    """Leave the cells of text files as they are written."""

    def of(self, column: str) -> ReadOptions:
        """The options for the cells of one column, with its own markers of a missing value and order of dates."""
        own, order = self.missing_in.get(column, ()), self.date_orders.get(column, self.date_order)
        if not own and order == self.date_order:
            return self
        return replace(self, missing=(*self.missing, *own), date_order=order)

    def to_json(self) -> dict[str, Any]:
        """The options as a document."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        missing_in = {name: list(markers) for name, markers in self.missing_in.items()}
        return {**values, "missing": list(self.missing), "missing_in": missing_in, "kinds": dict(self.kinds),
                "date_orders": dict(self.date_orders)}  # fmt: skip

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote; what an earlier version did not know keeps its default."""
        known = {field.name: document[field.name] for field in fields(cls) if field.name in document}
        if "missing" in known:
            known["missing"] = tuple(known["missing"])
        if "missing_in" in known:
            known["missing_in"] = {name: tuple(markers) for name, markers in known["missing_in"].items()}
        return cls(**known)
