"""A new pipeline is a draft in the workspace, empty or equal to its template."""

from pathlib import Path

from designer.pipeline.document import from_document
from designer.samples.templates import templates
from designer.store.workspace import Workspace
from designer.ui.starting import UNTITLED, blank, from_template


def test_a_blank_pipeline_is_an_empty_draft(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        draft = workspace.drafts.get(blank(workspace))
    assert draft.name == UNTITLED
    assert not from_document(draft.document).nodes


def test_every_template_becomes_an_equal_draft(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        for sample in templates():
            made = from_template(workspace, sample.id)
            assert made is not None
            draft = workspace.drafts.get(made)
            assert draft.name == sample.title
            made_of = from_document(draft.document)
            assert made_of.nodes == sample.pipeline.nodes
            assert set(made_of.edges) == set(sample.pipeline.edges)
            assert made_of.layout == sample.pipeline.layout


def test_an_unknown_template_makes_nothing(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        assert from_template(workspace, "../secrets") is None
        assert workspace.drafts.all() == []
