"""The sizes above which a request is refused."""

from __future__ import annotations

from dataclasses import dataclass

from designer.workbench.pipelines import DOCUMENT_BYTES

WRAPPING_BYTES = 1 << 20
"""What surrounds the largest pipeline document in a request."""


@dataclass(frozen=True)
class Limits:
    """The largest file of a request, and its largest JSON document, in bytes."""

    file_bytes: int
    document_bytes: int = DOCUMENT_BYTES + WRAPPING_BYTES
