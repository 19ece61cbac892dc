"""Export a pipeline or an endpoint: a document, a script, a notebook, an ONNX file, or SDK code."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentSpec
from designer.contract.errors import FileMissing
from designer.engine.executed import executed_pipeline
from designer.engine.submitting import checked_assignments
from designer.export.component import export_component
from designer.export.notebook import notebook
from designer.export.onnx import export_onnx
from designer.export.script import export_script
from designer.export.sdk import to_code
from designer.inference.convert import Converted
from designer.pipeline.document import dumps, from_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import bound
from designer.store.workspace import Workspace
from designer.workbench.results.source_run import current_run

Format = Literal["python", "notebook", "onnx", "json", "sdk"]


@dataclass(frozen=True)
class Exports:
    """Exports of a workspace. Each method writes into a folder and returns the files.

    A script or notebook comes first, followed by the data that it reads.
    """

    workspace: Workspace
    library: Library

    def pipeline(self, id: str, to: Format, folder: Path, assignments: Mapping[str, Any] | None = None) -> list[Path]:
        """Export a saved pipeline. Columns that only a run can determine are taken from a run of exactly this graph.

        `assignments` are values of its parameters, which are written in their place; see `checked_assignments`.
        """
        draft = self.workspace.drafts.get(id)
        pipeline = from_document(draft.document)
        given = checked_assignments(self.workspace, pipeline, assignments) if assignments else {}
        run = current_run(self.workspace, draft.document, draft.id, given)
        pipeline = bound(pipeline, given) if given else pipeline
        return self._written(pipeline, to, folder, _file_name(draft.name), _constant(run.id if run else None))

    def endpoint(self, name: str, to: Format, folder: Path) -> list[Path]:
        """Export the default version of an endpoint.

        As ONNX, JSON and SDK code, the deployed pipeline; as a script or notebook, the pipeline of the run that trained
        it. Raises FileMissing where no such run is known.
        """
        version = self.workspace.endpoints.version(name)
        pipeline = from_document(version.document)
        if to in ("python", "notebook"):
            if not version.run_id:
                raise FileMissing("no run is known that this version was trained in", "Export its training pipeline.")
            pipeline = executed_pipeline(self.workspace.runs.get(version.run_id))
        return self._written(pipeline, to, folder, name, _constant(version.run_id))

    def component(self, name: str, folder: Path, version: str | None = None) -> Path:
        """Write a component as a component file of Azure with its code beside it; returns the file.

        Reading that file gives the same component again. Raises FileMissing.
        """
        spec = ComponentSpec.from_json(self.workspace.components.get(name, version).spec)
        return export_component(spec, self.workspace.artifacts.blobs.path(spec.code) if spec.code else None, folder)

    def document(
        self, pipeline: Pipeline, to: Format, folder: Path, run: Callable[[], str | None] = lambda: None
    ) -> list[Path]:
        """Export a pipeline of a document; `run` returns the id of a finished run of it, called only if a step needs
        one."""
        return self._written(pipeline, to, folder, _file_name(pipeline.name), run)

    def onnx(self, pipeline: Pipeline, output: Path) -> Converted:
        """Export an inference pipeline as one ONNX file; raises NotExportable naming the step that has no ONNX form."""
        return export_onnx(bound(pipeline), self.workspace.path, output)

    def _written(
        self, pipeline: Pipeline, to: Format, folder: Path, name: str, run: Callable[[], str | None]
    ) -> list[Path]:
        match to:
            case "json":
                file = folder / f"{name}.json"
                file.write_text(dumps(pipeline), encoding="utf-8")
                return [file]
            case "onnx":
                self.onnx(pipeline, folder / f"{name}.onnx")
                return [folder / f"{name}.onnx"]
            case "sdk":
                file = folder / f"{name}.py"
                file.write_text(to_code(pipeline, self.library), encoding="utf-8")
                return [file]
            case "python":
                script = export_script(pipeline, self.workspace, self.library, run)
                return script.write(folder / f"{name}.py")
            case "notebook":
                script = export_script(pipeline, self.workspace, self.library, run)
                return script.write(folder / f"{name}.ipynb", notebook(script, pipeline.name))


def archived(files: Sequence[Path]) -> Path:
    """Move the files into one archive beside them, named after the first."""
    archive = files[0].with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            packed.write(file, file.name)
            file.unlink()
    return archive


def _constant(run_id: str | None) -> Callable[[], str | None]:
    return lambda: run_id


def _file_name(title: str) -> str:
    """The title of a pipeline as a file name that is valid on every system."""
    return re.sub(r"[\W_]+", "-", title.lower()).strip("-")[:80] or "pipeline"
