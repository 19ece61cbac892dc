"""The operations on schedules: published pipelines that run by themselves."""

from __future__ import annotations

from designer.api.documents import (
    RunDocument,
    ScheduleChange,
    ScheduleDocument,
    ScheduleOrder,
    StandingDocument,
)
from designer.api.operation import Answer, Call, Operation
from designer.store.records import Schedule
from designer.workbench.schedules import When


def all_schedules(call: Call) -> Answer:
    """The schedules by name."""
    return Answer([_document(row) for row in call.bench.schedules.all()])


def put(call: Call) -> Answer:
    """Add a schedule, or replace the one of that name."""
    order: ScheduleOrder = call.body
    before = {row.name for row in call.bench.schedules.all()}
    row = call.bench.schedules.add(
        call.path["name"], order.published, When(**order.when.model_dump()), version=order.version,
        parameters=order.parameters, experiment=order.experiment, catch_up=order.catch_up, overlap=order.overlap,
        starts=order.starts, ends=order.ends, replaces=order.replaces,
    )  # fmt: skip
    return Answer(_document(row), 200 if row.name in before else 201)


def one(call: Call) -> Answer:
    """A schedule."""
    return Answer(_document(call.bench.schedules.get(call.path["name"])))


def change(call: Call) -> Answer:
    """Let it run, or let it rest."""
    order: ScheduleChange = call.body
    verbs = call.bench.schedules
    return Answer(_document((verbs.enable if order.enabled else verbs.disable)(call.path["name"])))


def delete(call: Call) -> Answer:
    """Remove it; its runs stay."""
    call.bench.schedules.delete(call.path["name"])
    return Answer(status=204)


def fire(call: Call) -> Answer:
    """Queue a run now."""
    return Answer(RunDocument.model_validate(call.bench.schedules.fire(call.path["name"])), 202)


def fires(call: Call) -> Answer:
    """What became of its last times, and how many runs failed in a row."""
    return Answer(StandingDocument.model_validate(call.bench.schedules.standing(call.path["name"])))


def times(call: Call) -> Answer:
    """Its next times."""
    return Answer(call.bench.schedules.next_times(call.path["name"]))


def _document(row: Schedule) -> ScheduleDocument:
    return ScheduleDocument.model_validate(row)


OPERATIONS = (
    Operation("GET", "/schedules", "List the schedules", all_schedules, answers={200: list[ScheduleDocument]}),
    Operation("GET", "/schedules/{name}", "Show a schedule", one, answers={200: ScheduleDocument}),
    Operation("PUT", "/schedules/{name}", "Add a schedule of a published pipeline, or replace it", put, scope="write",
              body=ScheduleOrder, answers={200: ScheduleDocument, 201: ScheduleDocument}, refusals=(409,),
              missing=422),
    Operation("PATCH", "/schedules/{name}", "Enable or disable it", change, scope="write", body=ScheduleChange,
              answers={200: ScheduleDocument}),
    Operation("DELETE", "/schedules/{name}", "Remove it; its runs stay", delete, scope="write", answers={204: None}),
    Operation("POST", "/schedules/{name}/fire", "Queue a run of it now", fire, scope="run",
              answers={202: RunDocument}, refusals=(409, 429)),
    Operation("GET", "/schedules/{name}/fires", "Show what became of its last times", fires,
              answers={200: StandingDocument}),
    Operation("GET", "/schedules/{name}/times", "Show its next times", times, answers={200: list[float]}),
)  # fmt: skip
