"""The operations on runs: submit, list, follow, describe, cancel, compare."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Final

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field

from designer.api.documents import (
    ComparisonDocument,
    EventDocument,
    EventsDocument,
    ListedRun,
    LogDocument,
    MetricDocument,
    RunChange,
    RunDocument,
    SeriesDocument,
    SettingDocument,
    StepDocument,
    StoredDocument,
    Submission,
)
from designer.api.operation import Answer, Call, Operation
from designer.api.outputs import step_of
from designer.api.pipelines import pipeline_of
from designer.engine.recording.run_metrics import Values
from designer.store.history import submission as submitted
from designer.store.history.run_query import RunQuery
from designer.store.records import ACTIVE, NodeRun, Run
from designer.workbench.submitting import read_tags

LONGEST_WAIT: Final = 60.0
LOOK_SECONDS: Final = 0.05
SETTLE_SECONDS: Final = 0.5
"""How long after a change of the database file it is read: the file changes before the transaction is visible."""


class RunsQuery(BaseModel):
    """Which runs are listed, and in which order: by created, name, state, experiment, number, seconds or a metric.

    A tag is written as name=value; `-` before `sort` sorts descending.
    """

    model_config = ConfigDict(extra="forbid")
    experiment: Annotated[str, Field(max_length=200)] = ""
    state: Annotated[str, Field(max_length=20)] = ""
    tag: list[str] = []
    text: Annotated[str, Field(max_length=200)] = ""
    pipeline: Annotated[str, Field(max_length=200)] = ""
    sort: Annotated[str, Field(max_length=200)] = "-created"
    limit: int = Field(100, ge=1, le=1000)


class EventsQuery(BaseModel):
    """The sequence number of the last event that the client has, and how many seconds it waits for another."""

    model_config = ConfigDict(extra="forbid")
    after: int = Field(0, ge=0, lt=2**63)
    wait: float = Field(0.0, ge=0.0, le=LONGEST_WAIT, allow_inf_nan=False)


class LogQuery(BaseModel):
    """The byte to read from; the end of the log without it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    start: int | None = Field(None, ge=0, lt=2**63, alias="from")


