"""What only a workspace at an address has: tokens, versions, and a server that may be gone."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from designer import settings
from designer.contract.errors import InvalidParameter
from designer.engine.service.idle import start_engine
from designer.sdk import Run, StillRunning, Workspace
from designer.sdk.connections.http import Http, WrongVersion
from designer.sdk.connections.transport import NotAdmitted, Unreachable
from designer.store.artifacts.blobs import DamagedArtifact
from designer.store.workspace import open_workspace
from tests.sdk.conftest import end_engine
from tests.sdk.pipelines import numbers
from tests.served import Served, served

PASSES = "def azureml_main(a, b):\n    return a,\n"


@pytest.mark.parametrize(
    "address", ["http://", "http://user:secret@127.0.0.1:1", "http://127.0.0.1:1/?token=x", "https:///x"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidParameter, match=r"is not an address of Designer. Use .* http://127\.0\.0\.1:8321"):
        Workspace(address, token="dsw_x")


def test_a_token_is_needed_and_may_come_from_the_environment(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAdmitted, match=r"needs a token\. Make one in Settings, or with: designer token new NAME"):
        Workspace(server.address)
    monkeypatch.setenv("DESIGNER_TOKEN", server.token)
    with Workspace(f"{server.address}/") as workspace:
        assert "Iris" in workspace.datasets
    with pytest.raises(NotAdmitted, match="the request has no valid access token"):
        Workspace(server.address, token="dsw_wrong")


def test_a_token_that_is_revoked_or_allows_less_is_said_in_words(server: Served) -> None:
    with Workspace(server.address, token=server.new_token("read", "reads only")) as workspace:
        assert len(list(workspace.runs)) >= 0
        with pytest.raises(NotAdmitted, match="the token 'reads only' allows read, and this needs run"):
            workspace.submit(numbers(PASSES))
        with open_workspace(server.folder) as store:
            store.tokens.revoke("reads only")
        with pytest.raises(NotAdmitted, match="no valid access token"):
            list(workspace.runs)


def test_nothing_at_an_address_is_said_at_once() -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable, match=r"no Designer answers at http://127\.0\.0\.1:9 .* designer start"):
        Workspace("http://127.0.0.1:9", token="dsw_x")
    assert time.monotonic() - started < 5


def test_another_version_is_refused_with_both_numbers(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = settings.installed_version()
    monkeypatch.setattr(settings, "installed_version", lambda: "9.8.7")
    words = rf"is Designer {theirs}, and this SDK is of Designer 9\.8\.7. Install .* designer-ml=={theirs}"
    with pytest.raises(WrongVersion, match=words):
        Workspace(server.address, token=server.token)
    monkeypatch.setattr(settings, "installed_version", lambda: f"{theirs.rpartition('.')[0]}.99")
    Workspace(server.address, token=server.token).close()


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A server that is no Designer."""

    def do_GET(self) -> None:
        status, content = (404, b"<html>") if self.path.startswith("/old") else (200, b"{}")
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Print nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_server_that_is_no_designer_is_named(elsewhere: str) -> None:
    for path, words in (("", "does not answer as Designer's API does"), ("/old", "answered 404, which is no answer")):
        with pytest.raises(Exception, match=f"{words}.*an older Designer has no API"):
            Workspace(f"{elsewhere}{path}", token="dsw_x")


def test_waiting_goes_on_while_the_server_is_gone_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(tmp_path) as server, Workspace(server.address, token=server.token) as workspace:
        run = workspace.submit(numbers(PASSES))
        server.stop()

        def come_back() -> None:
            time.sleep(0.7)
            server.start()
            start_engine(tmp_path, 60)

        returning = threading.Thread(target=come_back)
        returning.start()
        assert run.wait(show=False).status == "finished"
        returning.join()
        end_engine(tmp_path)
    said = capsys.readouterr().err
    assert f"no Designer answers at {server.address}" in said
    assert "Trying again for 60 s." in said
    assert said.count("no Designer answers") == 1
    assert f"{server.address} answers again." in said


def test_reading_goes_on_while_the_server_is_gone_and_changes_are_sent_once(tmp_path: Path) -> None:
    with served(tmp_path) as server, Workspace(server.address, token=server.token) as workspace:
        server.stop()
        with pytest.raises(Unreachable):
            workspace.submit(numbers(PASSES))
        returning = threading.Timer(0.7, server.start)
        returning.start()
        assert "Iris" in workspace.datasets
        returning.join()


def test_waiting_ends_after_its_patience(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        workspace = Workspace(connection=Http(server.address, server.token, patience=0.3))
        run = workspace.submit(numbers(PASSES))
        with pytest.raises(StillRunning):
            run.wait(timeout=0.2, show=False)
        server.stop()
        with pytest.raises(Unreachable):
            run.wait(show=False)
        workspace.close()


def test_other_bytes_than_those_of_the_result_are_not_loaded(server: Served) -> None:
    with Workspace(server.address, token=server.token) as workspace:
        run: Run = workspace.submit(numbers(PASSES)).wait(show=False)
        output = run["execute-python-script"].outputs["result_dataset"]
        with open_workspace(server.folder) as store:
            file = store.artifacts.blobs.path(output._stored.digest)
        content = file.read_bytes()
        file.chmod(0o644)
        file.write_bytes(content.replace(b"a", b"b"))
        try:
            with pytest.raises(DamagedArtifact, match="was changed on the disk"):
                output.load()
        finally:
            file.write_bytes(content)
        assert output.to_pandas()["a"].tolist() == [1, 2]


def test_nothing_stays_on_this_computer(server: Served) -> None:
    workspace = Workspace(server.address, token=server.token)
    assert isinstance(workspace.connection, Http)
    folder = workspace.connection._folder
    workspace.datasets["Iris"].to_pandas()
    assert list((folder / "artifacts").iterdir()) != []
    workspace.close()
    assert not folder.exists()
