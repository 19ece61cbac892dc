"""Assignments of parameters in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.workbench.results.comparison import setting_text


def assignments_text(assignments: Mapping[str, Any]) -> str:
    """Assignments in one line, such as `share = 0.8, label = income`."""
    return ", ".join(f"{name} = {setting_text(value)}" for name, value in assignments.items())
