"""Who listens on a port of this machine: another program, a Designer, or what a killed Designer left."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from designer import settings

_OURS = {"designer.ui.server": "page", "designer.serving.server": "scoring process"}


@dataclass(frozen=True)
class Listener:
    """A process that listens, as far as this user may see it."""

    pid: int
    program: str
    part: str = ""
    """Which process of a Designer it is; empty for another program."""
    workspace: Path | None = None
    launcher: int | None = None
    """The process of the `designer start` that it belongs to; None where that has gone."""


def is_free(port: int) -> bool:
    """Whether a port can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, port))
        except OSError:
            return False
    return True


def listener(port: int) -> Listener | None:
    """The process that listens on a port; None where this user may not see it."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return None
    pids = (c.pid for c in connections if c.status == psutil.CONN_LISTEN and c.laddr.port == port and c.pid)
    pid = next(pids, None)
    return _described(pid) if pid is not None else None


def taken(port: int) -> str:
    """The sentence about a port that is taken: by whom, and the way out."""
    other = f"Choose another one: designer start --port N (the page takes N, scoring N + 1; {settings.HOST} only)."
    who = listener(port)
    if who is None:
        return f"Port {port} on {settings.HOST} is taken by another program. {other}"
    if not who.part:
        return f"Port {port} on {settings.HOST} is taken by another program ({who.program}, process {who.pid}). {other}"
    ours = f"Port {port} on {settings.HOST} is taken by the {who.part} (process {who.pid}) of a Designer"
    if who.launcher is None:
        return f"{ours} on {who.workspace} whose start has ended. End it with: kill {who.pid}. {other}"
    return f"{ours} that runs on {who.workspace}. End it with: kill {who.launcher}. {other}"


def _described(pid: int) -> Listener | None:
    try:
        process = psutil.Process(pid)
        words, program = process.cmdline(), process.name()
        part = next((_OURS[word] for word in words if word in _OURS), "")
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
