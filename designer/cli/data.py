"""`designer dataset`: add, list, remove, restore, sweep."""

from __future__ import annotations

import shutil
from pathlib import Path

from designer.cli.files import settings_of, to_json
from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.schema import Schema
from designer.engine.importing import import_dataset
from designer.store.abandoned import sweep
from designer.store.records import Dataset
from designer.store.workspace import open_workspace


def add(folder: Path, file: Path, name: str | None, settings: list[str], *, json: bool) -> None:
    """Keep a copy of the file in the workspace, read it as Import Data does, and register the table."""
    with open_workspace(folder) as workspace:
        if not file.is_file():
            raise FileMissing("there is no such file", file=str(file))
        place = workspace.upload_place(file.name)
        shutil.copyfile(file, place)
        dataset = import_dataset(
            workspace, workspace.library(), place, name or file.stem, options=settings_of(settings)
        )
        schema = Schema.from_json(dataset.table_schema)
    if json:
        document = {"name": dataset.name, "version": dataset.version, "rows": dataset.rows, "digest": dataset.digest}
        print(to_json({**document, "schema": schema.to_json()}))
        return
    print(f"{dataset.name}, version {dataset.version}: {dataset.rows:,} rows x {dataset.columns} columns")
    for column in schema:
        print(f"  {column.name:<30} {column.kind}")


def print_list(folder: Path, *, trash: bool, json: bool) -> None:
    """The newest version of each dataset, then the samples; or what is in the trash."""
    with open_workspace(folder) as workspace:
        registered = workspace.datasets.all(trashed=trash)
        known = {dataset.name for dataset in registered}
        samples = [] if trash else [sample for sample in workspace.datasets.samples() if sample.name not in known]
    if json:
        rows = [_row(dataset) for dataset in registered]
        print(to_json(rows + [{"name": s.name, "sample": True, "description": s.description} for s in samples]))
        return
    for dataset in registered:
        print(f"{dataset.name:<32} version {dataset.version}, {dataset.rows:,} x {dataset.columns}")
    for sample in samples:
        print(f"{sample.name:<32} sample: {sample.description}")


def remove(folder: Path, name: str, *, for_ever: bool) -> None:
    """Move a dataset to the trash; `for_ever` removes it from there too."""
    with open_workspace(folder) as workspace:
        is_trashed = name in [row.name for row in workspace.datasets.all(trashed=True)]
        if not is_trashed:
            if workspace.datasets.get(name).origin == "sample":
                raise InvalidParameter(f"'{name}' ships with Designer", "Samples cannot be removed.")
            workspace.datasets.delete(name)
        elif not for_ever:
            raise FileMissing(f"'{name}' is in the trash already", "Add --for-ever to remove it from there.")
        if for_ever:
            workspace.datasets.forget(name)
    print(f"{name}: removed for ever" if for_ever else f"{name}: in the trash; designer dataset restore brings it back")


def restore(folder: Path, name: str) -> None:
    """Take a dataset out of the trash."""
    with open_workspace(folder) as workspace:
        if name not in [row.name for row in workspace.datasets.all(trashed=True)]:
            raise FileMissing(f"there is no dataset '{name}' in the trash", "See: designer dataset list --trash.")
        workspace.datasets.restore(name)
    print(f"{name}: restored")


def sweep_uploads(folder: Path) -> None:
    """Remove uploaded files that nothing uses and nobody touched for a week."""
    with open_workspace(folder) as workspace:
        freed = sweep(workspace)
    print(f"{freed:,} bytes freed")


def _row(dataset: Dataset) -> dict[str, object]:
    return {"name": dataset.name, "version": dataset.version, "rows": dataset.rows, "columns": dataset.columns}
