"""What a child process does: read the inputs of one node, run its module, write the outputs, say so, end."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from designer.contract.errors import DesignerError, InvalidValues
from designer.contract.library import Library
from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.progress import reporting_to
from designer.contract.schema import Schema
from designer.contract.sources import using
from designer.contract.values import outline
from designer.store.artifacts import Artifacts, Stored, kind_of
from designer.store.blobs import FULL, disk_error
from designer.store.sources import WorkspaceSources

PROGRESS_SECONDS = 0.1
PROFILE = "(profile)"
"""The module of a task that makes the statistics of a table; no module has such an id."""


@dataclass(frozen=True)
class Task:
    """One node to run: everything its child process must know, as plain JSON."""

    name: str
    workspace: str
    node: str
    title: str
    module: str
    version: int
    parameters: Mapping[str, Any]
    inputs: Mapping[str, Mapping[str, Any]]
    scratch: str
    threads: int = 1
    address_space: int = 0
    file_size: int = 0

    def to_json(self) -> dict[str, Any]:
        """The task as a document."""
        return dict(vars(self))


@dataclass(frozen=True)
class Answer:
    """What the child says at its end: outputs, or an error and the word for it."""

    outcome: str
    outputs: Mapping[str, Stored] = field(default_factory=dict)
    explain: str = ""
    seconds: float = 0.0
    error: Mapping[str, Any] | None = None
    document: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer as a document."""
        return {**vars(self), "outputs": {port: stored.to_json() for port, stored in self.outputs.items()}}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Answer:
        """Read back what `to_json` wrote."""
        outputs = {port: Stored.from_json(stored) for port, stored in document["outputs"].items()}
        return cls(**{**document, "outputs": outputs})


def perform(
    document: Mapping[str, Any], answers: int, shared: Library, set_threads: Callable[[int], Any] | None
) -> int:
    """Do a task in this process, which ends afterwards; returns its exit code. The answer decides, not the code.

    `shared` are the modules of all workspaces, `set_threads` lets the numerical libraries have more than one thread.
    """
    task = Task(**document)
    with open(answers, "w", encoding="utf-8", closefd=True) as channel:

        def say(message: Mapping[str, Any]) -> None:
            channel.write(json.dumps(message) + "\n")
            channel.flush()

        if set_threads is not None:
            set_threads(task.threads)
        answer = _attempt(task, say, shared)
        say({"answer": answer.to_json()})
    return 0 if answer.outcome == "finished" else 1


def run_module(task: Task, module: Module, library: Library) -> Answer:
    """Run a module on stored inputs and store its outputs."""
    folder = Path(task.workspace)
    artifacts = Artifacts(folder / "artifacts")
    begun = time.perf_counter()
    given = {port: artifacts.get(Stored.from_json(dict(stored)), library) for port, stored in task.inputs.items()}
    known = {port: outline(value) for port, value in given.items()}  # before run, which may not keep its promise
    answer = module.run(**given)
    outputs = _by_port(module, answer)
    roles = _inferred(module, known)
    stored = {port: artifacts.put(value, roles.get(port)) for port, value in outputs.items()}
    seconds = time.perf_counter() - begun
    return Answer("finished", stored, module.explain(given, outputs), seconds)


def profile_table(task: Task) -> Answer:
    """Make the statistics of a stored table."""
    from designer.charts.profile import profile

    stored = Stored.from_json(dict(task.inputs["table"]))
    frame = Artifacts(Path(task.workspace) / "artifacts").get(stored)
    return Answer("finished", document=profile(frame, stored.schema))


