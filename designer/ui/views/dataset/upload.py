"""An uploaded file before it becomes a dataset, as the pages read it. All state is in the upload's folder."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.files.read_options import DATE_ORDERS, DAY_FIRST, ENCODINGS, MONTH_FIRST, ReadOptions
from designer.contract.schema import Kind
from designer.reading.dialect import SEPARATORS, THOUSANDS
from designer.reading.examination import MARKER_SEPARATOR, Choices, Finding
from designer.store.artifacts.tables import read_page
from designer.store.kept import read_object
from designer.ui.views.dataset.column_profile import ColumnProfile

FOUND, ANSWER, PROFILES, TABLE, CHOICES = ".found", "answer.json", "profiles.json", "table.arrow", "choices.json"
SHEETS, LINES, UNREADABLE = "sheets.json", "lines.json", "unreadable.json"
"""Files in the folder FOUND, beside the file of an upload."""

_ID = re.compile(r"[0-9a-f]{12}")
PREVIEW_ROWS = 100
MARKERS_LIMIT = 200
MOST_SKIPPED = 1_000_000
_FEWEST, _MOST = 2, 6
"""Digits after the point."""


def uploaded_file(folder: Path) -> Path:
    """The one file of an upload; raises FileMissing."""
    files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    if len(files) != 1:
        raise FileMissing("the uploaded file is no longer there", "Choose it again.")
    return files[0]


@dataclass(frozen=True)
class Cell:
    """One cell: its text and style (`num`, `miss` or nothing)."""

    text: str
    look: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the preview."""

    number: int
    cells: list[Cell]


