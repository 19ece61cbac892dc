"""Export an inference pipeline as one ONNX file."""

from __future__ import annotations

from pathlib import Path

from designer.contract.errors import FileMissing, NotExportable
from designer.inference.convert import Converted
from designer.inference.converting import LIMIT_SECONDS, convert_apart
from designer.pipeline.graph import Pipeline


def export_onnx(pipeline: Pipeline, workspace: Path, target: Path, seconds: float = LIMIT_SECONDS) -> Converted:
    """Write an inference pipeline as an ONNX file with its schema in the metadata.

    Inputs are named like the columns, shape [N, 1]; outputs are named `out:` and the column. Numbers, booleans (0/1)
    and dates (seconds since 1970) are doubles with NaN for missing, text is strings with `\\0missing` for missing.
    Raises NotExportable naming the node that has no ONNX form, FileMissing where the file cannot be written.
    """
    if pipeline.kind == "training":
        raise NotExportable("this is a training pipeline", "Create its inference pipeline and export that.")
    converted = convert_apart(pipeline, workspace, seconds)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(converted.model)
        part.replace(target)
    except OSError as error:
        raise FileMissing(f"'{target}' cannot be written ({error.strerror})", "Choose another path.") from error
    return converted
