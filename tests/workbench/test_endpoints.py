"""Finding the endpoint to which a pipeline was deployed."""

from pathlib import Path

from designer.store.workspace import Workspace
from designer.workbench.workbench import Workbench
from tests.modules.learning import LIBRARY

DOCUMENT = {"name": "Cars", "nodes": {}, "edges": []}


def test_a_pipeline_finds_the_endpoint_it_answers_under(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        endpoints = Workbench(workspace, lambda: LIBRARY).endpoints
        training = workspace.drafts.create("Cars", DOCUMENT)
        scoring = workspace.drafts.create("Cars, real-time inference", DOCUMENT, kind="realtime", parent=training.id)
        other = workspace.drafts.create("Others", DOCUMENT)
        assert endpoints.of_pipeline(training.id) is None

        for name, pipeline in (("cars", training.id), ("others", other.id), ("cars-new", scoring.id), ("bare", None)):
            workspace.endpoints.create(name)
            workspace.endpoints.add_version(name, {}, pipeline_id=pipeline)
        for pipeline, name in ((training.id, "cars-new"), (scoring.id, "cars-new"), (other.id, "others")):
            endpoint = endpoints.of_pipeline(pipeline)
            assert endpoint is not None
            assert endpoint.name == name
