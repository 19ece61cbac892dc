"""Convert to ONNX in a child process, since some converters hang or crash.

`python -m designer.inference.converting WORKSPACE MODEL` gets a pipeline document and writes the model to the file
MODEL.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from designer.contract.errors import DesignerError, NotExportable
from designer.engine.children.child import ChildEnded, Report, ask, serve
from designer.inference.convert import Converted, convert, read_converted
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Pipeline
from designer.store.workspace import open_workspace

LIMIT_SECONDS = 30.0


def convert_apart(pipeline: Pipeline, workspace: Path, seconds: float = LIMIT_SECONDS) -> Converted:
    """Convert in a child process. Raises NotExportable naming the node, or if conversion crashes or times out."""
    with tempfile.TemporaryDirectory(prefix="designer-onnx-") as folder:
        target = Path(folder) / "model.onnx"
        try:
            ask(
                "designer.inference.converting",
                [str(workspace), str(target)],
                to_document(pipeline),
                what="the conversion",
                seconds=seconds,
                is_quiet=True,
                OMP_NUM_THREADS="1",
            )
        except ChildEnded as error:
            raise NotExportable(error.found) from None
        except DesignerError as error:
            refused = NotExportable(error.found, error.remedy)
            refused.place = error.place
            raise refused from error
        return read_converted(target.read_bytes())


def _converted(document: Any, report: Report) -> int:
    """Write the model; returns its size in bytes."""
    with open_workspace(sys.argv[1]) as workspace:
        library = workspace.library()
        answer = convert(from_document(document), library, workspace.sources(library))
    return Path(sys.argv[2]).write_bytes(answer.model)


if __name__ == "__main__":
    serve(_converted)
