"""What a stored folder or file holds: its files, and the beginning of a text or a picture."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from designer.contract.ports import PortType
from designer.contract.wording.counting import counted
from designer.store.artifacts.trees import Member, members_of, read_member
from designer.store.artifacts.values import Stored
from designer.ui.views.figures import bytes_in_words

FILES = 1000
TEXT_BYTES = 8000
PICTURE_BYTES = 2_000_000
_PICTURES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))


def describe_files(stored: Stored, archive: Path) -> dict[str, Any]:
    """Describe a folder or a file, stored at this path, for an `ArtifactCard`."""
    if stored.kind is PortType.FILE:
        name = str(stored.summary.get("name") or "file")
        with archive.open("rb") as file:
            content = file.read(PICTURE_BYTES + 1)
        return _document(name, [Member(name, stored.size)], _preview(name, content))
    members = members_of(archive)
    preview = _preview_of(members, archive)
    return _document("Folder", members, preview)


def _preview_of(members: list[Member], archive: Path) -> dict[str, str]:
    """The preview of a folder: that of its only file."""
    if len(members) != 1:
        return {}
    return _preview(members[0].path, read_member(archive, members[0].path, PICTURE_BYTES + 1))


def _document(name: str, members: list[Member], preview: dict[str, str]) -> dict[str, Any]:
    total = sum(member.size for member in members)
    facts = [("Files", counted(len(members), "file")), ("Size", bytes_in_words(total))]
    more = [f"The first {FILES:,} files are listed."] if len(members) > FILES else []
    lines = [(member.path, bytes_in_words(member.size)) for member in _first(members)]
    return {"name": name, "facts": facts, "notes": more, "list_title": "Files", "lines": lines, "importances": [],
            "coefficients": [], **preview}  # fmt: skip


def _first(members: Iterable[Member]) -> list[Member]:
    return list(members)[:FILES]


def _preview(name: str, content: bytes) -> dict[str, str]:
    """A picture as a data URL, a text by its beginning; nothing for other files."""
    picture = _PICTURES.get(Path(name).suffix.lower())
    if picture and len(content) <= PICTURE_BYTES:
        return {"picture": f"data:image/{picture};base64,{base64.b64encode(content).decode()}"}
    beginning = content[:TEXT_BYTES]
    if beginning.translate(None, _CONTROLS) != beginning:
        return {}
    try:
        text = beginning.decode("utf-8", errors="strict" if len(content) <= TEXT_BYTES else "ignore")
    except UnicodeDecodeError:
        return {}
    return {"text": text + ("\n…" if len(content) > TEXT_BYTES else "")}
