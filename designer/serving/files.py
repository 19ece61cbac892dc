"""Tables in files as streams of Arrow batches: text and Parquet in bounded memory, workbooks and JSON lines whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from designer.contract.counting import counted
from designer.contract.delimited import Layout, text_conversion
from designer.contract.errors import DesignerError, FileMissing, UnreadableFile
from designer.contract.read_options import ReadOptions
from designer.contract.reading import format_of, read_table
from designer.contract.text_file import utf8_bytes
from designer.store.dialect import guess

BATCH_ROWS = 65_536
TEXT, TABBED = (".csv", ".txt"), (".tsv", ".tab")
COLUMNAR = (".parquet", ".pq")
AS_STORED = ReadOptions(missing=())
_BEGINNING = 1 << 22


class TableFile:
    """A file that is read batch by batch, as the file was that a model learned from.

    Cells of text files come as text, an empty one as null. `options` say how texts of the cells are read.
    """

    def __init__(self, path: Path, options: ReadOptions | None = None, needed: Collection[str] = ()) -> None:
        self.path = path
        self.bytes_read = 0
        if not path.is_file():
            raise FileMissing(f"there is no file '{path}'", "Check the path.", file=path.name)
        self.format = "Parquet" if path.suffix.lower() in COLUMNAR else format_of(path)
        self.size = path.stat().st_size
        if self.size == 0:
            raise UnreadableFile("the file is empty", "Choose a file with a header and rows.", file=path.name)
        self._needed = frozenset(needed)
        try:
            self.options = AS_STORED if self.format == "Parquet" else self._laid_out(options or ReadOptions())
        except DesignerError as error:
            raise error.at(file=path.name) from error.__cause__

    @property
    def separator(self) -> str:
        """What stands between the cells of a text file that is like this one."""
        return self.options.separator if self.format in ("CSV", "TSV") else ","

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
            found = f"the file cannot be read: {str(error).splitlines()[0]}"
            raise UnreadableFile(found, "Correct the file.", file=self.path.name) from error

    def _parquet(self) -> Iterator[pa.RecordBatch]:
        with parquet.ParquetFile(self.path, page_checksum_verification=True) as file:
            total = max(file.metadata.num_rows, 1)
            done = 0
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                done += batch.num_rows
                self.bytes_read = int(self.size * done / total)
                yield batch

    def _whole(self) -> Iterator[pa.RecordBatch]:
        """The rows of a file whose format can only be read at once."""
        table = read_table(self.path, options=replace(self.options, as_text=True, kinds={}))
        self.bytes_read = self.size
        for batch in pa.Table.from_pandas(table, preserve_index=False).to_batches(max_chunksize=BATCH_ROWS):
            yield batch.replace_schema_metadata(None)

    def _text(self) -> Iterator[pa.RecordBatch]:
        layout = Layout.of(self._beginning(self.options), self.options)
        rows = csv.ReadOptions(
            block_size=2**23, column_names=layout.names, skip_rows=layout.lines, encoding=self.options.encoding
        )
        wrong: list[csv.InvalidRow] = []

        def refuse(row: csv.InvalidRow) -> str:
            wrong.append(row)
            return "error"

        parse = csv.ParseOptions(delimiter=layout.separator, newlines_in_values=True, invalid_row_handler=refuse)
        with pa.memory_map(str(self.path)) as source:
            try:
                for batch in csv.open_csv(source, rows, parse, text_conversion(layout.names)):
                    self.bytes_read = min(source.tell(), self.size)
                    yield from _slices(batch)
            except pa.ArrowInvalid as error:
                if wrong:
                    raise self._ragged(wrong[0]) from error
                if "Empty CSV" not in str(error):
                    raise

    def _ragged(self, row: csv.InvalidRow) -> UnreadableFile:
        place = f"row {row.number}" if row.number is not None else f"the row '{row.text[:40]}'"
        cells = counted(row.actual_columns, "cell")
        found = f"{place} has {cells} where {row.expected_columns} are expected"
        return UnreadableFile(found, "Quote cells that hold the separator, or repair the row.", file=self.path.name)

    def _laid_out(self, options: ReadOptions) -> ReadOptions:
        """The options as given, or for a text file of another layout those that show the columns that are needed."""
        if self.format == "TSV":
            options = replace(options, separator="\t")
        if self.format not in ("CSV", "TSV"):
            return options
        seen = guess(self.path)
        plain = replace(options, separator=seen.separator, encoding=seen.encoding)
        others = (plain, replace(plain, skip_rows=0, header=True))
        chosen = next((each for each in (options, *others) if self._shows(each)), options)
        return replace(chosen, separator=Layout.of(self._beginning(chosen), chosen).separator)

    def _shows(self, options: ReadOptions) -> bool:
        try:
            return self._needed <= set(Layout.of(self._beginning(options), options).names)
        except DesignerError:
            return False

    def _beginning(self, options: ReadOptions) -> bytes:
        with self.path.open("rb") as file:
            data = file.read(_BEGINNING)
        if len(data) == _BEGINNING:
            data = data if "16" in options.encoding else data[: data.rfind(b"\n") + 1]
        return utf8_bytes(data, options)


class TableWriter:
    """Writes batches into a file of the same kinds; it appears under its name when it is whole."""

    def __init__(self, path: Path, separator: str = ",") -> None:
        self.path = path
        suffix = path.suffix.lower()
        self._separator = separator if suffix in TEXT else "\t"
        if suffix not in (*TEXT, *TABBED, *COLUMNAR):
            found = f"scores are not written as '{path.suffix}'"
            raise UnreadableFile(found, "Name a CSV, TSV or Parquet file.", file=path.name)
        self._part = path.with_name(f".{path.name}.part")
        self._writer: Any = None
        self._schema = pa.schema([])

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows. The first ones set the columns and their types; raises DesignerError where others differ."""
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
        """Leave nothing behind."""
        if self._writer is not None:
            self._writer.close()
        self._part.unlink(missing_ok=True)

    def _fitted(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch in the types of the first: Arrow's writers take the bytes of others for what they are not."""
        if batch.schema.equals(self._schema):
            return batch
        if batch.schema.names != self._schema.names:
            raise DesignerError(
                "the columns of the answers change between batches", "Score those rows in a file of their own."
            )
        try:
            columns = [batch.column(field.name).cast(field.type) for field in self._schema]
        except pa.ArrowException as error:
            raise DesignerError(
                "a column of the answers changes its type between batches", "Score those rows in a file of their own."
            ) from error
        return pa.RecordBatch.from_arrays(columns, schema=self._schema)

    def _opened(self, schema: pa.Schema) -> Any:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.suffix.lower() in COLUMNAR:
                return parquet.ParquetWriter(self._part, schema, write_page_checksum=True)
            options = csv.WriteOptions(delimiter=self._separator, quoting_style="needed")
            return csv.CSVWriter(self._part, schema, write_options=options)
        except OSError as error:
            raise FileMissing(f"'{self.path}' cannot be written ({error.strerror})", "Choose another path.") from error


def _slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, BATCH_ROWS):
        yield batch.slice(start, BATCH_ROWS)
