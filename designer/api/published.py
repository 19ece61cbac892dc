"""The operations on published pipelines: publish, list, change, submit, keys."""

from __future__ import annotations

from typing import Any

from designer.api.documents import (
    KeyOrder,
    PublishedChange,
    PublishedDocument,
    PublishedOrder,
    PublishedSubmission,
    PublishedVersionDocument,
    RunDocument,
    RunHead,
)
from designer.api.operation import Answer, Call, Operation
from designer.api.refusals import Refusal
from designer.pipeline.document import from_document
from designer.store.endpoints import SLOTS
from designer.store.history import submission as submitted
from designer.store.records import Endpoint, EndpointVersion
from designer.workbench.started import NotStarted


def all_published(call: Call) -> Answer:
    """The published pipelines."""
    return Answer([_document(call, row) for row in call.bench.published.all()])


def publish(call: Call) -> Answer:
    """Publish a document, a saved pipeline or the pipeline of a run."""
    order: PublishedOrder = call.body
    published, about = call.bench.published, {"description": order.description, "version": order.version}
    given = [name for name in ("document", "pipeline", "run") if getattr(order, name) is not None]
    if len(given) != 1:
        found = f"the request has {' and '.join(given) or 'none'} of document, pipeline and run"
        raise Refusal(422, "body.invalid", found, "Send one of them.")
    before = _versions(call)
    if order.document is not None:
        version = published.publish(from_document(order.document), order.name, **about)
    elif order.pipeline is not None:
        version = published.publish_draft(call.bench.pipelines.find(order.pipeline).id, order.name, **about)
    else:
        version = published.publish_run(call.bench.runs.find(str(order.run)).id, order.name, **about)
    return Answer(_version(version), 200 if (version.endpoint, version.version) in before else 201)


def one(call: Call) -> Answer:
    """A published pipeline by its address or its name."""
    return Answer(_document(call, call.bench.published.find(call.path["name"])))


def change(call: Call) -> Answer:
    """Describe, enable, disable, choose the default version."""
    order: PublishedChange = call.body
    name = call.bench.published.find(call.path["name"]).name
    if order.default is not None:
        call.bench.published.set_default(name, order.default)
    if order.description is not None:
        call.bench.published.describe(name, order.description)
    if order.enabled is not None:
        (call.bench.published.enable if order.enabled else call.bench.published.disable)(name)
    return Answer(_document(call, call.bench.published.find(name)))


def delete(call: Call) -> Answer:
    """Remove it with its versions and keys."""
    call.bench.published.delete(call.path["name"])
    return Answer(status=204)


def versions(call: Call) -> Answer:
    """Its versions, newest first."""
    return Answer([_version(row) for row in call.bench.published.versions(call.path["name"])])


def one_version(call: Call) -> Answer:
    """A version by its label or number."""
    return Answer(_version(call.bench.published.version(call.path["name"], call.path["version"])))


def keys(call: Call) -> Answer:
    """Its keys by slot; null where only the digest is stored."""
    rows = call.bench.published.keys(call.path["name"])
    return Answer({row.slot: call.bench.published.reveal(call.path["name"], row.slot) for row in rows})


def new_key(call: Call) -> Answer:
    """Replace the key of a slot."""
    order: KeyOrder = call.body
    return Answer({order.slot: call.bench.published.rotate(call.path["name"], order.slot)}, 201)


def runs(call: Call) -> Answer:
    """Its newest runs, however they were submitted."""
    rows = call.bench.published.runs(call.path["name"])
    return Answer([RunHead.model_validate(row) for row in rows])


def submit(call: Call) -> Answer:
    """Queue a run of a version, by default the default one."""
    order: PublishedSubmission = call.body
    about = submitted.Submission(
        experiment=order.experiment or submitted.DEFAULT, description=order.description, tags=order.tags,
        trigger={"kind": order.client, "token": call.token.name}, submitted_by=call.token.name,
    )  # fmt: skip
    run = call.bench.published.submit(
        call.path["name"], version=order.version, assignments=order.assignments, submission=about, force=order.force
    )
    return Answer(RunDocument.model_validate(run), 202)


def _versions(call: Call) -> set[tuple[str, int]]:
    published = call.bench.published
    return {(row.endpoint, row.version) for each in published.all() for row in published.versions(each.name)}


def _document(call: Call, row: Endpoint) -> PublishedDocument:
    try:
        address = call.bench.published.address(row.name)
    except NotStarted:
        address = None
    fields: dict[str, Any] = {name: getattr(row, name) for name in PublishedDocument.model_fields if name != "address"}
    return PublishedDocument(**fields, address=address)


def _version(row: EndpointVersion) -> PublishedVersionDocument:
    return PublishedVersionDocument.model_validate(row)


OPERATIONS = (
    Operation("GET", "/published", "List the published pipelines", all_published,
              answers={200: list[PublishedDocument]}),
    Operation("POST", "/published", "Publish a pipeline, or its next version", publish, scope="write",
              body=PublishedOrder, answers={200: PublishedVersionDocument, 201: PublishedVersionDocument},
              refusals=(409,)),
    Operation("GET", "/published/{name}", "Show a published pipeline", one, answers={200: PublishedDocument}),
    Operation("PATCH", "/published/{name}", "Describe, enable or disable it; choose the default version", change,
              scope="write", body=PublishedChange, answers={200: PublishedDocument}),
    Operation("DELETE", "/published/{name}", "Remove it with its versions and keys; its runs stay", delete,
              scope="write", answers={204: None}),
    Operation("GET", "/published/{name}/versions", "List its versions, newest first", versions,
              answers={200: list[PublishedVersionDocument]}),
    Operation("GET", "/published/{name}/versions/{version}", "Show a version by its label or number", one_version,
              answers={200: PublishedVersionDocument}),
    Operation("GET", "/published/{name}/keys", "Show its keys by slot", keys, scope="write",
              answers={200: dict[str, str | None]}),
    Operation("POST", "/published/{name}/keys", f"Replace a key ({' or '.join(SLOTS)})", new_key, scope="write",
              body=KeyOrder, answers={201: dict[str, str]}),
    Operation("GET", "/published/{name}/runs", "List its newest runs", runs, answers={200: list[RunHead]}),
    Operation("POST", "/published/{name}/runs", "Queue a run of it", submit, scope="run", body=PublishedSubmission,
              answers={202: RunDocument}, refusals=(409, 429)),
)  # fmt: skip
