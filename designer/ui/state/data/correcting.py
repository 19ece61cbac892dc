"""New dataset: the user's corrections to how the file is read, and the choice of the label."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.reading.examination import Choices, Finding
from designer.ui.state.data.new_dataset import READING_AGAIN, NewDatasetState
from designer.ui.state.data.saving import SAVING
from designer.ui.views.dataset import upload as uploads


class CorrectingState(NewDatasetState):
    """Stores each correction as a choice beside the upload, then has the file read again."""

    @rx.event
    def choose_kind(self, column: str, kind: str) -> Any:
        """Read a column as another kind."""
        return self._changed(lambda choices: uploads.with_kind(choices, self._known(column), kind))

    @rx.event
    def choose_label(self, column: str) -> Any:
        """Choose the label."""
        return self._changed(lambda choices: uploads.with_label(choices, self._known(column) if column else ""))

    @rx.event
    def choose_option(self, option: str, value: str) -> Any:
        """Change a read option."""
        return self._changed(lambda choices: uploads.with_option(choices, option, str(value)), fresh=True)

    @rx.event
    def accept(self, id: str) -> Any:
        """Apply the change that a note offers."""
        return self._on_finding(id, uploads.accepted)

    @rx.event
    def accept_other(self, id: str) -> Any:
        """Apply the second change that a note offers."""
        return self._on_finding(id, uploads.other_accepted)

    @rx.event
    def keep(self, id: str) -> Any:
        """Decline the change that a note offers."""
        return self._on_finding(id, uploads.kept)

    @rx.event
    def leave_out(self, column: str) -> Any:
        """Leave out a column that cannot be read."""
        upload = self._upload()
        if upload is None or column not in upload.unreadable():
            return None
        return self._changed(lambda choices: uploads.without(choices, column))

    @rx.event
    def bring_back(self, column: str) -> Any:
        """Include an excluded column again."""
        return self._changed(lambda choices: uploads.brought_back(choices, self._known(column)))

    @rx.event
    def edit_reading(self) -> None:
        """Open or close the read options."""
        self.edits_reading = not self.edits_reading

    def _known(self, column: str) -> str:
        upload = self._upload()
        answer = upload.answer() if upload else None
        if answer is None or column not in [known["name"] for known in answer["columns"]]:
            raise DesignerError(f"there is no column '{str(column)[:80]}'", "Choose one of the table.")
        return column

    def _changed(self, change: Callable[[Choices], Choices], fresh: bool = False) -> Any:
        """Apply changed choices and read again; `fresh` drops corrections of single columns: their names may change."""
        upload = self._upload()
        choices = upload.choices() if upload else None
        if upload is None or self.busy == SAVING:
            return None
        try:
            changed = change(choices or Choices())
        except DesignerError as error:
            self.problem = str(error)
            return None
        if fresh and choices is not None and changed == choices:
            return None  # the field was not changed
        if fresh:
            changed = Choices(options=changed.options, decimal=changed.decimal)
        upload.remember(changed)
        if self.busy:
            return None  # the read in progress picks up the change when it ends
        self.busy = READING_AGAIN
        return NewDatasetState.examine

    def _on_finding(self, id: str, change: Callable[[Choices, Finding], Choices]) -> Any:
        upload = self._upload()
        answer = upload.answer() if upload else None
        documents = answer["findings"] if answer else []
        finding = next((Finding(**document) for document in documents if document["id"] == id), None)
        return self._changed(lambda choices: change(choices, finding)) if finding else None
