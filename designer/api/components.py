"""The operations on components, and on the snapshots that hold their code."""

from __future__ import annotations

from dataclasses import replace

from designer.api.documents import ComponentChange, ComponentDocument, ComponentOrder
from designer.api.operation import BYTES, ZIP, Answer, Call, Operation
from designer.api.refusals import Refusal, require_scope
from designer.store.records import Component


def all_components(call: Call) -> Answer:
    """The default version of each component that is not archived."""
    return Answer([_document(row) for row in call.bench.components.all()])


def default_version(call: Call) -> Answer:
    """The version that the palette offers."""
    return Answer(_document(call.bench.components.get(call.path["name"])))


def versions(call: Call) -> Answer:
    """The registered versions, newest first."""
    return Answer([_document(row) for row in call.bench.components.versions(call.path["name"])])


def one(call: Call) -> Answer:
    """A version, registered or kept for the pipelines that use it."""
    return Answer(_document(call.bench.components.version(call.path["name"], call.path["version"])))


def register(call: Call) -> Answer:
    """Register a component as its next version, or keep it for the pipelines that use it."""
    return _register(call, call.body)


def put_version(call: Call) -> Answer:
    """Register a component as this version."""
    order: ComponentOrder = call.body
    spec = replace(order.spec, name=call.path["name"], version=call.path["version"])
    return _register(call, order.model_copy(update={"spec": spec, "anonymous": False}))


def _register(call: Call, order: ComponentOrder) -> Answer:
    require_scope(call.token, "run" if order.anonymous else "write")
    row, is_new = call.bench.components.register_stored(order.spec, order.origin, anonymous=order.anonymous)
    return Answer(_document(row), 201 if is_new else 200)


def change(call: Call) -> Answer:
    """Choose the default version; archive or restore."""
    order: ComponentChange = call.body
    name = call.path["name"]
    call.bench.components.get(name)
    if order.default is not None:
        call.bench.components.set_default(name, order.default)
    if order.archived is not None:
        call.bench.components.archive(name, archived=order.archived)
    return Answer(_document(call.bench.components.get(name)))


def has_snapshot(call: Call) -> Answer:
    """Whether the code of a digest is stored."""
    if not call.bench.components.has_code(call.path["digest"]):
        raise Refusal(404, "missing", "there is no snapshot of that digest", "Send it with PUT.")
    return Answer()


def put_snapshot(call: Call) -> Answer:
    """Store a packed folder under its digest."""
    assert call.file is not None
    is_new = call.bench.components.keep_code(call.path["digest"], call.file)
    return Answer({"digest": call.path["digest"]}, 201 if is_new else 200)


def _document(row: Component) -> ComponentDocument:
    return ComponentDocument.model_validate(row)


OPERATIONS = (
    Operation("HEAD", "/snapshots/{digest}", "Ask whether the code of a digest is there", has_snapshot,
              answers={200: None}),
    Operation("PUT", "/snapshots/{digest}", "Store a packed folder under its BLAKE3 digest", put_snapshot, scope="run",
              takes=(ZIP, BYTES), answers={200: dict[str, str], 201: dict[str, str]}, refusals=(422,)),
    Operation("GET", "/components", "List the components of the palette", all_components,
              answers={200: list[ComponentDocument]}),
    Operation("POST", "/components", "Register a component, or keep one for the pipelines that use it", register,
              scope="run", body=ComponentOrder, answers={200: ComponentDocument, 201: ComponentDocument},
              refusals=(409,)),
    Operation("GET", "/components/{name}", "Show the default version", default_version,
              answers={200: ComponentDocument}),
    Operation("PATCH", "/components/{name}", "Choose the default version; archive or restore", change, scope="write",
              body=ComponentChange, answers={200: ComponentDocument}),
    Operation("GET", "/components/{name}/versions", "List the versions, newest first", versions,
              answers={200: list[ComponentDocument]}),
    Operation("GET", "/components/{name}/versions/{version}", "Show a version", one,
              answers={200: ComponentDocument}),
    Operation("PUT", "/components/{name}/versions/{version}", "Register a component as this version", put_version,
              scope="write", body=ComponentOrder, answers={200: ComponentDocument, 201: ComponentDocument},
              refusals=(409,), missing=422),
)  # fmt: skip
