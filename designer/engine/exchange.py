"""Convert values on their way into a step: tables to files for ports that take folders and files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.values import File, Folder
from designer.store.artifacts.tables import to_arrow

TABLE_FILE = "table.parquet"


def for_module(module: Module, values: Mapping[str, Any], place: Path) -> dict[str, Any]:
    """The values by input port as a module takes them, see `for_port`."""
    types = {port.name: port.type for port in module.spec().inputs}
    return {port: for_port(value, types[port], place / port) for port, value in values.items()}


def for_port(value: Any, type: PortType, place: Path) -> Any:
    """The value as a port of this type takes it, see `PortType.accepts`; files are written below `place`."""
    match type, value:
        case PortType.FILE, pd.DataFrame():
            return File(_written(value, place))
        case PortType.FOLDER, pd.DataFrame():
            return Folder(_written(value, place).parent)
        case PortType.FOLDER, File():
            place.mkdir(parents=True, exist_ok=True)
            (place / Path(value.name).name).symlink_to(value.path)
            return Folder(place)
        case _:
            return value


def _written(table: pd.DataFrame, place: Path) -> Path:
    import pyarrow.parquet

    place.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(to_arrow(table), place / TABLE_FILE)
    return place / TABLE_FILE
