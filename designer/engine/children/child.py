"""The protocol between Designer and its child processes.

A message is a JSON object on one line; other lines are ignored, since a user's script may write to any descriptor. A
child sends its progress, `{"fraction": ..., "text": ...}`, metrics and tags (see `recording.reports`), and finally
`{"answer": ...}` or `{"error": ...}`, a serialized DesignerError.

Keep the imports of this file light: the fork server, which uses it, is started first.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

import orjson

from designer.contract.errors import DesignerError
from designer.engine.children.lifeline import end_with_starter, environment

Message = Mapping[str, Any]
Report = Callable[[float, str], None]


class ChildEnded(DesignerError):
    """A child process ended without an answer: it crashed or timed out."""


def packed(message: Message) -> bytes:
    """Encode a message as one line of JSON."""
    try:
        return orjson.dumps(message, default=str) + b"\n"
    except TypeError:  # an integer beyond 64 bits, or a key that is not a string
        return json.dumps(message, default=str).encode() + b"\n"


class Messages:
    """Parses messages incrementally."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, content: bytes) -> list[dict[str, Any]]:
        """Append bytes; returns the messages that they complete."""
        first, *others = content.split(b"\n")
        self._parts.append(first)
        lines = []
        for part in others:
            lines.append(b"".join(self._parts))
            self._parts = [part]
        return [message for line in lines if (message := _unpacked(line)) is not None]


def _unpacked(line: bytes) -> dict[str, Any] | None:
    try:
        message = orjson.loads(line)
    except ValueError:
        try:
            message = json.loads(line)
        except ValueError:
            return None
    return message if isinstance(message, dict) else None


def answered(work: Callable[[], Any]) -> Message:
    """Do the work; returns its answer or its error as a message."""
    try:
        return {"answer": work()}
    except DesignerError as error:
        return {"error": error.to_json()}
    except MemoryError:
        return {"error": DesignerError("there is not enough memory for it", "Use fewer rows or columns.").to_json()}
    except OSError as error:
        from designer.store.artifacts.blobs import FULL, disk_error

        if error.errno not in FULL:
            raise
        return {"error": disk_error(error).to_json()}


def answer_of(message: Message) -> Any:
    """The answer in a message; raises DesignerError if the child sent an error."""
    if "error" in message:
        raise DesignerError.from_json(message["error"])
    return message["answer"]


def limit(address_space: int = 0, file_size: int = 0) -> None:
    """In a child: set resource limits in bytes (0 is no limit) and disable core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind, most in ((resource.RLIMIT_AS, address_space), (resource.RLIMIT_FSIZE, file_size)):
        if most:
            resource.setrlimit(kind, (most, most))


def serve(work: Callable[[Any, Report], Any]) -> None:
    """In a child: answer requests on stdin until end of file.

    `work` gets a request and a function to report progress. Its output goes to stderr.
    """
    requests, answers = _private_streams()

    def send(message: Message) -> None:
        answers.write(packed(message))
        answers.flush()

    def report(fraction: float, text: str) -> None:
        send({"fraction": fraction, "text": text})

    for message in _read(requests):
        request = message.get("request")
        send(answered(lambda request=request: work(request, report)))  # type: ignore[misc]


def ask(
    module: str,
    arguments: Iterable[str],
    request: Any,
    *,
    what: str,
    report: Report | None = None,
    seconds: float | None = None,
    is_quiet: bool = False,
    **variables: str,
) -> Any:
    """Send a request to `python -m MODULE ARGUMENTS`; blocks until it answers and returns the answer.

    `is_quiet` drops the child's output; `seconds` is a timeout, `variables` are added to the environment. Raises the
    child's error, or ChildEnded if it ends or times out without an answer; `what` names the work in that message.
    """
    errors = subprocess.DEVNULL if is_quiet else None
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment(**variables)
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        with _ended_after(child, seconds) as is_late:
            with contextlib.suppress(BrokenPipeError), child.stdin:
                child.stdin.write(packed({"request": request}))
            for message in _read(child.stdout):
                if "fraction" in message:
                    if report is not None:
                        report(message["fraction"], message["text"])
                else:
                    return answer_of(message)
            code = child.wait()
    if is_late.is_set():
        raise ChildEnded(f"{what} took more than {seconds:g} seconds", "Try again.")
    raise ChildEnded(f"{what} ended without an answer (code {code})", "Try again.")


@contextlib.contextmanager
def _ended_after(child: subprocess.Popen[bytes], seconds: float | None) -> Iterator[threading.Event]:
    """Kill a child after a timeout; the event is set if it timed out."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        child.kill()

    timer = threading.Timer(seconds or 0, end)
    if seconds is not None:
        timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()


def _read(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    messages = Messages()
    while content := os.read(stream.fileno(), 1 << 16):
        yield from messages.feed(content)


def _private_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Duplicate stdin and stdout for the protocol; then redirect both, so that prints and reads cannot disturb it."""
    end_with_starter()
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return requests, answers
