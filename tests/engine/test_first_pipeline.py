"""A first pipeline built from the user's file runs at once, or names what is missing before it runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.files.sources import using
from designer.engine.first_pipeline import first_pipeline, first_pipeline_of
from designer.engine.local.backend import Local
from designer.engine.run import execute
from designer.inference.create import create
from designer.pipeline.check import check
from designer.pipeline.lint.lint import lint
from designer.serving.endpoints import deploy
from designer.store.workspace import Workspace, open_workspace
from tests.own_files import REFUSED, TABLES

LIBRARY = Library.scan()
DEPLOYED = ("text and label", "dates with gaps", "gaps", "identifiers", "infinite", "regression", "groups")


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    with Local() as engine:
        yield engine


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with open_workspace(tmp_path_factory.mktemp("own") / "workspace") as workspace:
        yield workspace


@pytest.mark.parametrize("kind", TABLES)
def test_the_first_pipeline_of_a_dataset_runs_and_deploys(kind: str, space: Workspace, local: Local) -> None:
    table, label = TABLES[kind]()
    space.datasets.register(kind, table)
    pipeline = first_pipeline_of(space, kind, label=label)
    with using(space.sources(LIBRARY)):
        assert [str(problem) for problem in check(pipeline, LIBRARY)] == []
        assert [warning.title for warning in lint(pipeline, LIBRARY)] == []
    result = execute(pipeline, LIBRARY, space, backend=local)
    assert {node.title: node.error["message"] for node in result.nodes.values() if node.error} == {}
    assert result.ok
    if kind in DEPLOYED:
        rewritten = create(space, result.run_id, "realtime", LIBRARY)
        assert [problem.message for problem in rewritten.problems] == []
        assert label not in rewritten.schema.names
        deployed = deploy(space, LIBRARY, rewritten.pipeline, kind.replace(" ", "-"), run_id=result.run_id)
        assert deployed.is_default, deployed.certificate.sentence


@pytest.mark.parametrize("kind", REFUSED)
def test_a_table_that_cannot_be_trained_on_is_refused_with_the_reason(kind: str) -> None:
    build, words = REFUSED[kind]
    table, label = build()
    with pytest.raises(DesignerError) as refused:
        first_pipeline("Own file", table, label)
    assert words in str(refused.value)
    assert refused.value.remedy
