"""Compress the saved revisions of pipelines."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any


def packed(document: Mapping[str, Any]) -> bytes:
    """A document as zlib-compressed JSON, as kept in the history."""
    return zlib.compress(json.dumps(dict(document), separators=(",", ":")).encode())


def unpacked(content: bytes) -> dict[str, Any]:
    """Read back what `packed` wrote."""
    document: dict[str, Any] = json.loads(zlib.decompress(content))
    return document
