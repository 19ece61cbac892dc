"""The computes of a workspace: places where nodes run, besides this computer."""

from __future__ import annotations

import ipaddress
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import delete, update
from sqlmodel import col, select

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.wording.closeness import closest
from designer.store.database import Database
from designer.store.records import ACTIVE, Compute, Run

LOCAL = "local"
"""The name of this computer."""

MOST_WORKERS = 1_000
TLS_FILES = ("ca", "certificate", "key")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

Kind = Literal["cluster", "processes"]


class ComputeMissing(FileMissing):
    """There is no compute of that name."""


class ComputeTaken(DesignerError):
    """A compute of that name exists."""


class ComputeInUse(DesignerError):
    """A run uses the compute."""


@dataclass(frozen=True)
class ComputeOrder:
    """What makes a compute: the address of a scheduler, or how many worker processes to start on this computer.

    `memory` is in bytes for each node, 0 for four fifths of the computer; `tls` are the paths of the files `ca`,
    `certificate` and `key`.
    """

    address: str = ""
    minimum: int = 0
    maximum: int = 1
    threads: int = 1
    memory: int = 0
    idle_seconds: float = 60.0
    tls: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The kind that it makes."""
        return "cluster" if self.address else "processes"

    def row(self, name: str) -> Compute:
        """The compute, checked but not kept. Raises InvalidParameter naming what cannot be."""
        if not _NAME.fullmatch(name) or name == LOCAL:
            remedy = f"Use letters, digits, _ and -, at most 64, and not '{LOCAL}'."
            raise InvalidParameter(f"'{name[:80]}' cannot name a compute", remedy, parameter="Name")
        tls = checked_tls(self.tls)
        if self.kind == "cluster":
            address = checked_address(self.address, is_encrypted=bool(tls))
            return Compute(name=name, kind=self.kind, address=address, tls=tls, created=time.time())
        _check_workers(self)
        return Compute(
            name=name, kind=self.kind, minimum=self.minimum, maximum=self.maximum, threads=self.threads,
            memory=self.memory, idle_seconds=self.idle_seconds, tls=tls, created=time.time(),
        )  # fmt: skip


_OPEN = "whoever reaches the port of a scheduler or a worker can run programs there"


class Computes:
    """The computes of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Compute]:
        """The computes by name, without this computer."""
        with self._database.read() as session:
            return list(session.exec(select(Compute).order_by(Compute.name)))

    def get(self, name: str) -> Compute:
        """A compute by its name, or an unnamed one by the address of its scheduler.

        Raises ComputeMissing, and InvalidParameter for an address that cannot be.
        """
        if "://" in name:
            return Compute(name=name, address=checked_address(name, is_encrypted=False), created=0.0)
        with self._database.read() as session:
            row = session.get(Compute, name)
        if row is None:
            remedy = closest(name, [LOCAL, *(each.name for each in self.all())], "Computes are")
            raise ComputeMissing(f"there is no compute '{name[:80]}'", remedy, parameter="Compute")
        return row

    def require(self, name: str) -> None:
        """Raise ComputeMissing unless nodes can be sent to this name; the empty one and `local` are this computer."""
        if name not in ("", LOCAL):
            self.get(name)

    def add(self, name: str, order: ComputeOrder, *, replace: bool = False) -> Compute:
        """Keep a compute, or change the one of that name with `replace`. Raises InvalidParameter, ComputeTaken."""
        row = order.row(name)
        with self._database.write() as session:
            present = session.get(Compute, name)
            if present is not None and not replace:
                raise ComputeTaken(f"there is a compute '{name}' already", "Replace it, or use another name.")
            if present is not None:
                row.is_default, row.created = present.is_default, present.created
            session.merge(row)
        return row

    def remove(self, name: str) -> Compute:
        """Forget a compute. Raises ComputeMissing, and ComputeInUse naming a run that uses it."""
        row = self.get(name)
        using = self.runs_using(name)
        if using:
            raise ComputeInUse(f"'{using[0].name}' runs on '{name}'", "Wait until it ends, or cancel it.")
        with self._database.write() as session:
            session.exec(delete(Compute).where(col(Compute.name) == name))
        return row

    def runs_using(self, name: str) -> list[Run]:
        """The active runs that name a compute: in the run, its pipeline or one of its nodes, or by default."""
        with self._database.read() as session:
            active = list(session.exec(select(Run).where(col(Run.state).in_(ACTIVE))))
        default = self.default
        return [run for run in active if name in _named(run, default)]

    @property
    def default(self) -> str:
        """The name of the compute that runs what names none; empty for this computer."""
        with self._database.read() as session:
            return session.exec(select(Compute.name).where(Compute.is_default)).first() or ""

    def set_default(self, name: str) -> str:
        """Make a compute, or `local`, the default; returns its name. Raises ComputeMissing."""
        self.require(name)
        with self._database.write() as session:
            session.exec(update(Compute).values(is_default=col(Compute.name) == name))
        return name or LOCAL


def checked_address(text: str, *, is_encrypted: bool) -> str:
    """The address of a scheduler. Raises InvalidParameter for one without a port, or that is open to others."""
    address = text.strip()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if parts.scheme not in ("tcp", "tls") or not host or not port or parts.path.strip("/") or parts.query:
        problem = f"'{address[:80]}' is not the address of a scheduler"
        raise InvalidParameter(problem, "Write tcp://127.0.0.1:8786 or tls://host:8786.", parameter="Address")
    if parts.scheme == "tls" and not is_encrypted:
        remedy = "Give the files of TLS: ca, certificate and key."
        raise InvalidParameter("the address needs the files of TLS", remedy, parameter="Address")
    if parts.scheme == "tcp" and not _is_here(host):
        raise InvalidParameter(_OPEN, "Use tls:// with the files of TLS for another computer.", parameter="Address")
    return address.rstrip("/")


def checked_tls(files: dict[str, str]) -> dict[str, str]:
    """The paths of the files of TLS, all three or none. Raises InvalidParameter, FileMissing."""
    given = {name: str(Path(path).expanduser().absolute()) for name, path in files.items() if path}
    missing = [name for name in TLS_FILES if name not in given]
    if given and missing:
        raise InvalidParameter(f"the file '{missing[0]}' of TLS is not given", "Give all three.", parameter="TLS")
    for name, path in given.items():
        if not Path(path).is_file():
            raise FileMissing(f"there is no file '{Path(path).name}' for '{name}'", "Check its path.", parameter="TLS")
    return given


def _check_workers(order: ComputeOrder) -> None:
    if not 0 <= order.minimum <= order.maximum or not 1 <= order.maximum <= MOST_WORKERS:
        problem = f"the number of workers cannot be {order.minimum} to {order.maximum}"
        remedy = f"The minimum is 0 or more, the maximum at least 1 and at most {MOST_WORKERS:,}."
        raise InvalidParameter(problem, remedy, parameter="Workers")
    if order.threads < 1 or order.memory < 0 or not order.idle_seconds >= 0:
        remedy = "Threads are 1 or more, memory and seconds 0 or more."
        raise InvalidParameter("threads, memory or idle seconds are too few", remedy, parameter="Workers")


def _is_here(host: str) -> bool:
    """Whether a host is this computer, by its loopback interface."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _named(run: Run, default: str) -> set[str]:
    """The computes that a run may use."""
    nodes = run.document.get("nodes", {}).values()
    chosen = run.compute or run.document.get("compute", "") or default
    return {chosen, *(node.get("compute", "") for node in nodes)}
