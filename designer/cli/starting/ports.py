"""Find the process that listens on a port: another program, a Designer, or an orphan of a killed Designer."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from designer import settings

_PARTS = {"designer.ui.server": "page", "designer.serving.server": "scoring process"}


@dataclass(frozen=True)
class Listener:
    """A listening process, as far as this user may inspect it."""

    pid: int
    program: str
    part: str = ""
    """Which process of a Designer it is; empty for another program."""
    workspace: Path | None = None
    launcher: int | None = None
    """The PID of its `designer start`; None if that has ended."""


def is_free(port: int) -> bool:
    """Whether a port can be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, port))
        except OSError:
            return False
    return True


def listener(port: int) -> Listener | None:
    """The process that listens on a port; None if this user may not inspect it."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return None
    pids = (c.pid for c in connections if c.status == psutil.CONN_LISTEN and c.laddr.port == port and c.pid)
    pid = next(pids, None)
    return _described(pid) if pid is not None else None


def taken(port: int) -> str:
    """The message for a port in use: the process that listens, and the remedy."""
    other = f"Choose another one: designer start --port N (the page uses N, scoring N + 1; {settings.HOST} only)."
    process = listener(port)
    in_use = f"Port {port} on {settings.HOST} is taken by"
    if process is None:
        return f"{in_use} another program. {other}"
    if not process.part:
        return f"{in_use} another program ({process.program}, process {process.pid}). {other}"
    holder = f"{in_use} the {process.part} (process {process.pid}) of a Designer"
    if process.launcher is None:
        return f"{holder} on {process.workspace} whose start has ended. Stop it with: kill {process.pid}. {other}"
    return f"{holder} that runs on {process.workspace}. Stop it with: kill {process.launcher}. {other}"


def _described(pid: int) -> Listener | None:
    try:
        process = psutil.Process(pid)
        words, program = process.cmdline(), process.name()
        part = next((_PARTS[word] for word in words if word in _PARTS), "")
        if not part:
            return Listener(pid, program)
        launcher = process.parent()
        is_ours = launcher is not None and "start" in launcher.cmdline()
        return Listener(pid, program, part, _workspace(process, words), launcher.pid if is_ours and launcher else None)
    except psutil.Error:
        return None


def _workspace(process: psutil.Process, words: list[str]) -> Path | None:
    after = words[words.index("--workspace") + 1 :] if "--workspace" in words else []
    return Path(process.cwd(), after[0]) if after else None
