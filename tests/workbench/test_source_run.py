"""The source run: the newest finished, scored run of the current pipeline, or an older one marked as outdated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.pipeline.document import to_document
from designer.pipeline.graph import Pipeline
from designer.samples.templates import template
from designer.store.records import Draft, Run
from designer.store.workspace import Workspace
from designer.workbench.inference import Inference
from designer.workbench.results.source_run import current_run, source_run


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.scan()


@dataclass
class Desk:
    """A draft and its runs."""

    workspace: Workspace
    draft: Draft
    pipeline: Pipeline

    def ran(self, state: str = "finished", *, scored: bool = True, to: str | None = None) -> Run:
        """Record a run of the saved draft."""
        draft = self.workspace.drafts.get(self.draft.id)
        run = self.workspace.runs.create(draft.document, pipeline_id=draft.id, revision=draft.revision, to=to)
        nodes = [
            {"node": id, "module": node.module, "state": "finished" if scored or "score" not in id else "skipped"}
            for id, node in self.pipeline.nodes.items()
        ]
        attempt = self.workspace.runs.claim(run.id, nodes)
        assert attempt is not None
        self.workspace.runs.finish(run.id, attempt, state)
        return run

    def edit(self, **changes: Any) -> None:
        """Save the document with changes."""
        draft = self.workspace.drafts.get(self.draft.id)
        self.workspace.drafts.save(draft.id, draft.revision, {**draft.document, **changes})

    def change_seed(self) -> None:
        """Make an edit that changes the results."""
        split = self.pipeline.nodes["split"]
        changed = replace(split, parameters={**split.parameters, "seed": 7})
        self.edit(nodes=to_document(replace(self.pipeline, nodes={**self.pipeline.nodes, "split": changed}))["nodes"])

    def source(self, library: Library) -> tuple[str, bool]:
        """The id of the source run, and whether it is current."""
        chosen = source_run(self.workspace, self.workspace.drafts.get(self.draft.id), library)
        return chosen.run.id, chosen.is_current


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    sample = template("tumour-check")
    assert sample is not None
    with Workspace(tmp_path) as workspace:
        draft = workspace.drafts.create("Tumours", to_document(sample.pipeline))
        yield Desk(workspace, draft, sample.pipeline)


def test_without_a_finished_run_nothing_was_learned(desk: Desk, library: Library) -> None:
    desk.ran("failed")
    with pytest.raises(DesignerError, match="no model has been trained yet"):
        desk.source(library)


def test_the_newest_finished_run_that_scored_counts(desk: Desk, library: Library) -> None:
    desk.ran()
    run = desk.ran()
    desk.ran("failed")
    assert desk.source(library) == (run.id, True)


def test_a_newer_run_that_never_scored_does_not_count(desk: Desk, library: Library) -> None:
    run = desk.ran()
    desk.ran(scored=False, to="train")
    assert desk.source(library) == (run.id, True)


def test_a_run_before_an_edit_counts_and_is_said_to_be_one(desk: Desk, library: Library) -> None:
    run = desk.ran()
    desk.change_seed()
    assert desk.source(library) == (run.id, False)
    assert desk.ran().id == desk.source(library)[0]
    assert desk.source(library)[1]


def test_after_an_edit_is_undone_its_older_run_counts_again(desk: Desk, library: Library) -> None:
    before = to_document(desk.pipeline)["nodes"]
    run = desk.ran()
    desk.change_seed()
    desk.ran()
    desk.edit(nodes=before)
    assert desk.source(library) == (run.id, True)


def test_moving_a_node_is_no_edit(desk: Desk, library: Library) -> None:
    run = desk.ran()
    desk.edit(layout={})
    assert desk.source(library) == (run.id, True)


def test_a_name_and_a_comment_are_no_edit(desk: Desk, library: Library) -> None:
    run = desk.ran()
    nodes = to_document(desk.pipeline)["nodes"]
    desk.edit(nodes={**nodes, "split": {**nodes["split"], "title": "Halves", "comment": "Seed as in the report"}})
    assert desk.source(library) == (run.id, True)


def test_where_no_run_scored_the_newest_finished_says_what_is_missing(desk: Desk, library: Library) -> None:
    desk.ran(scored=False)
    run = desk.ran(scored=False)
    assert desk.source(library) == (run.id, True)


def test_only_a_whole_run_of_the_pipeline_as_it_is_tells_its_columns(desk: Desk) -> None:
    def current() -> str | None:
        draft = desk.workspace.drafts.get(desk.draft.id)
        run = current_run(desk.workspace, draft.document, draft.id)
        return run.id if run else None

    assert current() is None
    run = desk.ran()
    desk.ran(to="train")
    assert current() == run.id
    desk.change_seed()
    assert current() is None


def test_what_was_edited_since_its_run_is_said_before_anything_is_made(desk: Desk, library: Library) -> None:
    inference = Inference(desk.workspace, library)
    desk.ran()
    assert not inference.prepare(desk.draft.id).was_edited
    desk.change_seed()
    assert inference.prepare(desk.draft.id).was_edited
