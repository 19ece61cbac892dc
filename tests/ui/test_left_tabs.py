"""States of closed tabs expire soon; those of open tabs stay, however long they are idle."""

from __future__ import annotations

import time

from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State

from designer.ui.http.left_tabs import KEPT_TABS, OPEN_SECONDS, forget_left


async def opened(manager: StateManagerMemory, *tabs: str) -> None:
    for tab in tabs:
        await manager.get_state(BaseStateToken(ident=tab, cls=State))


async def test_a_closed_tab_is_forgotten_after_a_while_and_an_open_one_is_not() -> None:
    manager = StateManagerMemory(token_expiration=OPEN_SECONDS)
    await opened(manager, "open", "closed")
    assert forget_left(manager, {"open"}, kept_seconds=60) == 0
    assert forget_left(manager, {"open"}, kept_seconds=0) == 1
    assert set(manager.states) == {"open"}
    assert set(manager._token_expires_at) == {"open"}
    await manager.close()


async def test_of_many_closed_tabs_the_last_few_are_kept() -> None:
    manager = StateManagerMemory(token_expiration=OPEN_SECONDS)
    for number in range(KEPT_TABS + 5):
        await opened(manager, f"tab {number}")
        key, (expires, token) = f"tab {number}", manager._token_expires_at[f"tab {number}"]
        manager._token_expires_at[key] = (expires + number, token)
    assert forget_left(manager, set()) == 5
    assert set(manager.states) == {f"tab {number}" for number in range(5, KEPT_TABS + 5)}
    await manager.close()


async def test_a_state_that_a_handler_holds_goes_the_next_time() -> None:
    manager = StateManagerMemory(token_expiration=OPEN_SECONDS)
    async with manager.modify_state(BaseStateToken(ident="busy", cls=State)):
        assert forget_left(manager, set(), kept_seconds=0) == 0
    assert time.time() < manager._token_expires_at["busy"][0]
    assert forget_left(manager, set(), kept_seconds=0) == 1
    await manager.close()
