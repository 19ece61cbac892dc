"""The operations on saved pipelines, and on pipelines that are sent: check and plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.api.documents import (
    Checked,
    PipelineDocument,
    PipelineHead,
    PipelineOrder,
    PlanDocument,
    PlannedStep,
    ProblemDocument,
    RunOrder,
)
from designer.api.operation import Answer, Call, Operation
from designer.api.refusals import Refusal
from designer.pipeline.check import Problem
from designer.pipeline.document import from_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.walk import title_of
from designer.store.records import Draft


def all_pipelines(call: Call) -> Answer:
    """The saved pipelines, last edited first."""
    return Answer([PipelineHead.model_validate(draft) for draft in call.bench.pipelines.all()])


def one(call: Call) -> Answer:
    """A pipeline by its id, a prefix of its id, or its name."""
    return _answer(call.bench.pipelines.find(call.path["pipeline"]))


def save(call: Call) -> Answer:
    """Save a pipeline under its name."""
    order: PipelineOrder = call.body
    pipeline = from_document(order.document)
    before = {draft.id for draft in call.bench.pipelines.all()}
    draft = call.bench.pipelines.keep(pipeline, replace=order.replace)
    return _answer(draft, 200 if draft.id in before else 201)


def put(call: Call) -> Answer:
    """Replace a pipeline, if it is still at the revision that the client has seen."""
    base = _base(call.headers)
    draft = call.bench.pipelines.get(call.path["pipeline"])
    order: Checked = call.body
    return _answer(call.bench.pipelines.replace(draft.id, from_document(order.document), base))


def delete(call: Call) -> Answer:
    """Move a pipeline to the trash."""
    call.bench.pipelines.delete(call.path["pipeline"])
    return Answer(status=204)


def check(call: Call) -> Answer:
    """What keeps steps of a pipeline from running."""
    order: Checked = call.body
    return Answer([_problem(each) for each in call.bench.editing.check(from_document(order.document))])


def plan(call: Call) -> Answer:
    """What a run would do, and why; runs nothing."""
    order: RunOrder = call.body
    pipeline = pipeline_of(call, order)
    forecast = call.bench.runs.forecast(
        pipeline, to=order.to, force=order.force, assignments=order.assignments, compute=order.compute or ""
    )
    library = call.bench.library
    steps = [
        PlannedStep(id=id, title=title_of(pipeline.nodes[id], library), action=step.action, reason=step.reason,
                    seconds=forecast.seconds.get(id), compute=step.compute)
        for id, step in forecast.plan.steps.items()
    ]  # fmt: skip
    return Answer(PlanDocument(steps=steps))


def pipeline_of(call: Call, order: RunOrder) -> Pipeline:
    """The pipeline that an order names or holds. Raises Refusal unless it does exactly one of both."""
    if (order.document is None) == (order.pipeline is None):
        found = "both" if order.document is not None else "neither"
        raise Refusal(422, "body.invalid", f"the request has {found} of document and pipeline", "Send one of them.")
    if order.document is not None:
        return from_document(order.document)
    return from_document(call.bench.pipelines.find(str(order.pipeline)).document)


def _answer(draft: Draft, status: int = 200) -> Answer:
    return Answer(PipelineDocument.model_validate(draft), status, {"etag": f'"{draft.revision}"'})


def _base(headers: Mapping[str, str]) -> int:
    """The revision of the header If-Match."""
    text = headers.get("if-match", "").removeprefix("W/").strip('"')
    if not text:
        problem = "the request does not say which revision it was made on"
        raise Refusal(428, "pipeline.no_revision", problem, 'Send the ETag that GET answered as If-Match: "3".')
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refusal(422, "pipeline.no_revision", f"'{text[:40]}' is no revision", 'Send If-Match: "3".')
    return int(text)


def _problem(problem: Problem) -> ProblemDocument:
    error: dict[str, Any] = problem.error.to_json()
    return ProblemDocument(
        node=problem.node, severity=problem.severity, port=problem.port, parameter=problem.parameter,
        lacks=problem.lacks, error=error,
    )  # fmt: skip


OPERATIONS = (
    Operation("GET", "/pipelines", "List the saved pipelines, last edited first", all_pipelines,
              answers={200: list[PipelineHead]}),
    Operation("POST", "/pipelines", "Save a pipeline under its name", save, scope="write", body=PipelineOrder,
              answers={200: PipelineDocument, 201: PipelineDocument}, refusals=(409,)),
    Operation("GET", "/pipelines/{pipeline}", "Show a pipeline", one, answers={200: PipelineDocument},
              refusals=(409,)),
    Operation("PUT", "/pipelines/{pipeline}", "Replace a pipeline that is still at the revision of If-Match", put,
              scope="write", body=Checked, answers={200: PipelineDocument}, refusals=(409, 428)),
    Operation("DELETE", "/pipelines/{pipeline}", "Move a pipeline to the trash", delete, scope="write",
              answers={204: None}),
    Operation("POST", "/checks", "Check a pipeline", check, body=Checked, answers={200: list[ProblemDocument]}),
    Operation("POST", "/plans", "Plan a run; runs nothing", plan, body=RunOrder, answers={200: PlanDocument},
              refusals=(409,)),
)  # fmt: skip
