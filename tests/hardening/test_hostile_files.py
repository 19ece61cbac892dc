"""Files with hidden or oversized content: none of it is executed, and each is read or refused in time."""

from __future__ import annotations

import io
import pickle
import re
import struct
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.hardening.conftest import Laboratory

SHEET = "xl/worksheets/sheet1.xml"
Change = Callable[[str, bytes], bytes | None]


def workbook() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]}).to_excel(buffer, index=False)
    return buffer.getvalue()


def repacked(change: Change, more: dict[str, bytes] | None = None) -> bytes:
    """A workbook with parts changed, removed or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            content = change(entry.filename, source.read(entry))
            if content is not None:
                target.writestr(entry.filename, content)
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return buffer.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    return repacked(lambda name, content: content.replace(old, new) if name == SHEET else content)


def with_sizes(size: int) -> bytes:
    """A workbook whose ZIP directory declares wrong sizes of its parts."""
    content = bytearray(workbook())
    for place in re.finditer(b"PK\x01\x02", bytes(content)):
        content[place.start() + 24 : place.start() + 28] = struct.pack("<I", size)
    return bytes(content)


def laughing() -> bytes:
    """A "billion laughs" workbook: nested XML entities that expand to a billion digits."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "1" * 10}">' for n in range(9))
    head = f'<?xml version="1.0"?><!DOCTYPE l [{entities}]>'.encode()
    return repacked(lambda name, content: head + content.split(b"?>", 1)[-1].replace(b"<v>1</v>", b"<v>&e8;</v>")
                    if name == SHEET else content)  # fmt: skip


def outside() -> bytes:
    head = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    return repacked(lambda name, content: head + content.split(b"?>", 1)[-1].replace(b"<v>1</v>", b"<v>&file;</v>")
                    if name == SHEET else content)  # fmt: skip


ROWS: dict[str, tuple[Callable[[], bytes], str]] = {
    "U32": (lambda: with_sizes(2**30), "refused: .*larger than 2 GB"),
    "U33": (lambda: with_sizes(5), "refused: .*not an Excel workbook"),
    "U33 missing part": (lambda: repacked(lambda name, content: None if name == SHEET else content), "refused: "),
    "U33 half": (
        lambda: repacked(lambda name, content: content[: len(content) // 2] if name == SHEET else content),
        "refused: .*damaged",
    ),
    "U39": (laughing, "refused: .*damaged"),
    "U39 outside": (outside, "refused: .*damaged"),
    "U39 macro": (lambda: repacked(lambda _, content: content, {"xl/vbaProject.bin": b"\xd0\xcf\x11"}), "accepted: 3"),
    "U39 link": (
        lambda: repacked(lambda _, content: content, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        "accepted: 3 x 2",
    ),
    "U39 far row": (lambda: in_sheet(b'<row r="4"', b'<row r="900000000"'), "refused: .*beyond the last row"),
    "U39 far column": (lambda: in_sheet(b'r="A2"', b'r="ZZZZZZ2"'), "refused: "),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_hostile_workbook_is_refused_or_read_in_time(laboratory: Laboratory, tmp_path: Path, row: str) -> None:
    build, right = ROWS[row]
    file = tmp_path / "file.xlsx"
    file.write_bytes(build())
    answer = laboratory.try_row(lambda: laboratory.add(file, row).replace(str(tmp_path), ""))
    assert re.match(right, answer), answer
    assert "root:" not in answer


class Canary:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return eval, (f"open({str(self.file)!r}, 'w').close()",)


@pytest.mark.parametrize("row", ["U38"])
def test_a_type_that_is_python_code_is_not_run(laboratory: Laboratory, tmp_path: Path, row: str) -> None:
    canary = tmp_path / "canary"
    code = pickle.dumps(Canary(canary))
    names = {b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": code}
    field = pa.field("x", pa.int64(), metadata=names)
    pq.write_table(pa.table([pa.array([1, 2])], schema=pa.schema([field])), tmp_path / "file.parquet")
    answer = laboratory.try_row(lambda: laboratory.add(tmp_path / "file.parquet", row))
    assert answer == "accepted: 2 x 1"
    assert not canary.exists()
    pickle.loads(code)  # proves that the canary works
    assert canary.exists()


@pytest.mark.slow
@pytest.mark.parametrize("row", ["U37"])
def test_a_small_file_of_very_many_rows_harms_nobody(laboratory: Laboratory, tmp_path: Path, row: str) -> None:
    file = tmp_path / "many.parquet"
    part = pa.table({"x": pa.array([7] * 1_000_000)})
    with pq.ParquetWriter(file, part.schema) as writer:
        for _ in range(50):
            writer.write_table(part)
    assert file.stat().st_size < 1_000_000
    answer = laboratory.try_row(lambda: laboratory.add(file, row).replace(str(tmp_path), ""))
    assert re.match("accepted: 50000000 x 1|refused: ", answer), answer


@pytest.mark.parametrize("row", ["U43"])
def test_the_same_file_twice_at_once_is_stored_once(laboratory: Laboratory, tmp_path: Path, row: str) -> None:
    file = tmp_path / "file.csv"
    file.write_text("x\n" + "".join(f"{n}\n" for n in range(5000)))

    def both() -> str:
        with ThreadPoolExecutor(4) as pool:
            return " ".join(pool.map(lambda number: laboratory.add(file, f"{row} {number}"), range(4)))

    before = len(list((laboratory.workspace.path / "artifacts").glob("??/*")))
    assert laboratory.try_row(both) == " ".join(["accepted: 5000 x 1"] * 4)
    digests = {laboratory.workspace.datasets.get(f"{row} {number}").digest for number in range(4)}
    assert len(digests) == 1
    assert len(list((laboratory.workspace.path / "artifacts").glob("??/*"))) == before + 1
