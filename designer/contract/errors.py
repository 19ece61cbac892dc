"""The errors of Designer, one class for each kind, with a place, a finding and a remedy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from designer.contract.wording.counting import counted
from designer.contract.wording.stops import stopped


@dataclass(frozen=True)
class Place:
    """Where an error occurred; every part is optional and is filled in as the error propagates."""

    node: str | None = None
    module: str | None = None
    port: str | None = None
    parameter: str | None = None
    column: str | None = None
    row: int | None = None
    file: str | None = None

    def __str__(self) -> str:
        names = (self.module, self.port, self.parameter, self.file)
        parts = [name for name in names if name]
        if self.row is not None:
            parts.append(f"row {self.row}")
        return ", ".join(parts)


class DesignerError(Exception):
    """An error with a place, a finding and a remedy.

    `code` is the original's error number where one exists (`0001`: column not found), from the class unless set on the
    instance. `exit_code` is the exit status of a command.
    """

    code: str | None = None
    exit_code: int = 2

    def __init__(
        self,
        found: str,
        remedy: str = "",
        *,
        port: str | None = None,
        parameter: str | None = None,
        column: str | None = None,
        row: int | None = None,
        file: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(found)
        self.code = code or self.code
        self.found = found
        self.remedy = remedy
        self.place = Place(port=port, parameter=parameter, column=column, row=row, file=file)

    def at(self, **where: str | int | None) -> DesignerError:
        """Fill in the missing parts of the place; returns the same error."""
        filled = {name: value for name, value in asdict(self.place).items() if value is not None}
        self.place = Place(**{**{k: v for k, v in where.items() if v is not None}, **filled})
        return self

    def finding(self, *omitted: str) -> str:
        """The place and the finding as a sentence, without the remedy. Parts of the place in `omitted` are left out."""
        is_named = re.search(rf"\b(row|line) {self.place.row}\b", self.found)
        left_out = dict.fromkeys([*omitted, "row"] if is_named else omitted)
        place = str(Place(**{**asdict(self.place), **left_out}))
        return stopped(f"{place}: {self.found}" if place else self.found)

    def in_full(self, *omitted: str) -> str:
        """The finding, and the remedy after it. Parts of the place in `omitted` are left out."""
        return f"{self.finding(*omitted)} {self.remedy}".strip()

    def __str__(self) -> str:
        return self.in_full()

    def to_json(self) -> dict[str, object]:
        """The error as a JSON document, for run records, the browser and `--json`."""
        place = {name: value for name, value in asdict(self.place).items() if value is not None}
        return {
            "type": type(self).__name__,
            "code": self.code,
            "message": str(self),
            "found": self.found,
            "remedy": self.remedy,
            "place": place,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> DesignerError:
        """Restore an error from `to_json`, as its own class, or as `cls` if that class is unknown."""
        kind = next((kind for kind in _kinds(DesignerError) if kind.__name__ == document.get("type")), cls)
        error = kind.__new__(kind)  # a subclass may have another constructor
        found = str(document.get("found") or document.get("message") or "it failed")
        DesignerError.__init__(error, found, str(document.get("remedy") or ""), code=document.get("code"))
        names = {field.name for field in fields(Place)}
        place = document.get("place") or {}
        return error.at(**{name: value for name, value in place.items() if name in names})


def _kinds(kind: type[DesignerError]) -> Iterator[type[DesignerError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)


class ColumnNotFound(DesignerError):
    """A requested column is not in the table (0001)."""

    code = "0001"

    @classmethod
    def named(cls, name: str, available: Iterable[str], parameter: str | None = None) -> ColumnNotFound:
        """The error for a missing column, with the column count and the closest name, else the first columns."""
        names = list(available)
        close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
        folded = [other for other in names if other.casefold().strip() == name.casefold().strip()]
        remedy = f"Did you mean '{(folded or close)[0]}'?" if folded or close else _listing(names)
        return cls(f"no column '{name}' ({counted(len(names), 'column')})", remedy, parameter=parameter, column=name)


class EmptySelection(DesignerError):
    """A column selection matches nothing (0011)."""

    code = "0011"


class MissingInput(DesignerError):
    """A required input is not connected or is empty (0003)."""

    code = "0003"


class UnfittingWire(DesignerError):
    """An edge ends at a port that does not exist or that takes another type."""


class InvalidParameter(DesignerError):
    """A parameter has an invalid value (0002 if it cannot be parsed, 0004 to 0007 beyond its only bound, else 0008)."""

    code = "0008"


class TooFewRows(DesignerError):
    """The table holds fewer rows than the module needs (0021)."""

    code = "0021"


class TooFewColumns(DesignerError):
    """The table holds fewer columns than the module needs (0020)."""

    code = "0020"


class TooFewFeatures(TooFewColumns):
    """Too few columns are left as features (0047)."""

    code = "0047"


class WrongColumnType(DesignerError):
    """A column has a kind that the module does not support (0017)."""

    code = "0017"


class IncompatibleColumnType(WrongColumnType):
    """A column has another kind than in training (0016)."""

    code = "0016"


class InvalidLabel(DesignerError):
    """The label column does not suit the learner (0023)."""

    code = "0023"


class LabelNotGiven(InvalidLabel):
    """No column is the label, or too few rows have one (0134)."""

    code = "0134"


class WrongModel(DesignerError):
    """The connected model is of a kind that the module does not support (0013)."""

    code = "0013"


class TooManyCategories(DesignerError):
    """A text column has too many distinct values to be categorical (0014)."""

    code = "0014"


class NotCategorical(WrongColumnType):
    """A column should be categorical and is not (0056)."""

    code = "0056"


class ConversionFailed(DesignerError):
    """The cells of a column cannot be converted into another type (0042)."""

    code = "0042"


class TooManyLabels(DesignerError):
    """More than one column is the label (0037)."""

    code = "0037"


class NotSorted(InvalidParameter):
    """Values that must ascend do not (0019)."""

    code = "0019"


class InvalidQuery(DesignerError):
    """The database refuses an SQL query (0069)."""

    code = "0069"


class InvalidValues(DesignerError):
    """The cells of a column hold unsupported values: of mixed types, out of range (0039)."""

    code = "0039"


class MissingValues(InvalidValues):
    """A column has missing values where none are allowed (0032)."""

    code = "0032"


class InfiniteValues(InvalidValues):
    """A column holds an infinite number (0033)."""

    code = "0033"


class DuplicateColumns(DesignerError):
    """Two columns of a table have the same name (0028)."""

    code = "0028"


class MismatchedTables(DesignerError):
    """Two tables do not fit together (0026, 0029)."""

    code = "0026"


class UnreadableFile(DesignerError):
    """A file cannot be read in its format (0049)."""

    code = "0049"


class FileMissing(DesignerError):
    """A file, dataset or artifact does not exist (0065)."""

    code = "0065"


class Ambiguous(DesignerError):
    """A name or an id prefix has several matches."""


class ScriptFailed(DesignerError):
    """A user's script raised an exception, exited or returned an invalid value (0085)."""

    code = "0085"


class NotExportable(DesignerError):
    """A module cannot be exported to ONNX or plain Python, with the reason."""


class UnknownModule(DesignerError):
    """A document names a module that this library does not have."""


class BrokenModule(DesignerError):
    """A module file cannot be loaded."""


def _listing(names: list[str]) -> str:
    if not names:
        return "The table has no columns."
    shown = ", ".join(names[:8])
    return f"Columns are: {shown}{' and more' if len(names) > 8 else ''}."