class ComparisonQuery(BaseModel):
    """The other run; by default the one before of the same pipeline."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    other: Annotated[str, Field(max_length=200)] = Field("", alias="with")


def submit(call: Call) -> Answer:
    """Queue a run."""
    order: Submission = call.body
    about = submitted.Submission(
        experiment=order.experiment or submitted.DEFAULT,
        description=order.description,
        tags=order.tags,
        trigger={"kind": order.client, "token": call.token.name},
        source=order.source,
        submitted_by=call.token.name,
        compute=order.compute or "",
    )
    pipeline = pipeline_of(call, order)
    given: dict[str, Any] = {"to": order.to, "force": order.force, "assignments": order.assignments}
    if order.pipeline is not None:
        run = call.bench.runs.submit(call.bench.pipelines.find(order.pipeline).id, submission=about, **given)
    else:
        run = call.bench.runs.submit_document(pipeline, submission=about, **given)
    return Answer(_document(run), 202)


def listed(call: Call) -> Answer:
    """The runs that a query chooses."""
    query: RunsQuery = call.query
    chosen = RunQuery(
        pipeline=query.pipeline, experiment=query.experiment, state=query.state, tags=read_tags(query.tag),
        text=query.text, sort=query.sort,
    )  # fmt: skip
    call.bench.runs.require_sortable(query.sort)
    listing = call.bench.runs.listed(chosen, query.limit)
    return Answer([_listed(run, listing.metrics[run.id]) for run in listing.runs])


def one(call: Call) -> Answer:
    """A run."""
    return Answer(_document(_run(call)))


def change(call: Call) -> Answer:
    """Replace description or tags."""
    order: RunChange = call.body
    return Answer(_document(call.bench.runs.describe(_run(call).id, description=order.description, tags=order.tags)))


def cancel(call: Call) -> Answer:
    """Request the end of a run."""
    return Answer(_document(call.bench.runs.cancel(_run(call).id)), 202)


def steps(call: Call) -> Answer:
    """The steps so far, in the order of the pipeline."""
    return Answer([step_document(row) for row in call.bench.runs.nodes(_run(call).id).values()])


def metrics(call: Call) -> Answer:
    """The newest value of each metric, by step."""
    return Answer({id: dict(values) for id, values in call.bench.runs.metrics(_run(call).id).items()})


def series(call: Call) -> Answer:
    """Every kept value of the metrics of a step."""
    row = step_of(call.bench, call.path["run"], call.path["step"])
    return Answer([SeriesDocument.model_validate(each) for each in call.bench.runs.series(row.run_id, row.node)])


def log(call: Call) -> Answer:
    """A part of what a step printed."""
    query: LogQuery = call.query
    row = step_of(call.bench, call.path["run"], call.path["step"])
    text, following = call.bench.runs.log_part(row.run_id, row.node, query.start)
    return Answer(LogDocument(text=text, next=following))


def comparison(call: Call) -> Answer:
    """A run and another one side by side."""
    query: ComparisonQuery = call.query
    runs = call.bench.runs
    compared = runs.compare(_run(call), runs.find(query.other) if query.other else None)
    return Answer(
        ComparisonDocument(
            first=compared.first.id,
            second=compared.second.id,
            settings=[SettingDocument.model_validate(each) for each in compared.settings],
            metrics=[MetricDocument.model_validate(each) for each in compared.metrics],
        )
    )


async def events(call: Call) -> Answer:
    """The events after a number; waits for the next one while the run, the client and the server go on."""
    query: EventsQuery = call.query
    loop = asyncio.get_running_loop()
    until = loop.time() + query.wait
    run = await to_thread.run_sync(_run, call)
    stamp: object = None
    changed = loop.time()
    while True:
        now, current = loop.time(), call.bench.runs.stamp()
        if current != stamp:
            stamp, changed = current, now
        if now - changed <= SETTLE_SECONDS or now >= until:
            document = await to_thread.run_sync(_events, call, run.id, query.after)
            if document.events or document.state not in ACTIVE:
                return Answer(document)
        if now >= until or (call.is_over is not None and await call.is_over()):
            return Answer(document)
        await asyncio.sleep(LOOK_SECONDS)


def _events(call: Call, id: str, after: int) -> EventsDocument:
    state = call.bench.runs.get(id).state  # read first: an end after it has an event that is read below
    rows = call.bench.runs.events(id, after)
    last = max((row.sequence or 0 for row in rows), default=after)
    return EventsDocument(events=[EventDocument.model_validate(row) for row in rows], last=last, state=state)


def _run(call: Call) -> Run:
    return call.bench.runs.find(call.path["run"])


def _document(run: Run) -> RunDocument:
    return RunDocument.model_validate(run)


def _listed(run: Run, values: Values) -> ListedRun:
    fields: Mapping[str, Any] = {name: getattr(run, name) for name in ListedRun.model_fields if name != "metrics"}
    return ListedRun(**fields, metrics=dict(values))


def step_document(row: NodeRun) -> StepDocument:
    """A step; the seals of its outputs hold on this computer only and are left out."""
    plain = {name: getattr(row, name) for name in StepDocument.model_fields if name != "outputs"}
    return StepDocument(**plain, outputs={port: _stored(each) for port, each in row.outputs.items()})


def _stored(document: Mapping[str, Any]) -> StoredDocument:
    return StoredDocument(
        digest=document["digest"], kind=document["kind"], size=document["size"],
        table_schema=document.get("schema"), summary=document.get("summary") or {},
    )  # fmt: skip


OPERATIONS = (
    Operation("POST", "/runs", "Queue a run of a pipeline", submit, scope="run", body=Submission,
              answers={202: RunDocument}, refusals=(409, 429)),
    Operation("GET", "/runs", "List runs", listed, query=RunsQuery, answers={200: list[ListedRun]}),
    Operation("GET", "/runs/{run}", "Show a run by its id, a prefix of its id, or latest", one,
              answers={200: RunDocument}, refusals=(409,)),
    Operation("PATCH", "/runs/{run}", "Replace the description or the tags", change, scope="run", body=RunChange,
              answers={200: RunDocument}, refusals=(409,)),
    Operation("POST", "/runs/{run}/cancel", "Request the end of a run", cancel, scope="run",
              answers={202: RunDocument}, refusals=(409,)),
    Operation("GET", "/runs/{run}/events", "Wait for the next changes of a run", waits=events, query=EventsQuery,
              answers={200: EventsDocument}, refusals=(409,)),
    Operation("GET", "/runs/{run}/comparison", "Compare with another run", comparison, query=ComparisonQuery,
              answers={200: ComparisonDocument}, refusals=(409,)),
    Operation("GET", "/runs/{run}/metrics", "Show the newest metrics of each step", metrics,
              answers={200: dict[str, dict[str, float | str | None]]}, refusals=(409,)),
    Operation("GET", "/runs/{run}/steps", "List the steps so far", steps, answers={200: list[StepDocument]},
              refusals=(409,)),
    Operation("GET", "/runs/{run}/steps/{step}/log", "Read what a step printed", log, query=LogQuery,
              answers={200: LogDocument}, refusals=(409,)),
    Operation("GET", "/runs/{run}/steps/{step}/metrics", "Show every value that a step logged", series,
              answers={200: list[SeriesDocument]}, refusals=(409,)),
)  # fmt: skip
