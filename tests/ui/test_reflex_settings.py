"""Permissive defaults of Reflex are overridden, as checked in the app that is served."""

from collections.abc import Iterator

import reflex as rx
from reflex.istate.storage import ClientStorageBase
from reflex_base.config import get_config

from designer.ui.app import PAGES, app

assert PAGES, "importing the app registers every state"


def ours() -> Iterator[type[rx.State]]:
    """Every state class of Designer."""
    waiting = list(rx.State.get_substates())
    while waiting:
        state = waiting.pop()
        waiting += state.get_substates()
        if state.__module__.startswith("designer."):
            yield state


def test_it_listens_to_this_machine_and_lets_no_other_origin_read() -> None:
    assert get_config().backend_host == "127.0.0.1"
    assert get_config().cors_allowed_origins == ()
    assert app.sio is not None
    assert app.sio.eio.cors_allowed_origins == []


def test_only_websockets_carry_events() -> None:
    """The guard binds a tab's token to the session there."""
    assert app.sio is not None
    assert app.sio.eio.transports == ["websocket"]


def test_state_stays_in_memory_and_nothing_is_reported() -> None:
    assert get_config().state_manager_mode == rx.constants.StateManagerMode.MEMORY
    assert not get_config().telemetry_enabled


def test_nothing_that_a_browser_can_write_by_itself_is_state() -> None:
    kept = [(state, name) for state in ours() for name, field in state.get_fields().items()
            if isinstance(field.default, ClientStorageBase)]  # fmt: skip
    assert kept == []


def test_no_variable_can_be_set_from_outside() -> None:
    assert not get_config().state_auto_setters
    states = list(ours())
    assert len(states) > 20
    setters = [
        f"{state.__name__}.{name}" for state in states for name in state.event_handlers if name.startswith("set_")
    ]
    assert setters == []
