"""A websocket bound to one session: it closes with it, and no other session can reach its tab's state.

Reflex keeps a tab's state under a token that the tab chooses and sends in the websocket's address, so any client that
sends the same token would get that state. Reflex is therefore given an HMAC of token and session: stable across
connections of one session and across restarts, different for every other session, and without anything to store.
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
    """The ASGI messages of one websocket; checks the session before each one in either direction."""

    def __init__(self, is_open: Callable[[], bool], receive: Receive, send: Send) -> None:
        self._is_open = is_open
        self._receive = receive
        self._send = send
        self._has_ended = False

    async def receive(self) -> Message:
        """The next message from the browser; a disconnect once the session has ended."""
        message = await self._receive()
        if message["type"] == "websocket.receive" and not await self._still_open():
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
        return message

    async def send(self, message: Message) -> None:
        """Send a message to the browser; drop it once the session has ended."""
        if await self._still_open():
            # A send is cancelled only while the server stops; raised here, it would be logged as an error.
            with contextlib.suppress(asyncio.CancelledError):
                await self._send(message)

    async def _still_open(self) -> bool:
        if not self._has_ended and not self._is_open():
            self._has_ended = True
            await refuse(self._send, "session ended")
        return not self._has_ended


async def refuse(send: Send, reason: str) -> None:
    """Close a websocket, or refuse to open it."""
    await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": reason})


def with_bound_token(scope: Scope, session: str) -> Scope:
    """The scope with the tab's token replaced by one that only this session can produce."""
    parameters = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    bound = [(name, _bound(value, session) if name == "token" else value) for name, value in parameters]
    return {**scope, "query_string": urlencode(bound).encode("ascii")}


def _bound(token: str, session: str) -> str:
    return hmac.new(session.encode(), token.encode(), "sha256").hexdigest()
