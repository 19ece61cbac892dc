"""Lazy import of classes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.catalogue.shelf import Shelf
from designer.contract.errors import BrokenModule
from tests.contract.toy import TwoWayToy

SOURCE = '''
from designer.contract.module import Module
from designer.contract.values import Table

class {name}(Module, category="Shelved"):
    """Hand a table on."""

    def run(self, dataset: Table) -> Table:
        return dataset
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / f"shelved_{tmp_path.name}"
    folder.mkdir()
    (folder / "__init__.py").touch()
    for name in ("One", "Two"):
        (folder / f"{name.lower()}.py").write_text(SOURCE.format(name=name))
    monkeypatch.syspath_prepend(tmp_path)
    return folder.name


def test_a_class_is_imported_when_it_is_asked_for_and_no_other(package: str) -> None:
    library = Library.listed({"two": f"{package}.two", "one": f"{package}.one"})
    assert len(library) == 2
    assert "one" in library
    assert f"{package}.one" not in sys.modules
    assert library["one"].spec().title == "One"
    assert library["one"] is library["one"]
    assert f"{package}.two" not in sys.modules
    assert [module.spec().id for module in library] == ["one", "two"]
    assert f"{package}.two" in sys.modules


def test_other_classes_take_the_place_of_those_of_the_same_id(package: str) -> None:
    shelf = Shelf({"one": f"{package}.one"}).with_classes({"one": TwoWayToy, "another": TwoWayToy})
    assert dict(shelf) == {"another": TwoWayToy, "one": TwoWayToy}
    assert f"{package}.one" not in sys.modules


@pytest.mark.parametrize("source", ["nowhere.to.be.found", "{package}.two"])
def test_a_source_that_does_not_hold_its_class_is_an_error_that_names_it(package: str, source: str) -> None:
    library = Library.listed({"one": source.format(package=package)})
    with pytest.raises(BrokenModule, match=r"^one: it cannot be loaded \(.*(nowhere|'one')"):
        library["one"]
