"""New dataset: register it, and optionally build a pipeline from it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from designer.pipeline.document import from_document
from designer.ui import file_child
from designer.ui.apart import apart
from designer.ui.state.data.new_dataset import NewDatasetState
from designer.ui.views import failure
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder

SAVING = "Saving"


class SavingState(NewDatasetState):
    """Registers the table with its corrections."""

    @rx.event(background=True)
    async def save(self) -> Any:
        """Register the dataset."""
        document = await self._register(build=False)
        return None if document is None else rx.redirect("/datasets")

    @rx.event(background=True)
    async def save_and_build(self) -> Any:
        """Register the dataset, build a pipeline from it and open the pipeline."""
        document = await self._register(build=True)
        if document is None:
            return None
        draft = workbench().pipelines.create(from_document(document["pipeline"]))
        return rx.redirect(f"/pipelines/{draft.id}")

    async def _register(self, *, build: bool) -> dict[str, Any] | None:
        async with self:
            upload = self._upload()
            if upload is None or upload.answer() is None or self.busy:
                return None
            self.busy, self.problem = SAVING, ""
            name = self.name
        document: dict[str, Any] | None = None
        problem = ""
        try:
            document = await apart(file_child.register, str(upload.folder), str(workspace_folder()), name, "", build)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
        return document
