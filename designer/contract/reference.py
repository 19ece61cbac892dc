"""References to pipeline parameters: `{"$parameter": "name"}` in the place of a node's value in a document.

No module sees one: `designer.pipeline.parameters.bound` replaces them by values before a module is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEY = "$parameter"


def reference_to(name: str) -> dict[str, str]:
    """The reference to a pipeline parameter."""
    return {KEY: name}


def referenced(value: Any) -> str | None:
    """The name of the pipeline parameter that a value refers to; None for any other value."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    name = value.get(KEY)
    return name if isinstance(name, str) else None
