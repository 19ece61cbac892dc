"""Discovery of modules: shipped, from a workspace, and broken."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import UnknownModule
from tests.contract.toy import TwoWayToy

GOOD = '''
"""Mine."""
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.values import Table

class MyOwn(Module, category="Mine"):
    """Hand a table on."""

    times: int = param(1, ge=1)
    """How often."""

    def run(self, dataset: Table) -> Table:
        return dataset
'''
OTHER = '''

class Other(Module, category="Mine"):
    """Hand a table on as well."""

    def run(self, dataset: Table) -> Table:
        return dataset
'''


def test_a_file_in_the_workspace_becomes_a_module_with_its_code_in_its_version(tmp_path: Path) -> None:
    path = tmp_path / "my_own.py"
    path.write_text(GOOD)
    library = Library.scan(tmp_path)
    assert library["my-own"].spec().parameters[0].help == "How often."
    first = library.code["my-own"]
    path.write_text(GOOD.replace("return dataset", "return dataset.head(1)"))
    again = Library.scan(tmp_path)
    assert again.code["my-own"] != first
    assert again["my-own"] is not library["my-own"]


def test_a_file_saved_twice_within_a_second_at_one_size_runs_as_it_was_saved_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "my_own.py"
    for default, time in ((2, 1_000_000_000.25), (3, 1_000_000_000.75)):
        path.write_text(GOOD.replace("param(1,", f"param({default},"))
        os.utime(path, (time, time))
        assert Library.scan(tmp_path)["my-own"].spec().parameters[0].default == default


@pytest.mark.parametrize("text", ["def x(:", "import nowhere_to_be_found", "raise SystemExit", "1/0"])
def test_a_broken_file_shows_its_error_and_harms_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.py").write_text(text)
    (tmp_path / "good.py").write_text(GOOD)
    library = Library.scan(tmp_path)
    assert "broken.py" in library.broken
    assert "my-own" in library
    assert "split-data" in library


@pytest.mark.parametrize("name", ["bad-name x.py", "2nd.py", "a.b.py"])
def test_a_file_whose_name_is_no_module_name_is_listed_and_not_executed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(f"import pathlib\npathlib.Path({str(tmp_path / 'trace')!r}).touch()\n{GOOD}")
    library = Library().extended(tmp_path)
    assert not (tmp_path / "trace").exists()
    assert not library.modules
    assert "the file is not a Python module" in library.broken[name]
    assert "letters, digits and _" in library.broken[name]


def test_a_module_with_the_name_of_a_shipped_one_is_left_out_and_named(tmp_path: Path) -> None:
    shipped = Library.scan()["split-data"]
    (tmp_path / "clash.py").write_text(GOOD.replace("class MyOwn(Module,", "class SplitData(Module,") + OTHER)
    library = Library.scan(tmp_path)
    assert library["split-data"] is shipped
    assert "other" in library
    assert library.broken["clash.py"] == (
        "its module 'Split Data' is left out, since one of that name is installed: give it another title or an id of "
        "its own"
    )


def test_the_second_file_with_a_module_of_one_name_is_left_out_and_named(tmp_path: Path) -> None:
    for name in ("first.py", "second.py"):
        (tmp_path / name).write_text(GOOD)
    library = Library.scan(tmp_path)
    assert library.broken == {
        "second.py": "its module 'My Own' is left out, since the file 'first.py' declares one, too: give it another "
        "title or an id of its own"
    }


def test_former_ids_and_versions_are_understood() -> None:
    library = Library({"two-way-toy": TwoWayToy})
    assert library["old-toy"] is TwoWayToy
    assert library.read("old-toy", 1, {"how": "quick"}).parameters()["mode"] == "Fast"
    with pytest.raises(UnknownModule, match="newer"):
        library.read("two-way-toy", 3, {})
    with pytest.raises(UnknownModule, match="'none'"):
        library["none"]
    assert library.get("none") is None
    assert library.bind(3) == 3


def test_threads_that_scan_at_once_all_find_the_module_whole(tmp_path: Path) -> None:
    (tmp_path / "slow_file.py").write_text(f"import time\ntime.sleep(0.2)\n{GOOD}")
    with ThreadPoolExecutor(4) as pool:
        libraries = list(pool.map(lambda _: Library().extended(tmp_path), range(4)))
    assert [(sorted(library.modules), library.broken) for library in libraries] == [(["my-own"], {})] * 4
