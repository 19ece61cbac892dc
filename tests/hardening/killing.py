"""Repeatedly kill a process that writes to a workspace: `python -m tests.hardening.killing FOLDER MODE [--early]`.

The writer acknowledges each completed action; every acknowledged result must exist and be intact afterwards. MODE is a
number of kills at random times, or a system call at which strace kills it: `rename` at each call, `rename/5` at
every fifth. Prints a line per kill: `ok` and the number of acknowledged actions, or what is missing. With --early the
writer acknowledges before it acts, a planted defect.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from designer.store.artifacts.blobs import digest_of
from designer.store.workspace import Workspace, open_workspace

ACTIONS, MOST_POINTS = 6, 40
ROWS = 1000


def write(folder: Path, answers: int, is_early: bool) -> None:
    """Create and save pipelines, register tables and record runs, acknowledging each action."""

    def act(result: list[Any], action: Callable[..., object], *values: Any) -> None:
        if is_early:
            os.write(answers, json.dumps(result).encode() + b"\n")
        action(*values)
        if not is_early:
            os.write(answers, json.dumps(result).encode() + b"\n")

    with open_workspace(folder) as workspace:
        base = random.randrange(2**40)
        for number in range(base, base + ACTIONS):
            draft = workspace.drafts.create(f"p{number}", {"nodes": {}, "number": number})
            act(["draft", draft.id, 2], workspace.drafts.save, draft.id, 1, {"nodes": {"a": {}}})
            table = pd.DataFrame({"x": [number] * ROWS})
            act(["dataset", f"t{number}", number], workspace.datasets.register, f"t{number}", table)
            run = workspace.runs.create(draft.document, pipeline_id=draft.id)
            attempt = workspace.runs.claim(run.id, [{"node": "a", "state": "running"}])
            act(["run", run.id, "finished"], workspace.runs.finish, run.id, attempt or 0, "finished")


def missing(folder: Path, acknowledged: list[list[Any]]) -> list[str]:
    """The acknowledged results that are missing or damaged."""
    with open_workspace(folder) as workspace:
        defects = [f"the database: {line}" for line in workspace.database.check()]
        blobs = (folder / "artifacts").glob("[0-9a-f][0-9a-f]/*")
        defects += [f"{file.name[:12]} has other bytes" for file in blobs if digest_of(file) != file.name]
        return defects + [" ".join(map(str, result)) for result in acknowledged if not _holds(workspace, result)]


def _holds(workspace: Workspace, result: list[Any]) -> bool:
    kind, name, value = result
    try:
        if kind == "draft":
            return int(workspace.drafts.get(name).revision) >= value
        if kind == "run":
            return bool(workspace.runs.get(name).state == value)
        return bool(workspace.sources().dataset(name)["x"].tolist() == [value] * ROWS)
    except Exception:
        return False


def killed(folder: Path, is_early: bool, kill: Callable[[int], None]) -> Iterator[Any]:
    """Fork a stopped writer and hand it to `kill`; yield what it acknowledged, then its exit code."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        os.kill(os.getpid(), signal.SIGSTOP)
        write(folder, writer, is_early)
        os._exit(0)
    os.close(writer)
    os.waitpid(pid, os.WUNTRACED)
    kill(pid)
    with os.fdopen(reader, "rb") as source:
        lines = source.read().splitlines(keepends=True)
    _, status = os.waitpid(pid, 0)
    yield [json.loads(line) for line in lines if line.endswith(b"\n")]
    yield os.waitstatus_to_exitcode(status)


def at_a_random_time(pid: int) -> None:
    """Resume a process and kill it within 0.8 s."""
    os.kill(pid, signal.SIGCONT)
    time.sleep(random.uniform(0.0, 0.8))
    os.kill(pid, signal.SIGKILL)


def at_a_call(name: str, count: int) -> Callable[[int], None]:
    """A kill function that has strace kill a process at the start of its `count`-th call of a system call."""

    def kill(pid: int) -> None:
        inject = f"inject={name}:signal=SIGKILL:when={count}"
        command = ["strace", "-f", "-p", str(pid), "-e", f"trace={name}", "-e", inject, "-o", os.devnull]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as tracer:
            assert tracer.stderr is not None
            tracer.stderr.readline()  # strace prints a line once attached
            os.kill(pid, signal.SIGCONT)
            tracer.stderr.read()

    return kill


def main() -> None:
    """Kill writers and print what each kill left."""
    folder, mode, is_early = Path(sys.argv[1]), sys.argv[2], "--early" in sys.argv
    call, _, every = mode.partition("/")
    with open_workspace(folder):
        pass
    for count in range(1, (int(mode) if mode.isdecimal() else MOST_POINTS) + 1):
        random.seed(count)
        kill = at_a_random_time if mode.isdecimal() else at_a_call(call, count * int(every or 1))
        acknowledged, code = killed(folder, is_early, kill)
        checker = os.fork()  # an open database must not be carried across a fork
        if checker == 0:
            lost = missing(folder, acknowledged)
            print("; ".join(lost) if lost else f"ok {len(acknowledged)}", flush=True)
            os._exit(0)
        os.waitpid(checker, 0)
        if code == 0 and not mode.isdecimal():
            return  # the writer makes fewer such calls


if __name__ == "__main__":
    main()
