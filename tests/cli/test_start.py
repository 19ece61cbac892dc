"""`designer start`: its processes end with it, are restarted when they exit, and conflicts name their cause."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from designer import settings
from designer.cli.starting.supervisor import LONGEST_PAUSE, LONGEST_PAUSE_ONCE_UP, Process, pause, supervise
from designer.engine.children.lifeline import environment

PARTS = {"page": "designer.ui.server", "engine": "designer.engine.service.daemon", "scoring": "designer.serving.server"}


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.05)


def two_free_ports() -> int:
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind((settings.HOST, 0))
            port: int = first.getsockname()[1]
            try:
                second.bind((settings.HOST, port + 1))
            except (OSError, OverflowError):
                continue
            return port


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((settings.HOST, port)) == 0


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@dataclass
class Started:
    """A `designer start` process and its output."""

    workspace: Path
    log: Path
    port: int = field(default_factory=two_free_ports)

    def __post_init__(self) -> None:
        words = ["start", "--workspace", str(self.workspace), "--port", str(self.port)]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "designer", *words], stdout=output, stderr=output, start_new_session=True
            )

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def part(self, name: str) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            try:
                if PARTS[name] in child.cmdline():
                    return child
            except psutil.Error:
                continue
        return None

    @property
    def is_up(self) -> bool:
        return self.process.poll() is None and all(self.part_is_up(name) for name in PARTS)

    def part_is_up(self, name: str) -> bool:
        process = self.part(name)
        if process is None:
            return False
        if name == "engine":
            lock = self.workspace / "engine.lock"
            return lock.exists() and lock.read_text().strip() == str(process.pid)
        return answers(self.port + (name == "scoring"))

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("start")
    one = Started(folder / "workspace", folder / "log")
    try:
        wait_for(lambda: one.is_up, 300)
        yield one
    finally:
        one.end()


def designer(*words: str, code: int, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "designer", *words]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, **more)  # type: ignore[call-overload]
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended  # type: ignore[no-any-return]


def test_start_prints_an_address_and_nothing_one_cannot_act_on(started: Started) -> None:
    wait_for(lambda: "Designer is ready" in started.printed)
    lines = [line for line in started.printed.splitlines() if "building the pages" not in line]
    assert len(lines) == 1
    assert lines[0].startswith(f"Designer is ready: http://{settings.HOST}:{started.port}/enter?code=")


def test_second_start_says_who_runs_the_workspace_and_how_to_end_it(started: Started) -> None:
    message = designer("start", "--workspace", str(started.workspace), "--port", "1", code=2).stderr
    assert f"process {started.process.pid}" in message
    assert str(started.workspace) in message
    assert f"http://{settings.HOST}:{started.port}" in message
    assert f"kill {started.process.pid}" in message


@pytest.mark.parametrize(("offset", "part"), [(0, "page"), (1, "scoring process"), (-1, "page")])
def test_port_of_another_designer_is_named_as_such(started: Started, tmp_path: Path, offset: int, part: str) -> None:
    port = str(started.port + offset)
    message = designer("start", "--workspace", str(tmp_path / "other"), "--port", port, code=2).stderr
    assert f"taken by the {part} (process " in message
    assert str(started.workspace) in message
    assert f"kill {started.process.pid}" in message


def test_open_finds_the_page_of_the_workspace(started: Started, tmp_path: Path) -> None:
    address = designer("open", "--print", "--workspace", str(started.workspace), code=0).stdout
    assert address.startswith(f"http://{settings.HOST}:{started.port}/enter?code=")
    refused = designer("open", "--print", "--workspace", str(tmp_path / "none"), code=2).stderr
    assert "designer start" in refused
    assert not (tmp_path / "none").exists()


def test_open_leads_to_the_port_designer_runs_on_and_to_no_other(started: Started) -> None:
    command = ("open", "--print", "--workspace", str(started.workspace))
    other = str(started.port + 7)
    address = designer(*command, code=0, env=os.environ | {"DESIGNER_PORT": other}).stdout
    assert address.startswith(f"http://{settings.HOST}:{started.port}/enter?code=")
    assert f":{started.port}/" in designer(*command, "--port", str(started.port), code=0).stdout
    refused = designer(*command, "--port", other, code=2).stderr
    assert f"port {started.port} of this workspace, not on {other}" in refused


def test_open_without_a_browser_prints_the_address(started: Started) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")}
    for more in ({}, {"BROWSER": "/no/browser"}):
        opened = designer("open", "--workspace", str(started.workspace), code=0, env=bare | more)
        assert f":{started.port}/enter?code=" in opened.stdout


@pytest.mark.parametrize("name", list(PARTS))
def test_killed_part_is_started_again_and_the_others_go_on(started: Started, name: str) -> None:
    wait_for(lambda: started.is_up)
    others = [started.part(other) for other in PARTS if other != name]
    for _ in range(3):
        killed = started.part(name)
        assert killed is not None
        killed.kill()
        wait_for(lambda gone=killed.pid: (part := started.part(name)) is not None and part.pid != gone)
        wait_for(lambda: started.part_is_up(name))
    assert [started.part(other) for other in PARTS if other != name] == others
    assert "ended (SIGKILL)" in started.printed


def test_killed_start_takes_everything_with_it_also_what_is_stopped_and_the_next_one_works(tmp_path: Path) -> None:
    one = Started(tmp_path / "workspace", tmp_path / "log")
    try:
        wait_for(lambda: one.is_up)
        engine = one.part("engine")
        assert engine is not None
        wait_for(lambda: bool(engine.children()))
        family = one.family()
        for process in (engine, *engine.children()):
            process.suspend()
        one.process.kill()
        one.process.wait()
        wait_for(lambda: not any(map(is_alive, family)), 20)
        again = Started(one.workspace, tmp_path / "again", one.port)
        try:
            wait_for(lambda: again.is_up)
        finally:
            again.end()
        assert again.process.returncode == 0
    finally:
        one.end()


def test_process_whose_starter_has_gone_before_it_asked_ends_itself(tmp_path: Path) -> None:
    code = "from designer.engine.children.lifeline import end_with_starter; end_with_starter(); print('alive')"
    there = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert there.stdout == "alive\n"
    gone = environment() | {"DESIGNER_STARTED_BY": "999999999"}
    assert subprocess.run([sys.executable, "-c", code], env=gone, capture_output=True).returncode == -signal.SIGKILL


def test_pauses_grow_and_have_an_end() -> None:
    assert [pause(n, was_up=False) for n in range(1, 7)] == [0, 0.5, 1, 2, 4, 8]
    assert pause(1000, was_up=False) == LONGEST_PAUSE
    assert pause(1000, was_up=True) == LONGEST_PAUSE_ONCE_UP


def short_lived(name: str, file: Path, code: int, *, is_essential: bool = False) -> Process:
    file.with_suffix(".py").write_text(f"open({str(file)!r}, 'a').write('x')\nraise SystemExit({code})\n")
    started = Process(name, [], lambda pid: False, f"no {name}", is_essential=is_essential)
    started.arguments = [file.stem]
    return started


def test_process_that_never_starts_is_said_and_takes_no_other_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    bad = short_lived("engine", tmp_path / "bad_engine", 3)
    (tmp_path / "good_page.py").write_text("import time\ntime.sleep(600)\n")
    good = Process("page", ["good_page"], lambda pid: True, "no page", is_essential=True)
    tries = tmp_path / "bad_engine"
    code = supervise([good, bad], lambda: tries.exists() and len(tries.read_text()) >= 4)
    assert code == 0
    assert "Designer: the engine did not start (exit code 3); no engine meanwhile; restarting" in capfd.readouterr().err
    assert good.ends == []


def test_stopped_process_is_ended_and_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "stops.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n")
    engine = Process("engine", ["stops"], lambda pid: True, "no engine")
    assert supervise([engine], lambda: bool(engine.ends)) == 0
    assert "the engine was stopped from outside" in capfd.readouterr().err


@pytest.mark.parametrize(("code", "times"), [(1, 4), (os.EX_CONFIG, 1)])
def test_start_without_a_page_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], code: int, times: int
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    page = short_lived("page", tmp_path / "bad_page", code, is_essential=True)
    assert supervise([page], lambda: False) == code
    assert (tmp_path / "bad_page").read_text() == "x" * times
    assert "the page cannot be started" in capfd.readouterr().err


def as_a_user() -> None:
    """Drop root's capability to bypass file permissions."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "workspace"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    yield folder
    folder.chmod(stat.S_IRWXU)


