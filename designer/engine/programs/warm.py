"""Run a Python script in a fork of this process, which has pandas and scikit-learn loaded, as `python script.py` would.

The fork has its own `__main__`, `sys.argv` and `sys.path`, and none of our packages among its modules: a user's own
`modules` package is found then. Exit handlers stay: multiprocessing and loky need theirs.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import NoReturn

_OURS = ("designer", "modules")
_ORDINARY_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)


def can_run_warm(code: Path) -> bool:
    """Whether no file of the code has the name of a library that is loaded, which it would have to replace."""
    names = {path.stem if path.suffix == ".py" else path.name for path in code.iterdir()}
    loaded = {name.partition(".")[0] for name in sys.modules}
    return not (names - {*_OURS}) & loaded


def start_warm(
    script: Path, arguments: list[str], folder: Path, library: Path, variables: Mapping[str, str]
) -> Callable[[float], int | None]:
    """Start a script in a fork; returns a function that waits up to some seconds for its exit code (None: not yet)."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _become_script(script, arguments, folder, library, variables)

    def wait(seconds: float) -> int | None:
        end = time.monotonic() + seconds
        pause = 0.001
        while True:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() >= end:
                return None
            time.sleep(pause)
            pause = min(2 * pause, 0.02)

    return wait


def _become_script(
    script: Path, arguments: list[str], folder: Path, library: Path, variables: Mapping[str, str]
) -> NoReturn:
    code = 70
    try:
        os.chdir(folder)
        os.environ.update(variables)
        for number in _ORDINARY_SIGNALS:
            signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else signal.default_int_handler)
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        _seed()
        code = _executed(script, arguments, library)
    except BaseException:  # not of the script, whose errors `_executed` reports
        traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _executed(script: Path, arguments: list[str], library: Path) -> int:
    """Run the script as `__main__`, with its threads and exit handlers; returns the exit code."""
    import atexit

    main = ModuleType("__main__")
    main.__file__ = str(script)
    main.__builtins__ = __builtins__  # type: ignore[attr-defined]
    main.__loader__ = SourceFileLoader("__main__", str(script))
    sys.modules["__main__"] = main
    sys.argv = [str(script), *arguments]
    for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
        del sys.modules[name]
    sys.path[:] = [str(script.parent), str(library), *(path for path in sys.path if path not in ("", str(library)))]
    code = 0
    try:
        exec(compile(script.read_bytes(), str(script), "exec"), main.__dict__)  # noqa: S102
    except SystemExit as ending:
        code = _exit_code(ending.code)
    except BaseException as error:
        own = error.with_traceback(error.__traceback__.tb_next if error.__traceback__ else None)
        sys.excepthook(type(own), own, own.__traceback__)
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    return code


def _exit_code(code: object) -> int:
    """As the interpreter ends for `sys.exit(code)`: None is 0, a number itself, anything else is printed and 1."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write(f"{code}\n")
    return 1


def _seed() -> None:
    """New random numbers: a fork has the state of its parent."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
