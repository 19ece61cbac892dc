"""A second backend: runs one task after the other in a plain process, each with a store of its own.

It shares only the protocol with the local backend. `python -m tests.engine.in_order --workspace DIR` runs an
engine process with this backend.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Self

from designer.engine.backend import Answer, Ended, Job, Limits, Printed, Started
from designer.engine.children.lifeline import end_with_starter, environment
from designer.engine.children.processes import is_there, this_process
from designer.engine.local.outcomes import Watched, classified
from designer.engine.recording.reports import event_of
from designer.engine.service.daemon import serve
from designer.engine.task import Work
from designer.store.artifacts.blobs import Blobs
from designer.store.child_store import ChildStore
from designer.store.workspace import open_workspace

PREFIX = "in order, "
CHILD = """
import json, os, sys
from designer.engine.children.lifeline import end_with_starter
end_with_starter()
from designer.engine.task import Work, carry_out
def say(message):
    answers.write(json.dumps(message) + "\\n")
    answers.flush()
answers = open(int(sys.argv[1]), "w")
for line in sys.stdin:
    request = json.loads(line)
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    answer = carry_out(Work.from_json(request["work"]), say)
    sys.stdout.flush()
    os.chdir("/")
    say({"answer": answer.to_json()})
"""


class InOrder:
    """Runs tasks in order of submission; copies their inputs and outputs between the workspace and their own store."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._process: tuple[subprocess.Popen[bytes], IO[bytes]] | None = None
        self._works_on = ""
        self._killed: dict[str, str] = {}
        self._news = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.owner = PREFIX + this_process()

    @property
    def is_alive(self) -> bool:
        return not self._closing

    @property
    def busy(self) -> int:
        return len(self._jobs)

    def lives(self, owner: str) -> bool:
        return owner.startswith(PREFIX) and is_there(owner.removeprefix(PREFIX))

    def start(self) -> None:
        with self._news:
            if not self._thread.is_alive():
                self._thread.start()

    def load(self, store: ChildStore, modules: Iterable[str]) -> None:
        pass

    def submit(self, *jobs: Job) -> None:
        self.start()
        with self._news:
            self._jobs += jobs
            self._news.notify()

    def kill(self, id: str, reason: str = "cancelled") -> None:
        with self._news:
            if id in (job.task.id for job in self._jobs):
                self._killed.setdefault(id, reason)
                if self._process is not None and id == self._works_on:
                    end_group(self._process[0])

    def close(self) -> None:
        with self._news:
            self._closing = True
            self._news.notify()
        for job in list(self._jobs):
            self.kill(job.task.id)
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._end_process()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._jobs or self._closing)
                if not self._jobs:
                    return
                job = self._jobs[0]
            with TemporaryDirectory(prefix="designer-in-order-") as folder:
                answer = self._answer(job, Path(folder))
            with self._news:
                self._jobs.remove(job)
                self._killed.pop(job.task.id, None)
            job.emit(Ended(answer))

    def _answer(self, job: Job, folder: Path) -> Answer:
        ours, lent = Blobs(job.store.artifacts), Blobs(folder / "artifacts")
        for digest in job.task.reads:
            lent.write(partial(shutil.copyfile, ours.path(digest)))
        store = replace(job.store, artifacts=lent.folder, scratch=folder)
        child = Watched(job.task)
        code = self._run(job, Work(job.task, store, folder / "work"), child)
        child.killed_for = self._killed.get(job.task.id, "")
        answer = classified(child, code, Limits())
        for stored in answer.outputs.values():
            ours.write(partial(shutil.copyfile, lent.path(stored.digest)))
        outputs = {port: replace(stored, seal=ours.seal(stored.digest)) for port, stored in answer.outputs.items()}
        return replace(answer, outputs=outputs)

    def _run(self, job: Job, work: Work, child: Watched) -> int:
        """Have the worker process do the work; return 0, or its exit code if it died."""
        log = work.store.scratch / "log"
        process, answers = self._worker()
        with self._news:
            if job.task.id in self._killed:
                return 0
            self._works_on = job.task.id
        job.emit(Started())
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps({"work": work.to_json(), "log": str(log)}).encode() + b"\n")
            process.stdin.flush()
        for line in answers:
            with suppress(ValueError, LookupError, TypeError):
                message = json.loads(line)
                if "answer" in message:
                    child.answer = Answer.from_json(message["answer"])
                    break
                job.emit(event_of(message))
        with self._news:
            self._works_on = ""
        job.emit(Printed(log.read_bytes() if log.exists() else b""))
        return 0 if child.answer else process.wait()

    def _worker(self) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
        """The worker process, restarted if it has exited, and its stream of answers."""
        if self._process is None or self._process[0].poll() is not None:
            self._end_process()
            reader, writer = os.pipe()
            process = subprocess.Popen(
                [sys.executable, "-c", CHILD, str(writer)], stdin=subprocess.PIPE, pass_fds=[writer],
                env=environment(), start_new_session=True,
            )  # fmt: skip
            os.close(writer)
            self._process = process, os.fdopen(reader, "rb")
        return self._process

    def _end_process(self) -> None:
        if self._process is not None:
            process, answers = self._process
            end_group(process)
            process.wait()
            assert process.stdin is not None
            with suppress(BrokenPipeError):
                process.stdin.close()
            answers.close()


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and everything else in its session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    """Run the engine process of a workspace."""
    end_with_starter()
    with open_workspace(sys.argv[2], checkpoints=True) as workspace:
        sys.exit(serve(workspace, InOrder))


if __name__ == "__main__":
    main()
