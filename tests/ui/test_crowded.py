"""Pages make a constant, small number of database queries, however many rows they show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from designer.contract.catalogue.library import Library
from designer.store.workspace import Workspace, open_workspace
from designer.ui.views import overview
from designer.workbench.workbench import Workbench

Read = Callable[[Workbench], object]


def fill(workspace: Workspace, pipelines: int, runs: int) -> None:
    document = {"nodes": {"a": {"module": "split-data", "parameters": {}}}, "edges": []}
    outputs = {"out": {"kind": "evaluation", "digest": "0" * 64, "summary": {"task": "regression", "models": []}}}
    drafts = [workspace.drafts.create(f"pipeline {n}", document).id for n in range(pipelines)]
    for number in range(runs):
        run = workspace.runs.create(document, pipeline_id=drafts[number % pipelines])
        attempt = workspace.runs.claim(run.id, [{"node": "a", "state": "finished", "outputs": outputs}])
        workspace.runs.finish(run.id, attempt or 0, "finished")
    for number in range(pipelines // 4):
        workspace.endpoints.create(f"endpoint-{number}")
        workspace.endpoints.add_version(f"endpoint-{number}", document)


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Workspace]]:
    """A small workspace, and one five times as large."""
    folder = tmp_path_factory.mktemp("crowded")
    with open_workspace(folder / "small") as small, open_workspace(folder / "large") as large:
        fill(small, 8, 16)
        fill(large, 40, 80)
        yield small, large


def gives(library: Library) -> Callable[[], Library]:
    return lambda: library


@contextmanager
def counted(workspace: Workspace) -> Iterator[list[str]]:
    engine: Engine = workspace.database._engine
    queries: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT"):
            queries.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield queries
    event.remove(engine, "before_cursor_execute", note)


PAGES: dict[str, Read] = {
    "home": lambda bench: overview.with_standing(overview.recent(bench, 8), bench.runs),
    "pipelines": lambda bench: (overview.recent(bench), overview.deleted(bench)),
    "runs": lambda bench: bench.runs.listed(),
    "models": lambda bench: bench.models.all(),
    "endpoints": lambda bench: (bench.endpoints.all(), bench.endpoints.answering()),
    "datasets": lambda bench: (bench.datasets.all(), bench.datasets.all(trashed=True)),
    "what is missing": lambda bench: bench.workspace.record.missing(),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_of_a_large_workspace_as_of_a_small_one(
    workspaces: tuple[Workspace, Workspace], page: str
) -> None:
    counts = []
    for workspace in workspaces:
        bench = Workbench(workspace, gives(workspace.library()))
        with counted(workspace) as queries:
            assert PAGES[page](bench) is not None
        counts.append(len(queries))
    assert 0 < counts[0] == counts[1] <= 20


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT id FROM run ORDER BY created DESC LIMIT 50", "run_by_time"),
        ("SELECT id FROM run WHERE pipeline_id = 'p' ORDER BY created DESC LIMIT 1", "run_of_pipeline_by_time"),
        ("SELECT pipeline_id, max(created) FROM run GROUP BY pipeline_id", "run_of_pipeline_by_time"),
        ("DELETE FROM event WHERE at < 1", "ix_event_at"),
    ],
)
def test_what_pages_ask_most_is_answered_from_an_index(
    workspaces: tuple[Workspace, Workspace], statement: str, index: str
) -> None:
    with workspaces[1].database.read() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
    assert index in str(plan)
    assert "TEMP B-TREE" not in str(plan)
