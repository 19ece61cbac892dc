"""The operations on datastores: folders, object stores and databases outside the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from designer.api.datasets import registered
from designer.api.documents import (
    DatasetDocument,
    DatastoreChange,
    DatastoreDocument,
    DatastoreOrder,
    EntryDocument,
    ListingDocument,
    QueryOrder,
    StoreDatasetOrder,
)
from designer.api.operation import BYTES, Answer, Call, Operation
from designer.api.refusals import Refusal
from designer.api.tables import TABLE_TYPES, frame_answer
from designer.store.records import Datastore


class FilesQuery(BaseModel):
    """A path, a folder or a pattern such as incoming/*.csv; everything without it."""

    model_config = ConfigDict(extra="forbid")
    pattern: Annotated[str, Field(max_length=2000)] = "**"


class UploadQuery(BaseModel):
    """Whether a file that is there is replaced."""

    model_config = ConfigDict(extra="forbid")
    overwrite: bool = False


def all_datastores(call: Call) -> Answer:
    """The datastores by name."""
    return Answer([_document(call, row) for row in call.bench.datastores.all()])


def one(call: Call) -> Answer:
    """A datastore."""
    return Answer(_document(call, call.bench.datastores.get(call.path["name"])))


def put(call: Call) -> Answer:
    """Register a datastore without reaching it."""
    order: DatastoreOrder = call.body
    before = {row.name for row in call.bench.datastores.all()}
    row = call.bench.datastores.register(call.path["name"], order.address, order.secrets, replace=order.replace)
    return Answer(_document(call, row), 200 if row.name in before else 201)


def change(call: Call) -> Answer:
    """Make it the default."""
    order: DatastoreChange = call.body
    verbs, name = call.bench.datastores, call.path["name"]
    return Answer(_document(call, verbs.set_default(name) if order.default else verbs.get(name)))


def delete(call: Call) -> Answer:
    """Forget it; what it holds stays."""
    call.bench.datastores.remove(call.path["name"])
    return Answer(status=204)


def test(call: Call) -> Answer:
    """Reach it once."""
    return Answer(_document(call, call.bench.datastores.test(call.path["name"])))


def files(call: Call) -> Answer:
    """The files of a pattern."""
    query: FilesQuery = call.query
    return Answer(ListingDocument.model_validate(call.bench.datastores.files(call.path["name"], query.pattern)))


def file(call: Call) -> Answer:
    """A file."""
    pieces = call.bench.datastores.read(call.path["name"], call.path["path"])
    place = call.bench.workspace.upload_place(Path(call.path["path"]).name or "file")
    with place.open("wb") as opened:
        for piece in pieces:
            opened.write(piece)
    return Answer(place, media=BYTES, is_temporary=True)


def put_file(call: Call) -> Answer:
    """Copy a file into it."""
    query: UploadQuery = call.query
    assert call.file is not None
    folder, _, name = call.path["path"].rpartition("/")
    if not name:
        raise Refusal(422, "datastore.path", "the path ends in a slash", "Name a file.")
    renamed = call.file.with_name(name)
    if renamed != call.file:
        call.file.rename(renamed)
    (entry,) = call.bench.datastores.upload([renamed], call.path["name"], folder, overwrite=query.overwrite)
    return Answer(EntryDocument.model_validate(entry), 201)


def tables(call: Call) -> Answer:
    """The tables and views of a database."""
    return Answer(call.bench.datastores.tables(call.path["name"]))


def query(call: Call) -> Answer:
    """The rows that a query gives."""
    order: QueryOrder = call.body
    frame = call.bench.datastores.query(call.path["name"], order.query, order.values, order.limit)
    return frame_answer(call.bench.workspace, frame, call.headers.get("accept", ""), call.path["name"])


def register(call: Call) -> Answer:
    """Make a dataset of a file or a query."""
    order: StoreDatasetOrder = call.body
    verbs, name = call.bench.datastores, call.path["name"]
    if (order.path is None) == (order.query is None):
        found = "both" if order.path is not None else "neither"
        raise Refusal(422, "body.invalid", f"the request has {found} of path and query", "Send one of them.")
    before = {row.name: row.version for row in call.bench.datasets.all()}
    if order.path is not None:
        row = verbs.register_file(name, order.path, order.dataset, order.reading, None, order.description)
    else:
        row = verbs.register_query(name, str(order.query), order.dataset, order.values, order.description)
    return registered(call, row, before.get(row.name))


def _document(call: Call, row: Datastore) -> DatastoreDocument:
    return DatastoreDocument(
        name=row.name, address=row.address, is_default=row.is_default, created=row.created,
        secrets=call.bench.datastores.secrets(row),
    )  # fmt: skip


OPERATIONS = (
    Operation("GET", "/datastores", "List the datastores", all_datastores, answers={200: list[DatastoreDocument]}),
    Operation("GET", "/datastores/{name}", "Show a datastore, without its secrets", one,
              answers={200: DatastoreDocument}),
    Operation("PUT", "/datastores/{name}", "Register a datastore without reaching it", put, scope="write",
              body=DatastoreOrder, answers={200: DatastoreDocument, 201: DatastoreDocument}, refusals=(409,),
              missing=422),
    Operation("PATCH", "/datastores/{name}", "Make it the default", change, scope="write", body=DatastoreChange,
              answers={200: DatastoreDocument}),
    Operation("DELETE", "/datastores/{name}", "Forget it with its secrets; what it holds stays", delete,
              scope="write", answers={204: None}),
    Operation("POST", "/datastores/{name}/test", "Reach it once", test, scope="run",
              answers={200: DatastoreDocument}, refusals=(424,)),
    Operation("GET", "/datastores/{name}/files", "List files; at most 1,000", files, query=FilesQuery,
              answers={200: ListingDocument}, refusals=(424,)),
    Operation("GET", "/datastores/{name}/files/{path}", "Download a file", file, answers={200: (BYTES,)},
              refusals=(424,)),
    Operation("PUT", "/datastores/{name}/files/{path}", "Upload a file", put_file, scope="write", query=UploadQuery,
              takes=(BYTES,), answers={201: EntryDocument}, refusals=(409, 424)),
    Operation("GET", "/datastores/{name}/tables", "List the tables and views of a database", tables,
              answers={200: list[str]}, refusals=(424,)),
    Operation("POST", "/datastores/{name}/query", "Read the rows that a query gives", query, scope="run",
              body=QueryOrder, answers={200: TABLE_TYPES}, refusals=(406, 424)),
    Operation("POST", "/datastores/{name}/datasets", "Make a dataset of a file or a query", register, scope="write",
              body=StoreDatasetOrder, answers={200: DatasetDocument, 201: DatasetDocument}, refusals=(424,)),
)  # fmt: skip
