"""The dialog that chooses the path of a field in a datastore."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx

from designer.contract.errors import FileMissing
from designer.contract.ports import PortType
from designer.pipeline.parameters import previewed
from designer.ui.library import library
from designer.ui.state.editor.pipeline import EditorState, ask
from designer.ui.state.editor.typed import PARAMETER, edit_of
from designer.ui.views import failure
from designer.ui.views.datastore_list import Crumb, EntryRow, crumbs_of, folder_rows
from designer.ui.workbench import workbench


class BrowseState(EditorState):
    """The open dialog: the field, and the folder that is listed."""

    is_open: bool = False
    store: str = ""
    whole: str = ""
    """The button that chooses the listed folder; empty where the field takes one file."""
    crumbs: rx.Field[list[Crumb]] = rx.field(default_factory=list)
    entries: rx.Field[list[EntryRow]] = rx.field(default_factory=list)
    takes_files: bool = True
    is_reached: bool = False
    problem: str = ""
    note: str = ""
    _field: str = ""
    _folder: str = ""
    _opens: bool = False
    """Whether the folder is that of the path in the field, which may not exist."""

    @rx.event
    def open(self, node: str, name: str) -> Any:
        """Open the dialog for a path; it lists the folder that the path is in."""
        owner = previewed(self._pipeline.value).nodes.get(str(node))
        module = library().get(owner.module) if owner else None
        parameter = module.spec().parameter(str(name)) if module else None
        if owner is None or module is None or parameter is None or not parameter.within:
            return None
        self.store = str(owner.parameters.get(parameter.within) or "")
        if workbench().datastores.holdings().get(self.store) != "files":
            return None
        self._field = f"{node}{PARAMETER}{name}"
        self.takes_files = all(port.type is not PortType.FOLDER for port in module.spec().outputs)
        reads_many = parameter.editor == "file"
        self.whole = "" if self.takes_files and not reads_many else "All files in it" if reads_many else "This folder"
        self._opens = True
        present = str(owner.parameters.get(parameter.name) or "")
        return self._looked_into(_folder_of(present, is_folder=not self.takes_files), is_open=True)

    @rx.event
    def look(self, folder: str) -> Any:
        """List a folder."""
        return self._looked_into(str(folder), is_open=self.is_open)

    @rx.event(background=True)
    async def listed(self) -> Any:
        """List what `look` asked for; the top, where the dialog opens for a path that is not there."""
        async with self:
            store, folder, opens = self.store, self._folder, self._opens
            self._opens = False
        entries: list[EntryRow] = []
        note = problem = ""
        try:
            entries, note = await asyncio.to_thread(folder_rows, store, folder)
        except FileMissing as error:
            if opens and folder:
                async with self:
                    self._folder, self.crumbs = "", []
                yield BrowseState.listed
                return
            problem = failure.in_words(error)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            if (store, folder) == (self.store, self._folder):
                self.entries, self.note, self.problem, self.is_reached = entries, note, problem, not problem

    @rx.event
    def choose(self, path: str) -> Any:
        """Write the path of a file into the field."""
        return self._written(str(path))

    @rx.event
    def choose_folder(self) -> Any:
        """Write the listed folder into the field, or all files below it."""
        if self.takes_files:
            return self._written(f"{self._folder}/**".strip("/"))
        return self._written(self._folder or ".")

    @rx.event
    def close(self) -> None:
        """Close without choosing."""
        self.is_open = False

    def _looked_into(self, folder: str, *, is_open: bool) -> Any:
        self.is_open, self._folder, self.crumbs = is_open, folder, crumbs_of(folder)
        self.entries, self.note, self.problem, self.is_reached = [], "", "", False
        return BrowseState.listed

    def _written(self, path: str) -> Any:
        self.is_open = False
        operation = edit_of(self._pipeline.value, library(), self._field, path)
        return ask("edit", [operation]) if operation else None


def _folder_of(path: str, *, is_folder: bool) -> str:
    """The folder to begin with: that of a file, that before a star, or the folder itself."""
    plain = path.partition("*")[0] if "*" in path or not is_folder else f"{path}/"
    parts = [part for part in plain.rpartition("/")[0].split("/") if part not in ("", ".")]
    return "" if ".." in parts else "/".join(parts)
