"""What a training pipeline leads to: an inference pipeline, an endpoint."""

from typing import Any

import reflex as rx


def inference_buttons(pipeline_id: rx.Var[str]) -> Any:
    """The two buttons at the right of the top bar."""
    return rx.fragment()
