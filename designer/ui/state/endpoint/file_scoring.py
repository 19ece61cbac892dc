"""Scoring a file with an endpoint: state of the card on the endpoint's page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from designer.contract.wording.counting import counted
from designer.ui import address
from designer.ui.apart import apart
from designer.ui.http import scored_file
from designer.ui.views import failure, figures
from designer.ui.views.dataset.upload import Upload, arrived
from designer.ui.workbench import workbench
from designer.ui.workspace import workspace_folder


class FileScoringState(rx.State):
    """State of the latest file."""

    endpoint: str = ""
    busy: str = ""
    problem: str = ""
    words: str = ""
    file_name: str = ""
    scored_address: str = ""
    errors_address: str = ""
    refused_words: str = ""
    _upload: str = ""

    @rx.event
    def begin(self) -> None:
        """Show progress: a file was chosen and the browser uploads it."""
        self.busy, self.problem, self.words, self.scored_address = "Receiving the file", "", "", ""
        self.endpoint = address.part(self.router.url, 1)

    @rx.event
    def arrived(self, answer: dict[str, Any]) -> Any:
        """Take the upload route's answer, reported by the browser."""
        self._upload, self.problem = arrived(workbench().workspace.uploads, answer)
        self.busy = "Scoring" if self._upload else ""
        return FileScoringState.score if self._upload else None

    @rx.event(background=True)
    async def score(self) -> None:
        """Score the file in a child process."""
        async with self:
            upload, endpoint = self._upload, self.endpoint
            file = Upload.find(workbench().workspace.uploads, upload)
            if file is None:
                self.busy, self.problem = "", "The file is no longer there. Choose it again."
                return
        work = (str(file.folder), str(workspace_folder()), endpoint)
        document, problem = None, ""
        try:
            document = await apart(scored_file.score_upload, *work, seconds=scored_file.SECONDS)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
            if document is not None:
                self._show(upload, document)

    def _show(self, upload: str, document: dict[str, Any]) -> None:
        rows = counted(document["rows"], "row")
        unscored = f", {document['unscored']:,} without an answer" if document["unscored"] else ""
        took = figures.duration(document["seconds"])
        self.words = "; ".join([f"{rows} scored in {took} by {document['engine']}{unscored}", *document["notes"]])
        self.file_name = document["file"]
        self.scored_address = scored_file.address(upload, "scored")
        refused = f"{counted(document['refused'], 'row')} refused: download the reasons"
        self.refused_words = refused if document["refused"] else ""
        self.errors_address = scored_file.address(upload, "errors") if document["refused"] else ""
