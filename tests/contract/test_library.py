"""Finding modules: shipped ones, a workspace's, broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer.contract.errors import UnknownModule
from designer.contract.library import Library
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


@pytest.mark.parametrize("text", ["def x(:", "import nowhere_to_be_found", "raise SystemExit", "1/0"])
def test_a_broken_file_shows_its_error_and_harms_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.py").write_text(text)
    (tmp_path / "good.py").write_text(GOOD)
    library = Library.scan(tmp_path)
    assert "broken.py" in library.broken
    assert "my-own" in library
    assert "split-data" in library


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
