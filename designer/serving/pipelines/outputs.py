"""Outputs of steps as files that an HTTP client asks for: tables as CSV, Parquet or Arrow, folders as ZIP."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote

import pandas as pd
import pyarrow.feather as feather
import pyarrow.parquet as parquet

from designer.contract.errors import FileMissing
from designer.contract.values import Archive, Evaluation, File, Folder
from designer.contract.wording.articles import with_article
from designer.contract.wording.closeness import closest
from designer.serving.workers.wire import Refused
from designer.store.artifacts.tables import to_arrow
from designer.store.artifacts.values import Stored
from designer.store.records import NodeRun
from designer.store.workspace import Workspace

Write = Callable[[pd.DataFrame, IO[bytes]], None]
ANY = ("*/*", "application/*", "text/*", "")


@dataclass(frozen=True)
class Written:
    """A file to send, which vanishes when it is closed."""

    file: IO[bytes]
    size: int
    media_type: str
    name: str

    @property
    def disposition(self) -> str:
        """The header that gives the file its name."""
        return f"attachment; filename*=UTF-8''{quote(self.name, safe='')}"


def written_output(workspace: Workspace, nodes: Mapping[str, NodeRun], step: str, port: str, accept: str) -> Written:
    """Write an output of a step of a run. Raises Refused: 404, 406 for a form that it does not have, 410."""
    row = _row(nodes, step)
    if port not in row.outputs:
        remedy = closest(port, row.outputs, "Outputs are") or f"The step is {row.state}."
        raise Refused(404, "pipeline.output", f"{row.title} has no output '{port[:80]}'", remedy)
    try:
        value = workspace.value(Stored.from_json(row.outputs[port]))
    except FileMissing:
        raise Refused(410, "pipeline.removed", f"'{port}' of {row.title} was removed to free space",
                      "Run the pipeline again.") from None  # fmt: skip
    return _written(value, f"{row.node}-{port}", accept, f"'{port}' of {row.title}")


def _row(nodes: Mapping[str, NodeRun], step: str) -> NodeRun:
    titled = [row for row in nodes.values() if row.title == step]
    if step not in nodes and len(titled) != 1:
        raise Refused(
            404, "pipeline.step", f"the run has no step '{step[:80]}'", closest(step[:80], nodes, "Steps are")
        )
    return nodes.get(step) or titled[0]


def _written(value: Any, name: str, accept: str, what: str) -> Written:
    match value:
        case pd.DataFrame():
            return _table(value, name, accept)
        case Evaluation():
            return _table(value.metrics, name, accept)
        case Folder():
            paths = {path.relative_to(value.path).as_posix(): path.read_bytes for path in value.files()}
            return _zip(paths, name, accept)
        case Archive():
            return _zip({path: content.__bytes__ for path, content in value.files.items()}, name, accept)
        case File():
            return _sized(value.path.open("rb"), "application/octet-stream", value.name)
        case _:
            kind = with_article(type(value).__name__)
            raise Refused(406, "pipeline.form", f"{what} is {kind}, which cannot be sent as a file",
                          "Export the model on its page, or read it with the SDK.")  # fmt: skip


def _table(table: pd.DataFrame, name: str, accept: str) -> Written:
    media_type = _accepted(accept, TABLES)
    ending, write = TABLES[media_type]
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is sent
    write(table, file)
    return _sized(file, media_type, f"{name}.{ending}")


def _zip(contents: Mapping[str, Callable[[], bytes]], name: str, accept: str) -> Written:
    media_type = _accepted(accept, {"application/zip": ()})
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is sent
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, read in sorted(contents.items()):
            archive.writestr(path, read())
    return _sized(file, media_type, f"{name}.zip")


def _sized(file: IO[bytes], media_type: str, name: str) -> Written:
    size = file.seek(0, 2)
    file.seek(0)
    return Written(file, size, media_type, name)


def _accepted(accept: str, offered: Mapping[str, Any]) -> str:
    """The first offered media type that a client accepts, in its order. Raises Refused with 406."""
    wanted = sorted((_weighed(part) for part in accept.split(",")), key=lambda each: -each[1])
    for media_type, weight in wanted:
        if weight > 0 and (media_type in offered or media_type in ANY):
            return media_type if media_type in offered else next(iter(offered))
    raise Refused(406, "pipeline.form", f"this output is not available as {accept[:80]}",
                  f"Accept one of: {', '.join(offered)}.")  # fmt: skip


def _weighed(part: str) -> tuple[str, float]:
    media_type, *parameters = [each.strip().lower() for each in part.split(";")]
    quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return media_type, float(quality)
    except ValueError:
        return media_type, 1.0


def _csv(table: pd.DataFrame, file: IO[bytes]) -> None:
    table.to_csv(file, index=False)


def _parquet(table: pd.DataFrame, file: IO[bytes]) -> None:
    parquet.write_table(to_arrow(table), file)


def _arrow(table: pd.DataFrame, file: IO[bytes]) -> None:
    feather.write_feather(to_arrow(table), file, compression="uncompressed")


TABLES: Mapping[str, tuple[str, Write]] = {
    "text/csv": ("csv", _csv),
    "application/vnd.apache.parquet": ("parquet", _parquet),
    "application/vnd.apache.arrow.file": ("arrow", _arrow),
}
"""The file ending and the writer of each media type of a table; the first is the default."""
