"""Examine a file before it becomes a dataset: how it is read, which types were corrected, and findings to review."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from designer.contract.column_types import plain_where_full
from designer.contract.errors import ColumnNotFound, ConversionFailed, DesignerError
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Role, Schema, kind_of
from designer.contract.selection import Columns
from designer.contract.wording.counting import counted
from designer.reading.cells.number_marks import has_decimal_commas, has_groups
from designer.reading.cells.typed_values import column_of
from designer.reading.file import format_of, read_table
from designer.reading.notices import Notice

Tone = Literal["decide", "done", "info"]
Action = Literal[
    "leave out", "read as missing", "read as decimal", "read as thousands", "read day first", "read month first",
    "skip rows", "read as data", "",
]  # fmt: skip
MARKERS = ("?", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "-", "--", "unknown", "Unknown")
MARKER_SEPARATOR = ","
SENTINELS = (-1, -9, -99, -999, -9999, 99, 999, 9999)
_IDENTIFIER = re.compile(r"(^|[\W_])(id|ID|Id)$|[a-z](ID|Id)$")
_SAMPLE = 2000
_UNEVEN = 0.8
_LEAKING = 0.95


@dataclass(frozen=True)
class Choices:
    """The user's choices for a file. `missing_in` adds missing-value markers to single columns."""

    options: ReadOptions = field(default_factory=ReadOptions)
    decimal: Literal["point", "comma"] = "point"
    kinds: Mapping[str, str] = field(default_factory=dict)
    missing_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    label: str = ""

    @property
    def reading(self) -> ReadOptions:
        """How the file is read."""
        return replace(self.options, decimal="," if self.decimal == "comma" else ".")

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        document = {name: getattr(self, name) for name in ("decimal", "label")}
        return {
            **document,
            "options": self.options.to_json(),
            "kinds": dict(self.kinds),
            "missing_in": {name: list(markers) for name, markers in self.missing_in.items()},
            "left_out": list(self.left_out),
            "kept": list(self.kept),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Choices:
        """Read back what `to_json` wrote."""
        return cls(
            ReadOptions.from_json(document["options"]),
            document["decimal"],
            dict(document["kinds"]),
            {name: tuple(markers) for name, markers in document["missing_in"].items()},
            tuple(document["left_out"]),
            tuple(document["kept"]),
            document["label"],
        )


@dataclass(frozen=True)
class Finding:
    """A finding about the data; `action` is the offered change, empty if there is none.

    `value` is its setting, several markers of missing values separated by `MARKER_SEPARATOR`. `other` is a second
    change if there are two to choose between.
    """

    id: str
    tone: Tone
    title: str
    text: str
    column: str = ""
    action: Action = ""
    value: str = ""
    other: Action = ""

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return dict(self.__dict__)


NO_ROWS = Finding(
    "no rows",
    "info",
    "There are no rows",
    "The file holds only the names of columns. Where it does not tell their types, they are taken as Decimal.",
)


def read_as_chosen(
    path: Path, choices: Choices, notices: list[Notice] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of a file as read, and with the user's corrections; the reader appends to `notices`.

    A column of a text file whose type was chosen is read from the original text: `1.50` as text stays `1.50`.
    """
    columns = Columns.all().excluding(*choices.left_out) if choices.left_out else None
    original = read_table(path, options=choices.reading, notices=notices, columns=columns)
    kinds_chosen = {name: kind for name, kind in choices.kinds.items() if name in original}
    if not kinds_chosen or format_of(path) not in ("CSV", "TSV"):
        return original, corrected(original, choices)
    kinds = {name: str(Kind.STRING) if kind == Kind.CATEGORICAL else kind for name, kind in kinds_chosen.items()}
    options = replace(choices.reading, kinds=kinds, missing_in=choices.missing_in)
    retyped = read_table(path, options=options)[list(kinds_chosen)]
    return original, corrected(original, choices, retyped)


def corrected(frame: pd.DataFrame, choices: Choices, retyped: pd.DataFrame | None = None) -> pd.DataFrame:
    """The table with the user's corrections; `retyped` holds the columns that were read with their chosen type.

    Raises ConversionFailed or ColumnNotFound naming the column.
    """
    columns: dict[str, pd.Series[Any]] = {}
    for name in map(str, frame.columns):
        series = retyped[name] if retyped is not None and name in retyped else _as_asked(frame[name], name, choices)
        if name in choices.kinds:
            series = convert(series, name, Kind(choices.kinds[name]))
        if name not in choices.left_out:
            columns[name] = series
    table = pd.DataFrame(columns, index=frame.index)
    if choices.label and choices.label not in table.columns:
        raise ColumnNotFound.named(choices.label, list(table.columns), "What to predict")
    schema = Schema.of(table)
    for read in (frame, retyped):
        schema = schema.facts_from(Schema.of(read)) if read is not None else schema
    return schema.map(lambda c: replace(c, role=Role.LABEL), [choices.label] if choices.label else []).attach(table)


def _as_asked(series: pd.Series[Any], name: str, choices: Choices) -> pd.Series[Any]:
    series = _without_markers(series, choices.missing_in.get(name, ()))
    return _from_decimal_commas(series) if choices.decimal == "comma" else series


def convert(series: pd.Series[Any], name: str, kind: Kind) -> pd.Series[Any]:
    """Convert a column to another kind. Raises ConversionFailed naming the first cell that does not fit."""
    if kind_of(series) is kind:
        return series
    cells = [None if missing else cell for cell, missing in zip(series.tolist(), series.isna(), strict=True)]
    if kind in (Kind.STRING, Kind.CATEGORICAL) and kind_of(series) is Kind.DATETIME:
        cells = [None if cell is None else str(cell) for cell in cells]
    try:
        converted = column_of(cells, Column(name, kind))
    except ConversionFailed as error:
        row = error.place.row
        raise ConversionFailed(
            error.found, "Add it to the missing values, or leave the type as it is.", column=name, row=row
        ) from None
    return plain_where_full(converted)


def findings(
    original: pd.DataFrame, table: pd.DataFrame, choices: Choices, copies: int = 0, notices: Sequence[Notice] = ()
) -> list[Finding]:
    """Findings to review: questions first, then what was done, then information.

    `copies` is the number of rows that repeat an earlier one, `notices` are those of the reader of the file.
    """
    open_ones = still_open(notices, choices)
    review = [_of_notice(notice) for notice in open_ones]
    reported = {n.column: n.about for n in notices if n in open_ones or n.about == "numbers"}
    if original.empty:
        review.append(NO_ROWS)
    if copies:
        text = "The table keeps them. The module Remove Duplicate Rows drops them."
        review.append(
            Finding(
                "copies", "info", f"{counted(copies, 'row')} {'repeats' if copies == 1 else 'repeat'} another", text
            )
        )
    for name in map(str, original.columns):
        if name not in choices.left_out:
            review += [hit for hit in _of_column(original[name], name, choices) if not _is_reported(hit, reported)]
    if choices.label:
        review += _of_label(table, choices.label)
    order = {"decide": 0, "done": 1, "info": 2}
    undecided = [f for f in review if f.id not in choices.kept or f.tone != "decide"]
    return sorted(undecided, key=lambda f: order[f.tone])


def still_open(notices: Sequence[Notice], choices: Choices) -> list[Notice]:
    """The notices about columns of the table that the choices do not settle."""
    return [notice for notice in notices if notice.column not in choices.left_out and not _is_settled(notice, choices)]


def _is_settled(notice: Notice, choices: Choices) -> bool:
    match notice.about:
        case "dates":
            return notice.column in choices.kinds
        case "numbers":
            markers = choices.missing_in.get(notice.column, ())
            return notice.column in choices.kinds or (bool(markers) and set(notice.settings) <= set(markers))
        case _:
            return False


def _is_reported(finding: Finding, reported: Mapping[str, str]) -> bool:
    match reported.get(finding.column):
        case "date order" | "dates":
            return finding.id.startswith(("date", "identifier"))
        case "numbers":
            return finding.id.startswith(("marker", "identifier"))
        case _:
            return False


def _of_notice(notice: Notice) -> Finding:
    id, text = " ".join(part for part in (notice.about, notice.column) if part), notice.text
    match notice.about:
        case "date order":
            return Finding(id, "decide", notice.title, text, notice.column, "read day first", "", "read month first")
        case "header":
            return Finding(id, "decide", notice.title, "Does it hold the names of the columns?", "", "read as data")
        case "numbers":
            return _of_numbers(notice, id)
        case "title":
            return Finding(id, "decide", notice.title, text, "", "skip rows", notice.settings[0])
        case "dates":
            return Finding(f"date {notice.column}", "done", notice.title, text, notice.column)
        case "durations" | "errors" | "merged" | "names" | "seconds" | "sheets":
            return Finding(f"{id} {notice.title}", "info", notice.title, text, notice.column)


def _of_numbers(notice: Notice, id: str) -> Finding:
    if not notice.settings:
        return Finding(id, "info", notice.title, notice.text, notice.column)
    words = " and ".join(f"'{word}'" for word in notice.settings)
    text, markers = f"{notice.text} Read {words} as missing instead?", MARKER_SEPARATOR.join(notice.settings)
    return Finding(id, "decide", notice.title, text, notice.column, "read as missing", markers)


def task_of(series: pd.Series[Any]) -> Literal["two-class", "multiclass", "regression"]:
    """The task of predicting this column: numbers with many values are regression, the rest is classification.

    Two integers are classes even if they are stored as decimals because of missing cells or of the file.
    """
    kind, answers = kind_of(series), series.dropna()
    values = answers.nunique()
    if kind is Kind.DECIMAL and not (values == 2 and bool((answers % 1 == 0).all())):
        return "regression"
    if kind is Kind.INTEGER and values > 2 and (values > 20 or 2 * values > len(answers)):
        return "regression"
    return "two-class" if values == 2 else "multiclass"


def shares(series: pd.Series[Any]) -> list[tuple[str, float]]:
    """Each value with its share of the non-missing values, the most frequent first."""
    counts = series.value_counts(normalize=True)
    return [(str(value), float(share)) for value, share in counts.items()]


def auc_alone(feature: pd.Series[Any], label: pd.Series[Any]) -> float:
    """How well a number alone ranks the rarer of two classes: the area under its ROC curve, at least 0.5."""
    present = feature.notna() & label.notna()
    answers = label[present].astype(str)
    positive = (answers == answers.value_counts().index[-1]).to_numpy() if present.any() else None
    if positive is None or positive.all() or not positive.any():
        return 0.5
    ranks = feature[present].astype("float64").rank().to_numpy()
    count, others = int(positive.sum()), int((~positive).sum())
    area = (ranks[positive].sum() - count * (count + 1) / 2) / (count * others)
    return float(max(area, 1 - area))


def _of_column(series: pd.Series[Any], name: str, choices: Choices) -> list[Finding]:
    checks: tuple[Callable[[pd.Series[Any], str, Choices], Finding | None], ...] = (
        _constant, _marker, _decimal_commas, _sentinel, _identifier, _leading_zeros, _date,
    )  # fmt: skip
    if name == choices.label:
        checks = (_marker, _leading_zeros)
    hits = [hit for check in checks if (hit := check(series, name, choices)) is not None]
    questions = [hit for hit in hits if hit.tone == "decide"]
    return [hit for hit in hits if hit.tone != "decide" or hit is questions[0]]


def _constant(series: pd.Series[Any], name: str, choices: Choices) -> Finding | None:
    if len(series) < 2 or series.nunique() > 1:
        return None
    missing = int(series.isna().sum())
    if 0 < missing < len(series):  # whether there is a value may be what tells
        return None
    text = "Every row is missing." if missing else f"Every row holds {series.iloc[0]}."
    return Finding(f"constant {name}", "decide", f"“{name}” never changes", text, name, "leave out")


def _marker(series: pd.Series[Any], name: str, choices: Choices) -> Finding | None:
    if kind_of(series) is not Kind.STRING:
        return None
    counts = series.value_counts()
    marker = next((m for m in MARKERS if m in counts.index), None)
    if marker is None or marker in choices.missing_in.get(name, ()):
        return None
    text = f"{counted(int(counts[marker]), 'row')}. Read as missing instead?"
    return Finding(f"marker {name}", "decide", f"“{name}” holds “{marker}”", text, name, "read as missing", marker)


def _decimal_commas(series: pd.Series[Any], name: str, choices: Choices) -> Finding | None:
    if kind_of(series) is not Kind.STRING:
        return None
    grouped = _grouped(series, name, choices)
    if grouped is not None or choices.decimal == "comma":
        return grouped
    if not has_decimal_commas([str(cell) for cell in series.dropna().head(_SAMPLE)]):
        return None
    return Finding(
        f"decimal {name}", "decide", f"“{name}” has decimal commas", "Read as numbers?", name, "read as decimal"
    )


def _grouped(series: pd.Series[Any], name: str, choices: Choices) -> Finding | None:
    """Ask whether a mark before three digits is a thousands separator: the data does not tell."""
    mark, decimal = (".", ",") if choices.decimal == "comma" else (",", ".")
    cells = [str(cell).strip() for cell in series.dropna()]
    if mark == choices.options.thousands or not has_groups(cells, mark, decimal):
        return None
    word = "points" if mark == "." else "commas"
    first = next(cell for cell in cells if mark in cell)
    whole = first.replace(mark, "")
    text = f"{first} may be {whole}."
    if mark == "," and first.count(mark) == 1 and "." not in first:
        decimal = first.replace(mark, ".")
        text = f"{first} may be {whole}, or {decimal} if the comma is the decimal mark."
    title = f"“{name}” has {word} before three digits"
    return Finding(f"thousands {name}", "decide", title, text, name, "read as thousands", mark)


def _sentinel(series: pd.Series[Any], name: str, choices: Choices) -> Finding | None:
    if not kind_of(series).is_numeric:
        return None
    low, high = series.min(), series.max()
    for value in SENTINELS:
        count = int((series == value).sum())
        others = series[series != value]
        is_separate = others.min() >= 0 if value < 0 else others.max() < value / 3
        if count >= max(2, 0.01 * len(series)) and value in (low, high) and len(others) and bool(is_separate):
            if str(value) in choices.missing_in.get(name, ()):
                return None
            text = f"{counted(count, 'row')}. Read as missing instead?"
            title = f"“{name}” may use {_signed(value)} for missing"
            return Finding(f"sentinel {name}", "decide", title, text, name, "read as missing", str(value))
    return None


def _identifier(series: pd.Series[Any], name: str, choices: Choices) -> Finding | None:
    kind, unique = kind_of(series), series.nunique()
    if kind not in (Kind.STRING, Kind.INTEGER) or len(series) < 20:
        return None
    if _IDENTIFIER.search(name) and unique > 0.9 * len(series):
        text = f"{unique:,} of {counted(len(series), 'value')} differ: a model would learn rows by heart."
        return Finding(f"identifier {name}", "decide", f"“{name}” looks like an identifier", text, name, "leave out")
    if unique < len(series):
        return None
    counts_up = (
        kind is Kind.INTEGER and bool(series.is_monotonic_increasing) and series.max() - series.min() < 2 * len(series)
    )
    if kind is Kind.INTEGER and not counts_up:
        return None
    text = "Different in every row: a model would learn rows by heart."
    return Finding(f"identifier {name}", "decide", f"“{name}” looks like an identifier", text, name, "leave out")


def _leading_zeros(series: pd.Series[Any], name: str, choices: Choices) -> Finding | None:
    if kind_of(series) is not Kind.STRING or choices.kinds.get(name) not in (None, "String", "Categorical"):
        return None
    cells = series.dropna()
    digits = cells.str.fullmatch(r"\d+")
    zeros = int((digits & cells.str.fullmatch(r"0\d+")).sum())
    if not zeros or not digits.all():
        return None
    text = f"Leading zeros in {counted(zeros, 'value')} would be lost."
    return Finding(f"zeros {name}", "done", f"“{name}” read as text", text, name)


def _date(series: pd.Series[Any], name: str, choices: Choices) -> Finding | None:
    if kind_of(series) is not Kind.DATETIME or choices.kinds.get(name) not in (None, "DateTime"):
        return None
    present = series.dropna()
    shown = f"{present.iloc[0]:%Y-%m-%d}" if len(present) else "2026-05-14"
    return Finding(f"date {name}", "done", f"“{name}” read as date", f"The pattern of {shown} fits every row.", name)


def _of_label(table: pd.DataFrame, label: str) -> list[Finding]:
    series = table[label]
    findings: list[Finding] = []
    if series.isna().any():
        text = f"{counted(int(series.isna().sum()), 'row')} without an answer: they cannot be learned from."
        findings.append(Finding("label missing", "info", f"“{label}” has gaps", text, label))
    if series.nunique() < 2:
        text = "Every row has the same answer. Choose another column to predict."
        return [*findings, Finding("label one", "info", f"“{label}” has one value", text, label)]
    task = task_of(series)
    if task == "regression":
        return findings
    values = shares(series)
    if values[0][1] >= _UNEVEN:
        text = ", ".join(f"{value} {100 * share:.1f} %" for value, share in reversed(values[:3]))
        text = f"{text}. Baseline accuracy {values[0][1]:.3f}."
        findings.append(Finding("uneven", "info", "Classes are uneven", text, label))
    if task == "two-class":
        findings += _leaking_columns(table, label)
    return findings


def _leaking_columns(table: pd.DataFrame, label: str) -> list[Finding]:
    findings: list[Finding] = []
    for column in Schema.of(table):
        if column.kind.is_numeric and column.name != label:
            area = auc_alone(table[column.name], table[label])
            if area >= _LEAKING:
                text = f"AUC of this column alone: {area:.2f}. Is it known before the answer?"
                title = f"“{column.name}” tells the answer"
                findings.append(Finding(f"telling {column.name}", "decide", title, text, column.name, "leave out"))
    return findings


def _without_markers(series: pd.Series[Any], markers: tuple[str, ...]) -> pd.Series[Any]:
    if not markers:
        return series
    if kind_of(series) is not Kind.STRING:
        numbers = [float(marker) for marker in markers]
        unmarked = series.mask(series.isin(numbers))
        return unmarked.astype("Int64") if kind_of(series) is Kind.INTEGER else unmarked
    unmarked = series.mask(series.str.strip().isin(markers))
    return _narrowed(unmarked)


def _narrowed(series: pd.Series[Any], options: ReadOptions | None = None) -> pd.Series[Any]:
    """Infer the type of a text column again, after markers were removed; unchanged if it stays text."""
    import pyarrow as pa

    from designer.contract.column_types import to_pandas
    from designer.reading.cells.literals import infer_cells

    cells = pa.chunked_array([pa.array(series, pa.string(), from_pandas=True)])
    try:
        narrowed = to_pandas(pa.table({"cells": infer_cells(cells, str(series.name), 1, options)}))["cells"]
    except DesignerError:
        return series
    return pd.Series(narrowed.to_numpy() if narrowed.dtype == "float64" else narrowed.array, index=series.index)


def _from_decimal_commas(series: pd.Series[Any]) -> pd.Series[Any]:
    if kind_of(series) is not Kind.STRING or not has_decimal_commas([str(cell) for cell in series.dropna()]):
        return series
    return _narrowed(series, ReadOptions(decimal=","))


def _signed(value: int) -> str:
    return str(value).replace("-", "−")
