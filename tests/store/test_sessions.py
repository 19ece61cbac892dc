"""Codes are valid once and for a minute; sessions survive a restart of the process."""

import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from designer.store import sessions as module
from designer.store.sessions import CODE_SECONDS, SESSION_SECONDS, Sessions


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "workspace")


def test_code_is_exchanged_for_an_open_session(sessions: Sessions) -> None:
    session = sessions.redeem(sessions.mint_code())
    assert session is not None
    assert sessions.is_open(session)


def test_code_works_once(sessions: Sessions) -> None:
    code = sessions.mint_code()
    assert sessions.redeem(code)
    assert sessions.redeem(code) is None


def test_of_many_uses_at_once_one_wins(sessions: Sessions) -> None:
    code = sessions.mint_code()
    with ThreadPoolExecutor(8) as pool:
        opened = [session for session in pool.map(sessions.redeem, [code] * 16) if session]
    assert len(opened) == 1


def test_code_ends_after_its_minute(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    code = sessions.mint_code()
    later = time.time() + CODE_SECONDS + 1
    monkeypatch.setattr(module.time, "time", lambda: later)
    assert sessions.redeem(code) is None


def test_session_expires(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    session = sessions.redeem(sessions.mint_code())
    assert session is not None
    later = time.time() + SESSION_SECONDS + 1
    monkeypatch.setattr(module.time, "time", lambda: later)
    assert not sessions.is_open(session)


@pytest.mark.parametrize("forged", ["", "a", "..", "9999999999.nonce.", "9999999999.nonce.00ff", "1.é.é", "x" * 10_000])
def test_forged_code_opens_nothing(sessions: Sessions, forged: str) -> None:
    assert sessions.redeem(forged) is None


def test_code_with_a_later_minute_is_forged(sessions: Sessions) -> None:
    expires, nonce, signature = sessions.mint_code().split(".")
    assert sessions.redeem(f"{int(expires) + 3600}.{nonce}.{signature}") is None


def test_code_of_another_workspace_opens_nothing(sessions: Sessions, tmp_path: Path) -> None:
    assert sessions.redeem(Sessions(tmp_path / "other").mint_code()) is None


def test_session_and_code_survive_a_restart(sessions: Sessions, tmp_path: Path) -> None:
    session = sessions.redeem(sessions.mint_code())
    code = sessions.mint_code()
    restarted = Sessions(tmp_path / "workspace")
    assert session is not None
    assert restarted.is_open(session)
    assert restarted.redeem(code)


def test_closed_session_stays_closed(sessions: Sessions) -> None:
    session = sessions.redeem(sessions.mint_code())
    assert session is not None
    sessions.close(session)
    assert not sessions.is_open(session)


def test_files_are_readable_by_their_owner_only(sessions: Sessions, tmp_path: Path) -> None:
    sessions.mint_code()
    for name in ("token", "sessions.sqlite"):
        mode = stat.S_IMODE((tmp_path / "workspace" / name).stat().st_mode)
        assert mode == 0o600, name


def test_database_holds_no_session_id(sessions: Sessions, tmp_path: Path) -> None:
    session = sessions.redeem(sessions.mint_code())
    assert session is not None
    assert session.encode() not in (tmp_path / "workspace" / "sessions.sqlite").read_bytes()
