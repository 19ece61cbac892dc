"""How a child process on this computer ended, in words."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from designer.contract.errors import DesignerError
from designer.engine.backend import Answer, Limits, Task
from designer.engine.children.processes import STOPPED_SECONDS


@dataclass
class Watched:
    """The observed state of a child: its answer, why it was killed, its family's peak memory in bytes, and which
    process of the family was last seen stopped."""

    task: Task
    answer: Answer | None = None
    killed_for: str = ""
    memory: int = 0
    stopped: str = "its process"


def classified(job: Watched, code: int, limits: Limits) -> Answer:
    """Classify how a child ended. Its answer decides; the exit code only explains a missing answer."""
    if job.answer is not None and job.answer.outcome == "finished":
        return job.answer
    match job.killed_for:
        case "timed out" if limits.seconds is not None:
            return failure(job.task, "timed out", f"it ran longer than {limits.seconds:g} s", "Raise the limit.")
        case "out of memory":
            return failure(job.task, "out of memory", f"it used {_size(job.memory)}", "Use fewer rows or columns.")
        case "stopped":
            seconds = f"stood still for {STOPPED_SECONDS:g} s"
            problem = f"{job.stopped} was stopped from outside (SIGSTOP), {seconds} and was ended"
            return failure(job.task, "crashed", problem, "Run it again.")
        case "":
            pass
        case reason:
            return Answer(reason)
    if job.answer is not None:
        return job.answer
    if code >= 0:
        return failure(job.task, "ended early", f"the process ended itself (exit code {code})", "Does it call exit()?")
    if code == -signal.SIGKILL and job.memory > limits.memory // 2:
        return failure(job.task, "out of memory", f"it used {_size(job.memory)}", "Use fewer rows or columns.")
    return failure(
        job.task, "crashed", f"the process was ended by {_signal(code)}", "The log may say why; run it again."
    )


def failure(task: Task, outcome: str, problem: str, remedy: str) -> Answer:
    """The answer for a task whose process could not send one."""
    error = DesignerError(problem, remedy).at(node=task.node, module=task.title).to_json()
    return Answer(outcome, error={**error, "type": outcome.title().replace(" ", "")})


def _signal(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _size(bytes_: int) -> str:
    return f"{bytes_ / 1024**3:.1f} GB of memory"
