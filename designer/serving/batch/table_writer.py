"""Write Arrow batches to a file: text in a given dialect, or Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Protocol, Self, TextIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet

from designer.contract.errors import DesignerError, FileMissing, UnreadableFile
from designer.contract.files.read_options import ENCODINGS

TEXT, TABBED = (".csv", ".txt"), (".tsv", ".tab")
COLUMNAR = (".parquet", ".pq")
_OTHERS = "Score those rows in a file of their own."


@dataclass(frozen=True)
class Dialect:
    """How the text of a table is written."""

    separator: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    line_end: str = "\n"


class _Writes(Protocol):
    def write_batch(self, batch: pa.RecordBatch) -> None: ...
    def close(self) -> None: ...


class TableWriter:
    """Write batches of equal columns to a file; it appears under its name once complete.

    Raises UnreadableFile where the format cannot be written.
    """

    def __init__(self, path: Path, dialect: Dialect | None = None) -> None:
        self.path = path
        suffix = path.suffix.lower()
        dialect = dialect or Dialect()
        self._dialect = dialect if suffix in TEXT else replace(dialect, separator="\t")
        if suffix not in (*TEXT, *TABBED, *COLUMNAR):
            problem = f"scores are not written as '{path.suffix}'"
            raise UnreadableFile(problem, "Name a CSV, TSV or Parquet file.", file=path.name)
        self._part = path.with_name(f".{path.name}.part")
        self._writer: _Writes | None = None
        self._schema = pa.schema([])

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows. The first batch sets columns and types; raises DesignerError where a later one does not fit."""
        if batch.num_rows == 0:
            return
        if self._writer is None:
            self._writer, self._schema = self._opened(batch.schema), batch.schema
        self._writer.write_batch(self._fitted(batch))

    def close(self) -> bool:
        """Finish the file; returns whether there is one."""
        if self._writer is None:
            return False
        self._writer.close()
        self._part.replace(self.path)
        return True

    def discard(self) -> None:
        """Delete the partial file."""
        if self._writer is not None:
            self._writer.close()
        self._part.unlink(missing_ok=True)

    def _fitted(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Cast the batch to the types of the first: Arrow's writers misread the bytes of other types."""
        if batch.schema.equals(self._schema):
            return batch
        if batch.schema.names != self._schema.names:
            raise DesignerError("the columns of the answers change between batches", _OTHERS)
        try:
            columns = [batch.column(field.name).cast(field.type) for field in self._schema]
        except pa.ArrowException as error:
            raise DesignerError("a column of the answers changes its type between batches", _OTHERS) from error
        return pa.RecordBatch.from_arrays(columns, schema=self._schema)

    def _opened(self, schema: pa.Schema) -> _Writes:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.suffix.lower() in COLUMNAR:
                return parquet.ParquetWriter(self._part, schema, write_page_checksum=True)  # type: ignore[no-any-return]
            return _TextWriter.opened(self._part, self._dialect, schema.names)
        except OSError as error:
            raise FileMissing(f"'{self.path}' cannot be written ({error.strerror})", "Choose another path.") from error


class _TextWriter:
    """Write batches as delimited text; quote only where needed."""

    def __init__(self, file: TextIO, dialect: Dialect) -> None:
        self._file, self._dialect = file, dialect

    @classmethod
    def opened(cls, path: Path, dialect: Dialect, names: Sequence[str]) -> Self:
        """Open a new file and write the header."""
        writer = cls(path.open("w", encoding=dialect.encoding, newline=""), dialect)
        writer._write([pa.array([name], pa.string()) for name in names])
        return writer

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Append rows."""
        self._write([_texts(batch.column(name), name, self._dialect.decimal) for name in batch.schema.names])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, columns: Sequence[pa.Array]) -> None:
        cells = [_quoted(column, self._dialect.separator) for column in columns]
        empty = '""' if len(cells) == 1 else ""  # a blank line would be no row
        filled = [pc.fill_null(column, empty) if column.null_count else column for column in cells]
        lines = pc.binary_join_element_wise(*filled, self._dialect.separator)
        try:
            self._file.write(self._dialect.line_end.join([*lines.to_pylist(), ""]))
        except UnicodeEncodeError as error:
            codec = self._dialect.encoding
            encoding = next((name for name, python_codec in ENCODINGS.items() if python_codec == codec), codec)
            text = error.object[error.start : error.end][:20]
            problem = f"'{text}' cannot be written in {encoding}, the file's encoding"
            raise DesignerError(problem, "Save the file as UTF-8 and score it again, or name a Parquet file.") from None


def _texts(array: pa.Array, name: str, decimal: str) -> pa.Array:
    """Format the cells as text, numbers with the decimal mark."""
    if isinstance(array, pa.DictionaryArray):
        array = array.dictionary_decode()
    has_fractions = pa.types.is_floating(array.type) or pa.types.is_decimal(array.type)
    try:
        texts = array.cast(pa.string())
    except pa.ArrowException:
        problem = f"column '{name}' holds {array.type}, which text does not"
        raise DesignerError(problem, "Name a Parquet file for the scores.", column=name) from None
    return pc.replace_substring(texts, ".", decimal) if has_fractions and decimal != "." else texts


def _quoted(cells: pa.Array, separator: str) -> pa.Array:
    marks = (separator, '"', "\r", "\n")
    data = cells.buffers()[2]
    written = data.to_pybytes() if data is not None else b""
    if not any(mark.encode() in written for mark in marks):
        return cells
    needed = pc.fill_null(reduce(pc.or_, (pc.match_substring(cells, mark) for mark in marks)), False)
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(cells, '"', '""'), '"', "")
    return pc.if_else(needed, quoted, cells)
