"""Score cells with onnxruntime, in microseconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import onnxruntime

from designer.contract.onnx import MISSING
from designer.contract.schema import Column, Kind, Schema
from designer.inference.convert import Converted, OutputColumn
from designer.inference.rows import Cells, RowReader
from designer.serving.workers.wire import ModelFailed

Array = np.ndarray[Any, np.dtype[Any]]


class OnnxScorer:
    """Score cells with an ONNX model converted from an inference pipeline.

    Each call uses `threads` threads, by default one, so that calls from several threads run in parallel.
    """

    engine = "onnxruntime"

    def __init__(self, converted: Converted, threads: int = 1) -> None:
        self.schema: Schema = converted.schema
        self.outputs = converted.outputs
        self.names = [column.name for column in converted.outputs]
        self._reader = RowReader(converted.schema, limit=None)
        self._session = _session(converted.model, threads)
        self._encoders = [(c.name, _encoder(c)) for c in converted.schema]
        self._place = {name: i for i, name in enumerate(converted.schema.names)}
        computed = [column for column in converted.outputs if column.echo is None]
        self._fetched = [f"out:{column.name}" for column in computed]
        self._decoders = [_decoder(column) for column in computed]

    def score(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Score rows of JSON values; raises RefusedRequest for bad rows."""
        columns = self.score_cells(self._reader.read(rows))
        return [dict(zip(self.names, row, strict=True)) for row in zip(*columns, strict=True)]

    def score_cells(self, columns: Sequence[Cells]) -> list[Cells]:
        """Score cells by schema column; returns cells by output column."""
        feed = {name: encode(cells) for (name, encode), cells in zip(self._encoders, columns, strict=True)}
        arrays = iter(self.run(feed))
        decoders = iter(self._decoders)
        return [
            next(decoders)(next(arrays)) if column.echo is None else _echoed(columns[self._place[column.echo]], column)
            for column in self.outputs
        ]

    def run(self, feed: dict[str, Array], names: Sequence[str] | None = None) -> list[Array]:
        """The computed output columns, or the named ones, as arrays of shape [N, 1]; raises ModelFailed."""
        fetched = self._fetched if names is None else [f"out:{name}" for name in names]
        try:
            answer: list[Array] = self._session.run(fetched, feed) if fetched else []
        except Exception as error:  # onnxruntime raises many classes of its own
            raise ModelFailed(f"onnxruntime could not score the rows ({type(error).__name__})") from error
        return answer


def _session(model: bytes, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _encoder(column: Column) -> Callable[[Cells], Array]:
    match column.kind:
        case Kind.STRING | Kind.CATEGORICAL:
            return _encode_text
        case Kind.DATETIME:
            return _encode_moments
        case Kind.INTEGER | Kind.DECIMAL | Kind.BOOLEAN:
            return _encode_numbers


def _encode_numbers(cells: Cells) -> Array:
    return np.array(cells, dtype=np.float64).reshape(-1, 1)


def _encode_text(cells: Cells) -> Array:
    return np.array([MISSING if cell is None else cell for cell in cells], dtype=object).reshape(-1, 1)


def _encode_moments(cells: Cells) -> Array:
    seconds = [None if cell is None else cell.replace(tzinfo=UTC).timestamp() for cell in cells]
    return np.array(seconds, dtype=np.float64).reshape(-1, 1)


_FIRST_SECOND, _LAST_SECOND = -62_135_596_800.0, 253_402_300_800.0
"""The years 1 to 9999, in seconds since 1970."""


def _decoder(column: OutputColumn) -> Callable[[Array], Cells]:
    """A decoder for an output column; NaN and infinities become None."""
    match column.kind:
        case Kind.STRING | Kind.CATEGORICAL:
            return lambda array: [None if cell == MISSING else cell for cell in array.ravel().tolist()]
        case Kind.DECIMAL:
            return lambda array: [c if c - c == 0 else None for c in array.ravel().tolist()]
        case Kind.INTEGER:
            return lambda array: [int(c) if c - c == 0 else None for c in array.ravel().tolist()]
        case Kind.BOOLEAN:
            return lambda array: [bool(c) if c - c == 0 else None for c in array.ravel().tolist()]
        case Kind.DATETIME:
            return lambda array: [_moment(c) for c in array.ravel().tolist()]


def _moment(cell: float) -> Any:
    if not _FIRST_SECOND <= cell < _LAST_SECOND:
        return None
    return datetime.fromtimestamp(cell, UTC).replace(tzinfo=None).isoformat()


def _echoed(cells: Cells, column: OutputColumn) -> Cells:
    if column.kind is Kind.DATETIME:
        return [None if cell is None else cell.isoformat() for cell in cells]
    return [float(c) if type(c) is int else c for c in cells] if column.kind is Kind.DECIMAL else cells
