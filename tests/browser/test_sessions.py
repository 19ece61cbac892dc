"""Tabs and sessions over real websockets: no session can reach the state of another."""

import json
import socket
from collections.abc import Iterator
from typing import Any, Self

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from wsproto import ConnectionType, WSConnection
from wsproto.events import CloseConnection, RejectConnection, Request, TextMessage

from designer.store.sessions import Sessions
from designer.ui.http.guard import cookie_name
from designer.ui.state.finder import FinderState
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

ROOT = "reflex___state____state"


class Closed(Exception):
    """The server closed the websocket with this code."""


class Refused(Exception):
    """The server refused the websocket handshake."""


class Tab:
    """A tab without a browser: sends Socket.IO frames over a websocket."""

    def __init__(self, server: Server, session: str, token: str) -> None:
        self.received = ""
        self.websocket = WSConnection(ConnectionType.CLIENT)
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        headers = [("Cookie", f"{cookie_name(server.port)}={session}"), ("Origin", server.origin)]
        target = f"/_event/?EIO=4&transport=websocket&token={token}"
        request = Request(host=f"127.0.0.1:{server.port}", target=target, extra_headers=headers)  # type: ignore[arg-type]
        self.socket.sendall(self.websocket.send(request))
        self.frames = self._frames()
        self.wait_for("pingInterval")
        self.say("40/_event,")
        self.wait_for("40/_event,")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, text: str) -> None:
        self.socket.sendall(self.websocket.send(TextMessage(data=text)))

    def send(self, name: str, **payload: Any) -> None:
        event = {"name": name, "payload": payload, "router_data": {"pathname": "/", "query": {}, "asPath": "/"}}
        self.say("42/_event," + json.dumps(["event", event]))

    def wait_for(self, *words: str) -> str:
        """Wait for a message with any of these words, and return it."""
        for message in self.frames:
            self.received += message
            if any(each in message for each in words):
                return message
        raise Closed

    def type(self, words: str) -> None:
        """Type into the finder, whose state belongs to this tab only."""
        self.send(f"{FinderState.get_full_name()}.search", typed=words)
        self.wait_for(words)

    def everything(self) -> str:
        """The whole state of this tab, as sent to a page on opening."""
        self.send(f"{ROOT}.hydrate")
        return self.wait_for("is_hydrated")

    def _frames(self) -> Iterator[str]:
        text = ""
        while True:
            self.websocket.receive_data(self.socket.recv(65536) or None)
            for event in self.websocket.events():
                match event:
                    case TextMessage(data=data, message_finished=finished):
                        text += data
                        if finished:
                            yield text
                            text = ""
                    case CloseConnection(code=code):
                        raise Closed(code)
                    case RejectConnection(status_code=status):
                        self.socket.close()
                        raise Refused(status)


@pytest.fixture
def sessions(server: Server) -> Iterator[tuple[str, str]]:
    opened = Sessions(server.workspace)
    first, second = (opened.redeem(opened.mint_code()) for _ in range(2))
    assert first is not None
    assert second is not None
    yield first, second
    opened.close(first)
    opened.close(second)


def test_a_session_finds_its_tab_again_and_no_other_session_does(server: Server, sessions: tuple[str, str]) -> None:
    mine, theirs = sessions
    with Tab(server, mine, "token-1") as tab:
        tab.type("my private words")
    with Tab(server, theirs, "token-1") as stranger:
        assert "my private words" not in stranger.everything()
    with Tab(server, mine, "token-1") as again:
        assert "my private words" in again.everything()


def test_a_token_in_use_by_one_session_does_not_disturb_another(server: Server, sessions: tuple[str, str]) -> None:
    with Tab(server, sessions[0], "token-2") as mine, Tab(server, sessions[1], "token-2") as theirs:
        mine.type("my private words")
        theirs.type("their words")
        assert "my private words" in mine.everything()
        assert "their words" not in mine.received
        assert "my private words" not in theirs.received + theirs.everything()
        assert "new_token" not in mine.received + theirs.received


def test_the_token_works_after_a_restart(server: Server, sessions: tuple[str, str]) -> None:
    with Tab(server, sessions[0], "token-3"):
        server.restart()
    with Tab(server, sessions[0], "token-3") as tab:
        tab.type("after the restart")
        assert "new_token" not in tab.received


def test_an_open_websocket_ends_with_its_session(server: Server, sessions: tuple[str, str]) -> None:
    with Tab(server, sessions[0], "token-4") as tab:
        Sessions(server.workspace).close(sessions[0])
        with pytest.raises(Closed, match="1008"):
            tab.type("words after the end")
        assert "words after the end" not in tab.received
    with pytest.raises(Refused, match="403"):
        Tab(server, sessions[0], "token-4")


def test_the_session_itself_never_reaches_the_page(server: Server, sessions: tuple[str, str]) -> None:
    with Tab(server, sessions[0], "token-5") as tab:
        tab.everything()
        assert sessions[0] not in tab.received


def test_nothing_that_was_in_an_address_is_logged(server: Server, sessions: tuple[str, str]) -> None:
    with Tab(server, sessions[0], "token-of-the-log") as tab:
        tab.type("words")
    log = "".join(server.output)
    assert "Designer is ready" in log
    assert "token-of-the-log" not in log
    assert "/_event" not in log


@pytest.mark.parametrize("name", ["setvar", "set_typed", "_search"])
def test_what_is_no_handler_cannot_be_called(server: Server, sessions: tuple[str, str], name: str) -> None:
    with Tab(server, sessions[0], f"token-{name}") as tab:
        tab.send(f"{FinderState.get_full_name()}.{name}", var_name="typed", value="planted", typed="planted")
        tab.type("typed by hand")
        assert "planted" not in tab.everything()


def test_signing_out_locks_every_tab_of_the_browser(page: Page, context: BrowserContext, server: Server) -> None:
    second = context.new_page()
    second.goto(server.origin)
    expect(second.get_by_text("No pipelines yet")).to_be_visible()
    page.goto(f"{server.origin}/settings")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Designer is locked here")).to_be_visible()
    assert context.cookies() == []
    second.reload()
    expect(second.get_by_text("designer open")).to_be_visible()
