"""Run every command of README.md and SECURITY.md verbatim, in a fresh clone with an empty home.

The tests follow the order of the README and share one clone, because later blocks use what earlier ones started or
wrote. A block without a test fails `test_every_block_is_tried`.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import psutil
import pytest

from designer.samples.data import census
from tests.fenced import Block, blocks

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ("README.md", "SECURITY.md")
PAGE, SCORING = 8321, 8322
START_SECONDS = 900
"""Time to create a virtual environment, install all packages and build the pages on a busy machine."""

TRIED = {
    ("README.md", "Start", 0): "make start",
    ("README.md", "Start", 1): "pip install, designer start",
    ("README.md", "On the command line", 0): "in order, beside a running Designer",
    ("README.md", "In Python", 0): "as a script, beside a running Designer",
    ("README.md", "An endpoint answers", 0): "the endpoint that the list deployed",
    ("README.md", "Your own modules", 0): "the file as it stands",
    ("README.md", "Your own package of modules", 0): "tests/packages/test_catboost.py, against the package",
    ("README.md", "Your own programs", 0): "as a script, with the program that it names",
    ("README.md", "Working on Designer", 0): "the targets exist; this test is part of the first",
}


def block(text: str, heading: str, place: int = 0) -> Block:
    candidates = blocks((ROOT / text).read_text(encoding="utf-8"))
    return next(each for each in candidates if (each.heading, each.place) == (heading, place))


def test_every_block_is_tried() -> None:
    keys = {(text, each.heading, each.place) for text in TEXTS for each in blocks((ROOT / text).read_text())}
    assert keys == set(TRIED)


@dataclass(frozen=True)
class Stranger:
    """A user with a fresh clone, an empty home and no variables of Designer in the environment."""

    clone: Path
    folder: Path
    """An empty folder outside the clone."""
    environment: dict[str, str]

    def installed(self) -> dict[str, str]:
        """The environment with the virtual environment of `pip install .` on the path."""
        return {**self.environment, "PATH": f"{self.folder / 'venv' / 'bin'}{os.pathsep}{self.environment['PATH']}"}

    def run(self, command: str, folder: Path, environment: dict[str, str], code: int | None = 0) -> str:
        """Run a command verbatim in bash and return its output; fails on another exit code."""
        ended = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=START_SECONDS,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert code is None or ended.returncode == code, f"{command}\n{ended.stdout}\n{ended.stderr}"
        assert "Traceback" not in ended.stderr
        return ended.stdout

    @contextmanager
    def running(self, command: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
        """Run a server command until the end of the block; yields its output up to the first response of the page."""
        log = self.folder / "log"
        with log.open("w") as output, subprocess.Popen(
            ["bash", "-c", command], cwd=folder, env=environment, stdout=output, stderr=output,
            stdin=subprocess.DEVNULL, start_new_session=True,
        ) as started:  # fmt: skip
            try:
                _wait_for_page(started, log)
                yield log.read_text()
            finally:
                os.killpg(started.pid, signal.SIGINT)
                started.wait(60)
        assert not _listening(PAGE), "Ctrl-C must stop every process"
        assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    for port in (PAGE, SCORING):
        if _listening(port):
            pytest.fail(f"The README names port {port}, and something listens there: end it and try again.")
    place = tmp_path_factory.mktemp("stranger")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place / "clone")], check=True)
    (place / "home").mkdir()
    (place / "folder").mkdir()
    ours = ("DESIGNER_", "PYTHON", "VIRTUAL_ENV", "XDG_", "OMP_", "PYTEST_", "MAKE", "MFLAGS")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    own = Path(sys.executable).parent
    path = [part for part in environment["PATH"].split(os.pathsep) if Path(part) != own]
    environment |= {"HOME": str(place / "home"), "PATH": os.pathsep.join(path)}
    return Stranger(place / "clone", place / "folder", environment)


@pytest.fixture(scope="module")
def designer(stranger: Stranger) -> Iterator[Stranger]:
    """`pip install .` and `designer start` in the user's folder; serves until the last test."""
    install, start = block("README.md", "Start", 1).commands
    subprocess.run([sys.executable, "-m", "venv", str(stranger.folder / "venv")], check=True)
    stranger.run(install, stranger.clone, stranger.installed())
    with stranger.running(start, stranger.folder, stranger.installed()):
        yield stranger


def test_make_start_on_a_fresh_clone_serves_the_page_and_the_next_one_builds_nothing(stranger: Stranger) -> None:
    (command,) = block("README.md", "Start", 0).commands
    with stranger.running(command, stranger.clone, stranger.environment) as output:
        assert "is ready" in output
        assert "installing what it needs" in output
        assert _addresses() <= {"127.0.0.1", "::1"}
        assert (stranger.clone / ".designer" / "designer.db").is_file()
    built = (stranger.clone / ".venv" / ".ready").stat().st_mtime
    with stranger.running(command, stranger.clone, stranger.environment) as output:
        assert "is ready" in output
        assert "install" not in output
        assert "building" not in output
    assert (stranger.clone / ".venv" / ".ready").stat().st_mtime == built
    status = stranger.run("git status --porcelain", stranger.clone, stranger.environment)
    assert status == "", "a start must not change the clone"


