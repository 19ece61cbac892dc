"""Values of pipeline parameters are checked when a run is submitted, and the run remembers them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.engine.executed import executed_pipeline
from designer.engine.submitting import checked_assignments
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.promotion import promote, set_parameter
from designer.store.workspace import Workspace
from designer.workbench.assignments import assignments_text
from designer.workbench.exports import Exports
from designer.workbench.results.source_run import current_run
from designer.workbench.runs import AlreadyRunning, Runs


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.scan()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path) as opened:
        for rows in (3, 4):
            opened.datasets.register("sales", pd.DataFrame({"a": range(rows), "b": ["x"] * rows}))
        opened.datasets.register("other", pd.DataFrame({"a": [9, 8], "b": ["y", "z"]}))
        yield opened


@pytest.fixture
def pipeline(library: Library) -> Pipeline:
    """Rows of a dataset that is a parameter."""
    made = Pipeline("Sales", nodes={"data": Node("data", "dataset", parameters={"name": "sales"})})
    return promote(made, "data", "name", "rows", library)


def submitted(workspace: Workspace, pipeline: Pipeline, library: Library, given: dict[str, Any]) -> Any:
    draft = workspace.drafts.create(pipeline.name, to_document(pipeline))
    return Runs(workspace, lambda: library).submit(draft.id, assignments=given)


def test_a_run_remembers_what_it_was_given_and_is_shown_with_it(
    workspace: Workspace, pipeline: Pipeline, library: Library
) -> None:
    run = submitted(workspace, pipeline, library, {"rows": "other"})
    assert workspace.runs.get(run.id).assignments == {"rows": "other"}
    assert executed_pipeline(run).nodes["data"].parameters == {"name": "other"}
    assert from_document(run.document) == pipeline  # can be submitted again with other values
    assert assignments_text(run.assignments) == "rows = other"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rwos": "other"}, "the pipeline has no parameter 'rwos' (1 parameter). Did you mean 'rows'?"),
        ({"rows": "gone"}, "rows: there is no dataset 'gone'"),
        ({"rows": "sales:7"}, "rows: "),
        ({"rows": 3}, "rows: 3 is not text. Use the name of a dataset, or NAME:VERSION."),
        ({"rows": None}, "rows: no value is given"),
    ],
)
def test_values_that_do_not_fit_are_refused_before_anything_is_queued(
    workspace: Workspace, pipeline: Pipeline, library: Library, given: dict[str, Any], words: str
) -> None:
    with pytest.raises((InvalidParameter, FileMissing)) as refused:
        submitted(workspace, pipeline, library, given)
    assert words in str(refused.value)
    assert workspace.runs.all() == []


def test_a_default_dataset_that_is_gone_is_refused_by_the_parameter(
    workspace: Workspace, pipeline: Pipeline, library: Library
) -> None:
    workspace.datasets.delete("sales")
    with pytest.raises(FileMissing, match=r"rows: .*'sales'"):
        submitted(workspace, pipeline, library, {})


def test_a_version_of_a_dataset_is_named_after_a_colon(
    workspace: Workspace, pipeline: Pipeline, library: Library
) -> None:
    assert checked_assignments(workspace, pipeline, {"rows": "sales:1"}) == {"rows": "sales:1"}
    assert [workspace.datasets.get(name).rows for name in ("sales", "sales:1", "sales:2")] == [4, 3, 4]
    workspace.datasets.register("sales:1", pd.DataFrame({"a": [1]}))
    assert workspace.datasets.get("sales:1").rows == 1


def test_a_pipeline_that_runs_with_other_values_is_not_run_with_these(
    workspace: Workspace, pipeline: Pipeline, library: Library
) -> None:
    draft = workspace.drafts.create("Sales", to_document(pipeline))
    runs = Runs(workspace, lambda: library)
    first = runs.submit(draft.id, assignments={"rows": "other"})
    assert runs.submit(draft.id, assignments={"rows": "other"}).id == first.id
    with pytest.raises(AlreadyRunning, match="running with other values"):
        runs.submit(draft.id)


def test_results_of_other_values_are_not_taken_for_those_of_the_defaults(
    workspace: Workspace, pipeline: Pipeline, library: Library
) -> None:
    document = to_document(pipeline)
    ids = {}
    for name in ("other", "sales"):
        run = workspace.runs.create(document, assignments={"rows": name})
        attempt = workspace.runs.claim(run.id, [])
        workspace.runs.finish(run.id, attempt or 0, "finished")
        ids[name] = run.id
        chosen = current_run(workspace, document, None)
        assert (chosen.id if chosen else None) == ids.get("sales")
    changed = set_parameter(pipeline, "rows", {"default": "other"}, library)
    assert current_run(workspace, to_document(changed), None) is None


def test_a_script_is_written_with_the_values(
    workspace: Workspace, pipeline: Pipeline, library: Library, tmp_path: Path
) -> None:
    draft = workspace.drafts.create("Sales", to_document(pipeline))
    script, *data = Exports(workspace, library).pipeline(draft.id, "python", tmp_path)
    assert "$parameter" not in script.read_text()
    assert [file.name for file in data] == ["sales.csv"]
    _, given = Exports(workspace, library).pipeline(draft.id, "python", tmp_path, {"rows": "other"})
    assert given.name == "other.csv"
    (document,) = Exports(workspace, library).pipeline(draft.id, "json", tmp_path)
    assert "$parameter" in document.read_text()
    asked = replace(pipeline, parameters={"rows": replace(pipeline.parameters["rows"], default=None)})
    with pytest.raises(DesignerError, match="rows: no value is given, and it has no default"):
        Exports(workspace, library).document(asked, "python", tmp_path)
