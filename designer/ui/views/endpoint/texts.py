"""Texts and rows of the endpoint pages: certificate, versions, form, answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Schema
from designer.contract.values import SCORED_LABELS, SCORED_PROBABILITIES
from designer.contract.wording.counting import counted
from designer.reading.cells.literals import Fitted, fit_cells
from designer.store.records import Endpoint, EndpointKey, EndpointVersion
from designer.ui.views import figures

MASK = "••••••••••••••••"
FIRST_FIELDS = 6
MOST_CHOICES, SUGGESTIONS = 200, 20


@dataclass(frozen=True)
class Path:
    """One line of the certificate: a path that the rows took, and the differences found."""

    path: str
    against: str
    rows: str
    differences: str
    largest: str
    is_same: bool


@dataclass(frozen=True)
class Certificate:
    """The parity certificate as shown."""

    exists: bool = False
    passed: bool = False
    identical: str = ""
    largest: str = ""
    words: str = ""
    made: str = ""
    reason: str = ""
    paths: list[Path] = field(default_factory=list)


@dataclass(frozen=True)
class VersionRow:
    """One version of an endpoint."""

    number: int
    state: str
    tone: str
    model: str
    best: str
    engine: str
    made: str
    reason: str
    action: str


@dataclass(frozen=True)
class KeyRow:
    """One key, masked unless revealed."""

    slot: str
    title: str
    shown: str
    used: str
    is_revealed: bool = False


@dataclass(frozen=True)
class Field:
    """One field of the form: `editor` is number, text, choice, or suggest where there are too many choices."""

    name: str
    value: str
    editor: str
    choices: list[str] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True)
class Answer:
    """The endpoint's answer to the form."""

    status: str = ""
    tone: str = ""
    words: str = ""
    headline: str = ""
    headline_name: str = ""
    probability: str = ""
    probability_name: str = SCORED_PROBABILITIES
    probability_width: float = 0
    probability_words: str = ""
    others: list[tuple[str, str]] = field(default_factory=list)
    problem: str = ""
    warnings: list[str] = field(default_factory=list)


def certificate(version: EndpointVersion | None) -> Certificate:
    """The certificate of a version as shown; `exists` is false where nothing was compared."""
    document = version.certificate if version else {}
    if version is None or not document:
        return Certificate()
    rows, edge = int(document.get("held_out", 0)), int(document.get("edge", 0))
    available, sent_rows = int(document.get("available") or rows), document.get("sent")
    through = rows if sent_rows is None else int(sent_rows)
    part = f"{through:,} of {available:,} held-out rows{', evenly spread,' if available > rows else ''}"
    which = part if through < available else "Every held-out row"
    sent = f"{which} and {counted(edge, 'edge row')} were sent through HTTP and compared"
    unscored = f" {counted(rows - through, 'held-out row')} without a score in training stayed out."
    nothing = f"There were no held-out rows; {counted(edge, 'edge row')} were compared."
    words = f"{sent} with the training run, labels and probabilities.{unscored if through < rows else ''}"
    return Certificate(
        exists=True,
        passed=bool(document.get("passed")),
        identical=f"{min(through, int(document.get('identical', 0))):,} of {through:,}",
        largest=_difference(document.get("largest")),
        words=words if rows else nothing,
        made=f"Version {version.version}, {figures.moment(float(document.get('checked') or version.created))}",
        reason=str(document.get("reason", "")),
        paths=[_path(path) for path in document.get("paths", [])],
    )


def version_rows(
    endpoint: Endpoint, versions: Sequence[EndpointVersion], models: Mapping[int, str], best: Mapping[int, str]
) -> list[VersionRow]:
    """The versions, newest first; `models` and `best` by version number."""
    return [_version_row(endpoint, version, models, best) for version in versions]


