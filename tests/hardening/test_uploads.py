"""Bad files as datasets are refused with a reason or read as they are; nothing else changes."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.hardening.conftest import Laboratory

Build = Callable[[Path], Path]


def text(content: str | bytes, name: str = "file.csv") -> Build:
    def build(folder: Path) -> Path:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder / name

    return build


def parquet(change: Callable[[bytes], bytes]) -> Build:
    def build(folder: Path) -> Path:
        buffer = io.BytesIO()
        pd.DataFrame({"x": range(1000), "y": "abc"}).to_parquet(buffer)
        (folder / "file.parquet").write_bytes(change(buffer.getvalue()))
        return folder / "file.parquet"

    return build


def flipped(content: bytes) -> bytes:
    changed = bytearray(content)
    changed[len(changed) // 3] ^= 64
    return bytes(changed)


def archive(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(name, "a,b\n1,2\n")
    return buffer.getvalue()


ROWS: dict[str, tuple[Build, str]] = {
    "U01": (text(b""), "refused: .*empty"),
    "U02": (text("\n\n \n"), "refused: "),
    "U03": (text("a,b\n"), "accepted: 0 x 2|refused: .*header"),
    "U04": (text("a,b\n1,ä\n".encode("utf-16")), "accepted: 1 x 2|refused: .*(encod|UTF)"),
    "U05": (text("a,b\n1,Zürich\n".encode("latin-1")), "accepted: 1 x 2|refused: .*(encod|UTF|byte)"),
    "U06": (text(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4), "refused: "),
    "U07": (text(archive("a.csv")), "refused: "),
    "U08": (text("a,b\n1,x\x00y\n"), "accepted: 1 x 2|refused: .*row"),
    "U09": (text('a,b\n1,"open\n2,3\n'), "refused: .*(quot|row)"),
    "U10": (text("a,b\n1,2\n1,2,3\n"), "refused: .*row [23] has 3 cells where 2"),
    "U11": (text("a,b\n1,2,3\n4,5,6\n"), "refused: .*row [12] has 3 cells where 2"),
    "U12": (text("a,b,c\n1,2,3\n1,2\n"), "accepted: 2 x 3|refused: .*row [23] has 2 cells where 3"),
    "U13": (text("a,a,a.1\n1,2,3\n"), "refused: .*'a'|accepted: 1 x 3"),
    "U14": (text("a,,c\n1,2,3\n"), "accepted: 1 x 3|refused: .*name"),
    "U17": (text("country,x\nNA,1\nDE,2\n"), "accepted: 2 x 2"),
    "U18": (text("zip\n01234\n00501\n"), "accepted: 2 x 1"),
    "U19": (text("n\n123456789012345678901234567890\n1\n"), "accepted: 2 x 1|refused: "),
    "U20": (text("x\n1\n1e400\n"), "refused: .*(row 2|1e400)|accepted: 2 x 1"),
    "U21": (text(",".join(f"c{n}" for n in range(100_000)) + "\n"), "refused: .*column"),
    "U22": (text("a\n" + "x" * 100_000_000 + "\n"), "refused: |accepted: 1 x 1"),
    "U34": (text(gzip.compress(b"a,b\n1,2\n")[:-6], "file.csv.gz"), "refused: "),
    "U35": (parquet(lambda content: content[: len(content) // 2]), "refused: "),
    "U35 marks only": (text(b"PAR1PAR1", "file.parquet"), "refused: "),
    "U35 long footer": (text(b"PAR1" + b"\xff\xff\xff\x7fPAR1", "file.parquet"), "refused: "),
    "U36": (parquet(flipped), "refused: |accepted: 1000 x 2"),
    "U41": (lambda _: Path("file:///etc/passwd"), "refused: "),
    "U41 link": (lambda _: Path("http://169.254.169.254/x.csv"), "refused: "),
    "U42": (text(b"\x80\x04.", "file.pkl"), "refused: "),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_bad_file_is_refused_or_read_and_all_else_is_intact(laboratory: Laboratory, tmp_path: Path, row: str) -> None:
    build, right = ROWS[row]
    file = build(tmp_path)
    answer = laboratory.try_row(lambda: laboratory.add(file, row).replace(str(tmp_path), ""))
    assert re.match(right, answer), answer
