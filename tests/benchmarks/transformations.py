"""Every data module on a million rows by twenty mixed columns, compared with the equivalent plain call.

Both run alternately in a process of their own, with one thread: time is processor time, memory the growth of the
resident set above the inputs. Negligible amounts are rounded up: less than 5 ms count as 5, less than 16 MB as 16. Text
modules get 50,000 rows of twelve words.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

from threadpoolctl import threadpool_limits

from designer.contract.catalogue.library import Library

from .plain_calls import STEPS, Step, Tables, tables

ROWS = 1_000_000
TIME, MEMORY = 1.5, 2.0
SHORTEST, SMALLEST = 0.005, 16.0
TURNS, SECONDS = 3, 1.5


def measure(only: str = "") -> list[tuple[str, str, str]]:
    """Time and peak memory as ratios to the plain call; `only` names modules by the start of their id."""
    library, inputs = Library.scan(), tables(ROWS)
    steps = [step for step in STEPS if step.module.startswith(only)]
    return [(_title(step, library), *_compared(step, library, inputs)) for step in steps]


def _title(step: Step, library: Library) -> str:
    title = library[step.module].spec().title
    return f"{title}, {step.what}" if step.what else title


def _compared(step: Step, library: Library, inputs: Tables) -> tuple[str, str]:
    module, tables = library[step.module].read(step.parameters), [getattr(inputs, name) for name in step.inputs]
    ours, plain = lambda: module.run(*tables), lambda: step.plain(*tables)
    seconds = _in_child(_times, ours, plain)
    memory = [max(_in_child(_growth, work), SMALLEST) for work in (ours, plain)]
    ratios = max(seconds[0], SHORTEST) / max(seconds[1], SHORTEST), memory[0] / memory[1]
    missed = ratios[0] > TIME or ratios[1] > MEMORY
    ratio_text = f"{ratios[0]:.2f} time ({seconds[0] * 1000:.0f} ms), {ratios[1]:.2f} memory ({memory[0]:.0f} MB)"
    return ratio_text, f"<= {TIME:.2f} time, <= {MEMORY:.2f} memory{'  MISSED' if missed else ''}"


def _times(ours: Callable[[], Any], plain: Callable[[], Any]) -> tuple[float, float]:
    """The median seconds of both calls, run alternately."""
    seconds: dict[Callable[[], Any], list[float]] = {ours: [], plain: []}
    start = time.process_time()
    while len(seconds[ours]) < TURNS or (time.process_time() - start < SECONDS and len(seconds[ours]) < 15):
        for work, times in seconds.items():
            before = time.process_time()
            result = work()
            times.append(time.process_time() - before)
            del result
    return statistics.median(seconds[ours]), statistics.median(seconds[plain])


def _growth(work: Callable[[], Any]) -> float:
    """The largest growth of resident memory in megabytes."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = work()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    del result
    return (after - before) / 1024


def _in_child(measured: Callable[..., Any], *work: Callable[[], Any]) -> Any:
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_work, args=(answers, measured, work))
    child.start()
    child.join()
    if child.exitcode != 0:
        raise RuntimeError(f"a measured call ended with {child.exitcode}")
    return answers.get()


def _work(answers: Any, measured: Callable[..., Any], work: tuple[Callable[[], Any], ...]) -> None:
    with threadpool_limits(1):
        answers.put(measured(*work))
