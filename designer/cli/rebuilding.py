"""`designer rebuild`."""

from __future__ import annotations

import time
from pathlib import Path

from designer.cli.files import to_json
from designer.contract.errors import DesignerError, UnreadableFile
from designer.store.folder import require_workspace
from designer.store.workspace import Workspace, engine_holds, open_workspace

DATABASE = "designer.db"


def rebuild(folder: Path, *, dry_run: bool, json: bool) -> None:
    """Restore objects missing from the database from their manifests; a damaged database is set aside first."""
    require_workspace(folder)
    with _intact(folder, dry_run=dry_run) as workspace:
        objects = workspace.record.missing() if dry_run else workspace.record.bring_back()
    if json:
        print(to_json([{"kind": each.head.kind, "id": each.head.id, "missing": str(each)} for each in objects]))
        return
    for each in objects:
        print(f"{'missing' if dry_run else 'restored':<8}   {each}")
    print(f"{len(objects)} missing" if dry_run else f"{len(objects)} restored" if objects else "Nothing is missing.")


def _intact(folder: Path, *, dry_run: bool) -> Workspace:
    try:
        workspace = open_workspace(folder)
        damage = workspace.database.check()
    except UnreadableFile:
        if dry_run:
            raise
    else:
        if not damage or dry_run:
            return workspace
        workspace.close()
    if engine_holds(folder):
        raise DesignerError("Designer is running on this workspace", "Stop it first: rebuild replaces the database.")
    _set_aside(folder)
    return open_workspace(folder)


def _set_aside(folder: Path) -> None:
    ending = f"damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        if (folder / name).exists():
            (folder / name).rename(folder / f"{name}.{ending}")
    print(f"The damaged database is kept as {DATABASE}.{ending}.")
