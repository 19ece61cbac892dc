"""Export a pipeline of a workspace as a script, with columns from a run where needed."""

from __future__ import annotations

from collections.abc import Callable

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.export.python import PythonExport, export_python
from designer.inference.results import outputs_of, results_of
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace


def export_script(
    pipeline: Pipeline, workspace: Workspace, library: Library, run: Callable[[], str | None]
) -> PythonExport:
    """Export a training pipeline as a script; `run` returns the id of a finished run of it, called only if one is
    needed.

    Raises NotExportable naming the node that cannot be written, or the first error if `run` returns None.
    """
    sources = workspace.sources(library)
    try:
        return export_python(pipeline, library, sources)
    except DesignerError:
        run_id = run()  # some columns are known from a run only
        if run_id is None:
            raise
    results = results_of(workspace, outputs_of(workspace, run_id), library)
    return export_python(pipeline, library, sources, {outlet: result.known for outlet, result in results.items()})
