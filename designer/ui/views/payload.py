"""Read what the browser sends: a handler takes whatever comes, since type hints check nothing."""

from __future__ import annotations

import math
from typing import Any


def form_text(form: Any, name: str) -> str:
    """The text of a field; empty if the form does not have it, or is none."""
    return str(form.get(name, "")) if isinstance(form, dict) else ""


def as_object(payload: Any) -> dict[str, Any]:
    """The payload if it is an object with names, else an empty one."""
    return {str(name): value for name, value in payload.items()} if isinstance(payload, dict) else {}


def as_list(payload: Any) -> list[Any]:
    """The payload if it is a list, else an empty one."""
    return payload if isinstance(payload, list) else []


def as_whole(payload: Any, otherwise: int = 0) -> int:
    """The payload as a whole number; `otherwise` if it is none."""
    if isinstance(payload, float):
        return int(payload) if math.isfinite(payload) else otherwise
    return payload if isinstance(payload, int) else otherwise
