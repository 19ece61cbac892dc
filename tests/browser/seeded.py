"""Finished runs of samples, executed by the server's engine."""

import time
from dataclasses import dataclass

from designer.pipeline.document import to_document
from designer.samples.templates import template
from designer.store.workspace import Workspace
from tests.browser.conftest import Server

RUN_SECONDS = 180


@dataclass(frozen=True)
class Seeded:
    """A pipeline and its run."""

    pipeline: str
    run: str


def finished_run(server: Server, sample: str, **parameters: dict[str, object]) -> Seeded:
    """Run a sample with changed parameters of some nodes, and wait until it has finished."""
    chosen = template(sample)
    assert chosen is not None
    document = to_document(chosen.pipeline)
    for node, values in parameters.items():
        document["nodes"][node]["parameters"] |= values
    with Workspace(server.workspace) as workspace:
        before = next((draft for draft in workspace.drafts.all() if draft.name == chosen.title), None)
        draft = before or workspace.drafts.create(chosen.title, document)
        run = workspace.runs.create(document, pipeline_id=draft.id, revision=draft.revision)
        until = time.monotonic() + RUN_SECONDS
        while workspace.runs.get(run.id).state in ("queued", "running") and time.monotonic() < until:
            time.sleep(0.2)
        state = workspace.runs.get(run.id).state
    assert state == "finished", state
    return Seeded(draft.id, run.id)
