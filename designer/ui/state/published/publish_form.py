"""The dialog that publishes a saved pipeline, or the pipeline of a run."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.ui.views.payload import form_text
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench


class PublishState(rx.State):
    """The open dialog: what is published, and under which name."""

    is_open: bool = False
    name: str = ""
    description: str = ""
    words: str = ""
    problem: str = ""
    is_publishing: bool = False
    _pipeline: str = ""
    _run: str = ""

    @rx.event
    def begin_pipeline(self, id: str) -> Any:
        """Ask for the name of a saved pipeline."""
        try:
            draft = workbench().pipelines.get(str(id))
        except DesignerError as error:
            return rx.toast.error(sentence(str(error)))
        self._pipeline, self._run = draft.id, ""
        return self._begin(draft.name, draft.document, "The pipeline as it is saved now.")

    @rx.event
    def begin_run(self, id: str) -> Any:
        """Ask for the name of the pipeline of a run."""
        try:
            run = workbench().runs.get(str(id))
        except DesignerError as error:
            return rx.toast.error(sentence(str(error)))
        self._pipeline, self._run = "", run.id
        return self._begin(run.name, run.document, "The pipeline as it ran; its values become the defaults.")

    @rx.event
    def close(self) -> None:
        """Close without publishing."""
        self.is_open = False

    @rx.event(background=True)
    async def publish(self, form: dict[str, Any]) -> Any:
        """Publish, and go to its page; what does not fit is said in the dialog."""
        async with self:
            if self.is_publishing:
                return None
            self.is_publishing, self.problem = True, ""
            publish = self._verb(form)
        try:
            made, problem = await asyncio.to_thread(publish), ""
        except DesignerError as error:
            made, problem = None, sentence(str(error))
        async with self:
            self.is_publishing, self.problem = False, problem
            if made is None:
                return None
            self.is_open = False
        return rx.redirect(f"/published/{made.endpoint}")

    def _begin(self, name: str, document: dict[str, Any], words: str) -> None:
        self.name, self.description, self.words = name, str(document.get("description") or ""), words
        self.problem, self.is_open = "", True

    def _verb(self, form: dict[str, Any]) -> Any:
        published = workbench().published
        name = form_text(form, "name").strip()
        about = {"description": form_text(form, "description"), "version": form_text(form, "version")}
        if self._run:
            return partial(published.publish_run, self._run, name, **about)
        return partial(published.publish_draft, self._pipeline, name, **about)
