"""Score a file: batches in, the same rows with their scores out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Kind, Schema
from designer.contract.wording.counting import counted
from designer.inference.coded import CODES, by_words
from designer.inference.convert import Converted
from designer.inference.scorer import Scorer
from designer.pipeline.document import from_document
from designer.serving.batch.columns import ARROW, answered, finite_only, is_text, read_cells, series, tensor, words
from designer.serving.batch.files import TableFile
from designer.serving.batch.needed_columns import require_columns
from designer.serving.batch.other_dates import OtherDates
from designer.serving.batch.table_writer import COLUMNAR, TABBED, TEXT, TableWriter
from designer.serving.batch.unseen import Unseen, merged, unseen
from designer.serving.live import stored_onnx
from designer.serving.signature import reading_of
from designer.serving.workers.session import OnnxScorer
from designer.serving.workers.wire import ModelFailed
from designer.store.records import EndpointVersion
from designer.store.workspace import Workspace

Report = Callable[[float, str], None]
MOST_FAILED = 64
"""If more consecutive rows than this fail, the pipeline is at fault, not the rows."""


@dataclass(frozen=True)
class Scored:
    """The result of scoring a file: `rows` written, `unscored` of them with null scores.

    `refused` rows are not among them; they are in `errors`, with the reason.
    """

    target: Path
    rows: int
    unscored: int
    refused: int
    errors: Path | None
    engine: str
    seconds: float
    encoding: str = "utf-8"
    """Text encoding of the files."""
    replaced: tuple[str, ...] = ()
    """Columns of the file that had the name of a score, which took their place."""
    unseen: Mapping[str, Unseen] = field(default_factory=dict)
    """Values that training did not have, by column."""

    @property
    def notes(self) -> list[str]:
        """What the user should know of the scores."""
        names = ", ".join(f"'{name}'" for name in self.replaced)
        replaced = [f"{names} of the file gave way to the scores of that name"] if names else []
        return [*replaced, *(values.note(name) for name, values in self.unseen.items())]

    @property
    def sentence(self) -> str:
        """The result as one sentence."""
        words = f"{counted(self.rows - self.unscored, 'row')} scored by {self.engine} in {self.seconds:.2f} s"
        words += f", {self.unscored:,} without an answer" if self.unscored else ""
        words += f", {self.refused:,} refused" if self.refused else ""
        return "; ".join([words, *self.notes])


@dataclass(frozen=True)
class Part:
    """The result for a batch: the rows with scores, without the refused ones, and the reason for each of those."""

    answer: pa.RecordBatch
    refused: Mapping[int, str]
    """The reason for each refused row, by its position in the batch."""
    unscored: int
    replaced: tuple[str, ...] = ()
    """Columns of the batch that the scores replace."""
    unseen: Mapping[str, Unseen] = field(default_factory=dict)
    """Values that training did not have, by column."""


class ScoresTables(Protocol):
    """An engine that scores Arrow columns of a schema."""

    schema: Schema
    engine: str

    def score(self, columns: Mapping[str, pa.Array], count: int) -> dict[str, pa.Array]:
        """The score columns, by name."""


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
    """Score a file with an endpoint's pipeline, in batches; accepts every format that a dataset can have.

    It is read with the read options of the version's training file, or with its own separator, encoding and decimal
    mark where they differ; the scored file has the same. All columns of the file are kept, followed by the scores.
    Columns that the pipeline does not need may be present, the label among them. Without `library`, modules are scanned
    only if the engine needs them. Raises DesignerError where the file cannot be read or lacks a column.
    """
    deployed = workspace.endpoints.version(name, version)
    scorer = scorer_of(workspace, library, deployed)
    return score_table_file(scorer, source, target, report, reading_of(deployed.artifacts))


def scorer_of(workspace: Workspace, library: Library | None, version: EndpointVersion) -> ScoresTables:
    """The engine of a version, for tables."""
    if version.engine == "onnxruntime":
        return OnnxTables(stored_onnx(workspace, version))
    library = library or workspace.library()
    scorer = Scorer.load(from_document(version.document), library, workspace.sources(library))
    return ModuleTables(scorer)


def score_table_file(
    scorer: ScoresTables,
    source: Path,
    target: Path | None = None,
    report: Report | None = None,
    options: ReadOptions | None = None,
) -> Scored:
    """Score a file, reading the next batch while one is scored.

    Raises DesignerError where the file has no rows, all rows are refused, its dates contradict the order of those of
    the training file, or the output cannot be written. No partial files are left then.
    """
    started = time.perf_counter()
    orders = {column.name: column.date_order for column in scorer.schema if column.date_order}
    file = TableFile(source, replace(options or ReadOptions(), date_orders=orders), scorer.schema)
    place = target or source.with_name(scored_name(source))
    errors = place.with_name(f"{place.stem}.errors.csv")
    writer, complaints = TableWriter(place, file.dialect), TableWriter(errors, file.dialect)
    other_dates = OtherDates(scorer.schema, file.options, source.name)
    read = unscored = refused = 0
    replaced: tuple[str, ...] = ()
    others: dict[str, Unseen] = {}
    try:
        with ThreadPoolExecutor(1) as ahead:
            batches = file.batches()
            upcoming = ahead.submit(next, batches, None)
            while (batch := upcoming.result()) is not None:
                upcoming = ahead.submit(next, batches, None)
                other_dates.check(batch, read)
                part = score_batch(scorer, batch, file.options)
                writer.write(part.answer)
                complaints.write(_complaints(part.refused, read))
                read, refused, unscored = (
                    read + batch.num_rows, refused + len(part.refused), unscored + part.unscored,
                )  # fmt: skip
                replaced, others = replaced or part.replaced, merged(others, part.unseen)
                if report is not None:
                    report(min(file.bytes_read / max(file.size, 1), 1.0), counted(read, "row"))
        if read == 0:
            raise DesignerError("the file has no rows", "Choose a file with rows.").at(file=source.name)
        if refused == read:
            reason = f"every row is refused ({counted(read, 'row')}); row 1: {next(iter(part.refused.values()))}"
            raise DesignerError(reason, "Correct the rows.").at(file=source.name)
        writer.close()
    except BaseException:
        writer.discard()
        complaints.discard()
        raise
    has_errors = complaints.close()
    return Scored(place, read - refused, unscored, refused, errors if has_errors else None, scorer.engine,
                  time.perf_counter() - started, file.dialect.encoding, replaced, others)  # fmt: skip


def scored_name(source: Path) -> str:
    """The name of the scored file: the source's suffix, or .csv where that format cannot be written."""
    suffix = source.suffix if source.suffix.lower() in (*TEXT, *TABBED, *COLUMNAR) else ".csv"
    return f"{source.stem}.scored{suffix}"


