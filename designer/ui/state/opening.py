"""Opening a pipeline that was taken away as a file: it becomes a pipeline of this workspace."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any

import reflex as rx

from designer.contract.errors import FileMissing
from designer.ui import address
from designer.ui.views import failure
from designer.ui.views.uploads import Upload, arrived, uploaded_file
from designer.ui.workbench import workbench
from designer.workbench.pipelines import DOCUMENT_BYTES


class OpeningState(rx.State):
    """The file that was chosen last."""

    busy: str = ""
    problem: str = ""
    _upload: str = ""

    @rx.event
    def begin(self) -> None:
        """A file was chosen; the browser sends it."""
        self.busy, self.problem = "Opening", ""

    @rx.event
    def close(self) -> None:
        """The reason was read."""
        self.problem = ""

    @rx.event
    def arrived(self, answer: dict[str, Any]) -> Any:
        """The browser's report of what the upload route answered."""
        self._upload, self.problem = arrived(workbench().workspace.uploads, answer)
        if self._upload:
            return OpeningState.open
        self.busy = ""
        return None

    @rx.event(background=True)
    async def open(self) -> Any:
        """Read the document, which runs nothing, keep it and show it."""
        async with self:
            found = Upload.find(workbench().workspace.uploads, self._upload)
        id, problem = "", ""
        try:
            id = await asyncio.to_thread(_kept, found)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
        return rx.redirect(address.pipeline(id)) if id else None


def _kept(found: Upload | None) -> str:
    """Make a draft of the document; the id of the draft. The file itself is not needed any more."""
    if found is None:
        raise FileMissing("the file is no longer there", "Choose it again.")
    try:
        with uploaded_file(found.folder).open("rb") as file:
            content = file.read(DOCUMENT_BYTES + 1)
    finally:
        shutil.rmtree(found.folder, ignore_errors=True)
    return workbench().pipelines.import_document(content).id
