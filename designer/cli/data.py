"""`designer dataset add` and `designer dataset list`."""

from __future__ import annotations

import shutil
from pathlib import Path

from designer.cli.files import settings_of, to_json
from designer.contract.errors import FileMissing
from designer.contract.schema import Schema
from designer.engine.importing import import_dataset
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


def print_list(folder: Path, *, json: bool) -> None:
    """The newest version of each dataset, then the samples."""
    with open_workspace(folder) as workspace:
        registered = workspace.datasets.all()
        known = {dataset.name for dataset in registered}
        samples = [sample for sample in workspace.datasets.samples() if sample.name not in known]
    if json:
        rows = [{"name": d.name, "version": d.version, "rows": d.rows, "columns": d.columns} for d in registered]
        print(to_json(rows + [{"name": s.name, "sample": True, "description": s.description} for s in samples]))
        return
    for dataset in registered:
        print(f"{dataset.name:<32} version {dataset.version}, {dataset.rows:,} x {dataset.columns}")
    for sample in samples:
        print(f"{sample.name:<32} sample: {sample.description}")
