"""Scoring a file: a stream of batches in, the same rows with their scores out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

from designer.contract.errors import ColumnNotFound, DesignerError
from designer.contract.library import Library
from designer.contract.schema import Schema
from designer.inference.coded import CODES, by_words
from designer.inference.convert import Converted
from designer.inference.scorer import Scorer
from designer.pipeline.document import from_document
from designer.serving.columns import answered, is_text, read_cells, series, tensor, words
from designer.serving.files import TableFile, TableWriter
from designer.serving.live import stored_onnx
from designer.serving.session import OnnxScorer
from designer.store.records import EndpointVersion
from designer.store.workspace import Workspace

Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Scored:
    """A file that was scored. `refused` rows are not in it but in `errors`, with the reason; `unscored` have nulls."""

    target: Path
    rows: int
    unscored: int
    refused: int
    errors: Path | None
    engine: str
    seconds: float


class ScoresTables(Protocol):
    """What scores Arrow columns of a schema."""

    schema: Schema
    engine: str

    def score(self, columns: Mapping[str, pa.Array], count: int) -> dict[str, pa.Array]:
        """The score columns."""


def score_file(
    workspace: Workspace,
    library: Library | None,
    name: str,
    source: Path,
    target: Path | None = None,
    *,
    version: int | None = None,
    report: Report | None = None,
) -> Scored:
    """Score a CSV, TSV or Parquet file with an endpoint's pipeline, in chunks.

    All columns of the file come back with the scores behind them. Columns that the pipeline does not need may be
    there, among them the label. Without a library, modules are looked for only where the engine needs them. Raises
    DesignerError for a file that cannot be read or lacks a column.
    """
    found = workspace.endpoints.version(name, version)
    scorer = scorer_of(workspace, library, found)
    return score_table_file(scorer, source, target, report)


def scorer_of(workspace: Workspace, library: Library | None, version: EndpointVersion) -> ScoresTables:
    """The engine of a version, for tables."""
    if version.engine == "onnxruntime":
        return OnnxTables(stored_onnx(workspace, version))
    library = library or workspace.library()
    scorer = Scorer.load(from_document(version.document), library, workspace.sources(library))
    return ModuleTables(scorer)


def score_table_file(
    scorer: ScoresTables, source: Path, target: Path | None = None, report: Report | None = None
) -> Scored:
    """Score a file; the next batch is read while one is scored."""
    started = time.perf_counter()
    file = TableFile(source)
    place = target or source.with_name(f"{source.stem}.scored{source.suffix}")
    errors = place.with_name(f"{place.stem}.errors.csv")
    writer, complaints = TableWriter(place), TableWriter(errors)
    rows = unscored = refused = 0
    try:
        with ThreadPoolExecutor(1) as ahead:
            batches = file.batches()
            upcoming = ahead.submit(next, batches, None)
            while (batch := upcoming.result()) is not None:
                upcoming = ahead.submit(next, batches, None)
                answer, bad, empty = _scored(scorer, batch, rows)
                rows += batch.num_rows
                unscored += empty
                if bad is not None:
                    refused += bad.num_rows
                    complaints.write(bad)
                writer.write(answer)
                if report is not None:
                    report(min(file.bytes_read / max(file.size, 1), 1.0), f"{rows:,} rows")
        if rows == 0:
            raise DesignerError("the file has no rows", "Choose a file with rows.").at(file=source.name)
        writer.close()
    except BaseException:
        writer.discard()
        complaints.discard()
        raise
    has_errors = complaints.close()
    return Scored(place, rows, unscored, refused, errors if has_errors else None, scorer.engine,
                  time.perf_counter() - started)  # fmt: skip


class OnnxTables:
    """Scores with onnxruntime; what concerns one text column is done once for each of its words."""

    engine = "onnxruntime"

    def __init__(self, converted: Converted) -> None:
        self.schema = converted.schema
        self._session = OnnxScorer(replace(converted, model=by_words(converted.model)))
        self._scores = [column for column in converted.outputs if column.is_score] or list(converted.outputs)

    def score(self, columns: Mapping[str, pa.Array], count: int) -> dict[str, pa.Array]:
        """The score columns."""
        feed: dict[str, Any] = {}
        for column in self.schema:
            array = columns[column.name]
            if is_text(array.type):
                feed[column.name], feed[column.name + CODES] = words(array)
            else:
                feed[column.name] = tensor(array, column)
        arrays = self._session.run(feed, [column.name for column in self._scores])
        return {
            column.name: answered(array.ravel(), column.kind)
            for column, array in zip(self._scores, arrays, strict=True)
        }


class ModuleTables:
    """Scores with scikit-learn, module by module."""

    engine = "scikit-learn"

    def __init__(self, scorer: Scorer) -> None:
        self.schema = scorer.schema
        self._scorer = scorer

    def score(self, columns: Mapping[str, pa.Array], count: int) -> dict[str, pa.Array]:
        """The score columns."""
        frame = pd.DataFrame({column.name: series(columns[column.name], column) for column in self.schema})
        answer = self._scorer.score_frame(frame)
        if len(answer) != count:
            raise DesignerError(f"the pipeline answered {len(answer):,} of {count:,} rows, since a step removes rows")
        names = self._scorer.score_names or list(answer.columns)
        return {name: pa.Array.from_pandas(answer[name]) for name in names}


def _scored(
    scorer: ScoresTables, batch: pa.RecordBatch, before: int
) -> tuple[pa.RecordBatch, pa.RecordBatch | None, int]:
    """The batch with scores, the rows that cannot be read, and how many have no score."""
    missing = [name for name in scorer.schema.names if name not in batch.schema.names]
    if missing:
        raise ColumnNotFound.named(missing[0], batch.schema.names)
    columns: dict[str, pa.Array] = {}
    reasons: dict[int, str] = {}
    for column in scorer.schema:
        columns[column.name], bad = read_cells(batch.column(column.name), column)
        reasons |= {row: reason for row, reason in bad.items() if row not in reasons}
    refused = _complaints(batch, reasons, before) if reasons else None
    if reasons:
        kept = pa.array([row not in reasons for row in range(batch.num_rows)])
        batch = batch.filter(kept)
        columns = {name: array.filter(kept) for name, array in columns.items()}
    scores = scorer.score(columns, batch.num_rows) if batch.num_rows else {}
    empty = max((array.null_count for array in scores.values()), default=0)
    others = [name for name in batch.schema.names if name not in scores]
    answer = {**{name: batch.column(name) for name in others}, **scores}
    return pa.RecordBatch.from_pydict(answer), refused, empty


def _complaints(batch: pa.RecordBatch, reasons: Mapping[int, str], before: int) -> pa.RecordBatch:
    rows = sorted(reasons)
    return pa.RecordBatch.from_pydict(
        {"row": pa.array([before + row + 1 for row in rows]), "reason": pa.array([reasons[row] for row in rows])}
    )
