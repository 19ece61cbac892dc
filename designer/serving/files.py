"""Tables in files as streams of Arrow batches: CSV, TSV and Parquet, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from designer.contract.errors import FileMissing, UnreadableFile

BATCH_ROWS = 65_536
SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": ","}
COLUMNAR = (".parquet", ".pq")


class TableFile:
    """A file that is read batch by batch. Cells of text files come as text, an empty one as null."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.suffix = path.suffix.lower()
        self.bytes_read = 0
        if not path.is_file():
            raise FileMissing(f"there is no file '{path}'", "Check the path.", file=path.name)
        if self.suffix not in SEPARATORS and self.suffix not in COLUMNAR:
            raise UnreadableFile(f"'{path.name}' is not a CSV, TSV or Parquet file", "Convert it.", file=path.name)
        self.size = path.stat().st_size

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in order; raises UnreadableFile naming what is wrong."""
        try:
            yield from self._parquet() if self.suffix in COLUMNAR else self._text()
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

    def _text(self) -> Iterator[pa.RecordBatch]:
        if self.size == 0:
            raise UnreadableFile("the file is empty", "Choose a file with a header and rows.", file=self.path.name)
        names = self._header()
        convert = csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""],
            quoted_strings_can_be_null=True,
        )  # fmt: skip
        parse = csv.ParseOptions(delimiter=SEPARATORS[self.suffix], newlines_in_values=True)
        with pa.memory_map(str(self.path)) as source:
            reader = csv.open_csv(source, csv.ReadOptions(block_size=2**23), parse, convert)
            for batch in reader:
                self.bytes_read = min(source.tell(), self.size)
                yield from _slices(batch)

    def _header(self) -> list[str]:
        with self.path.open("rb") as file:
            line = file.readline(2**20)
        read = csv.read_csv(
            pa.BufferReader(line), csv.ReadOptions(autogenerate_column_names=True),
            csv.ParseOptions(delimiter=SEPARATORS[self.suffix]),
            csv.ConvertOptions(check_utf8=True),
        )  # fmt: skip
        names = [str(column[0].as_py()) for column in read.columns]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UnreadableFile(f"two columns are named '{twice}'", "Rename one.", file=self.path.name)
        return [name.removeprefix("\ufeff") for name in names]


class TableWriter:
    """Writes batches into a file of the same kinds; it appears under its name when it is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{path.name}.part")
        self._writer: Any = None

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows."""
        if self._writer is None:
            self._writer = self._opened(batch.schema)
        self._writer.write_batch(batch)

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

    def _opened(self, schema: pa.Schema) -> Any:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.suffix.lower() in COLUMNAR:
                return parquet.ParquetWriter(self._part, schema, write_page_checksum=True)
            options = csv.WriteOptions(delimiter=SEPARATORS.get(self.path.suffix.lower(), ","), quoting_style="needed")
            return csv.CSVWriter(self._part, schema, write_options=options)
        except OSError as error:
            raise FileMissing(f"'{self.path}' cannot be written ({error.strerror})", "Choose another path.") from error


def _slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, BATCH_ROWS):
        yield batch.slice(start, BATCH_ROWS)
