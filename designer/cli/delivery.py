"""`designer infer`, `deploy`, `certify`, `score` and `export`: from a trained pipeline to answers."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal, cast

from designer.cli.files import read_pipeline, to_json, write_pipeline
from designer.cli.running import finished_run
from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.library import Library
from designer.export.notebook import notebook
from designer.export.onnx import export_onnx
from designer.export.script import export_script
from designer.inference.create import create
from designer.inference.rewrite import Rewritten
from designer.pipeline.graph import Pipeline
from designer.serving.address import scoring_address
from designer.serving.batch import score_file
from designer.serving.certifying import certify as certify_version
from designer.serving.endpoints import Deployed
from designer.serving.endpoints import deploy as deploy_pipeline
from designer.store.workspace import Workspace, open_workspace

Kind = Literal["realtime", "batch"]


def infer(folder: Path, file: Path, output: Path, kind: str, score: str | None) -> None:
    """Write the inference pipeline of a training pipeline, saying what became of each step."""
    with open_workspace(folder) as workspace:
        rewritten = _inferred(read_pipeline(file), _kind(kind), workspace, workspace.library(), score)
    for reason in rewritten.reasons:
        print(f"{reason.what:<9} {reason.title}: {reason.text}")
    write_pipeline(rewritten.pipeline, output)
    print(f"\n{output}: {len(rewritten.pipeline.nodes)} nodes, a request holds {len(rewritten.schema)} columns.")


def deploy(folder: Path, file: Path, name: str, *, accept_differences: bool, json: bool) -> int:
    """Deploy an inference pipeline; a training pipeline is rewritten first. Returns 1 where it did not go live."""
    with open_workspace(folder) as workspace:
        library = workspace.library()
        pipeline = read_pipeline(file)
        if pipeline.kind == "training":
            pipeline = _inferred(pipeline, "realtime", workspace, library, None).pipeline
        deployed = deploy_pipeline(
            workspace, library, pipeline, name, accept_differences=accept_differences, report=_say
        )
        address = scoring_address(workspace.path)
    if json:
        print(to_json({**deployed.to_json(), "address": address}))
    else:
        _print_deployed(deployed, address)
    return 0 if deployed.is_default else 1


def certify(folder: Path, name: str, version: int | None, *, json: bool) -> int:
    """Check a deployed version again. Returns 1 where it answers otherwise than in training."""
    with open_workspace(folder) as workspace:
        certificate = certify_version(workspace, workspace.library(), name, version, report=_say)
    if json:
        print(to_json(certificate.to_json()))
        return 0 if certificate.passed else 1
    for path in certificate.paths:
        found = f"{path.differences:,} of {path.rows:,} rows differ, largest difference {path.largest:.1e}"
        print(f"{path.path} against {path.against}: {found}")
    print(certificate.sentence)
    return 0 if certificate.passed else 1


def score(folder: Path, name: str, file: Path, output: Path | None) -> None:
    """Score the rows of a file with a deployed endpoint; without an output the table goes to the terminal."""
    if not file.is_file():
        raise FileMissing("there is no such file", file=str(file))
    with open_workspace(folder) as workspace, tempfile.TemporaryDirectory() as scratch:
        target = output or Path(scratch) / "scored.csv"
        scored = score_file(workspace, workspace.library(), name, file, target, report=_say)
        if output is None:
            print(target.read_text(encoding="utf-8"), end="")
    said = f"{scored.rows:,} rows scored by {scored.engine} in {scored.seconds:.2f} s"
    said += f", {scored.unscored:,} of them without an answer" if scored.unscored else ""
    said += f", {scored.refused:,} refused: see {scored.errors}" if scored.refused else ""
    print(f"{said}.", file=sys.stderr)


def export(folder: Path, file: Path, to: str, output: Path) -> None:
    """Write a pipeline as one ONNX file, one plain script or one notebook."""
    if to not in ("onnx", "python", "notebook"):
        raise InvalidParameter(f"'{to}' is not a format", "Choose onnx, python or notebook.", parameter="--to")
    with open_workspace(folder) as workspace:
        library = workspace.library()
        pipeline = read_pipeline(file)
        if to != "onnx":
            script = export_script(
                pipeline, workspace, library, lambda: finished_run(pipeline, library, workspace, quiet=True).run_id
            )
            text = notebook(script, pipeline.name) if to == "notebook" else None
            for written in script.write(output, text):
                print(written)
            return
        if pipeline.kind == "training":
            pipeline = _inferred(pipeline, "realtime", workspace, library, None).pipeline
        converted = export_onnx(pipeline, folder, output)
    print(
        f"{output}: {len(converted.model):,} bytes, {len(converted.schema)} inputs, {len(converted.outputs)} outputs."
    )


def _inferred(pipeline: Pipeline, kind: Kind, workspace: Workspace, library: Library, score: str | None) -> Rewritten:
    """Rewrite a training pipeline after a run of it, which reuses what is up to date."""
    if pipeline.kind != "training":
        raise InvalidParameter(f"this is a {pipeline.kind} inference pipeline already", "Give its training pipeline.")
    result = finished_run(pipeline, library, workspace, quiet=True)
    rewritten = create(workspace, result.run_id, kind, library, score=score)
    if rewritten.problems:
        raise DesignerError(rewritten.problems[0].message, rewritten.problems[0].remedy)
    return rewritten


def _say(fraction: float, text: str) -> None:
    print(f"{fraction:>4.0%}  {text}", file=sys.stderr, flush=True)


def _print_deployed(deployed: Deployed, address: str | None) -> None:
    print(f"{deployed.endpoint}, version {deployed.version}, answered by {deployed.engine}")
    if deployed.reason:
        print(f"  {deployed.reason}")
    print(f"  {deployed.certificate.sentence}")
    if not deployed.is_default:
        print("  Not live: it answers otherwise than in training. --accept-differences puts it live all the same.")
    for slot, key in deployed.keys.items():
        print(f"  {slot} key: {key}")
    where = f"{address}/endpoints/{deployed.endpoint}/score" if address else "starts with: designer start"
    print(f"  {where}")


def _kind(kind: str) -> Kind:
    if kind not in ("realtime", "batch"):
        raise InvalidParameter(f"'{kind}' is not a kind", "Choose realtime or batch.", parameter="--kind")
    return cast(Kind, kind)
