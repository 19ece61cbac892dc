"""The Designer that runs on a workspace, known by the lock that it holds."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from designer.engine.service.idle import START_LOCK
from designer.sdk.connections.folder import Folder
from designer.store.sessions import Sessions
from designer.workbench.started import NotStarted, entrance, page_address, started


def test_pages_have_an_address_while_the_lock_is_held(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.close()
    assert started(tmp_path) is None
    assert page_address(tmp_path, "/runs/1") is None
    with pytest.raises(NotStarted, match="Start it with: designer start"):
        entrance(tmp_path)
    with (tmp_path / START_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(json.dumps({"pid": 1, "port": 8321}))
        lock.flush()
        assert page_address(tmp_path, "/runs/1") == "http://127.0.0.1:8321/runs/1"
        address = entrance(tmp_path, "/runs/1")
        assert address.startswith("http://127.0.0.1:8321/enter?code=")
        assert address.endswith("&next=/runs/1")
        code = address.removeprefix("http://127.0.0.1:8321/enter?code=").partition("&")[0]
        assert Sessions(tmp_path).redeem(code) is not None
    assert started(tmp_path) is None
