"""Environments: locked once, made once, shared without links, and used by programs."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from designer.contract.component import Command, ComponentSpec, Environment
from designer.engine.backend import Backend
from designer.engine.local.backend import Local
from designer.engine.programs.environments import (
    EnvironmentBroken,
    Indexes,
    Places,
    Unsolvable,
    key_of,
    locked,
    made,
    pip_indexes,
    python_of,
    remove,
)
from designer.engine.run import execute
from designer.pipeline.graph import Node, Pipeline
from designer.registry.scripts import script_source
from designer.store.workspace import Workspace
from designer.workbench.components import Components

WHEEL = "greeting-{version}-py3-none-any.whl"


def wheel(folder: Path, version: str, text: str) -> None:
    """A package with one module, as a wheel."""
    folder.mkdir(exist_ok=True)
    info = f"greeting-{version}.dist-info"
    with zipfile.ZipFile(folder / WHEEL.format(version=version), "w") as archive:
        archive.writestr("greeting.py", f"TEXT = {text!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: greeting\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", f"greeting.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A folder of environments, and an index of two wheels that needs no network."""
    for version, text in (("1.0", "hello"), ("2.0", "hullo")):
        wheel(tmp_path / "wheels", version, text)
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    return Places(tmp_path / "environments", Indexes(("--no-index", "--find-links", str(tmp_path / "wheels"))))


def report(fraction: float | None, text: str) -> None:
    pass


def said_by(python: Path, code: str) -> str:
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_a_lock_pins_versions_and_hashes_and_the_environment_holds_nothing_else(places: Places) -> None:
    environment = locked(Environment(("greeting<2",)), places)
    assert environment.packages == ["greeting==1.0"]
    assert "--hash=sha256:" in environment.lock
    python = python_of(environment, places, report)
    assert said_by(python, "import greeting; print(greeting.TEXT)") == "hello"
    lacks = subprocess.run([python, "-c", "import pandas"], capture_output=True, check=False)
    assert lacks.returncode == 1


def test_an_environment_that_cannot_be_solved_is_refused_with_the_reason(places: Places) -> None:
    with pytest.raises(Unsolvable, match=r"greeting>3.*greeting"):
        locked(Environment(("greeting>3",)), places)
    with pytest.raises(Unsolvable, match=r"Python 3\.2 is not installed"):
        locked(Environment(("greeting",), python="3.2"), places)
    with pytest.raises(Unsolvable):
        locked(Environment(("greeting @@ nonsense",)), places)


