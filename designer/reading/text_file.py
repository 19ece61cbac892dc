"""Decode text files."""

from __future__ import annotations

from typing import AnyStr

from designer.contract.errors import UnreadableFile
from designer.contract.files.read_options import ENCODINGS, ReadOptions

_BINARY = {
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or an Excel workbook", b"\x1f\x8b": "a gzip archive", b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"\x7fELF": "a program", b"SQLite format 3": "a database",
}  # fmt: skip
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def utf8_bytes(data: bytes, options: ReadOptions) -> bytes:
    """Re-encode the content as UTF-8 without a byte order mark. Raises UnreadableFile if it is not text."""
    kind = next((name for magic, name in _BINARY.items() if data.startswith(magic)), None)
    if kind:
        raise UnreadableFile(f"this is {kind}, not text", "Save it as CSV, or give the file the ending that fits.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and "16" not in options.encoding:
        raise UnreadableFile("the file is UTF-16 text", "Set Encoding to UTF-16.")
    is_utf8 = options.encoding.upper() in ("UTF-8", "UTF8")
    if is_utf8:
        data = data.removeprefix(_BYTE_ORDER_MARK)
    if "16" not in options.encoding:
        _refuse_nul(data, b"\0", b"\n")  # before decoding, whose error would blame the encoding
    text = _decoded(data, options.encoding)
    _refuse_nul(text, "\0", "\n")
    if not text.strip():
        raise UnreadableFile("the file holds only blank lines", "Choose a file that holds a table.")
    return data if is_utf8 else text.lstrip("\ufeff").encode()


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        byte = f"{data[error.start]:#04x}, position {error.start}"
        encoding_name = next((name for name, codec in ENCODINGS.items() if codec == encoding), encoding)
        problem = f"row {row} holds a byte ({byte}) that is not {encoding_name}"
        is_unicode = encoding_name.startswith("UTF")
        remedy = "Set Encoding to Windows-1252." if is_unicode else "Try another encoding, or repair the row."
        raise UnreadableFile(problem, remedy, row=row) from None
    except LookupError:
        raise UnreadableFile(
            f"there is no encoding '{encoding}'", "Use UTF-8, UTF-16, Windows-1252 or ISO-8859-1."
        ) from None


def _refuse_nul(text: AnyStr, nul: AnyStr, newline: AnyStr) -> None:
    place = text.find(nul)
    if place >= 0:
        row = text.count(newline, 0, place) + 1
        raise UnreadableFile(f"row {row} holds a NUL character", "The file is not text, or damaged.", row=row)
