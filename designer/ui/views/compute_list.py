"""Computes as cards of a page, and the form that makes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer.contract.errors import InvalidParameter
from designer.contract.wording.counting import counted
from designer.store.computes import ComputeOrder
from designer.store.records import Compute
from designer.ui.views import figures
from designer.ui.views.failure import in_sentence
from designer.ui.workbench import workbench
from designer.workbench.computes import ProofStep

GIB = 1024**3

BLANK: Mapping[str, str] = {
    "name": "", "kind": "processes", "address": "", "minimum": "0", "maximum": "2", "threads": "1", "memory": "",
    "idle": "60", "ca": "", "certificate": "", "key": "",
}  # fmt: skip
"""The fields of the form for a new compute."""


@dataclass(frozen=True)
class ComputeCard:
    """One compute: its kind and settings in words, and the runs that use it."""

    name: str = ""
    kind: str = ""
    about: str = ""
    memory: str = ""
    users: str = ""
    is_default: bool = False
    is_here: bool = False


@dataclass(frozen=True)
class StepRow:
    """A step of a test that is done."""

    title: str
    text: str
    holds: bool


def cards() -> list[ComputeCard]:
    """This computer and the computes of the workspace."""
    computes = workbench().computes
    default, here = computes.default(), computes.here()
    about = f"{counted(here.cores, 'core')}, {counted(here.slots, 'step')} at once"
    memory = figures.bytes_in_words(here.memory)
    first = ComputeCard("This computer", "local", about, memory, "", default == "local", True)
    return [first, *(_card(row, default) for row in computes.all())]


def fields_of(row: Compute) -> dict[str, str]:
    """The fields of the form for a compute that is there."""
    memory = f"{row.memory / GIB:g}" if row.memory else ""
    return {
        **BLANK, "name": row.name, "kind": row.kind, "address": row.address, "minimum": str(row.minimum),
        "maximum": str(row.maximum), "threads": str(row.threads), "memory": memory, "idle": f"{row.idle_seconds:g}",
        **row.tls,
    }  # fmt: skip


def order_of(fields: Mapping[str, str]) -> ComputeOrder:
    """What a filled form asks for. Raises InvalidParameter for a number that is none."""
    memory = _number(fields, "memory", "Memory of a step") * GIB
    if fields["kind"] == "cluster":
        tls = {name: fields[name] for name in ("ca", "certificate", "key")}
        if not fields["address"].strip():
            raise InvalidParameter("no address is given", "Write tcp://127.0.0.1:8786.", parameter="Address")
        return ComputeOrder(address=fields["address"], memory=int(memory), tls=tls)
    return ComputeOrder(
        minimum=int(_number(fields, "minimum", "Minimum")), maximum=int(_number(fields, "maximum", "Maximum")),
        threads=int(_number(fields, "threads", "Steps at once")), memory=int(memory),
        idle_seconds=_number(fields, "idle", "Released after"),
    )  # fmt: skip


def step_row(step: ProofStep) -> StepRow:
    """A step of a test as a row."""
    return StepRow(step.title, in_sentence(step.problem) if step.problem else step.found, not step.problem)


def _card(row: Compute, default: str) -> ComputeCard:
    users = workbench().computes.runs_using(row.name)
    names = f"{counted(len(users), 'run')}: {users[0].name}" if users else ""
    if row.kind == "cluster":
        kind, about = "Dask cluster", row.address
    else:
        workers = f"{row.minimum} to {counted(row.maximum, 'worker')}, started as needed"
        kind, about = "Worker processes", f"{workers}, {counted(row.threads, 'step')} at once each"
    memory = f"{figures.bytes_in_words(row.memory)} for each step" if row.memory else ""
    return ComputeCard(row.name, kind, about, memory, names, row.name == default)


def _number(fields: Mapping[str, str], name: str, label: str) -> float:
    text = fields[name].strip() or "0"
    try:
        return float(text) if name in ("memory", "idle") else int(text)
    except ValueError:
        raise InvalidParameter(f"'{text[:40]}' is no number", "Write digits.", parameter=label) from None
