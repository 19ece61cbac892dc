"""A websocket that belongs to one session: it ends with it, and its tab's state is out of reach of any other.

Reflex keeps a tab's state under a token that the tab chooses and sends in the address of the websocket. Whoever sends
the same token would get that state, so what Reflex is given instead depends on the session too: the same for each
connection of one session, also after a restart, and another one for everybody else. Nothing has to be kept for that.
"""

import asyncio
import contextlib
import hmac
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.types import Message, Receive, Scope, Send

_POLICY_VIOLATION: Final = 1008


class SessionSocket:
    """ASGI messages of one websocket; before each one either way the session is looked up again."""

    def __init__(self, is_open: Callable[[], bool], receive: Receive, send: Send) -> None:
        self._is_open = is_open
        self._receive = receive
        self._send = send
        self._has_ended = False

    async def receive(self) -> Message:
        """What the browser said; that it is gone as soon as its session is."""
        message = await self._receive()
        if message["type"] == "websocket.receive" and not await self._still_open():
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
        return message

    async def send(self, message: Message) -> None:
        """Tell the browser something; nothing any more once its session has ended."""
        if await self._still_open():
            # A send is cancelled only where the server is being stopped; raised here, it would be logged as a fault.
            with contextlib.suppress(asyncio.CancelledError):
                await self._send(message)

    async def _still_open(self) -> bool:
        if not self._has_ended and not self._is_open():
            self._has_ended = True
            await refuse(self._send, "session ended")
        return not self._has_ended


async def refuse(send: Send, reason: str) -> None:
    """Close a websocket, or do not open it."""
    await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": reason})


def with_bound_token(scope: Scope, session: str) -> Scope:
    """The scope with the tab's token replaced by one that only this session can arrive at."""
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    bound = [(name, _bound(value, session) if name == "token" else value) for name, value in asked]
    return {**scope, "query_string": urlencode(bound).encode("ascii")}


def _bound(token: str, session: str) -> str:
    return hmac.new(session.encode(), token.encode(), "sha256").hexdigest()
