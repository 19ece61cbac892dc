"""`designer dataset`: add, show, list, versions, compare, remove, restore, sweep."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from designer.charts.difference_text import difference_lines
from designer.cli.files import settings_of, to_json, write_pipeline
from designer.cli.option_words import in_options
from designer.cli.options import moment, note_none, opened
from designer.contract.errors import DesignerError, FileMissing, UnreadableFile
from designer.contract.files.read_options import SEPARATORS
from designer.contract.files.required_file import require_file
from designer.contract.schema import Schema
from designer.contract.wording.counting import counted, table_size
from designer.reading.dialect import guess
from designer.reading.file import beginning_of
from designer.store.records import Dataset


def add(folder: Path, file: Path, name: str | None, settings: list[str], *, json: bool) -> None:
    """Copy a file into the workspace, read it as Import Data does, and register the table."""
    require_file(file)
    with opened(folder, makes=True) as bench:
        parameters = bench.library.required("reads files").parameters
        options = settings_of(settings, parameters)
        notices: list[str] = []
        try:
            dataset = bench.datasets.add(file, name or "", options, notices)
        except DesignerError as error:
            if isinstance(error, UnreadableFile):
                _print_beginning(file, str(options.get("sheet", "")))
            error.remedy = in_options(error.remedy, parameters)
            raise
        notices = [in_options(notice, parameters) for notice in notices]
    _print(dataset, notices, json=json)


def add_from_datastore(folder: Path, datastore: str, path: str, name: str, settings: list[str], *, json: bool) -> None:
    """Read a file of a datastore as Import Data does, and register the table."""
    with opened(folder) as bench:
        parameters = bench.library.required("reads files").parameters
        notices: list[str] = []
        try:
            options = settings_of(settings, parameters)
            dataset = bench.datastores.register_file(datastore, path, name, options, notices)
        except DesignerError as error:
            error.remedy = in_options(error.remedy, parameters)
            raise
        notices = [in_options(notice, parameters) for notice in notices]
    _print(dataset, notices, json=json)


def show(folder: Path, name: str, version: int | None, *, json: bool) -> None:
    """Print the columns of a dataset, and the notices from reading its file."""
    with opened(folder) as bench:
        dataset = bench.datasets.get(name, version)
        parameters = bench.library.required("reads files").parameters
        notices = [in_options(notice, parameters) for notice in bench.datasets.notices(dataset)]
    _print(dataset, notices, json=json)


def print_versions(folder: Path, name: str, *, json: bool) -> None:
    """Print every version of a dataset, newest first."""
    with opened(folder) as bench:
        versions = bench.datasets.versions(name)
    if json:
        print(to_json([{**_row(row), "digest": row.digest, "created": row.created} for row in versions]))
        return
    for row in versions:
        print(f"version {row.version:<4} {moment(row.created)}  {table_size(row.rows, row.columns)}")


def compare(folder: Path, after: str, before: str | None, *, json: bool) -> None:
    """Print what changed between two versions of a dataset, or two datasets."""
    with opened(folder) as bench:
        later = bench.datasets.get(after)
        earlier = bench.datasets.before(later) if before is None else bench.datasets.get(before)
        changes = bench.datasets.difference(earlier, later)
    if json:
        ends = {"before": _row(earlier), "after": _row(later)}
        print(to_json({**ends, "difference": changes.to_json()}))
        return
    print(f"{_title(earlier)} → {_title(later)}")
    for line in ["No difference."] if changes.is_none else difference_lines(changes):
        print(f"  {line}")


def _title(dataset: Dataset) -> str:
    return f"{dataset.name}, version {dataset.version}"


def layout(separator: str | None, skip_rows: int | None) -> list[str]:
    """The settings for the layout of a text file; a separator is a name or the character itself."""
    names = {mark: name for name, mark in SEPARATORS.items()}
    settings = [] if separator is None else [f"separator={names.get(separator, separator.capitalize())}"]
    return settings if skip_rows is None else [*settings, f"skip_rows={skip_rows}"]


def print_list(folder: Path, *, trash: bool, json: bool) -> None:
    """Print the newest version of each dataset, then the samples; or the trash."""
    with opened(folder) as bench:
        registered = bench.datasets.all(trashed=trash)
        names = {dataset.name for dataset in registered}
        samples = [] if trash else [sample for sample in bench.datasets.samples() if sample.name not in names]
    if json:
        rows = [_row(dataset) for dataset in registered]
        print(to_json(rows + [{"name": s.name, "sample": True, "description": s.description} for s in samples]))
        return
    for dataset in registered:
        print(f"{dataset.name:<32} version {dataset.version}, {dataset.rows:,} x {dataset.columns}")
    for sample in samples:
        print(f"{sample.name:<32} sample: {sample.description}")
    note_none([*registered, *samples], "No dataset is in the trash." if trash else "There are no datasets.")


def build_pipeline(folder: Path, name: str, output: Path, label: str | None, version: int | None) -> None:
    """Write a starter pipeline for a dataset."""
    with opened(folder) as bench:
        pipeline = bench.datasets.first_pipeline(name, version, label)
    write_pipeline(pipeline, output)
    print(f"{output}: {pipeline.name}, {counted(len(pipeline.nodes), 'node')}. Run it with: designer run {output}")


def remove(folder: Path, name: str, *, for_ever: bool) -> None:
    """Move a dataset to the trash; with `for_ever`, also remove it from there."""
    with opened(folder) as bench:
        if not bench.datasets.is_trashed(name):
            bench.datasets.delete(name)
        elif not for_ever:
            raise FileMissing(f"'{name}' is already in the trash", "Add --for-ever to remove it from there.")
        if for_ever:
            bench.datasets.forget(name)
    print(
        f"{name}: removed for ever" if for_ever else f"{name}: in the trash; restore it with: designer dataset restore"
    )


def restore(folder: Path, name: str) -> None:
    """Restore a dataset from the trash."""
    with opened(folder) as bench:
        bench.datasets.restore(name)
    print(f"{name}: restored")


def sweep_uploads(folder: Path) -> None:
    """Remove uploaded files that are unused and unchanged for a week."""
    with opened(folder) as bench:
        freed = bench.datasets.sweep()
    print(f"{counted(freed, 'byte')} freed")


def _print(dataset: Dataset, notices: list[str], *, json: bool) -> None:
    schema = Schema.from_json(dataset.table_schema)
    if json:
        document = {"name": dataset.name, "version": dataset.version, "rows": dataset.rows, "digest": dataset.digest}
        print(to_json({**document, "schema": schema.to_json(), "notices": notices}))
        return
    print(f"{dataset.name}, version {dataset.version}: {table_size(dataset.rows, dataset.columns)}")
    for column in schema:
        print(f"  {column.name:<30} {column.kind}")
    for notice in notices:
        print(f"note: {notice}")


def _print_beginning(file: Path, sheet: str) -> None:
    """Print the first lines of an unreadable file, numbered as `--skip-rows` counts them."""
    lines = beginning_of(file, replace(guess(file), sheet=sheet))
    if lines:
        print(f"{file.name} begins:", file=sys.stderr)
    for number, line in enumerate(lines, start=1):
        print(f"{number:>6}  {line}", file=sys.stderr)


def _row(dataset: Dataset) -> dict[str, object]:
    return {"name": dataset.name, "version": dataset.version, "rows": dataset.rows, "columns": dataset.columns}
