"""State of the page of components."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.contract.wording.counting import counted
from designer.ui.http import exported_file
from designer.ui.views import failure
from designer.ui.views.component_list import (
    ComponentCard,
    ComponentRow,
    EnvironmentRow,
    component_card,
    component_row,
    environment_row,
)
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench


class ComponentsState(rx.State):
    """The components, one of them in detail, and the environments of this computer."""

    rows: rx.Field[list[ComponentRow]] = rx.field(default_factory=list)
    card: ComponentCard = ComponentCard()
    environments: rx.Field[list[EnvironmentRow]] = rx.field(default_factory=list)
    with_archived: bool = False
    is_loaded: bool = False
    problem: str = ""
    note: str = ""

    @rx.event(background=True)
    async def load(self) -> None:
        """Read the lists, and show the first component unless one is shown."""
        made = await asyncio.to_thread(workbench().components.environments)
        async with self:
            self.problem = self.note = ""
            self.environments = [environment_row(each, time.time()) for each in made]
            self._read()

    @rx.event
    def show_archived(self, wanted: bool) -> None:
        """List the archived components instead of the others."""
        self.with_archived = bool(wanted)
        self._read()

    @rx.event
    def choose(self, name: str) -> None:
        """Show a component."""
        self._show(str(name))

    @rx.event
    def make_default(self, version: str) -> None:
        """Offer this version of the shown component in the palette."""
        self._do(lambda: workbench().components.set_default(self.card.name, str(version)))

    @rx.event
    def archive(self) -> None:
        """Hide the shown component from the palette."""
        self._do(lambda: workbench().components.archive(self.card.name))

    @rx.event
    def restore(self) -> None:
        """Bring the shown component back to the palette."""
        self._do(lambda: workbench().components.archive(self.card.name, archived=False))

    @rx.event(background=True)
    async def export(self) -> Any:
        """Download the shown component as a component file with its code."""
        async with self:
            name, self.problem, self.note = self.card.name, "", ""
        id, place = await asyncio.to_thread(exported_file.new_place)
        try:
            file = await asyncio.to_thread(exported_file.export_component, place, name)
        except DesignerError as error:
            async with self:
                self.problem = sentence(str(error))
            return None
        return rx.download(url=exported_file.address(id), filename=file)

    @rx.event(background=True)
    async def build(self) -> Any:
        """Make the environment of the shown component."""
        async with self:
            name, self.problem, self.note = self.card.name, "", "Making the environment …"
        try:
            await asyncio.to_thread(workbench().components.build_environment, name)
            problem, note = "", "The environment is ready."
        except DesignerError as error:
            problem, note = sentence(str(error)), ""
        made = await asyncio.to_thread(workbench().components.environments)
        async with self:
            self.problem, self.note = problem, note
            self.environments = [environment_row(each, time.time()) for each in made]

    @rx.event(background=True)
    async def clean(self) -> Any:
        """Remove the environments that were not used for long."""
        gone = await asyncio.to_thread(workbench().components.clean_environments)
        made = await asyncio.to_thread(workbench().components.environments)
        async with self:
            self.note = f"{counted(len(gone), 'environment')} removed."
            self.environments = [environment_row(each, time.time()) for each in made]

    def _do(self, verb: Callable[[], Any]) -> None:
        self.problem, self.note = failure.refusal(verb), ""
        self._read()

    def _read(self) -> None:
        now = time.time()
        self.rows = [component_row(row, now) for row in workbench().components.all(archived=self.with_archived)]
        names = [row.name for row in self.rows]
        shown = self.card.name if self.card.name in names else next(iter(names), "")
        self.is_loaded = True
        if shown:
            self._show(shown)
        else:
            self.card = ComponentCard()

    def _show(self, name: str) -> None:
        bench = workbench().components
        try:
            self.card = component_card(bench.get(name), bench.versions(name), bench.used_in(name), time.time())
        except DesignerError as error:
            self.problem = sentence(str(error))
