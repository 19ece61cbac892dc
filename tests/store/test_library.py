"""The module list cached in a workspace."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.store.library import FILE, shared_modules
from designer.store.workspace import open_workspace

MINE = '''
from designer.contract.module import Module
from designer.contract.values import Table

class {name}(Module, category="Mine", id="{id}"):
    """Hand a table on."""

    def run(self, dataset: Table) -> Table:
        return dataset
'''

USED = ("dataset", "clean-missing-data", "split-data", "two-class-decision-forest", "train-model", "score-model")

LOOK = """
import sys
from designer.store.workspace import open_workspace
with open_workspace(sys.argv[1]) as workspace:
    library = workspace.library()
    for id in sys.argv[2:]:
        library.read(id, 1, {})
print(*sys.modules)
"""


def test_the_shared_library_equals_a_scan(tmp_path: Path) -> None:
    first = shared_modules(tmp_path)
    again = shared_modules(tmp_path)
    assert (tmp_path / FILE).is_file()
    assert dict(first.modules) == dict(again.modules) == dict(Library.scan().modules)


def test_only_modules_in_use_are_imported_and_no_scikit_learn(tmp_path: Path) -> None:
    shared_modules(tmp_path)
    command = [sys.executable, "-c", LOOK, str(tmp_path), *USED]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert "modules.split.split_data" in loaded
    assert "modules.text.embedding" not in loaded
    assert not {"sklearn", "scipy", "statsmodels", "imblearn"} & set(loaded)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"stamp": "old", "sources": {}}'])
def test_a_list_that_is_damaged_or_old_is_made_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    assert "split-data" in shared_modules(tmp_path)
    assert "split-data" in json.loads((tmp_path / FILE).read_text())["sources"]


def test_modules_of_an_installed_package_come_and_go_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, package = tmp_path / "site", f"installed_{tmp_path.name}"
    (site / package).mkdir(parents=True)
    (site / package / "__init__.py").touch()
    (site / package / "more.py").write_text(MINE.format(name="More", id="more"))
    described = site / "more-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: more\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(f"[designer.modules]\nmore = {package}\n")
    assert "more" not in shared_modules(tmp_path)
    with monkeypatch.context() as patch:
        patch.syspath_prepend(site)
        assert "more" in shared_modules(tmp_path)
        (site / package / "further.py").write_text(MINE.format(name="Further", id="further"))
        assert "further" in shared_modules(tmp_path)
    assert "more" not in shared_modules(tmp_path)


def test_a_package_that_cannot_be_loaded_is_named_and_the_others_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = f"raising_{tmp_path.name}"
    (tmp_path / f"{package}.py").write_text("raise RuntimeError('no driver')\n")
    described = tmp_path / "raising-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: raising\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(f"[designer.modules]\none = {package}\ntwo = gone_away.modules\n")
    monkeypatch.syspath_prepend(tmp_path)
    library = shared_modules(tmp_path)
    assert "split-data" in library
    assert library.broken[package] == "RuntimeError: no driver"
    assert "gone_away" in library.broken["gone_away.modules"]


def test_a_file_of_the_workspace_does_not_take_the_place_of_a_shipped_module(tmp_path: Path) -> None:
    with open_workspace(tmp_path) as workspace:
        shipped = workspace.library()["split-data"]
        (workspace.modules / "mine.py").write_text(MINE.format(name="Mine", id="split-data"))
        library = workspace.library()
        assert library["split-data"] is shipped
        assert "is left out" in library.broken["mine.py"]
