"""Tables as files and as output of a notebook."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.feather as pf
import pyarrow.parquet as pq

from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.schema import Schema, bare
from designer.contract.wording.counting import table_size
from designer.store.artifacts.tables import to_arrow

SHOWN_ROWS = 10
FORMATS = (".csv", ".parquet", ".arrow")


def written(table: pd.DataFrame, to: Path, name: str) -> Path:
    """Write a table to a file by its extension, or as `name`.csv into a folder; returns the file."""
    file = place_for(to, f"{name}.csv")
    match file.suffix.lower():
        case ".csv":
            table.to_csv(file, index=False)
        case ".parquet":
            pq.write_table(to_arrow(table), file)
        case ".arrow":
            pf.write_feather(to_arrow(table), file, compression="uncompressed")
        case _:
            raise InvalidParameter(f"'{file.name}' is no table file", f"Name one of {', '.join(FORMATS)}, or a folder.")
    return file


def own(table: pd.DataFrame) -> pd.DataFrame:
    """A copy that may be changed: tables of the workspace are read-only, and carry their schema."""
    return bare(table).copy(deep=True)


def place_for(to: Path, name: str) -> Path:
    """The file to write: `to` itself if it has an extension, else `name` in the folder `to`, which is made."""
    place = to.expanduser()
    is_file = bool(place.suffix) and not place.is_dir()
    file = place if is_file else place / name.replace("/", "_")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileMissing(f"the folder cannot be made ({error.strerror})", "Choose another.", file=str(file)) from None
    return file


def mimebundle(first: pd.DataFrame, schema: Schema, rows: int, title: str) -> dict[str, Any]:
    """The first rows of a table under its names and kinds, as HTML and as plain text."""
    shown = first.head(SHOWN_ROWS)
    caption = f"{title}: {table_size(rows, len(schema))}"
    return {"text/plain": f"{caption}\n{shown.to_string(index=False)}", "text/html": _html(shown, schema, caption)}


def grid(head: list[str], rows: list[list[str]], caption: str) -> str:
    """A small table as HTML; texts are escaped."""
    names = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    lines = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    body = f"<thead><tr>{names}</tr></thead><tbody>{lines}</tbody>"
    return f"<div>{html.escape(caption)}</div><table>{body}</table>"


def _html(shown: pd.DataFrame, schema: Schema, caption: str) -> str:
    kinds = {column.name: str(column.kind) for column in schema}
    head = "".join(
        f"<th>{html.escape(str(name))}<br><small>{html.escape(kinds.get(str(name), ''))}</small></th>" for name in shown
    )
    lines = "".join(
        f"<tr>{''.join(f'<td>{html.escape(_cell(value))}</td>' for value in row)}</tr>"
        for row in shown.itertuples(index=False, name=None)
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return f"<div>{html.escape(caption)}</div>{table}"


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
