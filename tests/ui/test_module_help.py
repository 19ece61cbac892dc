"""Every module has a help page, and the search finds it."""

import pytest

from designer.contract.library import Library
from designer.contract.module import Module
from designer.ui.module_help import entry, found, module_help

MODULES = list(Library.scan())


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.spec().id)
def test_the_page_names_every_port_and_setting_with_help(module: type[Module]) -> None:
    spec, page = module.spec(), module_help(module.spec())
    assert (len(page.inputs), len(page.outputs)) == (len(spec.inputs), len(spec.outputs))
    assert page.description
    assert [row.label for row in page.parameters] == [p.label for p in spec.parameters if not p.hidden]
    assert all(row.help for row in page.parameters)
    assert len(page.readings) == 4


def test_the_search_takes_titles_synonyms_and_former_ids() -> None:
    entries = [entry(module.spec()) for module in MODULES]
    assert found(entries, "split d")[0].id == "split-data"
    assert "two-class-boosted-decision-tree" in {item.id for item in found(entries, "gradient boosting")}
    assert found(entries, "no such thing at all") == []
    assert len(found(entries, "")) == len(entries)
