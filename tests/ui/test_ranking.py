"""Matches of a search, and their order."""

import json
from pathlib import Path
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.ui.state.editor.palette import matching
from designer.ui.views.module_help import entry, matching_entries
from designer.ui.views.ranking import ranked

CASES = json.loads((Path(__file__).parent / "ranking.json").read_text(encoding="utf-8"))


def parts(item: list[Any]) -> tuple[str, list[str], str]:
    name, others, words = (*item, [], "")[:3] if len(item) == 1 else (*item, "")[:3]
    return name, others, words


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_called_as_typed_comes_first(case: dict[str, Any]) -> None:
    assert [item[0] for item in ranked(case["items"], case["query"], parts)] == case["found"]


def test_every_module_is_the_first_that_its_own_title_finds() -> None:
    specs = [module.spec() for module in Library.scan()]
    for spec in specs:
        assert matching(specs, spec.title)[0].title == spec.title
        assert matching_entries(map(entry, specs), spec.title.lower())[0].title == spec.title