def test_the_package_keeps_everything_in_the_folder_it_is_started_in(designer: Stranger) -> None:
    assert (designer.folder / ".designer" / "designer.db").is_file()
    assert _addresses() <= {"127.0.0.1", "::1"}


def test_the_list_of_commands_works_in_its_order(designer: Stranger) -> None:
    rows = census().head(20)
    rows.drop(columns="income").to_csv(designer.folder / "rows.csv", index=False)
    rows.to_csv(designer.folder / "churn.csv", index=False)
    outputs = {}
    for command in block("README.md", "On the command line").commands:
        outputs[command.split("#")[0].strip()] = designer.run(command, designer.folder, designer.installed())
    assert json.loads(outputs["designer run examples/census-income.json --set split.fraction=0.8 --json"])["metrics"]
    scored = pd.read_csv(io.StringIO(outputs["designer score census rows.csv"]))
    assert len(scored) == 20
    assert scored["Scored Probabilities"].between(0, 1).all()
    script = designer.run("python census.py", designer.folder, designer.installed())
    assert "AUC" in script
    designer.run(f"test -s census.onnx && {command.split()[0]} --help", designer.folder, designer.installed())


def test_the_pipeline_in_python_runs_as_it_stands(designer: Stranger) -> None:
    (designer.folder / "by_code.py").write_text(block("README.md", "In Python").text)
    output = designer.run("python by_code.py", designer.folder, designer.installed())
    assert float(output.splitlines()[-1]) > 0.8
    saved = json.loads(designer.run("designer pipeline list --json", designer.folder, designer.installed()))
    assert "Census" in [pipeline["name"] for pipeline in saved]


def test_a_program_becomes_a_step_and_a_component_as_it_stands(designer: Stranger) -> None:
    (designer.folder / "steps").mkdir()
    program = (
        "import sys\nfrom designer import step\nstep.read('rows').describe().to_csv(sys.argv[4] + '/summary.csv')\n"
    )
    (designer.folder / "steps" / "summarize.py").write_text(program)
    (designer.folder / "programs.py").write_text(block("README.md", "Your own programs").text)
    designer.run("python programs.py", designer.folder, designer.installed())
    listed = json.loads(designer.run("designer component list --json", designer.folder, designer.installed()))
    assert [(row["name"], row["version"]) for row in listed] == [("summarize", "1.0")]


def test_a_run_with_a_node_that_fails_does_not_exit_with_0(designer: Stranger) -> None:
    command = "designer run examples/census-income.json --set 'clean.columns=[\"nowhere\"]'"
    designer.run(f"{command}; test $? -eq 1", designer.folder, designer.installed())


def test_the_endpoint_answers_the_request_as_it_stands(designer: Stranger) -> None:
    (command,) = block("README.md", "An endpoint answers").commands
    keys = json.loads(designer.run("designer endpoint keys census --json", designer.folder, designer.installed()))
    environment = {**designer.installed(), "DESIGNER_KEY": keys["primary"]}
    answer = json.loads(designer.run(command.replace("curl ", "curl -sS "), designer.folder, environment))
    (row,) = answer["Results"]["WebServiceOutput0"]
    assert 0 <= row["Scored Probabilities"] <= 1


def test_a_module_in_the_folder_is_there_without_a_restart(designer: Stranger) -> None:
    text = block("README.md", "Your own modules").text
    (designer.folder / ".designer" / "modules" / "add_constant.py").write_text(text)
    listed = json.loads(designer.run("designer modules --json", designer.folder, designer.installed()))
    (own,) = [module for module in listed if module["title"] == "Add a constant"]
    assert [parameter["name"] for parameter in own["parameters"]] == ["column", "amount"]
    assert own["description"] == "Add a number to a column."


def test_the_targets_for_working_on_it_exist(stranger: Stranger) -> None:
    for command in block("README.md", "Working on Designer").commands:
        target = command.split("#")[0].split()[1]
        stranger.run(f"make --dry-run {target}", stranger.clone, stranger.environment)


def test_every_file_that_a_text_points_to_is_there() -> None:
    for text in TEXTS:
        content = (ROOT / text).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", content):
            assert (ROOT / target).exists(), f"{text} points to {target}"


def _wait_for_page(started: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert started.poll() is None, log.read_text()
        if "is ready" in log.read_text() and _answers():
            return
        time.sleep(0.2)
    pytest.fail(f"The page does not answer:\n{log.read_text()}")


def _answers() -> bool:
    """Whether an HTTP server responds at the port of the page; an error status counts, because there is no session."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{PAGE}/", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _addresses() -> set[str]:
    """The addresses on which the processes of this Designer listen."""
    page = next(c for c in psutil.net_connections("tcp") if c.status == "LISTEN" and c.laddr.port == PAGE)
    launcher = psutil.Process(page.pid).parent()
    assert launcher is not None
    family = [launcher, *launcher.children(recursive=True)]
    return {c.laddr.ip for one in family for c in one.net_connections("tcp") if c.status == "LISTEN"}
