"""Making a new pipeline, empty or from a template. The page that asked then opens it."""

from designer.pipeline.document import to_document
from designer.pipeline.graph import Pipeline
from designer.samples.templates import template
from designer.store.workspace import Workspace

UNTITLED = "Untitled pipeline"


def blank(workspace: Workspace) -> str:
    """Create an empty pipeline; returns its id."""
    return workspace.drafts.create(UNTITLED, to_document(Pipeline())).id


def from_template(workspace: Workspace, id: str) -> str | None:
    """Create a pipeline like the template; returns its id, None where there is no such template."""
    sample = template(id)
    return workspace.drafts.create(sample.title, to_document(sample.pipeline)).id if sample else None


def address(pipeline: str) -> str:
    """Where a pipeline is edited."""
    return f"/pipelines/{pipeline}"
