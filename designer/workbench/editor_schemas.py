"""JSON Schemas of the files that people write by hand, so that editors complete and check them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter
from designer.pipeline.document_schema import document_schema
from designer.registry.pipeline_job.schema import pipeline_job_schema
from designer.registry.yaml_schema import component_schema

FileKind = Literal["pipeline", "component", "pipeline-job"]


def editor_schema(kind: str, modules: Callable[[], Library]) -> dict[str, Any]:
    """The schema of a kind of file. Raises InvalidParameter for another kind."""
    match kind:
        case "pipeline":
            library = modules()
            return document_schema([*library, *library.components.values()])
        case "component":
            return component_schema()
        case "pipeline-job":
            return pipeline_job_schema()
    raise InvalidParameter(f"'{kind}' is no kind of file", f"Choose {', '.join(get_args(FileKind))}.")
