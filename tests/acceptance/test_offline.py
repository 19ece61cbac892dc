"""A second machine without a network: the copied workspace and cache give the same lock and the same results."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.engine.test_environments import WHEEL, wheel

COMPONENT = """
type: command
name: greet
version: 1.0
outputs:
  said: {type: uri_file}
command: python -c "import greeting, sys; open(sys.argv[1], 'w').write(greeting.TEXT)" ${{outputs.said}}
environment:
  requirements: [greeting]
"""
DOCUMENT = {"format": 2, "nodes": {"greet": {"module": "greet@1.0"}}}


class Index(http.server.SimpleHTTPRequestHandler):
    """An index of packages whose answers are stale at once."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache, max-age=0")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def index(folder: Path) -> Iterator[str]:
    """An index with one package, at its address until the block ends."""
    folder.mkdir()
    wheel(folder / "files", "1.0", "hello")
    digest = hashlib.sha256((folder / "files" / WHEEL.format(version="1.0")).read_bytes()).hexdigest()
    (folder / "simple" / "greeting").mkdir(parents=True)
    link = f'<a href="../../files/{WHEEL.format(version="1.0")}#sha256={digest}">greeting</a>'
    (folder / "simple" / "greeting" / "index.html").write_text(f"<!DOCTYPE html><html><body>{link}</body></html>")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Index, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/simple"
    finally:
        server.shutdown()
        server.server_close()


class Machine:
    """A home with a workspace, a cache and the address of an index."""

    def __init__(self, home: Path, index: str) -> None:
        self.home = home
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
        self._variables: Mapping[str, str] = {
            **kept, "HOME": str(home), "PIP_INDEX_URL": index, "PIP_CONFIG_FILE": os.devnull,
        }  # fmt: skip

    def designer(self, *words: str) -> Any:
        """What a command prints as JSON."""
        command = [sys.executable, "-m", "designer", *words, "--json", "--workspace", str(self.home / "workspace")]
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=120, env=dict(self._variables), cwd=self.home
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return json.loads(ended.stdout)

    def lock(self) -> str:
        """The packages that the component is locked to."""
        return str(self.designer("component", "show", "greet")["spec"]["environment"]["lock"])

    def digest(self) -> str:
        """The digest of what the component writes now."""
        ran = self.designer("run", str(self.home / "document.json"), "--force")
        assert ran["nodes"]["greet"]["state"] == "finished"
        return str(ran["nodes"]["greet"]["outputs"]["said"]["digest"])


@pytest.mark.parametrize("copied", ["environments and packages", "packages"])
def test_a_second_machine_without_a_network_has_the_same_lock_and_result(tmp_path: Path, copied: str) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "greet.yml").write_text(COMPONENT)
    (tmp_path / "first" / "document.json").write_text(json.dumps(DOCUMENT))
    with index(tmp_path / "index") as address:
        first = Machine(tmp_path / "first", address)
        first.designer("component", "add", str(first.home / "greet.yml"))
        lock, digest = first.lock(), first.digest()
    assert "greeting==1.0" in lock
    shutil.copytree(first.home, tmp_path / "second", symlinks=True)
    shutil.rmtree(first.home)
    second = Machine(tmp_path / "second", address)
    environments = second.home / ".cache" / "designer" / "environments"
    assert any(environments.iterdir())
    if copied == "packages":
        shutil.rmtree(environments)
    assert second.digest() == digest
    second.designer("component", "add", str(second.home / "greet.yml"))  # the same again: nothing is solved anew
    assert second.lock() == lock
