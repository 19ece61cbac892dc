"""Convert values on their way into a step and out of a program: tables to files, files to tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow
import pyarrow.parquet

from designer.contract.column_types import documented, to_pandas
from designer.contract.component import ComponentPort
from designer.contract.errors import DesignerError, FileMissing, UnreadableFile
from designer.contract.files.plain_columns import COLUMNS, read_columns, write_columns
from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.values import File, Folder
from designer.contract.wording.counting import counted
from designer.contract.written_text import write_delimited
from designer.engine.private_files import private_file
from designer.reading.file import read_table
from designer.store.artifacts.tables import to_arrow
from designer.store.artifacts.values import Stored
from designer.store.child_store import ChildStore

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
    place.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(to_arrow(table), place / TABLE_FILE)
    return place / TABLE_FILE


def written_for(port: ComponentPort, stored: Stored, store: ChildStore, place: Path, private: Path) -> Path:
    """The file or folder that a program gets at an input port; converted files are written below `place`.

    A table at a table port is the stored Arrow file, unless the port asks for another format. A program gets a copy of
    a stored file, at `private`; see `private_file`.
    """
    if port.type is PortType.TABLE and stored.kind is PortType.TABLE and port.format == "arrow":
        return private_file(store.blob(stored.digest, stored.seal), private)
    value = store.get(stored)
    if isinstance(value, File):
        value = File(private_file(value.path, private), value.name)
    value = for_port(value, port.type, place / port.name)
    if isinstance(value, pd.DataFrame):
        return _table_in(value, port.format, place / port.name)
    path: Path = value.path
    return path


def read_output(port: ComponentPort, path: Path) -> Any:
    """What a program wrote to an output port. Raises FileMissing if it wrote nothing, UnreadableFile for no table."""
    if not path.exists():
        problem = f"nothing was written to the output '{port.name}'"
        raise FileMissing(problem, "Write it before the program ends.", port=port.name)
    match port.type:
        case PortType.FOLDER:
            if not path.is_dir():
                raise UnreadableFile(f"the output '{port.name}' is a file", "Make it a folder.", port=port.name)
            return Folder(path)
        case PortType.FILE:
            return File(_only_file(port, path))
        case _ if (path / COLUMNS).is_file():
            return read_columns(path)
        case _:
            return _read(port, _only_file(port, path))


def _table_in(table: pd.DataFrame, format: str, place: Path) -> Path:
    if format == "parquet":
        return _written(table, place)
    if format == "columns":
        write_columns(table, place)
        return place
    place.mkdir(parents=True, exist_ok=True)
    write_delimited(table, place / "table.csv")
    return place / "table.csv"


def _only_file(port: ComponentPort, path: Path) -> Path:
    """The file that was written: at the path of the port, or the only one in a folder there."""
    if path.is_file():
        return path
    files = [file for file in path.rglob("*") if file.is_file()]
    if len(files) != 1:
        problem = f"the output '{port.name}' is a folder with {counted(len(files), 'file')}"
        raise UnreadableFile(problem, "Write one file to its path.", port=port.name)
    return files[0]


def _read(port: ComponentPort, file: Path) -> pd.DataFrame:
    with file.open("rb") as opened:
        start = opened.read(6)
    try:
        if start == b"ARROW1":
            return documented(to_pandas(pyarrow.ipc.open_file(pyarrow.memory_map(str(file))).read_all()))
        return read_table(file, "Parquet" if start.startswith(b"PAR1") else "CSV")
    except DesignerError as error:
        raise error.at(port=port.name) from None
    except pyarrow.ArrowException as error:
        raise UnreadableFile(f"the output '{port.name}' is no table ({error})", "Write a table.") from error
