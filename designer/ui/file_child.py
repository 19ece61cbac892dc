"""The part of New dataset that reads the file: runs in a child process, see `apart`.

Beside an upload lies a hidden folder with what was found: `answer.json`, `profiles.json` and the table itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.errors import FileMissing
from designer.contract.reading import format_of, read_table, sheet_names
from designer.contract.schema import Role, Schema, kind_of
from designer.store.dialect import guess
from designer.store.examination import Choices, corrected, findings, task_of
from designer.store.tables import write_table
from designer.store.workspace import open_workspace
from designer.ui import figures
from designer.ui.column_profile import HEAD_BINS, column_profile, head_note, histogram

FOUND, ANSWER, PROFILES, TABLE, CHOICES = ".found", "answer.json", "profiles.json", "table.arrow", "choices.json"
SHEETS = "sheets.json"
PAGE_PROFILE = "page 1"
"""The version under which the page of a dataset keeps what it shows of a table."""

_LABEL_VALUES = 3


def uploaded_file(folder: Path) -> Path:
    """The one file of an upload."""
    files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    if len(files) != 1:
        raise FileMissing("the uploaded file is no longer there", "Choose it again.")
    return files[0]


def examine(folder: str, choices: dict[str, Any] | None) -> dict[str, Any]:
    """Read the file of an upload as chosen (or as guessed) and keep what was found; returns the answer."""
    place = Path(folder)
    file = uploaded_file(place)
    chosen = Choices.from_json(choices) if choices else Choices(options=guess(file))
    found = place / FOUND
    found.mkdir(exist_ok=True)
    if format_of(file) == "Excel":  # kept first: the sheet that is read may be the wrong one
        (found / SHEETS).write_text(json.dumps(sheet_names(file)))
    original = read_table(file, options=chosen.options)
    table = corrected(original, chosen)
    answer = {**_summary(file, original, table, chosen), "choices": chosen.to_json()}
    _replace(found / TABLE, lambda path: write_table(table, path))
    _replace(found / PROFILES, lambda path: path.write_text(json.dumps(_profiles(table, chosen.label))))
    _replace(found / ANSWER, lambda path: path.write_text(json.dumps(answer)))
    return answer


def register(folder: str, workspace: str, name: str, description: str) -> dict[str, Any]:
    """Register the table of an upload as a dataset; returns what a first pipeline is built from."""
    place = Path(folder)
    answer = json.loads((place / FOUND / ANSWER).read_text())
    chosen = Choices.from_json(answer["choices"])
    table = corrected(read_table(uploaded_file(place), options=chosen.options), chosen)
    with open_workspace(workspace) as opened:
        source = str(uploaded_file(place).relative_to(opened.uploads))
        row = opened.datasets.register(
            name, table, description=description, origin="upload", source=source, options=chosen.to_json()
        )
    return {
        "name": row.name,
        "version": row.version,
        "schema": Schema.of(table).to_json(),
        "missing": [str(column) for column in table.columns if table[column].isna().any()],
        "label": chosen.label,
        "task": task_of(table[chosen.label]) if chosen.label else "",
    }


def _summary(file: Path, original: pd.DataFrame, table: pd.DataFrame, chosen: Choices) -> dict[str, Any]:
    return {
        "file": file.name,
        "size": file.stat().st_size,
        "format": format_of(file),
        "rows": len(original),
        "duplicates": int(original.duplicated().sum()),
        "columns": [_column(original, table, str(name), chosen) for name in original.columns],
        "findings": [finding.to_json() for finding in findings(original, table, chosen)],
        "label": _label(table, chosen.label),
    }


def _column(original: pd.DataFrame, table: pd.DataFrame, name: str, chosen: Choices) -> dict[str, Any]:
    was, is_left_out = kind_of(original[name]), name in chosen.left_out
    series = original[name] if is_left_out else table[name]
    values = series.dropna()
    return {
        "name": name,
        "kind": str(kind_of(series)),
        "was": str(was) if kind_of(series) is not was else "",
        "left_out": is_left_out,
        "bars": [round(bar.height, 3) for bar in histogram(series, HEAD_BINS).bars],
        "note": head_note(series),
        "missing": int(series.isna().sum()),
        "unique": int(values.nunique()),
        "examples": ", ".join(_example(value) for value in values.drop_duplicates().head(4)),
    }


def _example(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool | np.bool_) else str(value).removesuffix(" 00:00:00")
    return text if len(text) <= 24 else f"{text[:23]}…"


def _label(table: pd.DataFrame, label: str) -> dict[str, Any]:
    if not label:
        return {"task": "", "values": []}
    frequent = [str(value) for value in table[label].value_counts().head(_LABEL_VALUES + 1).index]
    return {"task": task_of(table[label]), "values": frequent}


def _profiles(table: pd.DataFrame, label: str) -> dict[str, Any]:
    answer = table[label] if label else None
    schema = Schema.of(table)
    roles = {column.name: "label" if column.role is Role.LABEL else "feature" for column in schema}
    return {name: column_profile(table[name], roles[name], answer).to_json() for name in schema.names}


def _replace(path: Path, write: Any) -> None:
    """Write beside the file and move it there, so that a reader sees the old one or the new one."""
    new = path.with_name(f"{path.name}.new")
    write(new)
    new.replace(path)


def in_words(answer: dict[str, Any]) -> str:
    """The line under the file's name."""
    return f"{figures.bytes_in_words(answer['size'])}, {figures.plural(len(answer['columns']), 'column')}"


def describe(workspace: str, name: str, version: int) -> None:
    """Keep what the page of a registered dataset shows, beside the statistics of its table."""
    with open_workspace(workspace) as opened:
        stored = opened.datasets.stored(name, version)
        table = opened.value(stored)
        label = next(iter(Schema.of(table).with_role(Role.LABEL)), "")
        columns = [_column(table, table, str(column), Choices(label=label)) for column in table.columns]
        document = {
            "columns": columns,
            "profiles": _profiles(table, label),
        }
        opened.results.keep_profile(stored.digest, PAGE_PROFILE, "ready", document)