class OnnxTables:
    """Score with onnxruntime; per-text work on a text column is done once per distinct value."""

    engine = "onnxruntime"

    def __init__(self, converted: Converted) -> None:
        self.schema = converted.schema
        self._session = OnnxScorer(replace(converted, model=by_words(converted.model)))
        self._scores = [column for column in converted.outputs if column.is_score] or list(converted.outputs)

    def score(self, columns: Mapping[str, pa.Array], count: int) -> dict[str, pa.Array]:
        """The score columns, by name."""
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
    """Score with scikit-learn, module by module."""

    engine = "scikit-learn"

    def __init__(self, scorer: Scorer) -> None:
        self.schema = scorer.schema
        self._scorer = scorer
        self._kinds = {column.name: column.kind for column in scorer.loaded.output}

    def score(self, columns: Mapping[str, pa.Array], count: int) -> dict[str, pa.Array]:
        """The score columns, by name.

        Raises DesignerError where a step removes or reorders rows, ModelFailed where a step raises anything else.
        """
        frame = pd.DataFrame({column.name: series(columns[column.name], column) for column in self.schema})
        try:
            answer = self._scorer.score_frame(frame)
        except DesignerError:
            raise
        except Exception as error:  # a step may raise anything
            raise ModelFailed(f"the model failed ({type(error).__name__})") from error
        if len(answer) != count:
            answered = f"the pipeline answered {len(answer):,} of {counted(count, 'row')}, since a step removes rows"
            raise DesignerError(answered, "Take that step out of the inference pipeline.")
        if not self._scorer.loaded.echoes:
            _refuse_another_order(frame, answer)
        names = self._scorer.loaded.scores_among(map(str, answer.columns))
        return {name: self._answered(answer[name], name) for name in names}

    def _answered(self, answer: pd.Series[Any], name: str) -> pa.Array:
        """Cast a column to the Arrow type of its kind, so that batches have equal types."""
        array = pa.Array.from_pandas(answer)
        if isinstance(array, pa.DictionaryArray):
            array = array.dictionary_decode()
        kind = self._kinds.get(name)
        array = array.cast(ARROW[kind], safe=False) if kind is not None and kind is not Kind.DATETIME else array
        return finite_only(array)


