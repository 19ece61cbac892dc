"""The hover card of a port."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pandas as pd
import reflex as rx

from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.contract.values import Known
from designer.contract.wording.counting import counted
from designer.store.artifacts.values import Stored
from designer.ui.state.editor.grid import MISSING, grid_columns, grid_rows
from designer.ui.state.editor.pipeline import EditorState, tell
from designer.ui.state.editor.port import PortState
from designer.ui.state.editor.settings import in_words, known_in_words
from designer.ui.views.payload import as_whole
from designer.ui.workbench import workbench

ROWS, COLUMNS = 5, 6


class GlanceState(EditorState):
    """Answers the canvas; holds no fields of its own."""

    @rx.event(background=True)
    async def look(self, node: str, port: str, number: int) -> Any:
        """Send the output of a port in the run that is shown, or what is known about it before a run."""
        async with self:
            stored = (await self.get_state(PortState))._stored(str(node), str(port))
            known = self._known.value.outlets.get((str(node), str(port)))
        page = None
        try:
            if stored is not None and stored.schema is not None:
                page = await asyncio.to_thread(workbench().runs.rows, stored, 0, ROWS)
            answer = glance(stored, page, known)
        except DesignerError as error:
            answer = _words(str(error))
        yield tell("glanced", {"number": as_whole(number), **answer})


def glance(stored: Stored | None, page: pd.DataFrame | None, known: Known) -> dict[str, Any]:
    """The first rows and columns of a stored table, a stored value in words, or what is known before a run."""
    if stored is not None and stored.schema is not None and page is not None:
        rows = grid_rows(page.iloc[:, :COLUMNS])
        return {
            "size": _size(stored.rows or 0, stored.columns or 0),
            "columns": _headings(stored.schema),
            "rows": [[None if cell == MISSING else cell for cell in row] for row in rows],
        }
    if stored is None and isinstance(known, Schema) and len(known):
        shown = f"first {COLUMNS} of " if len(known) > COLUMNS else ""
        return _words(f"{shown}{known_in_words(known)}; rows after a run", _headings(known))
    return _words(in_words(stored) if stored is not None else known_in_words(known))


def _words(size: str, columns: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    return {"size": size, "columns": list(columns), "rows": []}


def _headings(schema: Schema) -> list[dict[str, str]]:
    headings = grid_columns(Schema(schema.columns[:COLUMNS]), {})
    return [{"name": heading.name, "kind": heading.kind, "align": heading.align} for heading in headings]


def _size(rows: int, columns: int) -> str:
    """Which part of the table is shown: `first 5 of 20,000 rows, 6 of 14 columns`."""
    down = f"first {ROWS} of {counted(rows, 'row')}" if rows > ROWS else counted(rows, "row")
    across = f"{COLUMNS} of {counted(columns, 'column')}" if columns > COLUMNS else counted(columns, "column")
    return f"{down}, {'1 column' if columns == 1 else across}"
