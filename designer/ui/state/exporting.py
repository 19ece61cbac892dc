"""Exporting a pipeline or an endpoint as a file: progress and problem."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any, get_args

import reflex as rx

from designer.ui import address
from designer.ui.apart import apart
from designer.ui.http import exported_file
from designer.ui.views import failure
from designer.ui.workspace import workspace_folder
from designer.workbench.exports import Format


class ExportingState(rx.State):
    """The latest export."""

    is_busy: bool = False
    problem: str = ""
    _subject: str = ""
    _is_endpoint: bool = False
    _to: str = ""

    @rx.event
    def pipeline(self, pipeline_id: str, to: str) -> Any:
        """Export the saved pipeline; an empty id means the one in the address, as on a page that is still loading."""
        return self._asked(pipeline_id or address.part(self.router.url, 1), to, is_endpoint=False)

    @rx.event
    def endpoint(self, name: str, to: str) -> Any:
        """Export the live version of an endpoint."""
        return self._asked(name or address.part(self.router.url, 1), to, is_endpoint=True)

    @rx.event
    def close(self) -> None:
        """Dismiss the problem."""
        self.problem = ""

    @rx.event(background=True)
    async def work(self) -> Any:
        """Write the file in a child process and download it in the browser."""
        async with self:
            make = exported_file.export_endpoint if self._is_endpoint else exported_file.export_draft
            subject, to = self._subject, self._to
        id, place = await asyncio.to_thread(exported_file.new_place)
        name, problem = "", ""
        try:
            name = await apart(make, str(workspace_folder()), str(place), subject, to)
        except Exception as error:
            problem = failure.in_words(error)
            shutil.rmtree(place, ignore_errors=True)
        async with self:
            self.is_busy, self.problem = False, problem
        return rx.download(url=exported_file.address(id), filename=name) if name else None

    def _asked(self, subject: Any, to: Any, is_endpoint: bool) -> Any:
        if self.is_busy or to not in get_args(Format) or not isinstance(subject, str):
            return None
        self.is_busy, self.problem = True, ""
        self._subject, self._to, self._is_endpoint = subject, to, is_endpoint
        return ExportingState.work
