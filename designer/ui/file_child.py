"""Read the file of a new dataset; runs in a child process, see `apart`.

A hidden folder beside an upload holds the result: `answer.json`, `profiles.json` and the table itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.schema import Role, Schema, kind_of
from designer.contract.wording.counting import counted
from designer.engine.first_pipeline import first_pipeline, first_pipeline_of
from designer.pipeline.document import to_document
from designer.reading.dialect import guess
from designer.reading.examination import Choices, findings, read_as_chosen, still_open, task_of
from designer.reading.file import beginning_of, format_of, sheet_names
from designer.reading.notices import Notice
from designer.reading.unreadable_columns import UnreadableColumns
from designer.store.artifacts.tables import write_table
from designer.store.datasets import checked_name, with_reading
from designer.store.workspace import open_workspace
from designer.ui.views import figures
from designer.ui.views.dataset.column_profile import HEAD_BINS, column_profile, head_note, histogram
from designer.ui.views.dataset.upload import (
    ANSWER,
    CHOICES,
    FOUND,
    LINES,
    PROFILES,
    SHEETS,
    TABLE,
    UNREADABLE,
    uploaded_file,
)
from designer.workbench.workbench import Workbench

PAGE_PROFILE = "page 1"
"""The profile version under which the dataset page stores what it shows of a table."""

_LABEL_VALUES = 3


def examine(folder: str, choices: dict[str, Any] | None) -> dict[str, Any]:
    """Read the file of an upload as chosen (or as detected) and store the result; returns the answer."""
    place = Path(folder)
    file = uploaded_file(place)
    results = place / FOUND
    results.mkdir(exist_ok=True)
    if choices is None:  # stored first: if reading fails, the user corrects the detected choices
        choices = Choices(options=guess(file)).to_json()
        (results / CHOICES).write_text(json.dumps(choices))
    chosen = Choices.from_json(choices)
    if format_of(file) == "Excel":  # stored first: the sheet that is read may be the wrong one
        (results / SHEETS).write_text(json.dumps(sheet_names(file)))
    (results / LINES).write_text(json.dumps(beginning_of(file, chosen.options)))
    notices: list[Notice] = []
    (results / UNREADABLE).unlink(missing_ok=True)
    try:
        original, table = read_as_chosen(file, chosen, notices)
    except UnreadableColumns as error:
        (results / UNREADABLE).write_text(json.dumps(error.columns))
        error.remedy = "Leave it out." if len(error.columns) == 1 else "Leave them out."
        raise
    answer = {**_summary(file, original, table, chosen, notices), "choices": chosen.to_json()}
    _replace(results / TABLE, lambda path: write_table(table, path))
    _replace(results / PROFILES, lambda path: path.write_text(json.dumps(_profiles(table, chosen.label))))
    _replace(results / ANSWER, lambda path: path.write_text(json.dumps(answer)))
    return answer


def register(folder: str, workspace: str, name: str, description: str, build: bool) -> dict[str, Any]:
    """Register the table of an upload as a dataset; returns its first pipeline if `build` is set.

    Registers nothing where no pipeline could run.
    """
    place = Path(folder)
    answer = json.loads((place / FOUND / ANSWER).read_text())
    chosen = Choices.from_json(answer["choices"])
    notices: list[Notice] = []
    _, table = read_as_chosen(uploaded_file(place), chosen, notices)
    pipeline = first_pipeline(checked_name(name), table, chosen.label) if build else None
    with open_workspace(workspace) as opened:
        source = str(uploaded_file(place).relative_to(opened.uploads))
        reading = replace(chosen.reading, missing_in=chosen.missing_in)
        kept = with_reading(chosen.to_json(), reading, [str(notice) for notice in still_open(notices, chosen)])
        row = opened.datasets.register(
            name, table, description=description, origin="upload", source=source, options=kept
        )
    return {"name": row.name, "version": row.version, "pipeline": to_document(pipeline) if pipeline else None}


def build(workspace: str, name: str, version: int, label: str) -> dict[str, Any]:
    """The first pipeline of a registered dataset, as a document."""
    with open_workspace(workspace) as opened:
        return to_document(first_pipeline_of(opened, name, version, label))


def compare(workspace: str, name: str, before: int, after: int) -> None:
    """Store what changed from one version of a dataset to another."""
    with open_workspace(workspace) as opened:
        datasets = Workbench(opened, opened.library).datasets
        datasets.difference(datasets.get(name, before), datasets.get(name, after))


def _summary(
    file: Path, original: pd.DataFrame, table: pd.DataFrame, chosen: Choices, notices: Sequence[Notice]
) -> dict[str, Any]:
    copies = int(original.duplicated().sum())
    return {
        "file": file.name,
        "size": file.stat().st_size,
        "format": format_of(file),
        "rows": len(original),
        "duplicates": copies,
        "columns": [_column(original, table, str(name), chosen) for name in original.columns],
        "findings": [finding.to_json() for finding in findings(original, table, chosen, copies, notices)],
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
    """Write to a temporary file and rename it, so that readers see the old file or the new one."""
    new = path.with_name(f"{path.name}.new")
    write(new)
    new.replace(path)


def in_words(answer: dict[str, Any]) -> str:
    """The line under the file's name."""
    return f"{figures.bytes_in_words(answer['size'])}, {counted(len(answer['columns']), 'column')}"


def describe(workspace: str, name: str, version: int) -> None:
    """Store what the page of a registered dataset shows, beside the statistics of its table."""
    with open_workspace(workspace) as opened:
        stored = opened.datasets.stored(name, version)
        table = opened.value(stored)
        label = next(iter(Schema.of(table).with_role(Role.LABEL)), "")
        columns = [_column(table, table, str(column), Choices(label=label)) for column in table.columns]
        document = {
            "columns": columns,
            "profiles": _profiles(table, label),
            "label": label,
        }
        opened.results.keep_profile(stored.digest, PAGE_PROFILE, "ready", document)
