"""`designer infer`, `deploy`, `certify`, `score` and `export`: deliver a trained pipeline."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast

from designer.cli.files import assignments_of, format_named, put, read_pipeline, to_json, write_pipeline
from designer.cli.options import opened
from designer.cli.own_modules import name_missing
from designer.cli.running import finished_run
from designer.contract.errors import InvalidParameter
from designer.contract.files.required_file import require_file
from designer.contract.wording.counting import counted
from designer.inference.rewrite import Rewritten
from designer.pipeline.graph import Pipeline
from designer.pipeline.parameters import bound
from designer.serving.address import scoring_address
from designer.workbench.workbench import Workbench

Kind = Literal["realtime", "batch"]


def infer(folder: Path, file: Path, output: Path, kind: str, score: str | None, params: Sequence[str] = ()) -> None:
    """Write the inference pipeline of a training pipeline, and print what was done with each step."""
    pipeline = read_pipeline(file)
    with opened(folder, makes=pipeline.kind == "training") as bench:
        name_missing(pipeline, bench.library, bench.workspace.path)
        pipeline = bound(pipeline, bench.runs.checked_assignments(pipeline, assignments_of(params)))
        rewritten = _inferred(bench, pipeline, kind_named(kind), score)
    for reason in rewritten.reasons:
        print(f"{reason.what:<9} {reason.title}: {reason.text}")
    write_pipeline(rewritten.pipeline, output)
    nodes, columns = counted(len(rewritten.pipeline.nodes), "node"), counted(len(rewritten.schema), "column")
    print(f"\n{output}: {nodes}; a request has {columns}.")


def deploy(folder: Path, file: Path, name: str, *, accept_differences: bool, json: bool) -> int:
    """Deploy an inference pipeline; a training pipeline is rewritten first. Returns 1 if it did not go live."""
    pipeline = read_pipeline(file)
    with opened(folder, makes=pipeline.kind == "training") as bench:
        name_missing(pipeline, bench.library, bench.workspace.path)
        if pipeline.kind == "training":
            pipeline = _inferred(bench, pipeline, "realtime", None).pipeline
        deployed = bench.inference.deploy_document(
            pipeline, name, accept_differences=accept_differences, report=print_progress
        )
        address = scoring_address(folder)
    if json:
        print(to_json({**deployed.to_json(), "address": address}))
    else:
        print_deployed(deployed.to_json(), address, folder)
    return 0 if deployed.is_default else 1


def certify(folder: Path, name: str, version: int | None, *, json: bool) -> int:
    """Check a deployed version again. Returns 1 if its scores differ from training."""
    with opened(folder) as bench:
        certificate = bench.endpoints.certify(name, version, report=print_progress)
    if json:
        print(to_json(certificate.to_json()))
        return 0 if certificate.passed else 1
    for path in certificate.paths:
        differences = (
            f"different in {path.differences:,} of {counted(path.rows, 'row')}, largest difference {path.largest:.1e}"
        )
        print(f"{path.path} against {path.against}: {differences}")
    print(certificate.sentence)
    return 0 if certificate.passed else 1


def score(folder: Path, name: str, file: Path, output: Path | None) -> int:
    """Score the rows of a file with a deployed endpoint; without an output the table goes to the terminal.

    Returns 1 where rows were refused.
    """
    require_file(file)
    with opened(folder) as bench, tempfile.TemporaryDirectory() as scratch:
        target = output or Path(scratch) / "scored.csv"
        scored = bench.endpoints.score_file(name, file, target, report=print_progress)
        if output is None:
            print(target.read_text(encoding=scored.encoding), end="")
            if scored.errors is not None:
                print(scored.errors.read_text(encoding=scored.encoding), end="", file=sys.stderr)
    errors = f": see {scored.errors}" if scored.errors is not None and output is not None else ""
    print(f"{scored.sentence}{errors}.", file=sys.stderr)
    return 1 if scored.refused else 0


def export(folder: Path, file: Path, to: str, output: Path, params: Sequence[str] = ()) -> None:
    """Export a pipeline to an ONNX file, a Python script or a notebook, with values for its parameters."""
    format = format_named(to)
    pipeline = read_pipeline(file)
    with opened(folder, makes=pipeline.kind == "training") as bench:
        name_missing(pipeline, bench.library, bench.workspace.path)
        if format != "sdk" or params:
            pipeline = bound(pipeline, bench.runs.checked_assignments(pipeline, assignments_of(params)))
        if format == "json":
            remedy = "Choose onnx, python, notebook or sdk."
            raise InvalidParameter("the file is already a document", remedy, parameter="--to")
        if format != "onnx":

            def write(folder: Path) -> list[Path]:
                return bench.exports.document(pipeline, format, folder, lambda: _run_of(bench, pipeline))

            print(*put(output, write), sep="\n")
            return
        if pipeline.kind == "training":
            pipeline = _inferred(bench, pipeline, "realtime", None).pipeline
        converted = bench.exports.onnx(pipeline, output)
    inputs, outputs = counted(len(converted.schema), "input"), counted(len(converted.outputs), "output")
    print(f"{output}: {counted(len(converted.model), 'byte')}, {inputs}, {outputs}.")


def _inferred(bench: Workbench, pipeline: Pipeline, kind: Kind, score: str | None) -> Rewritten:
    """Run a training pipeline, reusing current results, and rewrite it."""
    if pipeline.kind != "training":
        raise InvalidParameter(f"this is already a {pipeline.kind} inference pipeline", "Name its training pipeline.")
    return bench.inference.of_run(_run_of(bench, pipeline), kind, score)


def _run_of(bench: Workbench, pipeline: Pipeline) -> str:
    return finished_run(pipeline, bench.library, bench.workspace, only_new=True).run_id


def print_progress(fraction: float, text: str) -> None:
    """Report progress on standard error."""
    print(f"{fraction:>4.0%}  {text}", file=sys.stderr, flush=True)


def print_deployed(deployed: Mapping[str, Any], address: str | None, folder: Path) -> None:
    """Print the document of `Deployed.to_json`, and the address."""
    print(f"{deployed['endpoint']}, version {deployed['version']}, served by {deployed['engine']}")
    if deployed["reason"]:
        print(f"  {deployed['reason']}")
    print(f"  {deployed['certificate']['sentence']}")
    if not deployed["is_default"]:
        print("  Not live: its scores differ from training. Deploy with --accept-differences to put it live anyway.")
    for slot, key in deployed["keys"].items():
        print(f"  {slot} key: {key}")
    start = f"Designer is not running on this workspace. Start it with: designer start --workspace {folder}"
    print(f"  {address}/endpoints/{deployed['endpoint']}/score" if address else f"  {start}")


def kind_named(kind: str) -> Kind:
    """Check the value of `--kind`; raises InvalidParameter."""
    if kind not in ("realtime", "batch"):
        raise InvalidParameter(f"'{kind}' is not a kind", "Choose realtime or batch.", parameter="--kind")
    return cast(Kind, kind)
