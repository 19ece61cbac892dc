"""Refuse a request whose body exceeds its limit, even if no length was announced."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class LimitedBody:
    """ASGI middleware that answers 413 itself, since an error raised inside `receive` would become a 500."""

    def __init__(self, app: ASGIApp, limit: int, refuse: Callable[[int, str], Response] | None = None) -> None:
        self._app = app
        self._limit = limit
        self._refuse = refuse or _plainly

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body stays within the limit."""
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal():
            await self._refuse(400, "Content-Length is not a number.\n")(scope, receive, send)
        elif len(announced) > 20 or int(announced) > self._limit:
            await self._too_large(scope, receive, send)
        else:
            await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0
        answered = False
        refused = False

        async def counted_receive() -> Message:
            nonlocal received, refused
            if refused:
                return {"type": "http.disconnect"}
            message = await receive()
            received += len(message.get("body", b""))
            if received <= self._limit:
                return message
            refused = True
            if not answered:
                await self._too_large(scope, receive, send)
            return {"type": "http.disconnect"}

        async def send_unless_refused(message: Message) -> None:
            nonlocal answered
            if not refused:
                answered = True
                await send(message)

        try:
            await self._app(scope, counted_receive, send_unless_refused)
        except Exception:
            # The application saw the client disconnect; the response has been sent above.
            if not refused:
                raise

    async def _too_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        text = f"The request is larger than {self._limit} bytes, the most this address accepts.\n"
        response = self._refuse(413, text)
        response.headers["connection"] = "close"
        await response(scope, receive, send)


def _plainly(status: int, text: str) -> Response:
    return PlainTextResponse(text, status_code=status)
