"""The message that a run is queued, which leads to its page."""

from typing import Any

import reflex as rx

from designer.store.records import Run
from designer.ui.views.run.about import experiment_label


def queued_toast(run: Run, note: str = "") -> Any:
    """An event that shows the run by its number in the experiment, with a button that opens it."""
    action = {"label": "Open the run", "on_click": rx.redirect(f"/runs/{run.id}")}
    return rx.toast.success(f"{experiment_label(run)} is queued.{note}", action=action)