def key_rows(keys: Sequence[EndpointKey], revealed: Mapping[str, str]) -> list[KeyRow]:
    """The keys, primary first."""
    rows = []
    for key in sorted(keys, key=lambda key: key.slot):
        if key.slot in ("primary", "secondary"):
            shown = revealed.get(key.slot) or f"{key.shown}{MASK}"
            used = f"used {figures.moment(key.last_used)}" if key.last_used else "not used yet"
            rows.append(KeyRow(key.slot, f"{key.slot.capitalize()} key", shown, used, key.slot in revealed))
    return rows


def form(
    schema: Schema,
    row: Mapping[str, Any],
    reading: ReadOptions | None = None,
    problems: Mapping[str, str] = MappingProxyType({}),
) -> list[Field]:
    """The fields of a request, filled from a row or from typed text; numbers have the training file's decimal mark."""
    mark = (reading or ReadOptions()).decimal
    fields = [_field(column, _written(row.get(column.name), mark)) for column in schema]
    return [replace(each, problem=problems.get(each.name, "")) for each in fields]


def row_of(schema: Schema, values: Mapping[str, str], reading: ReadOptions | None = None) -> dict[str, Any]:
    """The row in the form, read with the training file's options; text that does not fit is kept as typed."""
    return {column.name: _value(column, values.get(column.name, ""), reading) for column in schema}


def problems_of(schema: Schema, values: Mapping[str, str], reading: ReadOptions | None = None) -> dict[str, str]:
    """The problems of fields that cannot be sent, by column."""
    problems = {column.name: _wrong(column, values.get(column.name, ""), reading) for column in schema}
    return {name: words for name, words in problems.items() if words}


def refused_field(code: str, message: str) -> str:
    """The message at a field that the endpoint refused."""
    return "The model needs a value here." if code == "score.missing_value" else message


def answer_of(
    row: Mapping[str, Any], request: Mapping[str, Any], expected: Mapping[str, Any] | None, positive: str = ""
) -> Answer:
    """The answer as shown.

    `request` are the columns of the request, `expected` the answer of the training run, `positive` the class of the
    probabilities.
    """
    scores = {name: value for name, value in row.items() if name not in request}
    probability = scores.get(SCORED_PROBABILITIES)
    is_share = isinstance(probability, float | int)
    label = next((name for name in (SCORED_LABELS, "Assignments") if name in scores), next(iter(scores), ""))
    rest = {name: value for name, value in scores.items() if name not in (label, SCORED_PROBABILITIES)}
    return Answer(
        status="200 OK",
        tone="ok",
        headline=_shown(scores.get(label)),
        headline_name=label,
        probability=f"{float(probability or 0):.3f}" if is_share else "",
        probability_name=f"Probability of {positive}" if positive else SCORED_PROBABILITIES,
        probability_width=round(100 * float(probability or 0), 1) if is_share else 0,
        probability_words=_compared(scores, expected),
        others=[(name, _shown(value)) for name, value in list(rest.items())[:12]],
    )


def unknown_values(schema: Schema, row: Mapping[str, Any]) -> list[str]:
    """Warnings for categories that training did not have: the endpoint scores them without notice."""
    values = [(column.name, row.get(column.name)) for column in schema if column.categories]
    return [
        f"{name}: “{value}” is not among the values of training; it counts as none of them."
        for name, value in values
        if isinstance(value, str) and value not in (schema[name].categories or ())
    ]


def request_text(request: Mapping[str, Any]) -> str:
    """The body of a request as indented JSON."""
    return json.dumps(request, indent=2, ensure_ascii=False)


def _path(path: Mapping[str, Any]) -> Path:
    differences = int(path.get("differences", 0))
    return Path(
        str(path.get("path", "")),
        str(path.get("against", "")),
        figures.count(path.get("rows", 0)),
        figures.count(differences),
        _difference(path.get("largest")),
        differences == 0,
    )


def _difference(value: Any) -> str:
    if not isinstance(value, float | int):
        return "–"
    return "0" if value == 0 else f"{value:.1e}".replace("e-0", "e-").replace("-", "−")


