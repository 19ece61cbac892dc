"""Tables in files as streams of Arrow batches; text and Parquet in bounded memory, workbooks and JSON lines at once."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from csv import Error as CsvError
from csv import reader as csv_reader
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from designer.contract.errors import DesignerError, DuplicateColumns, FileMissing, UnreadableFile
from designer.contract.files.read_options import SEPARATORS, ReadOptions
from designer.contract.schema import Schema
from designer.contract.wording.counting import counted
from designer.reading.beginning import first_rows
from designer.reading.delimited import Layout, text_conversion
from designer.reading.dialect import guess
from designer.reading.file import format_of, read_table
from designer.reading.text_file import utf8_bytes
from designer.serving.batch.decimal_mark import with_decimal_mark
from designer.serving.batch.needed_columns import require_columns
from designer.serving.batch.table_writer import COLUMNAR, Dialect

BATCH_ROWS = 65_536
AS_STORED = ReadOptions(missing=())
_BEGINNING = 1 << 22
_LOOKED_AT = 1000
"""How many rows are read to detect the decimal mark."""


class TableFile:
    """A file read in batches, with the read options of a model's training file.

    Cells of text files are text, empty ones null. `options` say how the text of the cells is read.
    """

    def __init__(self, path: Path, options: ReadOptions | None = None, schema: Schema | None = None) -> None:
        self.path = path
        self.bytes_read = 0
        if not path.is_file():
            raise FileMissing(f"there is no file '{path}'", "Check the path.", file=path.name)
        self.format = "Parquet" if path.suffix.lower() in COLUMNAR else format_of(path)
        self.size = path.stat().st_size
        if self.size == 0:
            raise UnreadableFile("the file is empty", "Choose a file with a header and rows.", file=path.name)
        self._schema = Schema(()) if schema is None else schema
        try:
            self.options = AS_STORED if self.format == "Parquet" else self._laid_out(options or ReadOptions())
        except DuplicateColumns as error:
            error.remedy = "Give each its own name in the file."
            raise error.at(file=path.name) from None
        except DesignerError as error:
            raise error.at(file=path.name) from error.__cause__

    @property
    def dialect(self) -> Dialect:
        """The dialect of this file, for writing another text file like it."""
        if self.format not in ("CSV", "TSV"):
            return Dialect()
        with self.path.open("rb") as file:
            beginning = file.read(_BEGINNING)
        is_marked = beginning.startswith(codecs.BOM_UTF8)
        encoding = "utf-8-sig" if is_marked else self.options.encoding
        line_end = "\r\n" if "\r\n" in beginning.decode(encoding, errors="replace") else "\n"
        return Dialect(self.options.separator, self.options.decimal, encoding, line_end)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in order; raises UnreadableFile naming what is wrong."""
        try:
            match self.format:
                case "Parquet":
                    yield from self._parquet()
                case "CSV" | "TSV" if not self.options.pad_short_rows:
                    yield from self._text()
                case _:
                    yield from self._whole()
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            words = str(error).splitlines()[0].replace(f"{self.path.parent}{os.sep}", "")
            problem = f"the file cannot be read: {words}"
            raise UnreadableFile(problem, "Correct the file.", file=self.path.name) from error

    def _parquet(self) -> Iterator[pa.RecordBatch]:
        with parquet.ParquetFile(self.path, page_checksum_verification=True) as file:
            total = max(file.metadata.num_rows, 1)
            done = 0
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                done += batch.num_rows
                self.bytes_read = int(self.size * done / total)
                yield batch

    def _whole(self) -> Iterator[pa.RecordBatch]:
        """Read a file whose format cannot be streamed."""
        table = read_table(self.path, options=replace(self.options, as_text=True, kinds={}))
        self.bytes_read = self.size
        for batch in pa.Table.from_pandas(table, preserve_index=False).to_batches(max_chunksize=BATCH_ROWS):
            yield batch.replace_schema_metadata(None)

    def _text(self) -> Iterator[pa.RecordBatch]:
        layout = Layout.of(self._beginning(self.options), self.options)
        rows = csv.ReadOptions(
            block_size=2**23, column_names=layout.names, skip_rows=layout.lines, encoding=self.options.encoding
        )
        invalid_rows: list[csv.InvalidRow] = []

        def refuse(row: csv.InvalidRow) -> str:
            invalid_rows.append(row)
            return "error"

        parse = csv.ParseOptions(delimiter=layout.separator, newlines_in_values=True, invalid_row_handler=refuse)
        with pa.memory_map(str(self.path)) as source:
            try:
                for batch in csv.open_csv(source, rows, parse, text_conversion(layout.names)):
                    self.bytes_read = min(source.tell(), self.size)
                    yield from _slices(batch)
            except pa.ArrowInvalid as error:
                if invalid_rows:
                    raise self._ragged(invalid_rows[0], layout) from error
                if "Empty CSV" not in str(error):
                    raise

    def _ragged(self, row: csv.InvalidRow, layout: Layout) -> UnreadableFile:
        number = self._ragged_row(layout)
        place = f"row {number}" if number is not None else f"the row '{row.text[:40]}'"
        cells = counted(row.actual_columns, "cell")
        problem = f"{place} has {cells} where {row.expected_columns} are expected"
        remedy = "Quote cells that hold the separator, or repair the row."
        return UnreadableFile(problem, remedy, row=number, file=self.path.name)

    def _ragged_row(self, layout: Layout) -> int | None:
        """The line of the first row with another number of cells; Arrow, which reads blocks at once, does not count."""
        with self.path.open(encoding=self.options.encoding, newline="", errors="replace") as text:
            reader = csv_reader(text, delimiter=layout.separator)
            with suppress(CsvError):
                for cells in reader:
                    if reader.line_num > layout.lines and cells and len(cells) != len(layout.names):
                        return reader.line_num
        return None

    def _laid_out(self, options: ReadOptions) -> ReadOptions:
        """The given options or, for a text file with another layout, options under which the needed columns are found.

        Raises ColumnNotFound where no options do, or the error that keeps the file from being read.
        """
        if self.format == "TSV":
            options = replace(options, separator="\t")
        if self.format not in ("CSV", "TSV"):
            return options
        dialect = guess(self.path)
        is_one_byte = options.encoding not in ("UTF-8", "UTF-16")
        if options.encoding != "UTF-16" and not (is_one_byte and dialect.encoding == "cp1252"):
            options = replace(options, encoding=dialect.encoding)
        plain = replace(options, separator=dialect.separator, encoding=dialect.encoding)
        others = [replace(plain, separator=mark) for mark in SEPARATORS.values()]
        best = self._best([options, plain, replace(plain, skip_rows=0, header=True)], others)
        layout = self._layout(best)
        best = replace(best, separator=layout.separator)
        require_columns(self._schema.names, layout.names, layout.separator)
        return self._with_its_decimal_mark(best)

    def _best(self, likely: Sequence[ReadOptions], others: Sequence[ReadOptions]) -> ReadOptions:
        """The first options under which all needed columns are found, else the likely ones under which most are.

        Where no likely ones can be read, raises the error of the second.
        """
        needed = set(self._schema.names)
        shown = {place: self._names(each) for place, each in enumerate([*likely, *others])}
        fitting = next((place for place, names in shown.items() if names and needed <= names), None)
        if fitting is not None:
            return [*likely, *others][fitting]
        if not any(shown[place] for place in range(len(likely))):
            self._layout(likely[1])
        return likely[max(range(len(likely)), key=lambda place: (len(needed & shown[place]), len(shown[place]), place))]

    def _names(self, options: ReadOptions) -> set[str]:
        """The column names that the options yield; empty where the file cannot be read with them."""
        try:
            return set(self._layout(options).names)
        except DesignerError:
            return set()

    def _with_its_decimal_mark(self, options: ReadOptions) -> ReadOptions:
        layout = self._layout(options)
        text = self._beginning(options).decode(errors="replace")
        rows = [row.cells for row in first_rows(text, layout.separator, layout.lines, _LOOKED_AT)]
        return with_decimal_mark(options, self._schema, layout.names, rows)

    def _layout(self, options: ReadOptions) -> Layout:
        return Layout.of(self._beginning(options), options)

    def _beginning(self, options: ReadOptions) -> bytes:
        with self.path.open("rb") as file:
            data = file.read(_BEGINNING)
        if len(data) == _BEGINNING:
            data = data if "16" in options.encoding else data[: data.rfind(b"\n") + 1]
        return utf8_bytes(data, options)


def _slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, BATCH_ROWS):
        yield batch.slice(start, BATCH_ROWS)
