"""A search matches the items that contain every typed word, in any order and case."""

from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.store.workspace import Workspace
from designer.ui.views.finding import Found, everything, fitting
from designer.workbench.workbench import Workbench

THINGS = [
    Found("Pipeline", "Census income, boosted trees", "/pipelines/1"),
    Found("Dataset", "Income survey", "/datasets/2"),
    Found("Page", "Datasets", "/datasets"),
]


@pytest.mark.parametrize(
    ("typed", "routes"),
    [
        ("income", ["/datasets/2", "/pipelines/1"]),
        ("INCOME trees", ["/pipelines/1"]),
        ("trees income", ["/pipelines/1"]),
        ("nothing like it", []),
        ("", ["/pipelines/1", "/datasets/2", "/datasets"]),
        ("   ", ["/pipelines/1", "/datasets/2", "/datasets"]),
    ],
)
def test_every_typed_word_has_to_be_in_the_name(typed: str, routes: list[str]) -> None:
    assert [thing.route for thing in fitting(THINGS, typed)] == routes


def test_no_more_are_shown_than_asked_for() -> None:
    assert len(fitting(THINGS * 20, "", at_most=7)) == 7


def test_pipelines_pages_and_modules_of_a_workspace_are_found(tmp_path: Path) -> None:
    library = Library.scan()
    with Workspace(tmp_path) as workspace:
        draft = workspace.drafts.create("Churn 50% / Q3", {"format": 1})
        things = everything(Workbench(workspace, lambda: library))
    assert Found("Pipeline", "Churn 50% / Q3", f"/pipelines/{draft.id}") in things
    assert Found("Page", "Endpoints", "/endpoints") in things
    assert Found("Help", "Split Data", "/help/split-data") in things
    assert all(thing.route.startswith("/") and " " not in thing.route for thing in things)
