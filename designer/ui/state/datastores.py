"""State of the page of datastores."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import reflex as rx

from designer.contract.errors import DesignerError
from designer.store.datastores.address import SECRETS, parsed
from designer.store.datastores.filesystem import FileTaken
from designer.store.workspace import forget_upload
from designer.ui.views import failure
from designer.ui.views.dataset.upload import Upload, arrived, uploaded_file
from designer.ui.views.datastore_list import Crumb, EntryRow, StoreRow, cells, crumbs_of, folder_rows, names, store_row
from designer.ui.views.payload import as_list, form_text
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench
from designer.workbench.datasets import default_name


class DatastoresState(rx.State):
    """The datastores, and what one of them holds."""

    rows: rx.Field[list[StoreRow]] = rx.field(default_factory=list)
    shown: StoreRow = StoreRow()
    folder: str = ""
    crumbs: rx.Field[list[Crumb]] = rx.field(default_factory=list)
    entries: rx.Field[list[EntryRow]] = rx.field(default_factory=list)
    tables: rx.Field[list[str]] = rx.field(default_factory=list)
    query: str = ""
    heads: rx.Field[list[str]] = rx.field(default_factory=list)
    lines: rx.Field[list[list[str]]] = rx.field(default_factory=list)
    is_form_open: bool = False
    asked_secrets: rx.Field[list[str]] = rx.field(default_factory=list)
    form_problem: str = ""
    to_remove: str = ""
    to_delete: str = ""
    taken: str = ""
    """What says that an uploaded file is there already, while it is asked whether to replace it."""
    is_reached: bool = False
    busy: str = ""
    problem: str = ""
    note: str = ""
    is_loaded: bool = False
    _wanted: str = ""
    """The folder, file or name of a dataset that a longer work is about."""
    _uploads: list[str]
    """The uploads that are copied into the shown folder."""
    _replaces: bool = False

    @rx.event
    def load(self) -> Any:
        """Read the list, and look into the shown datastore, at first the default one."""
        self.problem = self.note = self.busy = self.to_remove = self.to_delete = ""
        self.is_form_open = False
        self._read()
        wanted = self.shown.name if self.shown.name in names(self.rows) else workbench().datastores.get().name
        return self._chosen(wanted)

    @rx.event
    def choose(self, name: str) -> Any:
        """Look into a datastore."""
        return self._chosen(str(name))

    @rx.event
    def look(self, folder: str) -> Any:
        """List a folder of the shown datastore, or the tables of a database."""
        return self._looked_into(str(folder))

    @rx.event(background=True)
    async def listed(self) -> None:
        """List what `look` asked for."""
        async with self:
            store, folder = self.shown, self._wanted
        datastores = workbench().datastores
        entries: list[EntryRow] = []
        tables: list[str] = []
        more = problem = ""
        try:
            if store.is_database:
                tables = await asyncio.to_thread(datastores.tables, store.name)
            else:
                entries, more = await asyncio.to_thread(folder_rows, store.name, folder)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
            if store.name == self.shown.name and not problem:
                self.is_reached = True
                self.folder, self.crumbs = folder, crumbs_of(folder)
                self.entries, self.tables = entries, tables
                self.note = more or self.note

    @rx.event
    def open_form(self) -> None:
        """Open the form of a new datastore."""
        self.is_form_open, self.form_problem, self.asked_secrets = True, "", []

    @rx.event
    def close_form(self) -> None:
        """Close the form."""
        self.is_form_open = False

    @rx.event
    def address_typed(self, text: str) -> None:
        """Ask for the secrets that this kind of address takes."""
        self.form_problem = ""
        try:
            self.asked_secrets = list(SECRETS[parsed(str(text))[0].kind]) if "://" in str(text) else []
        except DesignerError:
            self.asked_secrets = []

    @rx.event
    def add(self, form: dict[str, Any]) -> Any:
        """Register a datastore as the form says, and reach it."""
        names = {name for each in SECRETS.values() for name in each}
        secrets = {name: text for name in names if (text := form_text(form, name))}
        try:
            row = workbench().datastores.register(form_text(form, "name"), form_text(form, "address"), secrets)
        except DesignerError as error:
            self.form_problem = sentence(str(error))
            return None
        self.is_form_open = False
        self._read()
        return self._chosen(row.name)

    @rx.event
    def make_default(self) -> None:
        """Make the shown datastore the default one."""
        self._do(lambda: workbench().datastores.set_default(self.shown.name))

    @rx.event
    def ask_remove(self, name: str) -> None:
        """Ask before a datastore is forgotten; an empty name closes the question."""
        self.to_remove = name if name in names(self.rows) else ""

    @rx.event
    def remove(self) -> Any:
        """Forget the datastore that was asked about."""
        name, self.to_remove = self.to_remove, ""
        self._do(lambda: workbench().datastores.remove(name))
        return None if self.problem else DatastoresState.load

    @rx.event
    def begin_upload(self) -> None:
        """Show progress: files were chosen and the browser uploads them."""
        self.busy, self.problem, self.note = "Receiving it", "", ""

    @rx.event
    def uploaded(self, answers: list[dict[str, Any]]) -> Any:
        """Take the upload route's answers, reported by the browser: one for each file."""
        came = [arrived(workbench().workspace.uploads, answer) for answer in as_list(answers)]
        self._uploads, self._replaces = [id for id, _ in came if id], False
        self.problem = next((problem for _, problem in came if problem), "")
        self.busy = "Copying it" if self._uploads else ""
        return DatastoresState.copied if self._uploads else None

    @rx.event
    def replace(self) -> Any:
        """Copy what was uploaded over the files that are there."""
        self.taken, self._replaces, self.busy = "", True, "Copying it"
        return DatastoresState.copied

    @rx.event(background=True)
    async def keep(self) -> None:
        """Keep the files that are there, and forget what was uploaded."""
        async with self:
            places, self._uploads, self.taken = self._uploaded(), [], ""
        for place in places:
            await asyncio.to_thread(forget_upload, place)

    @rx.event(background=True)
    async def copied(self) -> Any:
        """Copy the files that the browser sent into the shown folder; ask before it replaces others."""
        async with self:
            store, folder, replaces = self.shown.name, self.folder, self._replaces
            places = self._uploaded()
        problem = taken = ""
        try:
            await asyncio.to_thread(workbench().datastores.upload, places, store, folder, overwrite=replaces)
        except FileTaken as error:
            taken = error.finding("file")
        except Exception as error:
            problem = failure.in_words(error)
        if not taken:
            for place in places:
                await asyncio.to_thread(forget_upload, place)
        async with self:
            self.busy, self.problem, self.taken, self._wanted = "", problem, taken, folder
            if problem or taken or not places:
                return None
            names = f"{places[0].name} is" if len(places) == 1 else f"{len(places)} files are"
            self.note = f"{names} in '{store}'."
        return DatastoresState.listed

    @rx.event
    def ask_delete(self, path: str) -> None:
        """Ask before a file is removed; an empty path closes the question."""
        self.to_delete = str(path) if path in [row.path for row in self.entries] else ""

    @rx.event(background=True)
    async def delete(self) -> Any:
        """Remove the file that was asked about."""
        async with self:
            path, self.to_delete = self.to_delete, ""
            store, self._wanted = self.shown.name, self.folder
        return await self._tried(lambda: workbench().datastores.delete(store, path), DatastoresState.listed)

    @rx.event
    def make_dataset(self, path: str) -> Any:
        """Make a dataset of a file, and open it."""
        self._wanted, self.busy, self.problem = str(path), "Reading the file", ""
        return DatastoresState.made_of_file

    @rx.event(background=True)
    async def made_of_file(self) -> Any:
        """Make the dataset that `make_dataset` asked for."""
        async with self:
            store, path = self.shown.name, self._wanted
        name = default_name(path.rpartition("/")[2])
        return await self._tried(lambda: workbench().datastores.register_file(store, path, name), _opened(name))

    @rx.event
    def write_query(self, text: str) -> None:
        """Keep the query as typed."""
        self.query = str(text)

    @rx.event
    def ask_table(self, name: str) -> Any:
        """Show the first rows of a table."""
        quoted = ".".join(f'"{part}"' for part in str(name).split("."))
        self.query = f"SELECT * FROM {quoted}"  # noqa: S608  (the user's own query, shown before it is asked)
        return DatastoresState.run_query

    @rx.event(background=True)
    async def run_query(self) -> None:
        """Show the first rows that the query gives."""
        async with self:
            store, query, self.busy, self.problem = self.shown.name, self.query, "Asking the database", ""
        heads: list[str] = []
        lines: list[list[str]] = []
        problem = ""
        try:
            table = await asyncio.to_thread(workbench().datastores.query, store, query)
            heads, lines = [str(name) for name in table.columns], cells(table)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem, self.heads, self.lines = "", problem, heads, lines

    @rx.event
    def keep_query(self, form: dict[str, Any]) -> Any:
        """Make a dataset of all rows that the query gives, and open it."""
        self._wanted, self.busy, self.problem = form_text(form, "dataset"), "Reading the rows", ""
        return DatastoresState.made_of_query

    @rx.event(background=True)
    async def made_of_query(self) -> Any:
        """Make the dataset that `keep_query` asked for."""
        async with self:
            store, query, name = self.shown.name, self.query, self._wanted
        return await self._tried(lambda: workbench().datastores.register_query(store, query, name), _opened(name))

    def _uploaded(self) -> list[Path]:
        """The files of the uploads that are still there."""
        uploads = (Upload.find(workbench().workspace.uploads, id) for id in self._uploads)
        return [uploaded_file(upload.folder) for upload in uploads if upload is not None]

    def _chosen(self, name: str) -> Any:
        self.shown = next((row for row in self.rows if row.name == name), StoreRow())
        self.query, self.heads, self.lines, self.tables, self.entries = "", [], [], [], []
        self.note, self.is_reached = "", False
        return self._looked_into("")

    def _looked_into(self, folder: str) -> Any:
        self._wanted, self.busy, self.problem = folder, "Looking into it", ""
        return DatastoresState.listed

    async def _tried(self, verb: Callable[[], Any], then: Any) -> Any:
        """Do something that may take long; what follows, or its failure in words."""
        problem = ""
        try:
            await asyncio.to_thread(verb)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            self.busy, self.problem = "", problem
        return None if problem else then

    def _do(self, verb: Callable[[], Any]) -> None:
        self.problem, self.note = failure.refusal(verb), ""
        self._read()

    def _read(self) -> None:
        self.rows = [store_row(row) for row in workbench().datastores.all()]
        self.shown = next((row for row in self.rows if row.name == self.shown.name), StoreRow())
        self.is_loaded = True


def _opened(dataset: str) -> Any:
    return rx.redirect(f"/datasets/view?name={quote(dataset, safe='')}")
