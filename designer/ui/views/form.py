"""Read what a form in the browser sends."""

from __future__ import annotations

from typing import Any


def form_text(form: Any, name: str) -> str:
    """The text of a field; empty if the form does not have it, or is none."""
    return str(form.get(name, "")) if isinstance(form, dict) else ""