def _version_row(
    endpoint: Endpoint, version: EndpointVersion, models: Mapping[int, str], best: Mapping[int, str]
) -> VersionRow:
    is_live = version.version == endpoint.default_version
    if version.state == "failed":
        state, tone, action = "Failed", "bad", ""
    elif is_live:
        state, tone, action = "Live", "ok", ""
    else:
        newer = endpoint.default_version is None or version.version > endpoint.default_version
        state, tone, action = "Idle", "", "Promote" if newer else "Roll back"
    return VersionRow(
        version.version, state, tone, models.get(version.version, ""), best.get(version.version, ""), version.engine,
        figures.moment(version.created), version.reason, action,
    )  # fmt: skip


def _written(value: Any, mark: str) -> str:
    """A cell as shown in a field; typed text is kept."""
    if isinstance(value, float):
        return str(value).replace(".", mark)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _field(column: Column, text: str) -> Field:
    if column.kind is Kind.BOOLEAN:
        return Field(column.name, text, "choice", ["true", "false"])
    known = list(column.categories or ())
    if len(known) > MOST_CHOICES and not column.kind.is_numeric:
        return Field(column.name, text, "suggest", _suggested(known, text))
    if known and not column.kind.is_numeric:
        return Field(column.name, text, "choice", known if text in known or not text else [*known, text])
    return Field(column.name, text, "number" if column.kind.is_numeric else "text")


def _suggested(known: Sequence[str], text: str) -> list[str]:
    """Known categories that start with the text, then those that contain it."""
    part = text.casefold()
    starting = [value for value in known if value.casefold().startswith(part)]
    if len(starting) < SUGGESTIONS:
        starting += [value for value in known if part in value.casefold()[1:] and value not in starting]
    return starting[:SUGGESTIONS]


def _value(column: Column, text: str, reading: ReadOptions | None) -> Any:
    if not text.strip():
        return None
    if column.kind in (Kind.STRING, Kind.CATEGORICAL, Kind.DATETIME):
        return text
    fitted = _fitted(column, text, reading)
    return text if fitted.reasons else fitted.cells[0].as_py()


def _wrong(column: Column, text: str, reading: ReadOptions | None) -> str:
    """Why a field cannot be sent, with an example; empty where it can."""
    if not text.strip() or column.kind in (Kind.STRING, Kind.CATEGORICAL):
        return ""
    reasons = _fitted(column, text, reading).reasons
    if not reasons:
        return ""
    like = {Kind.DECIMAL: f"1{reading.decimal if reading else '.'}5", Kind.DATETIME: "2026-11-20"}.get(column.kind)
    return f"{reasons[0]}{f'; write it like {like}' if like else ''}."


def _fitted(column: Column, text: str, reading: ReadOptions | None) -> Fitted:
    """Read typed text with the training file's options; a decimal point is accepted where it is unambiguous."""
    own = (reading or ReadOptions()).of(column.name)
    if column.date_order:
        own = replace(own, date_order=column.date_order)
    cells = pa.array([text], pa.string())
    fitted = fit_cells(cells, column.kind, own)
    if fitted.reasons and column.kind.is_numeric and own.thousands != ".":
        plain = fit_cells(cells, column.kind)
        return fitted if plain.reasons else plain
    return fitted


def _compared(scores: Mapping[str, Any], expected: Mapping[str, Any] | None) -> str:
    if not expected:
        return ""
    for name, value in expected.items():
        given = scores.get(name)
        if isinstance(value, float) and isinstance(given, float | int):
            if abs(value - given) > 1e-9:
                return "differs from training"
        elif name in scores and given != value:
            return "differs from training"
    return "same as in training"


def _shown(value: Any) -> str:
    if value is None:
        return "no answer"
    if isinstance(value, float):
        return figures.number(value, 3 if abs(value) < 1000 else 1) if value != int(value) else figures.short(value)
    return str(value)
