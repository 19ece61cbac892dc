"""What the values of a document may be: edits accept nothing that a saved document could not hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

NODE_LIMIT = 5_000
"""The most nodes of a pipeline; also the most notes."""

Id = Annotated[str, Field(min_length=1, max_length=200)]
Title = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=20_000)]
Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
"""In pixels of the canvas at 100 %."""
