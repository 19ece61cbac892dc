"""The rows of the page of trained models."""

from __future__ import annotations

from dataclasses import dataclass

from designer.ui.views import figures
from designer.ui.views.run.texts import headline_text
from designer.workbench.models import Trained


@dataclass(frozen=True)
class ModelRow:
    """One line of the list."""

    digest: str
    title: str
    task: str
    pipeline: str
    run_id: str
    made: str
    best: str
    evaluation: str
    endpoint: str


def model_row(model: Trained) -> ModelRow:
    """The line of a model."""
    return ModelRow(
        model.digest,
        model.title,
        model.task,
        model.run.name,
        model.run.id,
        figures.moment(model.run.created),
        headline_text(model.headline),
        f"/runs/{model.run.id}/evaluate/{model.evaluation}" if model.evaluation else "",
        model.endpoint or "",
    )
