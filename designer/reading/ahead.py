"""The schema of small files before a run."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from designer.contract.schema import Schema
from designer.contract.selection import Columns
from designer.reading.file import Format, ReadOptions, format_of, read_tables

QUICK_BYTES = 1 << 20
_QUICK_SHEET_BYTES = 1 << 22
_REMEMBERED = 64


def quickly_known(
    paths: Sequence[Path], format: Format | None, options: ReadOptions, columns: Columns | None = None
) -> Schema | None:
    """The schema of the table in these files; None if they are too large to read quickly.

    All rows are read, since kinds depend on whole columns. Raises the errors of `read_tables`.
    """
    stats = [path.stat() for path in paths]
    if sum(stat.st_size for stat in stats) > QUICK_BYTES or any(_unpacks(path, format) for path in paths):
        return None
    stamps = tuple((path, stat.st_size, stat.st_mtime_ns) for path, stat in zip(paths, stats, strict=True))
    return _schema(stamps, format, json.dumps(options.to_json(), sort_keys=True), columns)


def _unpacks(path: Path, format: Format | None) -> bool:
    """Whether a workbook is large when unpacked."""
    if (format or format_of(path)) != "Excel" or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist()) > _QUICK_SHEET_BYTES


@lru_cache(_REMEMBERED)
def _schema(
    stamps: tuple[tuple[Path, int, int], ...], format: Format | None, options: str, columns: Columns | None
) -> Schema:
    read_as = ReadOptions.from_json(json.loads(options))
    return Schema.of(read_tables([path for path, _, _ in stamps], format, read_as, columns=columns))
