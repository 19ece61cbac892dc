"""A workspace's own module files: one that hangs, exits, raises or prints is isolated and reported by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.store import own_modules
from designer.store.library import own_library

GOOD = '''
from designer.contract.function import module
from designer.contract.values import Table


@module("Same rows")
def same_rows(dataset: Table) -> Table:
    """Give the rows back."""
    return dataset
'''
BAD = {
    "loops.py": ("while True:\n    pass\n", "is there a loop outside of its functions"),
    "crashes.py": ("import os\nos.kill(os.getpid(), 11)\n", "SIGSEGV"),
    "leaves.py": ("import os\nos._exit(0)\n", "exit code 0"),
    "exits.py": ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
    "interrupts.py": ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    "half.py": ("def\n", "SyntaxError"),
    "asks.py": ("input('number?')\n", "EOFError"),
    "raises.py": ("1 / 0\n", "ZeroDivisionError"),
    "bad-name x.py": ("print('it runs')\n", "the file is not a Python module"),
}


def test_bad_files_are_named_and_the_good_ones_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "good.py").write_text(f"print('{{}}')\n{GOOD}")
    for name, (code, _) in BAD.items():
        (folder / name).write_text(code)
    library = own_library(tmp_path, Library())
    assert set(library.modules) == {"same-rows"}
    assert set(library.broken) == set(BAD)
    for name, (_, word) in BAD.items():
        assert word in library.broken[name]
    assert capfd.readouterr().out == ""


def test_a_refused_module_is_not_imported_again_until_its_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "modules"
    folder.mkdir()
    file = folder / "mine.py"
    file.write_text("1 / 0\n")
    assert "ZeroDivisionError" in own_modules.refused(tmp_path)["mine.py"]
    known = json.loads((tmp_path / own_modules.FILE).read_text())
    assert len(known) == 1
    with monkeypatch.context() as patch:
        patch.setattr(own_modules.sys, "executable", "/no/python")  # no process can be started
        assert "ZeroDivisionError" in own_modules.refused(tmp_path)["mine.py"]
    file.write_text(GOOD)
    assert own_modules.refused(tmp_path) == {}
    file.unlink()
    assert own_modules.refused(tmp_path) == {}
