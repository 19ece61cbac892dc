"""The work of a child process: read the inputs of one node, run its module, write the outputs, send the answer."""

from __future__ import annotations

import math
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from designer import step
from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentModule, ComponentSpec, component_module
from designer.contract.errors import DesignerError, InvalidValues
from designer.contract.metrics import as_recorded, logging_to
from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.progress import measuring_to, reporting_to
from designer.contract.schema import Schema
from designer.contract.search import Found, Searching, check_plan
from designer.contract.threads import allowing
from designer.contract.values import outline
from designer.contract.wording.articles import with_article
from designer.engine.backend import Answer, Task
from designer.engine.children.child import limit, packed
from designer.engine.exchange import for_module
from designer.engine.programs.environments import Places
from designer.engine.programs.launch import run_component
from designer.store.artifacts.blobs import FULL, disk_error
from designer.store.artifacts.values import Stored, kind_of
from designer.store.child_store import ChildStore

PROGRESS_SECONDS = 0.1
PROFILE = "(profile)"
"""Module id of a task that computes the statistics of a table; no module has this id."""
AUDIT = "(audit)"
"""Module id of a task that checks tables for leakage."""
ENDLESS = "(endless)"
"""Module id of a task that computes until it is killed: the test of a compute kills it."""


@dataclass(frozen=True)
class Work:
    """A task as passed to a child process: with its store, a scratch folder and resource limits.

    Numerical libraries get one thread: parallel sums depend on the thread count, which depends on what else runs.
    `threads` is for work whose results do not depend on it, see `designer.contract.threads`. Limits are in bytes; 0 is
    no limit.
    """

    task: Task
    store: ChildStore
    scratch: Path
    threads: int = 1
    address_space: int = 0
    file_size: int = 0

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return {
            **vars(self),
            "task": self.task.to_json(),
            "store": self.store.to_json(),
            "scratch": str(self.scratch),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Work:
        """Read back what `to_json` wrote."""
        task, store = Task(**document["task"]), ChildStore.from_json(document["store"])
        return cls(**{**document, "task": task, "store": store, "scratch": Path(document["scratch"])})


Send = Callable[[Mapping[str, Any]], None]


def _never(answer: Answer) -> bool:
    return False


def perform(
    document: Mapping[str, Any],
    answers: int,
    shared: Library | None = None,
    stays: Callable[[Answer], bool] = _never,
) -> int:
    """Do the work in this process; returns the exit code. The answer decides, not the code.

    `shared` is the library common to all workspaces, if the parent process has loaded it. The process exits then,
    unless `stays`, which is sent with the answer, tells that it takes another node.
    """
    with open(answers, "wb", closefd=True) as channel:

        def send(message: Mapping[str, Any]) -> None:
            channel.write(packed(message))
            channel.flush()

        answer = carry_out(Work.from_json(document), send, shared)
        send({"answer": answer.to_json(), "stays": stays(answer)})
    return 0 if answer.outcome == "finished" else 1


def carry_out(work: Work, send: Send, shared: Library | None = None) -> Answer:
    """Do the work, reporting progress. Changes process-wide state, see `designer.engine.children.process_state`."""
    task = work.task
    try:
        _prepare(work)
        if task.module == PROFILE:
            return profile_table(work)
        if task.module == AUDIT:
            return audit_tables(work)
        while task.module == ENDLESS:
            pass
        library = _library(work, shared)
        if task.component is not None:
            return run_program(work, library, send)
        module = library.read(task.module, task.version, task.parameters)
        with work.store.offered(library), _heard(send), allowing(work.threads):
            return run_module(work, module, library) if task.search is None else run_search(work, module, library)
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


def _library(work: Work, shared: Library | None) -> Library:
    """The modules that a task may use. One that shares its process must not import the user's files there."""
    if work.task.shares:
        return work.store.shared_library() if shared is None else shared
    return work.store.library(shared)


def run_module(work: Work, module: Module, library: Library) -> Answer:
    """Run a module on stored inputs and store its outputs."""
    store = work.store
    start = time.perf_counter()
    values = {port: store.get(stored, library) for port, stored in _inputs(work).items()}
    inputs = for_module(module, values, work.scratch / "in")
    outlines = {port: outline(value) for port, value in inputs.items()}  # before run, which may modify its inputs
    explain = ""
    if work.task.search:
        answer, explain = _searching(module).conclude(Found.from_json(work.task.search), **inputs)
    else:
        answer = module.run(**inputs)
    outputs = _by_port(module, answer)
    roles = _inferred(module, outlines)
    stored = {port: store.put(value, roles.get(port)) for port, value in outputs.items()}
    seconds = time.perf_counter() - start
    return Answer("finished", stored, explain or module.explain(inputs, outputs), seconds)


def run_search(work: Work, module: Module, library: Library) -> Answer:
    """Plan a search, or conclude it."""
    if work.task.search:
        return run_module(work, module, library)
    values = {port: work.store.get(stored, library) for port, stored in _inputs(work).items()}
    plan = _searching(module).plan_search(**for_module(module, values, work.scratch / "in"))
    check_plan(plan)
    return Answer("finished", document=plan.to_json())


def _searching(module: Module) -> Searching:
    assert isinstance(module, Searching)
    return module


def run_program(work: Work, library: Library, send: Send) -> Answer:
    """Run the program of a component."""
    task = work.task
    spec = ComponentSpec.from_json(task.component or {})
    library = library.with_components({task.module: lambda: component_module(spec)})
    module = library.read(task.module, task.version, task.parameters)
    assert isinstance(module, ComponentModule)
    places = Places.from_json(task.places) if task.places else None
    return run_component(module, _inputs(work), work.store, work.scratch / task.id, send, places, task.experiment)


def profile_table(work: Work) -> Answer:
    """Compute the statistics of a stored table."""
    from designer.charts.profile import profile

    stored = _inputs(work)["table0"]
    return Answer("finished", document=profile(work.store.get(stored), stored.schema))


def audit_tables(work: Work) -> Answer:
    """Check stored tables for leakage."""
    from designer.audit.audit import answer

    tables = [work.store.get(stored) for _, stored in sorted(_inputs(work).items())]
    findings = answer(dict(work.task.parameters), tables)
    return Answer("finished", document={"findings": [finding.to_json() for finding in findings]})


def _inputs(work: Work) -> dict[str, Stored]:
    return {port: Stored.from_json(dict(stored)) for port, stored in work.task.inputs.items()}


def _outcome_of(cause: BaseException | None) -> str:
    """The outcome for an error, by its cause: a module may wrap an exception of a script."""
    if isinstance(cause, MemoryError):
        return "out of memory"
    return "ended early" if isinstance(cause, SystemExit) else "failed"


@contextmanager
def _heard(send: Send) -> Iterator[None]:
    """Send what a module reports and logs, by the contract or, as programs do, by `designer.step`."""
    report = _Reporter(send)

    def hear(event: Mapping[str, Any]) -> None:
        if "fraction" in event:
            report(event["fraction"], event["text"])
        else:
            send({name: as_recorded(value) for name, value in event.items()})

    def measure(step: int, value: float) -> None:
        send({"measured": float(value) if math.isfinite(value) else None, "step": step})

    with reporting_to(report), logging_to(send), measuring_to(measure), step.heard_by(hear):
        yield


class _Reporter:
    """Forwards progress, at most ten times a second."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._next = 0.0

    def __call__(self, fraction: float | None, text: str) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + PROGRESS_SECONDS
            self._send(
                {"fraction": None if fraction is None else min(max(float(fraction), 0.0), 1.0), "text": text[:200]}
            )


def _prepare(work: Work) -> None:
    """Set the working folder, the limits and a fresh random seed; a forked child inherits its parent's state."""
    import numpy as np

    work.scratch.mkdir(parents=True, exist_ok=True)
    os.chdir(work.scratch)
    os.environ["TMPDIR"] = str(work.scratch)
    limit(work.address_space, work.file_size)
    if sys.platform == "linux":
        Path("/proc/self/oom_score_adj").write_text("800")  # out of memory, kill a node before the engine
    np.random.seed()


def _by_port(module: Module, answer: Any) -> dict[str, Any]:
    ports = module.spec().outputs
    answers = (answer,) if len(ports) == 1 else tuple(answer or ())
    if len(answers) != len(ports):
        raise InvalidValues(f"the module returned {len(answers)} results", f"Return {len(ports)}.")
    for port, value in zip(ports, answers, strict=True):
        if value is None:
            raise InvalidValues("the module returned nothing", f"Return {with_article(port.type)}.", port=port.title)
        if not port.type.accepts(kind_of(value)):
            problem = f"the module returned {with_article(type(value).__name__)}"
            raise InvalidValues(problem, f"Return {with_article(port.type)}.", port=port.title)
    return {port.name: value for port, value in zip(ports, answers, strict=True)}


def _inferred(module: Module, outlines: Mapping[str, Any]) -> dict[str, Schema]:
    """The schemas, with column roles, that the module infers for its output tables."""
    spec = module.spec()
    try:
        answer = module.infer(**{port.name: outlines.get(port.name) for port in spec.inputs})
    except Exception:  # the tables are correct without roles too
        traceback.print_exc()
        return {}
    answers = (answer,) if len(spec.outputs) == 1 else tuple(answer or ())
    pairs = zip(spec.outputs, answers, strict=False)
    return {port.name: schema for port, schema in pairs if port.type is PortType.TABLE and isinstance(schema, Schema)}


def _failure(task: Task, outcome: str, kind: str, problem: str, remedy: str) -> Answer:
    error = DesignerError(problem, remedy).at(node=task.node, module=task.title).to_json()
    return Answer(outcome, error={**error, "type": kind})


def _words(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text[:2000]}" if text else type(error).__name__
