"""Pipelines of a workspace: create, import, export, find by name, restore from the trash."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from designer.contract.errors import Ambiguous, DesignerError, FileMissing
from designer.pipeline.document import dumps, from_document
from designer.samples.templates import templates
from designer.store.workspace import Workspace
from designer.workbench.pipelines import DOCUMENT_BYTES, UNTITLED, Pipelines


@pytest.fixture
def pipelines(tmp_path: Path) -> Iterator[Pipelines]:
    with Workspace(tmp_path) as workspace:
        yield Pipelines(workspace)


def test_a_blank_pipeline_is_an_empty_draft(pipelines: Pipelines) -> None:
    draft = pipelines.create_blank()
    assert draft.name == UNTITLED
    assert not from_document(pipelines.get(draft.id).document).nodes


def test_every_template_becomes_an_equal_draft(pipelines: Pipelines) -> None:
    for sample in templates():
        draft = pipelines.create_from_template(sample.id)
        assert draft.name == sample.title
        made_of = from_document(pipelines.get(draft.id).document)
        assert made_of.nodes == sample.pipeline.nodes
        assert set(made_of.edges) == set(sample.pipeline.edges)
        assert made_of.layout == sample.pipeline.layout


def test_an_unknown_template_makes_nothing_and_names_those_there_are(pipelines: Pipelines) -> None:
    with pytest.raises(FileMissing, match="census-income"):
        pipelines.create_from_template("../secrets")
    assert pipelines.all() == []


def test_a_document_taken_away_and_brought_in_is_the_same_pipeline(pipelines: Pipelines) -> None:
    sample = templates()[0]
    draft = pipelines.import_document(dumps(sample.pipeline).encode(), name="Mine")
    assert draft.name == "Mine"
    assert from_document(draft.document).nodes == sample.pipeline.nodes


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b" " * (DOCUMENT_BYTES + 1)])
def test_what_is_no_pipeline_is_refused_and_nothing_is_kept(pipelines: Pipelines, content: bytes) -> None:
    with pytest.raises(DesignerError):
        pipelines.import_document(content)
    assert pipelines.all() == []


def test_a_pipeline_is_found_by_its_id_the_beginning_of_it_or_its_name(pipelines: Pipelines) -> None:
    draft = pipelines.create_from_template("census-income")
    for text in (draft.id, draft.id[:6], draft.name, draft.name.upper()):
        assert pipelines.find(text).id == draft.id
    with pytest.raises(FileMissing, match="there is no pipeline 'nothing'"):
        pipelines.find("nothing")
    pipelines.create_from_template("census-income")
    with pytest.raises(Ambiguous, match=draft.id[:8]):
        pipelines.find(draft.name)


def test_what_was_deleted_lies_in_the_trash_until_it_is_forgotten(pipelines: Pipelines) -> None:
    draft = pipelines.create_blank()
    pipelines.delete(draft.id)
    assert pipelines.all() == []
    assert pipelines.find(draft.name, trashed=True).id == draft.id
    pipelines.restore(draft.id)
    assert [each.id for each in pipelines.all()] == [draft.id]
    pipelines.delete(draft.id)
    pipelines.forget(draft.id)
    assert pipelines.all(trashed=True) == []


def test_no_verb_takes_a_pipeline_that_is_not_there_for_one(pipelines: Pipelines) -> None:
    for verb in (pipelines.get, pipelines.delete, pipelines.restore, pipelines.forget, pipelines.duplicate):
        with pytest.raises(FileMissing, match="there is no pipeline 'gone'"):
            verb("gone")


def test_a_run_names_its_pipeline_until_that_is_deleted_permanently(pipelines: Pipelines) -> None:
    draft = pipelines.create_blank()
    run = pipelines.workspace.runs.create(draft.document, pipeline_id=draft.id)
    unsaved = pipelines.workspace.runs.create(draft.document)
    assert pipelines.of_run(unsaved) is None
    pipelines.delete(draft.id)
    of_run = pipelines.of_run(run)
    assert of_run is not None
    assert of_run.id == draft.id
    pipelines.forget(draft.id)
    assert pipelines.of_run(run) is None


def test_a_list_of_pipelines_can_be_limited_to_those_edited_last(pipelines: Pipelines) -> None:
    older, newer = pipelines.create_blank(), pipelines.create_blank()
    assert [each.id for each in pipelines.all(limit=1)] == [newer.id]
    assert {each.id for each in pipelines.all()} == {older.id, newer.id}
