"""Create an inference pipeline from a finished run of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.schema import Schema
from designer.contract.values import SCORED_LABELS
from designer.engine.executed import executed_pipeline
from designer.inference.path import Result, Step, entry_of, scoring_steps
from designer.inference.results import HeldOut, held_out, outputs_of, results_of
from designer.inference.rewrite import Kind, Rewritten, rewrite
from designer.inference.rows import rows_of
from designer.inference.trying import runs_code, step_that_needs
from designer.pipeline.check import Problem
from designer.pipeline.graph import Pipeline
from designer.store.artifacts.values import Stored
from designer.store.workspace import Workspace

EXAMPLES = 20

HIGHER_IS_BETTER = ("AUC", "Accuracy", "Overall_Accuracy", "Coefficient_of_Determination")


def create(workspace: Workspace, run_id: str, kind: Kind, library: Library, *, score: str | None = None) -> Rewritten:
    """Create the inference pipeline of a run, with rows for its request form.

    `score` names the scoring step if there are several; by default the best evaluated one is used. Does not raise for
    pipelines that cannot be rewritten: see `Rewritten.problems`.
    """
    pipeline = executed_pipeline(workspace.runs.get(run_id))
    outputs = outputs_of(workspace, run_id)
    results = results_of(workspace, outputs, library)
    steps = scoring_steps(pipeline, library)
    chosen = score or best_step(pipeline, steps, outputs, library)
    step = next((step for step in steps if step.id == chosen), None)
    examples = example_rows(workspace, pipeline, step, outputs, library) if step else []
    result = rewrite(pipeline, results, kind, library, score=chosen, example=examples)
    return (
        result
        if result.problems or kind == "batch"
        else _tried(result, pipeline, results, examples, workspace, library)
    )


def _tried(
    result: Rewritten,
    training: Pipeline,
    results: Mapping[tuple[str, str], Result],
    examples: list[dict[str, Any]],
    workspace: Workspace,
    library: Library,
) -> Rewritten:
    """Return `result`, or a problem if a script or a query in it reads the label."""
    step = next((step for step in scoring_steps(training, library) if step.id == result.score), None)
    entry = results.get(entry_of(training, step, library)) if step else None
    schema = entry.known if entry else None
    if not examples or not result.labels or not isinstance(schema, Schema) or not runs_code(result.pipeline, library):
        return result
    labels = schema.select([name for name in schema.names if name in result.labels])
    error = step_that_needs(labels, result.pipeline, examples, workspace.path)
    return result if error is None else Rewritten(training, problems=[Problem(error.place.node or "", error)])


def best_step(
    pipeline: Pipeline, steps: list[Step], outputs: Mapping[tuple[str, str], Stored], library: Library
) -> str | None:
    """The id of the scoring step with the best metric, or of the first if none was evaluated; None without steps."""
    ranked = [(value, -place, step.id) for place, step in enumerate(steps)
              if (value := _metric(pipeline, step, outputs, library)) is not None]  # fmt: skip
    return max(ranked)[2] if ranked else next((step.id for step in steps), None)


def example_rows(
    workspace: Workspace,
    pipeline: Pipeline,
    step: Step,
    outputs: Mapping[tuple[str, str], Stored],
    library: Library,
) -> list[dict[str, Any]]:
    """Up to `EXAMPLES` held-out rows in the form of a request: complete, scored rows if there are any."""
    if entry_of(pipeline, step, library) not in outputs:
        return []
    rows = held_out(workspace, pipeline, step, outputs, library)
    return rows_of(rows.rows.loc[_presentable(rows)].head(EXAMPLES))


def _presentable(held: HeldOut) -> Any:
    scored = held.rows.notna().all(axis=1).to_numpy()
    if held.scored is not None and SCORED_LABELS in held.scored:
        scored = scored & held.scored[SCORED_LABELS].notna().to_numpy()
    return scored if scored.any() else held.rows.index == held.rows.index


def _metric(
    pipeline: Pipeline, step: Step, outputs: Mapping[tuple[str, str], Stored], library: Library
) -> float | None:
    """The main metric of the evaluation directly downstream of a scoring step; None without one."""
    for edge in pipeline.outgoing(step.id):
        module = library.get(pipeline.nodes[edge.target].module)
        if module is None:
            continue
        place = [port.name for port in module.spec().inputs].index(edge.input)
        for (id, _), stored in outputs.items():
            models = stored.summary.get("models", []) if id == edge.target else []
            before = [p.name for p in module.spec().inputs[:place] if pipeline.into(edge.target, p.name)]
            if len(before) < len(models):
                return _best(models[len(before)]["metrics"])
    return None


def _best(metrics: Mapping[str, float | None]) -> float | None:
    folded = {name.replace(" ", "_").casefold(): value for name, value in metrics.items()}
    return next((folded[n.casefold()] for n in HIGHER_IS_BETTER if folded.get(n.casefold()) is not None), None)
