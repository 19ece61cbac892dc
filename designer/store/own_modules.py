"""Test imports of a workspace's own modules in a child process, so that a file that hangs, exits or raises is harmless.

`python -m designer.store.own_modules FOLDER NAME...` imports one file after the other and reports each outcome.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from designer.store.artifacts.blobs import write_whole

FILE = "own-modules.json"
FILE_SECONDS = 30.0
CPU_SECONDS = 10
"""The most wall and CPU time for importing a file. Heavy libraries take a few seconds, more on a busy machine."""
START_SECONDS = 60.0
HANGING = (
    "it did not come to an end while it was loaded and was stopped; is there a loop outside of its functions? "
    "It is tried again when the file changes"
)


def refused(workspace: Path) -> Mapping[str, str]:
    """The files of the `modules` folder that must not be imported, with the reason. Outcomes are cached by content."""
    folder = workspace / "modules"
    digests = {path.name: _digest(path) for path in sorted(folder.glob("*.py"))} if folder.is_dir() else {}
    outcomes = _read(workspace / FILE)
    untried = [name for name, digest in digests.items() if digest not in outcomes]
    if untried:
        tried = _tried(folder, untried)
        outcomes = {digest: outcomes[digest] for digest in digests.values() if digest in outcomes}
        outcomes |= {digests[name]: reason for name, reason in tried.items()}
        with contextlib.suppress(OSError):  # without the cache they are tried again next time
            write_whole(workspace / FILE, json.dumps(outcomes, indent=1).encode())
    return {name: outcomes[digest] for name, digest in digests.items() if outcomes.get(digest)}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.name.encode() + b"\0" + path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable {error.errno} {path.name}"


def _read(file: Path) -> dict[str, str]:
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(digest): str(reason) for digest, reason in document.items()} if isinstance(document, dict) else {}


def _tried(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Why each file cannot be imported, by file name; empty if it can."""
    reasons: dict[str, str] = {}
    while left := [name for name in names if name not in reasons]:
        done, current, code = _try(folder, left)
        reasons |= done
        if len(done) == len(left):
            break
        culprit = current or left[len(done)]
        reasons[culprit] = (
            HANGING if code in (None, -signal.SIGXCPU) else f"it ended the process that loaded it ({_reason(code)})"
        )
    return reasons


def _try(folder: Path, names: Sequence[str]) -> tuple[dict[str, str], str, int | None]:
    """Run a child on these files: the reasons by file, the file it was importing, its exit code (None if it hung)."""
    command = [sys.executable, "-m", "designer.store.own_modules", str(folder), *names]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as child:
        assert child.stdout is not None
        try:
            done, current, has_ended = _followed(child.stdout, len(names))
            code = child.wait(timeout=FILE_SECONDS) if has_ended else None
        except subprocess.TimeoutExpired:
            code = None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    return done, current, code


def _followed(stream: IO[bytes], count: int) -> tuple[dict[str, str], str, bool]:
    """Read the messages of a child until it ends or a file takes too long.

    Returns the reasons by file, the file it was importing, and whether it ended.
    """
    done: dict[str, str] = {}
    current, part, until = "", b"", time.monotonic() + START_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while len(done) < count:
            if not selector.select(max(until - time.monotonic(), 0)):
                return done, current, False
            content = os.read(stream.fileno(), 1 << 16)
            if not content:
                return done, current, True
            *lines, part = (part + content).split(b"\n")
            for message in map(json.loads, lines):
                until = time.monotonic() + FILE_SECONDS
                current = message["file"] if "reason" not in message else ""
                if "reason" in message:
                    done[message["file"]] = message["reason"]
    return done, "", True


def _reason(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"


def _allow(seconds: int) -> None:
    """Allow this process `seconds` more CPU time, without a core dump when it exceeds them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Import the files named on the command line and report each outcome."""
    from designer.contract.catalogue.library import import_own

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # keep the output of a file out of the answers

    def report(**message: Any) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    for name in sys.argv[2:]:
        report(file=name)
        _allow(CPU_SECONDS)
        try:
            import_own(Path(sys.argv[1]) / name)
        except BaseException as error:  # a user's file may raise anything
            report(file=name, reason=f"{type(error).__name__}: {error}"[:500])
        else:
            report(file=name, reason="")
    os._exit(0)  # do not wait for threads that a file started


if __name__ == "__main__":
    main()
