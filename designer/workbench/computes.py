"""Computes: where nodes run besides this computer; keep, test, make one the default, remove."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from designer.engine.dask.proving import prove_apart
from designer.engine.dask.refusals import has_cluster_support
from designer.store.computes import LOCAL, ComputeOrder
from designer.store.records import Compute, Run
from designer.store.workspace import Workspace


@dataclass(frozen=True)
class ProofStep:
    """A step of the test of a compute: its title, what was found, and the problem if it failed."""

    title: str
    found: str
    problem: str


@dataclass(frozen=True)
class ThisComputer:
    """This computer: its cores, its memory in bytes, and how many nodes run at once."""

    cores: int
    memory: int
    slots: int


@dataclass(frozen=True)
class Computes:
    """The computes of a workspace."""

    workspace: Workspace

    def all(self) -> list[Compute]:
        """The computes by name, without this computer."""
        return self.workspace.computes.all()

    def get(self, name: str) -> Compute:
        """A compute by name, or an unnamed one by its address. Raises ComputeMissing."""
        return self.workspace.computes.get(name)

    def here(self) -> ThisComputer:
        """This computer."""
        slots = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return ThisComputer(os.cpu_count() or 1, int(psutil.virtual_memory().total), slots)

    def default(self) -> str:
        """The name of the default compute; `local` is this computer."""
        return self.workspace.computes.default or LOCAL

    def is_supported(self) -> bool:
        """Whether the packages for clusters are installed."""
        return has_cluster_support()

    def add(self, name: str, order: ComputeOrder, *, replace: bool = False) -> Compute:
        """Keep a compute without reaching it, see `test`; with `replace` change the one of that name.

        Raises InvalidParameter, ComputeTaken, and FileMissing for a file of TLS.
        """
        return self.workspace.computes.add(name, order, replace=replace)

    def remove(self, name: str) -> Compute:
        """Forget a compute. Raises ComputeMissing, and ComputeInUse while a run uses it."""
        return self.workspace.computes.remove(name)

    def set_default(self, name: str) -> str:
        """Make a compute, or `local`, the one that runs what names none; returns its name. Raises ComputeMissing."""
        return self.workspace.computes.set_default(name)

    def runs_using(self, name: str) -> list[Run]:
        """The queued and running runs that may use a compute."""
        return self.workspace.computes.runs_using(name)

    def test(
        self, name: str, order: ComputeOrder | None = None, on_step: Callable[[ProofStep], None] = lambda step: None
    ) -> list[ProofStep]:
        """Test a compute, or with an `order` one that is not kept, in a process of its own.

        Returns its steps up to the first that fails, and passes on each when it is done. Takes a minute where no worker
        runs yet. Raises ComputeMissing, InvalidParameter, ClusterSupportMissing.
        """
        compute = order.row(name) if order is not None else self.get(name)
        steps = prove_apart(self.workspace.path, compute, lambda step: on_step(ProofStep(**step)))
        return [ProofStep(**step) for step in steps]
