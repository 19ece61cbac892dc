"""Opening a pipeline that was taken away as a file: it becomes a pipeline of this workspace."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any

import reflex as rx

from designer.contract.errors import FileMissing
from designer.pipeline.document import loads, to_document
from designer.ui import failure, starting
from designer.ui.file_child import uploaded_file
from designer.ui.uploads import Upload, arrived
from designer.ui.workspace import workspace

DOCUMENT_BYTES = 5 << 20
"""A document of a thousand steps takes a tenth of it."""


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
        self._upload, self.problem = arrived(workspace().uploads, answer)
        if self._upload:
            return OpeningState.open
        self.busy = ""
        return None

    @rx.event(background=True)
    async def open(self) -> Any:
        """Read the document, which runs nothing, keep it and show it."""
        async with self:
            found = Upload.find(workspace().uploads, self._upload)
        id, problem = "", ""
        try:
            id = await asyncio.to_thread(_kept, found)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
        return rx.redirect(starting.address(id)) if id else None


def _kept(found: Upload | None) -> str:
    """Make a draft of the document; the id of the draft. The file itself is not needed any more."""
    if found is None:
        raise FileMissing("the file is no longer there", "Choose it again.")
    try:
        if found.size > DOCUMENT_BYTES:
            raise FileMissing("the file is larger than a pipeline document can be", "Choose one that Designer wrote.")
        pipeline = loads(uploaded_file(found.folder).read_bytes())
    finally:
        shutil.rmtree(found.folder, ignore_errors=True)
    return workspace().drafts.create(pipeline.name, to_document(pipeline), kind=pipeline.kind).id