def test_a_conflict_and_a_package_that_needs_building_are_refused_by_name(places: Places, tmp_path: Path) -> None:
    with pytest.raises(Unsolvable, match=r"the environment \(greeting<2, greeting>=2\) cannot be solved: .*greeting"):
        locked(Environment(("greeting<2", "greeting>=2")), places)
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "setup.py").write_text("raise SystemExit('it was executed')\n")
    with tarfile.open(tmp_path / "wheels" / "greeting-3.0.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "built" / "setup.py", "greeting-3.0/setup.py")
    with pytest.raises(Unsolvable, match=r"greeting==3\.0.* cannot be solved: .*greeting") as refused:
        locked(Environment(("greeting==3.0",)), places)
    assert "it was executed" not in str(refused.value)


def test_an_index_that_does_not_answer_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    refusing = Places(tmp_path / "environments", Indexes(("--index-url", "http://ada:s3cret@127.0.0.1:9/simple")))
    with pytest.raises(Unsolvable, match=r"\(greeting\) cannot be solved: .*127\.0\.0\.1:9.*Is there a network"):
        locked(Environment(("greeting",)), refusing)
    with pytest.raises(Unsolvable, match=r"^((?!s3cret).)*$"):
        locked(Environment(("greeting",)), refusing)
    unknown = Environment(("greeting",), lock="greeting==1.0 \\\n    --hash=sha256:" + "0" * 64)
    with pytest.raises(EnvironmentBroken, match=r"could not be filled: .*Is there a network"):
        python_of(unknown, refusing, report)
    assert made(refusing.folder) == []


SMALL_DISK = """
import json, pathlib, subprocess, sys
from designer.contract.component import Environment
from designer.engine.programs.environments import EnvironmentBroken, Indexes, Places, made, python_of
disk, wheels, lock = sys.argv[1:]
places = Places(pathlib.Path(disk) / "environments", Indexes(("--no-index", "--find-links", wheels)))
environment = Environment(("greeting",), lock=lock)
try:
    python_of(environment, places, lambda fraction, text: None)
except EnvironmentBroken as error:
    print(error.remedy, len(made(places.folder)))
subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
print(python_of(environment, places, lambda fraction, text: None).exists())
"""


def test_a_full_disk_is_said_and_the_environment_is_made_when_there_is_room(places: Places, tmp_path: Path) -> None:
    environment = locked(Environment(("greeting<2",)), places)
    (tmp_path / "disk").mkdir()
    mounted = f'mount -t tmpfs -o size=24k tmpfs {tmp_path / "disk"} && exec "$@"'
    prefix = ["unshare", *(["-m"] if os.geteuid() == 0 else ["-Urm"]), "sh", "-c", mounted, "sh"]
    if subprocess.run([*prefix, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    words = [str(tmp_path / "disk"), str(tmp_path / "wheels"), environment.lock]
    ended = subprocess.run([*prefix, sys.executable, "-c", SMALL_DISK, *words], capture_output=True, text=True)
    assert ended.stdout.splitlines() == ["Free some space. 0", "True"], ended.stdout + ended.stderr


def test_simultaneous_requests_create_one_environment(places: Places) -> None:
    environment = locked(Environment(("greeting",)), places)
    pythons: list[Path] = []
    threads = [
        threading.Thread(target=lambda: pythons.append(python_of(environment, places, report))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pythons)) == 1
    assert len(made(places.folder)) == 1


def test_a_change_in_one_environment_reaches_no_other(places: Places) -> None:
    first = locked(Environment(("greeting",), variables={"A": "1"}), places)
    second = replace(locked(Environment(("greeting",)), places), lock=first.lock + "\n# another\n")
    assert key_of(first) != key_of(second)
    file = python_of(first, places, report).parent.parent / "lib"
    (module,) = file.rglob("greeting.py")
    module.write_text("TEXT = 'spoilt'\n")
    assert said_by(python_of(second, places, report), "import greeting; print(greeting.TEXT)") == "hullo"


def test_a_half_made_environment_is_made_again(places: Places) -> None:
    environment = locked(Environment(("greeting",)), places)
    place = python_of(environment, places, report).parent.parent
    (place / "ready.json").unlink()
    next((place / "lib").rglob("greeting.py")).unlink()
    assert said_by(python_of(environment, places, report), "import greeting; print(greeting.TEXT)") == "hullo"


def test_environments_unused_for_long_are_removed(places: Places) -> None:
    environment = locked(Environment(("greeting",)), places)
    place = python_of(environment, places, report).parent.parent
    assert remove(places.folder) == []
    os.utime(place / "ready.json", (0, 0))
    assert [each.packages for each in remove(places.folder)] == [("greeting==2.0",)]
    assert not place.exists()


def test_an_environment_that_is_there_needs_neither_network_nor_index(places: Places) -> None:
    environment = locked(Environment(("greeting",)), places)
    python = python_of(environment, places, report)
    assert python_of(environment, Places(places.folder), report) == python


def test_the_indexes_of_pip_are_handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://a/simple\nextra-index-url = https://b/simple\n")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    pip_indexes.cache_clear()
    options = pip_indexes().options
    pip_indexes.cache_clear()
    pairs = dict(zip(options[::2], options[1::2], strict=True))
    assert pairs["--index-url"] == "https://a/simple"
    assert pairs["--index-strategy"] == "unsafe-best-match"
    assert pairs["--find-links"] == "/wheels"


def test_a_step_runs_in_the_environment_of_its_component(
    workspace: Workspace, backend: Backend, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Places, "here", classmethod(lambda cls: places))
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.py").write_text(
        "import greeting, sys\nfrom designer import step\n"
        "try:\n    import pandas\nexcept ImportError:\n"
        "    print(greeting.TEXT, 'without pandas', sys.version_info[:2])\n"
        "step.log('one', 1)\n"
    )
    source = script_source(tmp_path / "code" / "main.py", environment=Environment(("greeting==1.0",)))
    spec = Components(workspace).keep(source)
    assert spec.environment is not None
    assert spec.environment.packages == ["greeting==1.0"]
    pipeline = Pipeline("p", nodes={"step": Node("step", spec.id, 1, {})})
    result = execute(pipeline, workspace.library(), workspace, backend=backend)
    assert result.ok, result.nodes["step"].error
    assert workspace.log(result.run_id, "step").strip() == f"hello without pandas {sys.version_info[:2]}"
    assert [each.name for each in workspace.metrics.of_run(result.run_id)] == ["one"]


def test_settings_of_uv_reach_the_making_of_an_environment_and_not_the_program(
    workspace: Workspace, local: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: Places
) -> None:
    monkeypatch.setattr("designer.engine.programs.environments.pip_indexes", Indexes)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "wheels"))
    (tmp_path / "main.py").write_text(
        "import greeting, os\nprint(greeting.TEXT, [name for name in os.environ if name.startswith(('UV_', 'SSL_'))])\n"
    )
    source = script_source(tmp_path / "main.py", (), environment=Environment(("greeting",)))
    spec = Components(workspace).keep(source)
    pipeline = Pipeline("own", nodes={"step": Node("step", spec.id, 1, {})})
    result = execute(pipeline, workspace.library(), workspace, backend=local)
    assert result.ok, result.nodes["step"].error
    assert workspace.log(result.run_id, "step").strip() == "hullo []"


def test_the_lock_is_part_of_what_a_component_is(places: Places) -> None:
    command = Command("python", "main.py")
    specs = [
        ComponentSpec("c", "1", command, environment=locked(Environment((text,)), places))
        for text in ("greeting==1.0", "greeting<2", "greeting")
    ]
    assert specs[0].digest == specs[1].digest  # other words, the same packages
    assert specs[0].digest != specs[2].digest
    assert ComponentSpec.from_json(specs[0].to_json()) == specs[0]