@pytest.mark.skipif(sys.platform != "linux", reason="root gives its rights up in another way elsewhere")
@pytest.mark.parametrize(
    "words",
    [
        ("start",),
        ("open", "--port", "8321"),
        ("dataset", "list"),
        ("dataset", "sweep"),
        ("clean",),
        ("run", "pipeline.json"),
        ("infer", "pipeline.json", "-o", "out.json"),
        ("export", "pipeline.json", "--to", "python", "-o", "out.py"),
        ("deploy", "pipeline.json", "--name", "n"),
        ("score", "n", "rows.csv"),
        ("certify", "n"),
    ],
    ids=lambda words: words[0],
)
def test_read_only_workspace_is_said_by_every_command(read_only: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "pipeline.json").write_text('{"format": 1, "name": "p", "nodes": {}, "edges": []}')
    (tmp_path / "rows.csv").write_text("a\n1\n")
    message = designer(*words, "--workspace", str(read_only), code=2, cwd=tmp_path, preexec_fn=as_a_user).stderr
    assert message.count("\n") == 1
    assert str(read_only) in message
    assert "--workspace" in message


@pytest.mark.skipif(sys.platform != "linux", reason="root gives its rights up in another way elsewhere")
def test_folder_in_a_read_only_one_is_said_too(read_only: Path) -> None:
    message = designer("start", "--workspace", str(read_only / "in" / "it"), code=2, preexec_fn=as_a_user).stderr
    assert "cannot be made (Permission denied)" in message
    message = designer("start", "--workspace", "/dev/null", code=2).stderr
    assert "/dev/null" in message
