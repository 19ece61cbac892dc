"""Field types of a pipeline document, shared with edits, so that edits accept only values that can be saved."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

NODE_LIMIT = 5_000
"""Maximum number of nodes of a pipeline; also of notes."""
PARAMETER_LIMIT = 200
"""Maximum number of pipeline parameters."""
CHOICE_LIMIT = 1_000
"""Maximum number of choices of a pipeline parameter."""

Id = Annotated[str, Field(min_length=1, max_length=200)]
ParameterName = Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$")]
"""Fits into `--param NAME=VALUE` and a JSON body without quoting."""
Title = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=20_000)]
Compute = Annotated[str, Field(max_length=200)]
"""The name of a compute, or the address of a scheduler."""
Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
"""In pixels of the canvas at 100 %."""
Number = Annotated[int | float, Field(allow_inf_nan=False)]