class Upload:
    """The folder of one upload."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def find(cls, uploads: Path, id: str) -> Upload | None:
        """The upload with an id; None without one."""
        if not _ID.fullmatch(id) or not (uploads / id).is_dir():
            return None
        return cls(uploads / id)

    @property
    def file_name(self) -> str:
        """The name of the file."""
        return uploaded_file(self.folder).name

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return uploaded_file(self.folder).stat().st_size

    def answer(self) -> dict[str, Any] | None:
        """What was found in the file; None before it was read."""
        return read_object(self.folder / FOUND / ANSWER)

    def choices(self) -> Choices | None:
        """The choices last made; None before any."""
        try:
            return Choices.from_json(json.loads((self.folder / FOUND / CHOICES).read_text()))
        except (OSError, ValueError, KeyError, TypeError):
            answer = self.answer()
            return Choices.from_json(answer["choices"]) if answer else None

    def remember(self, choices: Choices) -> None:
        """Store choices to try, so that they survive a reload."""
        folder = self.folder / FOUND
        folder.mkdir(exist_ok=True)
        (folder / CHOICES).write_text(json.dumps(choices.to_json()))

    def forget_choices(self) -> None:
        """Return to the choices of the last answer."""
        (self.folder / FOUND / CHOICES).unlink(missing_ok=True)

    def sheets(self) -> list[str]:
        """The sheets of a workbook; empty for other files."""
        return self._texts(SHEETS)

    def lines(self) -> list[str]:
        """The first lines of the file, unparsed."""
        return self._texts(LINES)

    def unreadable(self) -> list[str]:
        """The columns that the last reading refused."""
        return self._texts(UNREADABLE)

    def _texts(self, name: str) -> list[str]:
        try:
            return [str(text) for text in json.loads((self.folder / FOUND / name).read_text())]
        except (OSError, ValueError, TypeError, RecursionError):
            return []

    def profile(self, column: str) -> ColumnProfile | None:
        """The profile of a column; None without one."""
        document = (read_object(self.folder / FOUND / PROFILES) or {}).get(column)
        try:
            return ColumnProfile.from_json(document) if document else None
        except (ValueError, LookupError, TypeError):
            return None

    def rows(self, names: list[str], offset: int, limit: int) -> list[Line]:
        """Some rows of these columns, as text."""
        page = read_page(self.folder / FOUND / TABLE, offset, limit)
        return lines(page[[name for name in names if name in page.columns]], offset)


def arrived(uploads: Path, answer: Any) -> tuple[str, str]:
    """The id of an upload that the browser reports, and an empty message; or no id, and why."""
    reported = answer if isinstance(answer, dict) else {}
    id, message = reported.get("upload"), reported.get("message")
    if isinstance(id, str) and Upload.find(uploads, id):
        return id, ""
    return "", str(message)[:500] if message else "The file did not arrive. Try again."


def lines(page: Any, offset: int) -> list[Line]:
    """The rows of a frame as text for a grid; all cells of a column have as many decimals as its values need."""
    looks = [
        "num" if page[name].dtype.kind in "if" or page[name].dtype.name == "Int64" else "" for name in page.columns
    ]
    columns = [_cells(page[name], look) for name, look in zip(page.columns, looks, strict=True)]
    return [Line(offset + i + 1, [column[i] for column in columns]) for i in range(len(page))]


def _cells(column: Any, look: str) -> list[Cell]:
    numbers = [value for value in column if isinstance(value, float) and math.isfinite(value)]
    digits = max(map(_decimals, numbers), default=_FEWEST)
    return [_cell(value, look, digits) for value in column]


def _cell(value: Any, look: str, digits: int) -> Cell:
    if pd.isna(value):
        return Cell("missing", "miss " + look)
    if isinstance(value, float):
        return Cell(_decimal(value, digits), look)
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return Cell(str(value).lower(), look)
    text = f"{value:,}".replace("-", "−") if look and abs(value) >= 10_000 else str(value)
    text = text.removesuffix(" 00:00:00") if type(value).__name__ == "Timestamp" else text
    text = text.replace("-", "−") if look else text
    return Cell(text if len(text) <= 80 else f"{text[:79]}…", look)


def _decimals(value: float) -> int:
    """How many digits after the point a number needs for four significant ones, or fewer if it has fewer."""
    if value == 0 or _is_tiny(value):
        return _FEWEST
    most = min(max(_FEWEST, 3 - math.floor(math.log10(abs(value)))), _MOST)
    return next((digits for digits in range(_FEWEST, most) if value == round(value, digits)), most)


def _decimal(value: float, digits: int) -> str:
    text = f"{value:.4g}" if _is_tiny(value) else f"{value:,.{digits}f}"
    return text.replace("-", "−")


def _is_tiny(value: float) -> bool:
    """Whether a number would be shown as almost zero, so that it needs scientific notation."""
    return 0 < abs(value) < 1e-4


def with_option(choices: Choices, name: str, value: str) -> Choices:
    """The choices with a read option changed; raises InvalidParameter for an unknown option or value."""
    options = choices.options
    match name:
        case "separator":
            return replace(choices, options=replace(options, separator=_one_of(SEPARATORS, value, "Separator")))
        case "encoding":
            return replace(choices, options=replace(options, encoding=_one_of(ENCODINGS, value, "Encoding")))
        case "decimal":
            if value not in ("point", "comma"):
                raise InvalidParameter(f"there is no decimal mark '{value}'", "Use point or comma.")
            return replace(choices, decimal="comma" if value == "comma" else "point")
        case "thousands":
            mark = _one_of(THOUSANDS, value, "Thousands mark")
            return replace(choices, options=replace(options, thousands=mark))
        case "skip rows":
            return replace(choices, options=replace(options, skip_rows=_count(value)))
        case "short rows":
            return replace(choices, options=replace(options, pad_short_rows=value == "yes"))
        case "duplicates":
            return replace(choices, options=replace(options, number_duplicates=value == "yes"))
        case "missing":
            return replace(choices, options=replace(options, missing=markers(value)))
        case "header":
            return replace(choices, options=replace(options, header=value == "yes"))
        case "date order":
            order = _one_of({name.lower(): order for name, order in DATE_ORDERS.items()}, value, "Date order")
            return replace(choices, options=replace(options, date_order=order, date_orders={}))
        case "sheet":
            return replace(choices, options=replace(options, sheet=value[:100]))
        case _:
            raise InvalidParameter(f"there is no option '{name}'", "Use one on the page.")


def markers(text: str) -> tuple[str, ...]:
    """Parse missing-value markers from `empty, ?, NA`; an empty cell is always one."""
    written = [part.strip() for part in text[:MARKERS_LIMIT].split(",")]
    return tuple(dict.fromkeys(("", *(part for part in written if part and part != "empty"))))


def in_words(options: ReadOptions) -> dict[str, str]:
    """The options as shown on the page."""
    names = {value: name for name, value in SEPARATORS.items()}
    encodings = {value: name for name, value in ENCODINGS.items()}
    return {
        "separator": names.get(options.separator, options.separator),
        "encoding": encodings.get(options.encoding, options.encoding),
        "missing": ", ".join(marker or "empty" for marker in options.missing),
        "header": "yes" if options.header else "no",
        "thousands": next(name for name, mark in THOUSANDS.items() if mark == options.thousands),
        "skip_rows": str(options.skip_rows),
        "short_rows": "yes" if options.pad_short_rows else "no",
        "duplicates": "yes" if options.number_duplicates else "no",
        "sheet": options.sheet,
        "date_order": options.date_order or "infer",
    }


def _count(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > 20 or int(text) > MOST_SKIPPED:
        raise InvalidParameter(f"'{text[:20]}' is not a number of rows", f"Write 0 to {MOST_SKIPPED:,}.")
    return int(text)


def with_kind(choices: Choices, column: str, kind: str) -> Choices:
    """The choices with another type of a column; raises InvalidParameter for an unknown type."""
    if kind not in {str(known) for known in Kind}:
        raise InvalidParameter(f"there is no type '{kind}'", "Choose one of the list.")
    return replace(choices, kinds={**choices.kinds, column: kind})


def with_label(choices: Choices, column: str) -> Choices:
    """The choices with another column to predict, empty for none. A left out column is restored."""
    return replace(choices, label=column, left_out=tuple(name for name in choices.left_out if name != column))


def other_accepted(choices: Choices, finding: Finding) -> Choices:
    """The choices with the second change that a finding offers."""
    return accepted(choices, replace(finding, action=finding.other))


def accepted(choices: Choices, finding: Finding) -> Choices:
    """The choices with the change that a finding offers."""
    changes: dict[str, Callable[[], Choices]] = {
        "leave out": lambda: replace(choices, left_out=_added(choices.left_out, finding.column)),
        "read as missing": lambda: replace(choices, missing_in=_marked(choices.missing_in, finding)),
        "read as decimal": lambda: replace(choices, decimal="comma"),
        "read as thousands": lambda: replace(choices, options=replace(choices.options, thousands=finding.value)),
        "read day first": lambda: _ordered(choices, finding.column, DAY_FIRST),
        "read month first": lambda: _ordered(choices, finding.column, MONTH_FIRST),
        "skip rows": lambda: Choices(
            options=replace(choices.options, skip_rows=int(finding.value)), decimal=choices.decimal
        ),
        "read as data": lambda: Choices(options=replace(choices.options, header=False), decimal=choices.decimal),
    }
    change = changes.get(finding.action)
    return change() if change else choices


def _ordered(choices: Choices, column: str, order: str) -> Choices:
    orders = {**choices.options.date_orders, column: order}
    return replace(choices, options=replace(choices.options, date_orders=orders))


def without(choices: Choices, column: str) -> Choices:
    """The choices with a column left out."""
    label = "" if choices.label == column else choices.label
    return replace(choices, left_out=_added(choices.left_out, column), label=label)


def kept(choices: Choices, finding: Finding) -> Choices:
    """The choices after the user declined a finding's offer."""
    return replace(choices, kept=_added(choices.kept, finding.id))


def brought_back(choices: Choices, column: str) -> Choices:
    """The choices with a left out column restored."""
    return replace(choices, left_out=tuple(name for name in choices.left_out if name != column))


def _marked(missing_in: Mapping[str, tuple[str, ...]], finding: Finding) -> dict[str, tuple[str, ...]]:
    markers = missing_in.get(finding.column, ())
    for marker in finding.value.split(MARKER_SEPARATOR):
        markers = _added(markers, marker)
    return {**missing_in, finding.column: markers}


def _added(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return values if value in values else (*values, value)


def _one_of(known: Mapping[str, str], value: str, what: str) -> str:
    if value not in known:
        raise InvalidParameter(f"there is no {what.lower()} '{value}'", f"Use one of {', '.join(known)}.")
    return known[value]