def _attempt(task: Task, say: Callable[[Mapping[str, Any]], None], shared: Library) -> Answer:
    try:
        _prepare(task)
        if task.module == PROFILE:
            return profile_table(task)
        library = shared.extended(Path(task.workspace) / "modules")
        module = library.read(task.module, task.version, task.parameters)
        folder = Path(task.workspace)
        with using(WorkspaceSources(folder, lambda: _opened(folder), library)), reporting_to(_Reporter(say)):
            return run_module(task, module, library)
    except DesignerError as error:
        outcome = _outcome_of(error.__cause__)
        return Answer(outcome, error=error.at(node=task.node, module=task.title).to_json())
    except MemoryError:
        traceback.print_exc()
        return _failure(task, "out of memory", "MemoryError", "it needs more memory than there is", "Use fewer rows.")
    except Exception as error:
        traceback.print_exc()
        if isinstance(error, OSError) and error.errno in FULL:
            return Answer("failed", error=disk_error(error).at(node=task.node, module=task.title).to_json())
        return _failure(task, "failed", type(error).__name__, _words(error), "The log has the details.")
    except BaseException as error:
        traceback.print_exc()
        return _failure(task, "ended early", type(error).__name__, f"it ended itself ({type(error).__name__})", "")


def _outcome_of(cause: BaseException | None) -> str:
    """The word for an error, by what caused it: a module may have wrapped what a script did."""
    if isinstance(cause, MemoryError):
        return "out of memory"
    return "ended early" if isinstance(cause, SystemExit) else "failed"


class _Reporter:
    """Passes progress on, at most ten times a second."""

    def __init__(self, say: Callable[[Mapping[str, Any]], None]) -> None:
        self._say = say
        self._next = 0.0

    def __call__(self, fraction: float | None, text: str) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + PROGRESS_SECONDS
            self._say(
                {"fraction": None if fraction is None else min(max(float(fraction), 0.0), 1.0), "text": text[:200]}
            )


def _prepare(task: Task) -> None:
    """Working folder, limits, and chance that no other child shares."""
    import numpy as np

    Path(task.scratch).mkdir(parents=True, exist_ok=True)
    os.chdir(task.scratch)
    os.environ["TMPDIR"] = task.scratch
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind, limit in ((resource.RLIMIT_AS, task.address_space), (resource.RLIMIT_FSIZE, task.file_size)):
        if limit:
            resource.setrlimit(kind, (limit, limit))
    if sys.platform == "linux":
        Path("/proc/self/oom_score_adj").write_text("800")  # where memory ends, a node goes before the engine
    np.random.seed()


def _by_port(module: Module, answer: Any) -> dict[str, Any]:
    ports = module.spec().outputs
    answers = (answer,) if len(ports) == 1 else tuple(answer or ())
    if len(answers) != len(ports):
        raise InvalidValues(f"{len(answers)} results came back", f"Return {len(ports)}.")
    for port, value in zip(ports, answers, strict=True):
        if value is None:
            raise InvalidValues("nothing came back", f"Return a {port.type}.", port=port.title)
        if not port.type.accepts(kind_of(value)):
            found = f"a {type(value).__name__} came back"
            raise InvalidValues(found, f"Return a {port.type}.", port=port.title)
    return {port.name: value for port, value in zip(ports, answers, strict=True)}


def _inferred(module: Module, known: Mapping[str, Any]) -> dict[str, Schema]:
    """The roles that the module gives to the columns of its output tables."""
    spec = module.spec()
    try:
        answer = module.infer(**{port.name: known.get(port.name) for port in spec.inputs})
    except Exception:  # the tables are there; without roles they are still right
        traceback.print_exc()
        return {}
    answers = (answer,) if len(spec.outputs) == 1 else tuple(answer or ())
    pairs = zip(spec.outputs, answers, strict=False)
    return {port.name: known for port, known in pairs if port.type is PortType.TABLE and isinstance(known, Schema)}


def _failure(task: Task, outcome: str, kind: str, found: str, remedy: str) -> Answer:
    error = DesignerError(found, remedy).at(node=task.node, module=task.title).to_json()
    return Answer(outcome, error={**error, "type": kind})


def _words(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text[:2000]}" if text else type(error).__name__


def _opened(folder: Path) -> Any:
    from designer.store.workspace import open_workspace

    return open_workspace(folder)
