"""Deploy inference pipelines and change endpoints: the operations behind the command line and the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, NotExportable
from designer.contract.files.sources import Sources
from designer.contract.values import Archive
from designer.contract.wording.counting import counted
from designer.inference.convert import Converted, converted
from designer.inference.doors import enabled_nodes
from designer.inference.evidence import evidence
from designer.inference.parity import Certificate
from designer.inference.path import NotRewritable
from designer.inference.scorer import Scorer
from designer.pipeline.document import to_document
from designer.pipeline.graph import Pipeline
from designer.serving.certifying import Check, Report, key_for_checks
from designer.serving.client import wait_until_followed
from designer.serving.keys import first_keys, forget_keys, new_key
from designer.serving.live import MODEL_FILE
from designer.serving.signature import Signature
from designer.store.endpoints import Slot
from designer.store.workspace import Workspace

GOLDEN_ROWS = 20


@dataclass(frozen=True)
class Deployed:
    """A deployed version; without a passed certificate it becomes the default only if the caller asks for that."""

    endpoint: str
    version: int
    engine: str
    reason: str
    certificate: Certificate
    is_default: bool
    keys: dict[str, str] = field(default_factory=dict)
    """The keys that this deployment created, by slot."""

    def to_json(self) -> dict[str, Any]:
        """The result as a JSON object."""
        return {**vars(self), "certificate": self.certificate.to_json()}


def deploy(
    workspace: Workspace,
    library: Library,
    pipeline: Pipeline,
    name: str,
    *,
    run_id: str | None = None,
    pipeline_id: str | None = None,
    description: str = "",
    accept_differences: bool = False,
    report: Report | None = None,
) -> Deployed:
    """Deploy a real-time inference pipeline as a version of an endpoint, checked against its training run.

    Raises the error of the first node that cannot be loaded, before anything is deployed. Runs the pipeline's steps in
    this process: pages call `designer.serving.deploying.deploy_apart` instead.
    """
    progress = report or (lambda fraction, text: None)
    _require_doors(pipeline, library)
    progress(0.05, "Loading the pipeline")
    sources = workspace.sources(library)
    scorer = Scorer.load(pipeline, library, sources)
    held_out = evidence(workspace, pipeline, scorer.schema, library, run_id)
    progress(0.2, "Converting to ONNX")
    graph, reason = _converted(scorer, sources)
    progress(0.4, f"Scoring {counted(len(held_out.rows), 'held-out row')}")
    check = Check(scorer, graph, held_out)
    engine = "onnxruntime" if check.onnx_holds else "scikit-learn"
    reason = reason or ("" if check.onnx_holds else f"ONNX answers otherwise: {check.worst}")
    workspace.endpoints.create(name, description=description)
    with key_for_checks(workspace, name) as key:
        version = _stored(workspace, pipeline, pipeline_id, name, scorer, check, graph, engine, reason)
        progress(0.7, f"Sending {counted(len(check.sent), 'row')} over HTTP")
        certificate = _certified(workspace, check, name, version, engine, key)
    is_default = certificate.passed or accept_differences
    workspace.endpoints.change_version(name, version, certificate=certificate.to_json(), state="ready")
    if is_default:
        workspace.endpoints.change(name, default_version=version)
    keys = first_keys(workspace, name)
    progress(0.95, "Waiting until it answers")
    _follow(workspace, name, keys.values())
    progress(1.0, certificate.sentence)
    return Deployed(name, version, engine, reason, certificate, is_default, keys)


def pause(workspace: Workspace, name: str) -> None:
    """Pause an endpoint: it answers 503 until resumed."""
    workspace.endpoints.get(name)
    workspace.endpoints.change(name, state="paused")
    _follow(workspace, name)


def resume(workspace: Workspace, name: str) -> None:
    """Resume a paused endpoint."""
    workspace.endpoints.get(name)
    workspace.endpoints.change(name, state="ready")
    _follow(workspace, name)


def make_default(workspace: Workspace, name: str, version: int) -> None:
    """Make another version the default: promote a new one, or roll back. No request is lost.

    Returns once it answers. Raises NotRewritable where the version failed its check.
    """
    deployed = workspace.endpoints.version(name, version)
    if deployed.state == "failed":
        raise NotRewritable(f"version {version} failed its check: {deployed.reason}", "Deploy it again.")
    workspace.endpoints.change(name, default_version=version)
    _follow(workspace, name)


def delete(workspace: Workspace, name: str) -> None:
    """Delete an endpoint with its versions and keys."""
    workspace.endpoints.get(name)
    workspace.endpoints.delete(name)
    forget_keys(workspace, name)


def rotate_key(workspace: Workspace, name: str, slot: Slot) -> str:
    """Create a new key in a slot and return it once it opens; revokes the old one and keeps the other slot's key."""
    key = new_key(workspace, name, slot)
    _follow(workspace, name, [key])
    return key


def _follow(workspace: Workspace, name: str, keys: Iterable[str] = ()) -> None:
    """Wait until the scoring process has picked up a change."""
    endpoint = workspace.endpoints.get(name)
    wait_until_followed(workspace.path, name, endpoint.default_version, keys, is_paused=endpoint.state == "paused")


def _certified(workspace: Workspace, check: Check, name: str, version: int, engine: str, key: str) -> Certificate:
    """The certificate; marks a version that cannot be checked as failed."""
    try:
        return check.over_http(workspace, name, version, engine, key)
    except DesignerError as error:
        workspace.endpoints.change_version(name, version, state="failed", reason=str(error))
        raise


def _require_doors(pipeline: Pipeline, library: Library) -> None:
    has_doors = enabled_nodes(pipeline, "takes requests", library) and enabled_nodes(
        pipeline, "answers requests", library
    )
    if pipeline.kind == "training" or not has_doors:
        raise NotRewritable(
            f"this is a {pipeline.kind} pipeline without Web Service Input and Output",
            "Create a real-time inference pipeline and deploy that.",
        )


def _converted(scorer: Scorer, sources: Sources) -> tuple[Converted | None, str]:
    try:
        return converted(scorer.loaded, sources), ""
    except NotExportable as error:
        return None, str(error)


def _stored(
    workspace: Workspace,
    pipeline: Pipeline,
    pipeline_id: str | None,
    name: str,
    scorer: Scorer,
    check: Check,
    graph: Converted | None,
    engine: str,
    reason: str,
) -> int:
    """Store a staged version, which only the check can reach."""
    merges = not any(step.spec().abilities.runs_code for step in scorer.loaded.steps.values())
    facts: dict[str, Any] = {
        "scores": list(check.scores),
        "ignored": list(check.held_out.ignored),
        "merges": merges,
        "echoes": scorer.loaded.echoes,
        "signature": Signature.of(scorer.loaded).to_json(),
    }
    if check.held_out.reading is not None:
        facts["reading"] = check.held_out.reading.to_json()
    if graph is not None:
        facts["onnx"] = workspace.put(Archive({MODEL_FILE: graph.model})).digest
    scored = [i for i, answer in enumerate(check.answers) if answer.get(check.scores[0]) is not None][:GOLDEN_ROWS]
    example = {
        "rows": [check.held_out.rows[i] for i in scored],
        "answers": [check.answers[i] for i in scored],
        "numbers": [check.held_out.numbers[i] for i in scored],
    }
    version = workspace.endpoints.add_version(
        name, to_document(pipeline), make_default=False, pipeline_id=pipeline_id, run_id=check.held_out.run_id,
        engine=engine, reason=reason, artifacts=facts, example=example, state="staged",
    )  # fmt: skip
    return version.version
