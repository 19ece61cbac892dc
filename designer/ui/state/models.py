"""State of the models page: the trained models of all runs, and the description of one."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx

from designer.ui.apart import apart
from designer.ui.views import failure
from designer.ui.views.artifact_card import ArtifactCard, artifact_card, describe_artifact
from designer.ui.views.model_list import ModelRow, model_row
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder


class ModelsState(rx.State):
    """The trained models and the chosen one."""

    rows: rx.Field[list[ModelRow]] = rx.field(default_factory=list)
    chosen: str = ""
    card: ArtifactCard = ArtifactCard()
    busy: bool = False
    problem: str = ""
    is_loaded: bool = False

    @rx.event(background=True)
    async def load(self) -> Any:
        """Read the list and show the chosen model, or the newest one."""
        rows = await asyncio.to_thread(lambda: [model_row(model) for model in workbench().models.all()])
        known = [row.digest for row in rows]
        async with self:
            self.rows, self.is_loaded, self.problem = rows, True, ""
            self.chosen = self.chosen if self.chosen in known else known[0] if known else ""
        return ModelsState.describe if known else None

    @rx.event
    def choose(self, digest: str) -> Any:
        """Show another model."""
        if digest not in [row.digest for row in self.rows]:
            return None
        self.chosen = digest
        return ModelsState.describe

    @rx.event(background=True)
    async def describe(self) -> None:
        """Load the model in a child process and show its description."""
        async with self:
            digest = self.chosen
            self.busy, self.problem = True, ""
        card, problem = ArtifactCard(), ""
        try:
            card = artifact_card(await apart(describe_artifact, str(workspace_folder()), digest, seconds=60))
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            if digest == self.chosen:
                self.busy, self.card, self.problem = False, card, problem