def _refuse_another_order(rows: pd.DataFrame, answer: pd.DataFrame) -> None:
    """Raise DesignerError where a column returns with its values permuted: scores would be joined to the wrong rows."""
    for name in rows.columns.intersection(answer.columns):
        sent, returned = rows[name].astype(str).to_numpy(), answer[name].astype(str).to_numpy()
        if (sent != returned).any() and (np.sort(sent) == np.sort(returned)).all():
            problem = "the pipeline answers the rows in another order, since a step moves them"
            raise DesignerError(problem, "Take that step out of the inference pipeline.", column=str(name))


def score_batch(scorer: ScoresTables, batch: pa.RecordBatch, options: ReadOptions | None = None) -> Part:
    """Append the scores to the rows. Rows that cannot be read or scored are refused; the others are scored."""
    require_columns(scorer.schema.names, batch.schema.names)
    columns, reasons = _read(scorer.schema, batch, options)
    places = np.array([row for row in range(batch.num_rows) if row not in reasons], dtype="int64")
    if reasons:
        columns = {name: array.take(pa.array(places)) for name, array in columns.items()}
    scores, failed = _scores(scorer, columns, len(places))
    reasons |= {int(places[row]): reason for row, reason in failed.items()}
    if reasons:
        batch = batch.filter(pa.array([row not in reasons for row in range(batch.num_rows)]))
    others = {name: batch.column(name) for name in batch.schema.names if name not in scores}
    unscored = max((array.null_count for array in scores.values()), default=0)
    replaced = tuple(name for name in batch.schema.names if name in scores)
    answer = pa.RecordBatch.from_pydict({**others, **scores})
    return Part(answer, dict(sorted(reasons.items())), unscored, replaced, unseen(scorer.schema, columns))


def _read(
    schema: Schema, batch: pa.RecordBatch, options: ReadOptions | None
) -> tuple[dict[str, pa.Array], dict[int, str]]:
    """The columns that scoring needs, and the reason by row for rows that cannot be read."""
    columns: dict[str, pa.Array] = {}
    reasons: dict[int, str] = {}
    for column in schema:
        columns[column.name], invalid = read_cells(batch.column(column.name), column, options)
        reasons = {**invalid, **reasons}
    return columns, reasons


def _scores(
    scorer: ScoresTables, columns: Mapping[str, pa.Array], count: int
) -> tuple[dict[str, pa.Array], dict[int, str]]:
    """The scores of the rows that have some, and the reason by row for the others.

    Bisects a batch that fails. Raises DesignerError where a half of more than MOST_FAILED rows fails throughout.
    """
    if count == 0:
        return {}, {}
    try:
        return scorer.score(columns, count), {}
    except DesignerError as error:
        if count == 1:
            return {}, {0: error.found}
    half = count // 2
    first, reasons = _scores(scorer, {name: array.slice(0, half) for name, array in columns.items()}, half)
    if len(reasons) == half > MOST_FAILED:
        raise DesignerError(f"the pipeline scores none of {counted(half, 'row')}: {reasons[0]}", "Correct the file.")
    second, more_reasons = _scores(scorer, {name: array.slice(half) for name, array in columns.items()}, count - half)
    scores = {name: pa.concat_arrays([part[name] for part in (first, second) if part]) for name in first or second}
    return scores, {**reasons, **{row + half: reason for row, reason in more_reasons.items()}}


def _complaints(reasons: Mapping[int, str], before: int) -> pa.RecordBatch:
    rows = pa.array([before + row + 1 for row in reasons], pa.int64())
    return pa.RecordBatch.from_pydict({"row": rows, "reason": pa.array(list(reasons.values()), pa.string())})
