"""Answer with a table or another value as a file, in the form that the client accepts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from designer.api.operation import ARROW, BYTES, CSV, PARQUET, ZIP, Answer
from designer.api.refusals import Refusal
from designer.contract.errors import FileMissing
from designer.contract.ports import PortType
from designer.contract.schema import bare
from designer.store.artifacts.tables import to_arrow, write_table
from designer.store.artifacts.values import Stored
from designer.store.workspace import Workspace

TABLE_TYPES = (CSV, PARQUET, ARROW)
VALUE_TYPES = (*TABLE_TYPES, ZIP, BYTES)
_ENDINGS = {CSV: "csv", PARQUET: "parquet", ARROW: "arrow"}
_ANY = frozenset({"*/*", "", "text/*", "application/*"})


def table_answer(workspace: Workspace, stored: Stored, accept: str, name: str) -> Answer:
    """A stored table as CSV, unless the client accepts Parquet or Arrow only. Raises Refusal 406."""
    media = _chosen(accept, TABLE_TYPES)
    if media == ARROW:
        return _stored_file(workspace, stored, ARROW, f"{name}.arrow")
    return _written(workspace, bare(workspace.value(stored)), media, name)


def frame_answer(workspace: Workspace, frame: pd.DataFrame, accept: str, name: str) -> Answer:
    """Rows as CSV, unless the client accepts Parquet or Arrow only. Raises Refusal 406."""
    return _written(workspace, bare(frame), _chosen(accept, TABLE_TYPES), name)


def _written(workspace: Workspace, table: pd.DataFrame, media: str, name: str) -> Answer:
    place = workspace.new_folder(workspace.uploads) / f"table.{_ENDINGS[media]}"
    if media == CSV:
        table.to_csv(place, index=False)
    elif media == ARROW:
        write_table(table, place)
    else:
        import pyarrow.parquet as pq

        pq.write_table(to_arrow(table), place)
    return Answer(place, headers=_attached(f"{name}{place.suffix}"), media=media, is_temporary=True)


def value_answer(workspace: Workspace, stored: Stored, accept: str, name: str) -> Answer:
    """A stored value: a table as `table_answer`, a folder as a zip archive, anything else as the bytes that are stored.

    Raises Refusal 410 where `designer clean` removed it.
    """
    try:
        if stored.kind is PortType.TABLE:
            return table_answer(workspace, stored, accept, name)
        if stored.kind is PortType.FOLDER:
            return _stored_file(workspace, stored, _chosen(accept, (ZIP,)), f"{name}.zip")
        return _stored_file(workspace, stored, _chosen(accept, (BYTES,)), str(stored.summary.get("name") or name))
    except FileMissing:
        raise Refusal(410, "output.gone", "the output was removed by a clean-up", "Run the pipeline again.") from None


def _stored_file(workspace: Workspace, stored: Stored, media: str, name: str) -> Answer:
    place: Path = workspace.artifacts.blobs.verified(stored.digest, stored.seal)
    return Answer(place, headers={**_attached(name), "etag": f'"{stored.digest}"'}, media=media)


def _chosen(accept: str, offered: tuple[str, ...]) -> str:
    """The first content type of an Accept header that is offered; its order counts, weights do not."""
    wanted = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    for media in wanted:
        if media in offered:
            return media
        if media in _ANY:
            return offered[0]
    raise Refusal(406, "accept", f"there is no {accept[:80]} of it", f"Accept {' or '.join(offered)}.")


def _attached(name: str) -> Mapping[str, str]:
    from urllib.parse import quote

    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
