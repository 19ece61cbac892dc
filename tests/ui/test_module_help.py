"""Every module has a help page, and the search finds it."""

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.module import Module
from designer.ui.state.editor.palette import by_category
from designer.ui.views.module_help import entry, matching_entries, module_help

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
    assert matching_entries(entries, "split d")[0].id == "split-data"
    assert "two-class-boosted-decision-tree" in {item.id for item in matching_entries(entries, "gradient boosting")}
    assert matching_entries(entries, "no such thing at all") == []
    assert len(matching_entries(entries, "")) == len(entries)


def test_categories_stand_as_in_the_palette() -> None:
    listed = [
        item.category.split(" / ")[0] for item in matching_entries([entry(module.spec()) for module in MODULES], "")
    ]
    assert list(dict.fromkeys(listed)) == [title for title, _ in by_category(Library.scan())]
    assert listed[0] == "Data Input and Output"


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("train-model", "by the model it trained"), ("clean-missing-data", "by what it learned"),
        ("two-class-logistic-regression", "settings live on in the trained model"),
        ("score-model", "Stays in the inference pipeline"), ("saved-model", "Stays in the inference pipeline"),
        ("dataset", "Web Service Input takes its place"), ("split-data", "rows pass unchanged"),
        ("evaluate-model", "Left out"),
    ],
)  # fmt: skip
def test_the_page_says_what_becomes_of_a_module_at_inference(id: str, words: str) -> None:
    spec = next(module.spec() for module in MODULES if module.spec().id == id)
    assert words in module_help(spec).at_inference
