"""Browser access to a workspace: single-use codes and the sessions they are exchanged for.

The token in the workspace (readable by its owner only) signs codes, so the command line can issue one without the web
process. Sessions are rows, so they survive a restart and end when their row is deleted.
"""

import hashlib
import hmac
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from designer.store.folder import make_folders

CODE_SECONDS = 60
SESSION_SECONDS = 30 * 24 * 3600

_TABLES = """
CREATE TABLE IF NOT EXISTS session (digest TEXT PRIMARY KEY, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS used_code (nonce TEXT PRIMARY KEY, expires REAL NOT NULL);
"""


class Sessions:
    """The codes and sessions of one workspace."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._file = workspace / "sessions.sqlite"
        make_folders(workspace)
        _create_private(self._file)
        with self._transaction() as db:
            for statement in _TABLES.strip().splitlines():
                db.execute(statement)

    def mint_code(self) -> str:
        """A code that opens one session within the next minute."""
        unsigned = f"{int(time.time()) + CODE_SECONDS}.{secrets.token_urlsafe(16)}"
        return f"{unsigned}.{self._signature(unsigned)}"

    def redeem(self, code: str) -> str | None:
        """Exchange a code for a new session id; returns None if it is forged, expired or already used."""
        unsigned, _, signature = code.rpartition(".")
        if not code.isascii() or not hmac.compare_digest(signature, self._signature(unsigned)):
            return None
        expires, _, nonce = unsigned.partition(".")
        now = time.time()
        if float(expires) < now:
            return None
        session = secrets.token_urlsafe(32)
        with self._transaction() as db:
            db.execute("DELETE FROM used_code WHERE expires < ?", (now,))
            db.execute("DELETE FROM session WHERE expires < ?", (now,))
            used = db.execute("INSERT OR IGNORE INTO used_code VALUES (?, ?)", (nonce, float(expires)))
            if used.rowcount == 0:
                return None
            db.execute("INSERT INTO session VALUES (?, ?)", (_digest(session), now + SESSION_SECONDS))
        return session

    def is_open(self, session: str) -> bool:
        """Whether this session id was issued and is neither closed nor expired."""
        query = "SELECT 1 FROM session WHERE digest = ? AND expires >= ?"
        with self._connection() as db:
            return db.execute(query, (_digest(session), time.time())).fetchone() is not None

    def close(self, session: str) -> None:
        """End a session; open pages lose their connection at the next event."""
        with self._transaction() as db:
            db.execute("DELETE FROM session WHERE digest = ?", (_digest(session),))

    def _signature(self, text: str) -> str:
        return hmac.new(_token(self._workspace), text.encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._file, timeout=10, isolation_level=None)
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


def _token(workspace: Path) -> bytes:
    """The workspace's secret, created on first use. Reread on every call, so that deleting the file revokes codes."""
    file = workspace / "token"
    if not file.exists():
        fresh = workspace / f".token-{secrets.token_hex(8)}"
        _create_private(fresh)
        fresh.write_text(secrets.token_urlsafe(32), encoding="ascii")
        try:
            # A link fails if the file exists, so two concurrent starts use the same token.
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_bytes()


def _create_private(file: Path) -> None:
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def _digest(session: str) -> str:
    """Only the digest is stored, so a copy of the database opens nothing."""
    return hashlib.sha256(session.encode()).hexdigest()
