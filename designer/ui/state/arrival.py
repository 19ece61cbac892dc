"""Arriving at a page: nothing of the page before is left, so that no state of one page shows on another.

Every field of every state is that of one page and is reset where another address is opened. The exceptions are named
here: what was set up to suit the user, lists that are the same wherever they are shown, and work that goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import reflex as rx

from designer.ui.http.frontend import served_build
from designer.ui.state.editor_dock import DockState
from designer.ui.state.editor_palette import PaletteState
from designer.ui.state.editor_run import RunState
from designer.ui.state.editor_settings import SettingsState
from designer.ui.state.editor_tabs import TabsState
from designer.ui.state.endpoints import EndpointsState
from designer.ui.state.finder import FinderState
from designer.ui.state.home import HomeState
from designer.ui.state.models import ModelsState
from designer.ui.state.pipelines import PipelinesState
from designer.ui.state.settings import SettingsState as ProgramState

KEPT: Mapping[type[rx.State], frozenset[str]] = {
    # As the user set the page up.
    PaletteState: frozenset({"_closed", "fits_open", "module_count"}),
    DockState: frozenset({"is_open", "tab"}),
    SettingsState: frozenset({"tab"}),
    # What is counted.
    TabsState: frozenset({"news"}),
    RunState: frozenset({"_follower"}),
    # Lists that are read anew, and shown as they were until then.
    HomeState: frozenset({"templates", "recent", "is_loaded"}),
    PipelinesState: frozenset({"rows", "trash", "is_loaded"}),
    ModelsState: frozenset({"rows", "is_loaded"}),
    EndpointsState: frozenset({"rows", "is_loaded", "is_answering"}),
    ProgramState: frozenset({"processes", "facts", "warnings"}),
}
WORKING = ("busy", "is_busy")
"""Fields that say of a state that its work goes on: it is shown where one comes back to it."""

DIALOG, PROBLEM = "is_open", "problem"


class ArrivalState(rx.State):
    """Which address this tab shows."""

    build: str = ""
    """The build that the server serves: a page of another one was opened before an update."""
    _here: str = ""

    @rx.event
    async def arrive(self) -> None:
        """Forget the page before; of the same page, after a reload or a reconnect, what had gone wrong."""
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
    """What a reload takes away: a problem that was said, and the dialog that said it."""
    return frozenset({PROBLEM, DIALOG}) if getattr(state, PROBLEM, "") else frozenset()


def state_classes() -> Iterator[type[rx.State]]:
    """Every state of ours but this one."""
    waiting, seen = [rx.State], set[type[rx.State]]()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in seen:
                seen.add(kind)
                waiting.append(kind)
                if kind.__module__.startswith("designer.") and kind is not ArrivalState and not kind._mixin:
                    yield kind


def own_fields(kind: type[rx.State]) -> frozenset[str]:
    """The fields that this state holds, without those of the states above it."""
    return frozenset(name for name, field in kind.__fields__.items() if field._owner is kind)


def _reset(state: Any, names: frozenset[str]) -> None:
    """Set what differs only: what is set is sent."""
    for name in names:
        default = type(state).__fields__[name].default_value()
        if getattr(state, name) != default:
            setattr(state, name, default)
