"""The trained models in the runs of a workspace, without duplicates, and their export to ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from designer.contract.catalogue.library import Library
from designer.contract.errors import Ambiguous, DesignerError, FileMissing
from designer.contract.ports import PortType
from designer.engine.executed import executed_pipeline
from designer.engine.recording.run_metrics import evaluated_models
from designer.export.onnx import export_onnx
from designer.inference.convert import Converted
from designer.inference.create import create
from designer.inference.path import scoring_steps
from designer.pipeline.graph import Pipeline
from designer.pipeline.learners import learner_title, trainer
from designer.store.records import NodeRun, Run
from designer.store.upkeep.cleaning import LISTED_RUNS
from designer.store.workspace import Workspace
from designer.workbench.results.comparison import EVALUATED_PORTS
from designer.workbench.results.headline import Headline, headline


@dataclass(frozen=True)
class Trained:
    """A trained model: its learner, its run, its evaluation, and the endpoint that serves it."""

    digest: str
    title: str
    task: str
    run: Run
    node: str
    headline: Headline | None
    evaluation: str | None
    """The node that evaluated it."""
    endpoint: str | None


@dataclass(frozen=True)
class Models:
    """The models of a workspace."""

    workspace: Workspace
    library: Library

    def all(self, limit: int = LISTED_RUNS) -> list[Trained]:
        """The models of the newest runs, newest first; a reused model is listed under its latest run."""
        answering = self._endpoints_by_model()
        models: dict[str, Trained] = {}
        runs = self.workspace.runs.all(limit=limit)
        nodes = self.workspace.runs.nodes_of([run.id for run in runs])
        for run in runs:
            if _trained(nodes[run.id]) <= models.keys():
                continue
            for model in self._of_run(run, nodes[run.id], answering):
                models.setdefault(model.digest, model)
        return list(models.values())

    def find(self, text: str) -> Trained:
        """A model by its digest or a prefix of it; raises FileMissing or Ambiguous."""
        matches = [model for model in self.all() if model.digest.startswith(text)] if len(text) >= 4 else []
        if not matches:
            raise FileMissing(f"there is no model '{text}'", "Models are listed by: designer model list.")
        if len(matches) > 1:
            raise Ambiguous(f"{len(matches)} models begin with '{text}'", "Write more of the digest.")
        return matches[0]

    def export(self, model: Trained, file: Path) -> Converted:
        """Write a model, with the steps before it that a request passes through, as one ONNX file.

        Raises NotExportable naming the step without an ONNX form, DesignerError where no step of its run scored with
        it.
        """
        pipeline = executed_pipeline(model.run)
        uses = (step.id for step in scoring_steps(pipeline, self.library))
        step = next((id for id in uses if self._model_of(pipeline, id) == model.node), None)
        if step is None:
            problem = f"no step of its run scored rows with the model {model.title}"
            raise DesignerError(problem, "Add Score Model to the pipeline, and run it.")
        rewritten = create(self.workspace, model.run.id, "realtime", self.library, score=step).required()
        return export_onnx(rewritten.pipeline, self.workspace.path, file)

    def _model_of(self, pipeline: Pipeline, step: str) -> str:
        """The node that trained the model which a scoring step uses."""
        ports = (edge.input for edge in pipeline.incoming(step))
        return next(filter(None, (trainer(pipeline, self.library, step, port) for port in ports)), "")

    def _of_run(self, run: Run, nodes: Mapping[str, NodeRun], answering: Mapping[str, str]) -> list[Trained]:
        pipeline = executed_pipeline(run)
        scores = self._evaluations(pipeline, nodes)
        models = []
        for id, row in nodes.items():
            for output in row.outputs.values():
                if output.get("kind") != str(PortType.TRAINED) or id not in pipeline.nodes:
                    continue
                summary, (best, evaluation) = output.get("summary") or {}, scores.get(id, (None, None))
                ports = [edge.input for edge in pipeline.incoming(id)]
                titles = (learner_title(pipeline, self.library, id, port) for port in ports)
                title = next(filter(None, titles), "") or str(summary.get("name", ""))
                task, digest = str(summary.get("task", "")), output["digest"]
                models.append(Trained(digest, title, task, run, id, best, evaluation, answering.get(digest)))
        return models

    def _evaluations(
        self, pipeline: Pipeline, nodes: Mapping[str, NodeRun]
    ) -> dict[str, tuple[Headline | None, str | None]]:
        """The headline and the evaluating node, by the node that trained the model."""
        evaluations: dict[str, tuple[Headline | None, str | None]] = {}
        for id, row in nodes.items():
            summaries = [output["summary"] for output in row.outputs.values() if output.get("kind") == "evaluation"]
            task = str(summaries[0].get("task", "")) if summaries else ""
            wired = [port for port in EVALUATED_PORTS if id in pipeline.nodes and pipeline.into(id, port)]
            for port, model in zip(wired, evaluated_models(row), strict=False):
                source = trainer(pipeline, self.library, id, port)
                if source:
                    evaluations[source] = (headline(task, [model]), id)
        return evaluations

    def _endpoints_by_model(self) -> dict[str, str]:
        """The endpoint that serves each pinned artifact, by digest."""
        answering: dict[str, str] = {}
        for name, version in sorted(self.workspace.endpoints.answering().items()):
            for node in version.document.get("nodes", {}).values():
                digest = (node.get("parameters") or {}).get("artifact")
                if digest:
                    answering.setdefault(digest, name)
        return answering


def _trained(nodes: Mapping[str, NodeRun]) -> set[str]:
    """The digests of the trained models among the outputs of nodes."""
    outputs = (output for row in nodes.values() for output in row.outputs.values())
    return {output["digest"] for output in outputs if output.get("kind") == str(PortType.TRAINED)}
