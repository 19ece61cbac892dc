"""The dialog "Create inference pipeline": the run it uses, and its warnings about that run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from designer.contract.errors import DesignerError
from designer.pipeline.document import to_document
from designer.pipeline.edit import change
from designer.pipeline.graph import Pipeline
from designer.store.records import Draft
from designer.store.workspace import Workspace
from designer.ui.library import library
from designer.ui.state import inference
from designer.ui.workspace import workspace
from designer.workbench.inference import Inference
from tests.trained import people, people_pipeline, trained

PIPELINE = people_pipeline("two-class-logistic-regression", "income")


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path))
    workspace().datasets.register("people", people())
    yield workspace()
    workspace().close()


def drafted(space: Workspace) -> Draft:
    return space.drafts.create("People", to_document(PIPELINE))


def ran(space: Workspace, draft: Draft, *, to: str = "") -> str:
    """A finished run of the original draft; with `to`, only up to that node."""
    made = trained(PIPELINE, space, library())
    run = space.runs.create(to_document(PIPELINE), pipeline_id=draft.id)
    executed = {to, *PIPELINE.ancestors(to)} if to else set(PIPELINE.nodes)
    rows = []
    for id, node in PIPELINE.nodes.items():
        outputs = {port: stored.to_json() for (owner, port), stored in made.outputs.items() if owner == id}
        state = {"state": "finished", "outputs": outputs} if id in executed else {"state": "skipped", "outputs": {}}
        rows.append({"node": id, "module": node.module, **state})
    attempt = space.runs.claim(run.id, rows)
    assert attempt is not None
    space.runs.finish(run.id, attempt, "finished")
    return run.id


def warned(space: Workspace, draft: Draft, edited: Pipeline) -> str:
    """The dialog's warning when the draft was edited after its run."""
    ran(space, draft)
    space.drafts.save(draft.id, draft.revision, to_document(edited))
    dialog = inference.InferenceState(_reflex_internal_init=True)  # type: ignore[call-arg]
    dialog._show(Inference(space, library()).prepare(draft.id))
    return dialog.view.warning


def counted(space: Workspace, draft: Draft) -> str:
    """The id of the run from which the dialog creates the inference pipeline."""
    source = Inference(space, library()).prepare(draft.id).source
    assert source is not None
    return source.run.id


def test_a_pipeline_edited_since_its_run_is_warned_of(space: Workspace) -> None:
    words = warned(space, drafted(space), change(PIPELINE, "split", parameters={"fraction": 0.6, "seed": 3}))
    assert words == "The pipeline was edited since this run; the edits are not in it."


def test_a_node_that_was_only_moved_is_not_warned_of(space: Workspace) -> None:
    moved = Pipeline(PIPELINE.name, nodes=PIPELINE.nodes, edges=PIPELINE.edges, layout={"split": (500.0, 40.0)})
    assert warned(space, drafted(space), moved) == ""


def test_a_pipeline_that_was_deployed_is_offered_as_a_new_version_of_its_endpoint(space: Workspace) -> None:
    draft = drafted(space)
    ran(space, draft)
    dialog = inference.InferenceState(_reflex_internal_init=True)  # type: ignore[call-arg]
    dialog._show(Inference(space, library()).prepare(draft.id))
    assert (dialog.name, dialog.name_words) == ("people", "A new endpoint.")
    space.endpoints.create("who-earns-what")
    space.endpoints.add_version("who-earns-what", {}, pipeline_id=draft.id)
    again = inference.InferenceState(_reflex_internal_init=True)  # type: ignore[call-arg]
    again._show(Inference(space, library()).prepare(draft.id))
    assert (again.name, again.name_words) == ("who-earns-what", "Becomes version 2 of this endpoint.")


def test_a_newer_run_that_scored_nothing_is_passed_over(space: Workspace) -> None:
    draft = drafted(space)
    scored, newer = ran(space, draft), ran(space, draft, to="split")
    assert [run.id for run in space.runs.all(draft.id)] == [newer, scored]
    assert counted(space, draft) == scored


def test_the_newest_of_two_runs_that_scored_is_taken(space: Workspace) -> None:
    draft = drafted(space)
    ran(space, draft)
    newest = ran(space, draft)
    assert counted(space, draft) == newest


def test_a_pipeline_that_never_ran_is_refused(space: Workspace) -> None:
    with pytest.raises(DesignerError, match="no model has been trained yet"):
        Inference(space, library()).prepare(drafted(space).id)
