"""Rewrite a training pipeline and its results to an inference pipeline, with a reason for every node. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.contract.schema import Column, Schema
from designer.contract.values import Known, ModelOutline
from designer.inference.doors import enabled_nodes
from designer.inference.path import (
    TOGETHER,
    NotRewritable,
    Path,
    Reason,
    Result,
    Results,
    Step,
    Walk,
    entry_of,
    scoring_steps,
)
from designer.inference.trim import LABEL_ONLY, Trimmed, trim
from designer.pipeline.arrange import arrange
from designer.pipeline.check import Problem
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.parameters import bound
from designer.pipeline.promotion import promote
from designer.pipeline.walk import Outlet, title_of

Kind = Literal["realtime", "batch"]
BATCH_DATASET = "dataset"
"""The parameter of a batch inference pipeline that names the rows to score."""
SUFFIX: Mapping[str, str] = {"realtime": "real-time inference", "batch": "batch inference"}


@dataclass(frozen=True)
class Rewritten:
    """An inference pipeline, how each node of the training pipeline was rewritten, and the schema of a request.

    `entry` is the output that the rows come from, `score` the scoring step. With problems, the pipeline is the
    unchanged training pipeline and cannot be deployed.
    """

    pipeline: Pipeline
    reasons: list[Reason] = field(default_factory=list)
    schema: Schema = field(default_factory=Schema.unknown)
    problems: list[Problem] = field(default_factory=list)
    entry: Outlet = ("", "")
    score: str = ""
    labels: frozenset[str] = frozenset()
    pinned: int = 0
    """The number of pinned learned values in the pipeline."""

    def required(self) -> Self:
        """Return self; raises the error of the first problem if there is one."""
        if self.problems:
            raise self.problems[0].error
        return self


def rewrite(
    pipeline: Pipeline,
    results: Results,
    kind: Kind,
    library: Library,
    *,
    score: str | None = None,
    example: Sequence[Mapping[str, Any]] = (),
) -> Rewritten:
    """Rewrite a trained pipeline to an inference pipeline.

    `results` are the results of a run by output. `score` names the scoring step if there are several (default: the
    first), `example` are rows for the request form. Does not raise DesignerError: an error becomes a problem that names
    the node.
    """
    try:
        return _rewrite(bound(pipeline), results, kind, library, score, example)
    except DesignerError as error:
        problem = Problem(error.place.node or "", error)
        return Rewritten(pipeline, problems=[problem])


def _rewrite(
    pipeline: Pipeline,
    results: Results,
    kind: Kind,
    library: Library,
    score: str | None,
    example: Sequence[Mapping[str, Any]],
) -> Rewritten:
    if pipeline.kind not in ("training", kind):
        raise NotRewritable(f"this is a {pipeline.kind} pipeline", "Start from the training pipeline.")
    step = _chosen(pipeline, library, score)
    entry = entry_of(pipeline, step, library)
    walk, placeholder = _walked(pipeline, results, kind, library, step, entry)
    path = walk.path
    result = results.get(entry)
    pinned: dict[Outlet, Known] = {**path.pinned, placeholder: result.known if result else Schema.unknown()}
    graph = replace(pipeline, kind=kind, nodes=path.nodes, edges=tuple(path.edges), notes=(), groups=())
    trimmed = trim(graph, placeholder, step, pinned, library, narrows=kind == "realtime")
    trimmed = replace(trimmed, schema=_with_categories(trimmed.schema, path))
    reasons = _reasons(pipeline, path, trimmed, step, entry, library)
    if kind == "realtime":
        finished = _named(pipeline, _with_doors(pipeline, trimmed, placeholder, step, example, library), kind)
    else:
        finished = _with_pipeline_parameter(_named(pipeline, trimmed.pipeline, kind), entry, library)
    return Rewritten(finished, reasons, trimmed.schema, [], placeholder, step.id, trimmed.labels,
                     pinned_in(finished, library))  # fmt: skip


def unchanged(pipeline: Pipeline, library: Library) -> Rewritten:
    """Wrap an inference pipeline that needs no rewrite. Raises NotRewritable if no node takes requests."""
    nodes = enabled_nodes(pipeline, "takes requests", library)
    if not nodes:
        raise NotRewritable("no node takes requests", "Create the inference pipeline again.")
    node = nodes[0]
    schema = library.read(node.module, node.version, node.parameters).infer()
    return Rewritten(pipeline, schema=schema, pinned=pinned_in(pipeline, library))


def pinned_in(pipeline: Pipeline, library: Library) -> int:
    """The number of pinned learned values in a pipeline."""
    modules = (library.get(node.module) for node in pipeline.nodes.values())
    return sum(module.spec().abilities.holds_learned for module in modules if module)


def _chosen(pipeline: Pipeline, library: Library, score: str | None) -> Step:
    steps = scoring_steps(pipeline, library)
    if not steps:
        raise NotRewritable(
            "there is no trained model in this pipeline that scores rows",
            "Add Train Model and Score Model (or Assign Data to Clusters), run it, and try again.",
        )
    chosen = next((step for step in steps if step.id == score), None)
    if score is not None and chosen is None:
        names = ", ".join(f"{title_of(pipeline.nodes[s.id], library)} ({s.id})" for s in steps)
        raise NotRewritable(f"'{score}' scores nothing", f"Choose one of: {names}.")
    return chosen or steps[0]


def _walked(
    pipeline: Pipeline, results: Results, kind: Kind, library: Library, step: Step, entry: Outlet
) -> tuple[Walk, Outlet]:
    source = pipeline.nodes[entry[0]]
    if kind == "batch" or library.purpose_of(source.module) == "takes requests":
        walk = Walk(pipeline, results, library, entry, entry, takes_requests=kind == "realtime")
        walk.keep_above(source.id)
        walk.keep(step.id)
        return walk, entry
    spec = library.required("takes requests")
    placeholder = _free(spec.id, pipeline), spec.outputs[0].name
    walk = Walk(pipeline, results, library, entry, placeholder, takes_requests=True)
    walk.path.nodes[placeholder[0]] = Node(placeholder[0], spec.id, spec.version)
    walk.keep(step.id)
    return walk, placeholder


def _free(id: str, pipeline: Pipeline) -> str:
    return id if id not in pipeline.nodes else _free(f"{id}-2", pipeline)


def _with_doors(
    before: Pipeline,
    trimmed: Trimmed,
    placeholder: Outlet,
    step: Step,
    example: Sequence[Mapping[str, Any]],
    library: Library,
) -> Pipeline:
    """Set the columns and example rows of the Web Service Input, and wire a Web Service Output to the scoring step."""
    pipeline, nodes = trimmed.pipeline, dict(trimmed.pipeline.nodes)
    door = nodes[placeholder[0]]
    if before.kind == "training":
        rows = [{name: row.get(name) for name in trimmed.schema.names} for row in example]
        columns = [column.to_json() for column in trimmed.schema]
        nodes[door.id] = replace(door, parameters={**door.parameters, "columns": columns, "examples": rows})
    spec = library.required("answers requests")
    followers = (before.nodes[edge.target] for edge in before.outgoing(step.id))
    exit = next((node.id for node in followers if library.purpose_of(node.module) == "answers requests"), None)
    table = next(port.name for port in spec.inputs if port.type is PortType.TABLE)
    id = exit or _free(spec.id, before)
    nodes[id] = before.nodes[exit] if exit else Node(id, spec.id, spec.version)
    return replace(pipeline, nodes=nodes, edges=(*pipeline.edges, Edge(step.id, step.output, id, table)))


def _with_pipeline_parameter(pipeline: Pipeline, entry: Outlet, library: Library) -> Pipeline:
    """Make the dataset whose rows a batch run scores a pipeline parameter, which is set for each run.

    A source that reads no dataset keeps its settings.
    """
    node = pipeline.nodes[entry[0]]
    fields = [p.name for p in library[node.module].spec().parameters if p.editor == "dataset"]
    if not fields:
        return pipeline
    promoted = promote(pipeline, node.id, fields[0], BATCH_DATASET, library)
    declared = replace(promoted.parameters[BATCH_DATASET], title="Dataset", description="The rows to score.")
    return replace(promoted, parameters={**promoted.parameters, BATCH_DATASET: declared})


def _with_categories(schema: Schema, path: Path) -> Schema:
    """Add the categories that the model saw in text columns, so that a form can offer them."""
    columns: dict[str, Column] = {}
    for outline in path.pinned.values():
        if isinstance(outline, ModelOutline):
            columns |= {column.name: column for column in outline.features if column.categories}
    return schema.map(
        lambda column: (
            replace(column, categories=columns[column.name].categories)
            if column.name in columns and column.categories is None and columns[column.name].kind is column.kind
            else column
        )
    )


def _named(before: Pipeline, after: Pipeline, kind: Kind) -> Pipeline:
    """The pipeline `before` if nothing changed; otherwise `after` with a new name and layout."""
    same = dict(before.nodes) == dict(after.nodes) and set(before.edges) == set(after.edges)
    if same and before.kind == kind:
        return before
    name = before.name if before.kind == kind else f"{before.name}, {SUFFIX[kind]}"
    return replace(after, name=name, layout=arrange(after))


def _reasons(
    pipeline: Pipeline, path: Path, trimmed: Trimmed, step: Step, entry: Outlet, library: Library
) -> list[Reason]:
    """One reason for each node of the training pipeline, in order."""
    reasons = dict(path.reasons)
    root = title_of(pipeline.nodes[entry[0]], library)
    reasons[entry[0]] = Reason(entry[0], root, "kept", "Its columns say what a request holds.")
    reasons[step.id] = replace(reasons[step.id], text="Scores each row as in training.")
    for id, text in trimmed.changed.items():
        if id in reasons:
            is_removed = id not in trimmed.pipeline.nodes
            words = f"{text} {TOGETHER}" if reasons[id].text == TOGETHER and not is_removed else text
            reasons[id] = replace(reasons[id], what="removed" if is_removed else reasons[id].what, text=words)
    for (id, _), (saved, _) in path.stands_for.items():
        if saved in path.nodes and saved not in trimmed.pipeline.nodes and reasons[id].what == "replaced":
            reasons[id] = replace(reasons[id], what="removed", text=LABEL_ONLY)
    for id in pipeline.nodes:
        if id not in reasons:
            text = _why_removed(pipeline, id, step, library)
            reasons[id] = Reason(id, title_of(pipeline.nodes[id], library), "removed", text)
    return [reasons[id] for id in pipeline.order()]


def _why_removed(pipeline: Pipeline, id: str, step: Step, library: Library) -> str:
    module = library.get(pipeline.nodes[id].module)
    outputs = [port.type for port in module.spec().outputs] if module else []
    inputs = [port.type for port in module.spec().inputs] if module else []
    if PortType.UNTRAINED in outputs:
        return "Its settings live on in the trained model."
    if PortType.EVALUATION in outputs:
        return "Requests carry no true label to compare."
    if PortType.TRAINED in inputs and id != step.id:
        chosen = title_of(pipeline.nodes[step.id], library)
        return f"Answers come from one scoring step: {chosen} of the other branch."
    if PortType.TRAINED in outputs:
        return "The branch that answers does not use its model."
    if module is not None and not outputs:
        return "Answers go back to the caller, not into a file."
    if id in pipeline.descendants(step.id):
        return "It comes after scoring; add it again if answers need it."
    return "Only training needs it."


__all__ = ["Kind", "Reason", "Result", "Rewritten", "rewrite"]
