"""The operations on datasets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from designer.api.documents import DatasetDocument, OutputOrder
from designer.api.operation import ARROW, BYTES, Answer, Call, Operation
from designer.api.outputs import output_of
from designer.api.refusals import Refusal
from designer.api.tables import TABLE_TYPES, table_answer
from designer.contract.errors import FileMissing
from designer.reading.file import format_of
from designer.samples.data import SampleDataset
from designer.store.records import Dataset

NUMBER_DIGITS = 9


class ContentQuery(BaseModel):
    """How a file is read.

    `file` is its name, whose ending says what it is; `reading` are the settings of Import Data as a JSON object, such
    as {"separator": "Semicolon"}; those left out are detected.
    """

    model_config = ConfigDict(extra="forbid")
    file: Annotated[str, Field(max_length=1000)] = ""
    description: Annotated[str, Field(max_length=20_000)] = ""
    reading: Annotated[str, Field(max_length=20_000)] = "{}"


class DifferenceQuery(BaseModel):
    """The number of the version to compare with; without it, the one before."""

    model_config = ConfigDict(extra="forbid")
    before: Annotated[int | None, Field(ge=1, lt=10**NUMBER_DIGITS)] = None


def all_datasets(call: Call) -> Answer:
    """The newest version of each registered dataset, and the samples."""
    rows = call.bench.datasets.all()
    named = {row.name for row in rows}
    samples = [sample for sample in call.bench.datasets.samples() if sample.name not in named]
    return Answer([*(_document(call, row) for row in rows), *(_sample(each) for each in samples)])


def one(call: Call) -> Answer:
    """A dataset, the newest version where the path names none."""
    return Answer(_document(call, _row(call)))


def versions(call: Call) -> Answer:
    """Every version, newest first."""
    return Answer([_document(call, row) for row in call.bench.datasets.versions(call.path["name"])])


def content(call: Call) -> Answer:
    """The rows as a file."""
    row = _row(call)
    stored = call.bench.workspace.datasets.stored(row.name, row.version)
    return table_answer(call.bench.workspace, stored, call.headers.get("accept", ""), row.name)


def profile(call: Call) -> Answer:
    """The statistics of each column."""
    return Answer(call.bench.datasets.statistics(_row(call)))


def difference(call: Call) -> Answer:
    """What changed since another version, by default the one before."""
    query: DifferenceQuery = call.query
    after = _row(call)
    datasets = call.bench.datasets
    before = datasets.before(after) if query.before is None else datasets.get(after.name, query.before)
    return Answer(datasets.difference(before, after).to_json())


def put_content(call: Call) -> Answer:
    """Register a file or an Arrow table as the next version."""
    query: ContentQuery = call.query
    assert call.file is not None
    name = call.path["name"]
    before = _newest(call, name)
    if call.headers.get("content-type", "").split(";")[0].strip().lower() == ARROW:
        row = call.bench.datasets.add_arrow(call.file, name, description=query.description)
    else:
        format_of(call.file)
        row = call.bench.datasets.add(call.file, name, _reading(query.reading), description=query.description)
    return registered(call, row, before)


def register_output(call: Call) -> Answer:
    """Register an output of a run."""
    order: OutputOrder = call.body
    before = _newest(call, order.name)
    _, stored = output_of(call.bench, order.run, order.step, order.port)
    row = call.bench.datasets.register_table(order.name, stored, description=order.description)
    return registered(call, row, before)


def delete(call: Call) -> Answer:
    """Move a dataset to the trash."""
    call.bench.datasets.delete(call.path["name"])
    return Answer(status=204)


def registered(call: Call, row: Dataset, before: int | None) -> Answer:
    """The answer to a registration: 201 for a new version, 200 for the rows of the newest one."""
    return Answer(_document(call, row), 200 if row.version == before else 201)


def _row(call: Call) -> Dataset:
    text = call.path.get("number")
    if text is not None and not (text.isascii() and text.isdecimal() and len(text) <= NUMBER_DIGITS):
        raise FileMissing(f"'{text[:40]}' is not the number of a version", "Versions are 1, 2, and so on.")
    return call.bench.datasets.get(call.path["name"], int(text) if text is not None else None)


def _newest(call: Call, name: str) -> int | None:
    rows = call.bench.workspace.datasets.versions(name)
    return rows[0].version if rows else None


def _reading(text: str) -> Mapping[str, Any]:
    try:
        reading = json.loads(text)
    except (ValueError, RecursionError):
        reading = None
    if not isinstance(reading, dict):
        raise Refusal(422, "query.invalid", "reading: it is no JSON object", 'Send {"separator": "Semicolon"}.')
    return reading


def _document(call: Call, row: Dataset) -> DatasetDocument:
    document = DatasetDocument.model_validate(row)
    return document.model_copy(update={"notices": call.bench.datasets.notices(row)})


def _sample(sample: SampleDataset) -> DatasetDocument:
    return DatasetDocument(name=sample.name, description=sample.description, origin="sample")


OPERATIONS = (
    Operation("GET", "/datasets", "List the newest version of each dataset, and the samples", all_datasets,
              answers={200: list[DatasetDocument]}),
    Operation("POST", "/datasets", "Register an output of a run as a dataset", register_output, scope="write",
              body=OutputOrder, answers={200: DatasetDocument, 201: DatasetDocument}, refusals=(410,)),
    Operation("GET", "/datasets/{name}", "Show a dataset", one, answers={200: DatasetDocument}),
    Operation("DELETE", "/datasets/{name}", "Move a dataset to the trash", delete, scope="write",
              answers={204: None}, refusals=(422,)),
    Operation("GET", "/datasets/{name}/content", "Download the newest version", content,
              answers={200: TABLE_TYPES}, refusals=(406,)),
    Operation("PUT", "/datasets/{name}/content", "Register a file or an Arrow table as the next version", put_content,
              scope="write", query=ContentQuery, takes=(BYTES, ARROW), missing=422,
              answers={200: DatasetDocument, 201: DatasetDocument}),
    Operation("GET", "/datasets/{name}/versions", "List the versions, newest first", versions,
              answers={200: list[DatasetDocument]}),
    Operation("GET", "/datasets/{name}/versions/{number}", "Show a version", one, answers={200: DatasetDocument}),
    Operation("GET", "/datasets/{name}/versions/{number}/content", "Download a version", content,
              answers={200: TABLE_TYPES}, refusals=(406,)),
    Operation("GET", "/datasets/{name}/versions/{number}/profile", "Show the statistics of each column", profile,
              answers={200: list[dict[str, Any]]}),
    Operation("GET", "/datasets/{name}/versions/{number}/difference", "Show what changed since an earlier version",
              difference, query=DifferenceQuery, answers={200: dict[str, Any]}),
)  # fmt: skip
