"""Importing an exported pipeline file into this workspace."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any

import reflex as rx

from designer.contract.errors import FileMissing
from designer.ui import address
from designer.ui.views import failure
from designer.ui.views.dataset.upload import Upload, arrived, uploaded_file
from designer.ui.workbench import workbench
from designer.workbench.pipelines import DOCUMENT_BYTES


class OpeningState(rx.State):
    """State of the latest import."""

    busy: str = ""
    problem: str = ""
    _upload: str = ""

    @rx.event
    def begin(self) -> None:
        """Show progress: a file was chosen and the browser uploads it."""
        self.busy, self.problem = "Opening", ""

    @rx.event
    def close(self) -> None:
        """Dismiss the problem."""
        self.problem = ""

    @rx.event
    def arrived(self, answer: dict[str, Any]) -> Any:
        """Take the upload route's answer, reported by the browser."""
        self._upload, self.problem = arrived(workbench().workspace.uploads, answer)
        if self._upload:
            return OpeningState.open
        self.busy = ""
        return None

    @rx.event(background=True)
    async def open(self) -> Any:
        """Read the document without running anything, save it as a draft and open it."""
        async with self:
            upload = Upload.find(workbench().workspace.uploads, self._upload)
        id, problem = "", ""
        try:
            id = await asyncio.to_thread(_kept, upload)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
        return rx.redirect(address.pipeline(id)) if id else None


def _kept(upload: Upload | None) -> str:
    """Save the document as a draft, delete the upload and return the draft's id.

    Raises FileMissing where the upload no longer exists.
    """
    if upload is None:
        raise FileMissing("the file is no longer there", "Choose it again.")
    try:
        with uploaded_file(upload.folder).open("rb") as file:
            content = file.read(DOCUMENT_BYTES + 1)
    finally:
        shutil.rmtree(upload.folder, ignore_errors=True)
    return workbench().pipelines.import_document(content).id
