"""The web process on its own: it refuses what it cannot do, with a message."""

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from designer import settings


@pytest.fixture
def taken_port() -> Iterator[int]:
    with http.server.HTTPServer((settings.HOST, 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "designer.ui.server", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_a_taken_port_is_named_with_the_way_out(taken_port: int, tmp_path: Path) -> None:
    done = run("--port", str(taken_port), "--workspace", str(tmp_path / "w"))
    assert done.returncode == os.EX_CONFIG
    assert f"Port {taken_port}" in done.stderr
    assert "--port" in done.stderr
    assert not (tmp_path / "w").exists()


def test_a_port_that_is_no_number_is_refused() -> None:
    done = run("--port", "eighty")
    assert done.returncode == 2
    assert "eighty" in done.stderr


def test_it_offers_no_way_to_listen_to_the_network() -> None:
    assert "--host" not in run("--help").stdout
    assert settings.HOST == "127.0.0.1"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux machines run without a screen")
def test_no_browser_is_opened_on_a_machine_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert not settings.has_a_screen()
    monkeypatch.setitem(os.environ, "DISPLAY", ":0")
    assert settings.has_a_screen()
