"""A pipeline or an endpoint taken away as a file: a document, a script, a notebook, one ONNX file."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from designer.contract.errors import FileMissing
from designer.contract.library import Library
from designer.export.notebook import notebook
from designer.export.onnx import export_onnx
from designer.export.script import export_script
from designer.inference.convert import Converted
from designer.pipeline.document import dumps, from_document
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace
from designer.workbench.counting import current_run

Format = Literal["python", "notebook", "onnx", "json"]


@dataclass(frozen=True)
class Exports:
    """What can be taken away from a workspace. Each verb writes into a folder and returns the file."""

    workspace: Workspace
    library: Library

    def pipeline(self, id: str, to: Format, folder: Path) -> Path:
        """A pipeline as it is saved. Columns that only a run can tell are those of the run of exactly this graph."""
        draft = self.workspace.drafts.get(id)
        run = current_run(self.workspace, draft.document, draft.id)
        return self._written(draft.document, to, folder, _file_name(draft.name), run.id if run else None)

    def endpoint(self, name: str, to: Format, folder: Path) -> Path:
        """What answers: the deployed pipeline as ONNX, or the script of the run that it was trained in."""
        version = self.workspace.endpoints.version(name)
        document: Mapping[str, Any] = version.document
        if to in ("python", "notebook"):
            if not version.run_id:
                raise FileMissing("no run is known that this version was trained in", "Export its training pipeline.")
            document = self.workspace.runs.get(version.run_id).document
        return self._written(document, to, folder, name, version.run_id)

    def script(self, pipeline: Pipeline, run: Callable[[], str | None], output: Path, *, to: Format) -> list[Path]:
        """A training pipeline as a plain script or a notebook; returns what was written, its data beside it.

        `run` names a finished run of it, asked for only where a step needs what a run found out.
        """
        script = export_script(pipeline, self.workspace, self.library, run)
        return script.write(output, notebook(script, pipeline.name) if to == "notebook" else None)

    def onnx(self, pipeline: Pipeline, output: Path) -> Converted:
        """An inference pipeline as one ONNX file; raises NotExportable naming the step that has no ONNX form."""
        return export_onnx(pipeline, self.workspace.path, output)

    def _written(self, document: Mapping[str, Any], to: Format, folder: Path, name: str, run_id: str | None) -> Path:
        pipeline = from_document(document)
        match to:
            case "json":
                file = folder / f"{name}.json"
                file.write_text(dumps(pipeline), encoding="utf-8")
                return file
            case "onnx":
                file = folder / f"{name}.onnx"
                export_onnx(pipeline, self.workspace.path, file)
                return file
            case "python" | "notebook":
                script = export_script(pipeline, self.workspace, self.library, lambda: run_id)
                is_notebook = to == "notebook"
                text, ending = (notebook(script, pipeline.name), "ipynb") if is_notebook else (script.script, "py")
                if not script.data:
                    return script.write(folder / f"{name}.{ending}", text)[0]
                parts = folder / "files"
                script.write(parts / f"{name}.{ending}", text)
                archive = Path(shutil.make_archive(str(folder / name), "zip", parts))
                shutil.rmtree(parts)
                return archive


def _file_name(title: str) -> str:
    """The title of a pipeline as a file can be called everywhere."""
    return re.sub(r"[\W_]+", "-", title.lower()).strip("-")[:80] or "pipeline"
