"""Every package a component imports is pinned, so that two builds of one commit ship the same code."""

import json
import re
from pathlib import Path

from designer import settings

# A specifier such as "@xyflow/react@12.12.1" in a list of dependencies.
_ASKED = re.compile(r'"(@?[a-z][\w./-]*)@(\d[\w.-]*)"')


def test_packages_that_our_components_ask_for_are_in_the_lock_at_that_version() -> None:
    root = settings.web_project_source()
    package = json.loads((root / "reflex.lock" / "package.json").read_text())
    pinned = package["dependencies"] | package["devDependencies"]
    pages = Path(settings.__file__).parent / "ui"
    required = {pair for file in pages.rglob("*.py") for pair in _ASKED.findall(file.read_text())}
    assert required, "the canvas needs React Flow"
    assert {name: version for name, version in required if pinned.get(name) != version} == {}


def test_every_locked_version_is_exact() -> None:
    package = json.loads((settings.web_project_source() / "reflex.lock" / "package.json").read_text())
    for name, version in (package["dependencies"] | package["devDependencies"]).items():
        assert re.fullmatch(r"v?\d+\.\d+\.\d+[\w.-]*", version), f"{name} {version}"
