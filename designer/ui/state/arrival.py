"""Reset state on navigation, so that nothing from one page shows on another.

Every field of every state belongs to one page and is reset when another address is opened. The exceptions are listed
here: the user's layout, lists that are the same on every page, and work in progress.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import reflex as rx

from designer.ui.http.frontend import served_build
from designer.ui.state.editor.dock import DockState
from designer.ui.state.editor.palette import PaletteState
from designer.ui.state.editor.run import RunState
from designer.ui.state.editor.settings import SettingsState
from designer.ui.state.editor.tabs import TabsState
from designer.ui.state.endpoints import EndpointsState
from designer.ui.state.finder import FinderState
from designer.ui.state.history.run import RunState as OneRunState
from designer.ui.state.history.run_list import RunsState
from designer.ui.state.home import HomeState
from designer.ui.state.models import ModelsState
from designer.ui.state.pipelines import PipelinesState
from designer.ui.state.settings import SettingsState as ProgramState

KEPT: Mapping[type[rx.State], frozenset[str]] = {
    # The user's layout.
    PaletteState: frozenset({"_closed", "fits_open", "module_count"}),
    DockState: frozenset({"is_open", "tab"}),
    SettingsState: frozenset({"tab"}),
    # Counters.
    TabsState: frozenset({"news"}),
    RunState: frozenset({"_follower"}),
    # The filter of the list of runs, to come back to from a run.
    RunsState: frozenset(
        {
            "_follower",
            "_query",
            "experiment",
            "run_state",
            "pipeline",
            "tag",
            "text",
            "sort",
            "with_imports",
            "is_narrow",
            "filter_name",
            "chosen",
        }
    ),
    OneRunState: frozenset({"_follower"}),
    # Lists that are reloaded; the old rows show until then.
    HomeState: frozenset({"templates", "recent", "is_loaded", "_follower"}),
    PipelinesState: frozenset({"rows", "trash", "is_loaded"}),
    ModelsState: frozenset({"rows", "is_loaded"}),
    EndpointsState: frozenset({"rows", "is_loaded", "is_answering"}),
    ProgramState: frozenset({"processes", "facts", "warnings"}),
}
WORKING = ("busy", "is_busy")
"""Fields that mark work in progress: such a state is kept, and shown when the user returns to its page."""

DIALOG, PROBLEM = "is_open", "problem"


class ArrivalState(rx.State):
    """The address that this tab shows."""

    build: str = ""
    """The build that the server serves; a page of another build was opened before an update."""
    _here: str = ""

    @rx.event
    async def arrive(self) -> None:
        """Reset the state of the previous page; after a reload or reconnect of the same page, only its problems."""
        here, self.build = str(self.router.url), served_build()
        has_moved, self._here = here != self._here, here
        for kind in state_classes():
            state = await self.get_state(kind)
            names = own_fields(kind) - KEPT.get(kind, frozenset())
            if not has_moved and kind is not FinderState:
                names &= _gone_wrong(state)
            if any(getattr(state, name, "") for name in WORKING):
                names &= {DIALOG}
            _reset(state, names)


def _gone_wrong(state: Any) -> frozenset[str]:
    """The fields that a reload clears: the problem, and the dialog that showed it."""
    return frozenset({PROBLEM, DIALOG}) if getattr(state, PROBLEM, "") else frozenset()


def state_classes() -> Iterator[type[rx.State]]:
    """Every state class of Designer except this one and the mixins."""
    waiting, seen = [rx.State], set[type[rx.State]]()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in seen:
                seen.add(kind)
                waiting.append(kind)
                if kind.__module__.startswith("designer.") and kind is not ArrivalState and not kind._mixin:
                    yield kind


def own_fields(kind: type[rx.State]) -> frozenset[str]:
    """The fields that the class itself declares, without inherited ones."""
    return frozenset(name for name, field in kind.__fields__.items() if field._owner is kind)


def _reset(state: Any, names: frozenset[str]) -> None:
    """Reset fields to their defaults; assign only those that differ, since each assignment is sent to the browser."""
    for name in names:
        default = type(state).__fields__[name].default_value()
        if getattr(state, name) != default:
            setattr(state, name, default)
