"""Conversion to ONNX in a process of its own: some converters hang or crash, and then only this process is lost.

`python -m designer.inference.converting WORKSPACE MODEL` reads the pipeline document from its standard input, writes
the model to the file MODEL and one JSON line that says how it went.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from designer.contract.errors import DesignerError, NotExportable, Place
from designer.inference.convert import Converted, convert, read_converted
from designer.pipeline.document import dumps, loads
from designer.pipeline.graph import Pipeline
from designer.store.workspace import open_workspace

LIMIT_SECONDS = 30.0


def convert_apart(pipeline: Pipeline, workspace: Path, seconds: float = LIMIT_SECONDS) -> Converted:
    """Convert in a child process; raises NotExportable naming the node, also where conversion takes too long."""
    with tempfile.TemporaryDirectory(prefix="designer-onnx-") as folder:
        target = Path(folder) / "model.onnx"
        command = [sys.executable, "-m", "designer.inference.converting", str(workspace), str(target)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        try:
            done = subprocess.run(  # noqa: S603
                command, input=dumps(pipeline).encode(), capture_output=True, timeout=seconds, env=environment
            )
        except subprocess.TimeoutExpired:
            raise NotExportable(f"the conversion took more than {seconds:g} seconds") from None
        lines = done.stdout.splitlines()
        if done.returncode != 0 or not lines:
            raise NotExportable(f"the conversion ended without an answer (code {done.returncode})")
        answer = json.loads(lines[-1])
        if "found" in answer:
            error = NotExportable(answer["found"], answer["remedy"])
            error.place = Place(**answer["place"])
            raise error
        return read_converted(target.read_bytes())


def main() -> None:
    """Convert the pipeline on standard input."""
    workspace_folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    pipeline = loads(sys.stdin.buffer.read())
    with open_workspace(workspace_folder) as workspace:
        library = workspace.library()
        try:
            answer = convert(pipeline, library, workspace.sources(library))
        except DesignerError as error:
            document = error.to_json()
            sys.stdout.write(json.dumps({name: document[name] for name in ("found", "remedy", "place")}) + "\n")
            return
    target.write_bytes(answer.model)
    sys.stdout.write(json.dumps({"bytes": len(answer.model)}) + "\n")


if __name__ == "__main__":
    main()
