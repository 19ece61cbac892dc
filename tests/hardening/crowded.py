"""A large workspace: two hundred pipelines, a thousand runs, datasets and endpoints."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import pandas as pd

from designer.engine.run import execute
from designer.pipeline.document import to_document
from designer.samples.templates import templates
from designer.store.records import NodeRun, Run
from designer.store.workspace import Workspace, open_workspace

PIPELINES, RUNS, DATASETS, ENDPOINTS = 200, 1000, 60, 20


def fill(folder: Path, pipelines: int = PIPELINES, runs: int = RUNS) -> str:
    """Fill a workspace with copies of one real run; return the id of the newest pipeline."""
    with open_workspace(folder) as workspace:
        sample = next(each for each in templates() if each.id == "census-income")
        document = to_document(sample.pipeline)
        draft = workspace.drafts.create("Census income 0", document)
        result = execute(sample.pipeline, workspace.library(), workspace, pipeline_id=draft.id, revision=1)
        assert result.ok
        drafts = [draft.id, *(workspace.drafts.create(f"Census income {n}", document).id for n in range(1, pipelines))]
        _copy_runs(workspace, result.run_id, drafts, runs)
        for number in range(DATASETS):
            workspace.datasets.register(f"Table {number}", pd.DataFrame({"x": [number, 1.5], "y": ["a", "b"]}))
        for number in range(ENDPOINTS):
            workspace.endpoints.create(f"endpoint-{number}")
            workspace.endpoints.add_version(f"endpoint-{number}", document, run_id=result.run_id)
        workspace.record.catch_up()
        return drafts[-1]


def _copy_runs(workspace: Workspace, source: str, drafts: list[str], count: int) -> None:
    run, nodes, now = workspace.runs.get(source), workspace.runs.nodes(source), time.time()
    with workspace.database.write() as session:
        for number in range(count):
            id, at = f"{number:032x}", now - 60.0 * (count - number)
            pipeline = drafts[number % len(drafts)]
            values = {
                **run.model_dump(),
                "id": id,
                "pipeline_id": pipeline,
                "created": at,
                "started": at,
                "ended": at + 9,
            }
            session.add(Run(**values))
            for node in nodes.values():
                outputs: dict[str, Any] = copy.deepcopy(node.outputs)
                session.add(NodeRun(**{**node.model_dump(), "run_id": id, "outputs": outputs}))
