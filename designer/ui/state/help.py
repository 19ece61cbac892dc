"""State of the help pages: the list of modules, and the page of one."""

import asyncio
from dataclasses import dataclass, field

import reflex as rx

from designer.contract.catalogue.library import Library
from designer.ui import address
from designer.ui.library import library
from designer.ui.views.module_help import HelpEntry, ModuleHelp, entry, matching_entries, module_help

QUERY_LIMIT = 200


@dataclass(frozen=True)
class HelpGroup:
    """The modules of one category."""

    title: str
    count: int
    modules: list[HelpEntry] = field(default_factory=list)


class HelpState(rx.State):
    """What the help pages show; everything comes from the modules' declarations."""

    groups: rx.Field[list[HelpGroup]] = rx.field(default_factory=list)
    page: ModuleHelp = ModuleHelp()
    search_text: str = ""
    unknown: str = ""
    count: int = 0
    is_loaded: bool = False

    @rx.event(background=True)
    async def load(self) -> None:
        """Show the list, and the module that the address names."""
        modules = await asyncio.to_thread(library)
        async with self:
            self._show(modules)

    @rx.event
    def search(self, text: str) -> None:
        """Show only modules that match."""
        self.search_text = str(text)[:QUERY_LIMIT]
        self._list()

    def _show(self, modules: Library) -> None:
        wanted = address.part(self.router.url, 1)
        module = modules.get(wanted) if wanted else None
        self.page = module_help(module.spec()) if module else ModuleHelp()
        self.unknown = wanted if wanted and module is None else ""
        self.count = len(modules)
        self._list()
        self.is_loaded = True

    def _list(self) -> None:
        groups: dict[str, list[HelpEntry]] = {}
        for item in matching_entries([entry(module.spec()) for module in library()], self.search_text):
            groups.setdefault(item.category, []).append(item)
        self.groups = [HelpGroup(title, len(items), items) for title, items in groups.items()]
