"""The documents of the API: what its requests carry and its answers hold. Times are seconds since 1970."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from designer.contract.component import ComponentSpec
from designer.store.components import Origin
from designer.store.records import DatasetOrigin

API_VERSION = 1

Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=20_000)]


class Document(BaseModel):
    """A document of an answer; made of a row of the workspace."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


class Order(BaseModel):
    """A document of a request: fields that it does not have are refused."""

    model_config = ConfigDict(extra="forbid")


class ErrorBody(Document):
    """What was wrong: a code for programs, a sentence, where, and what would do."""

    code: str
    message: str
    where: dict[str, Any]
    hint: str
    request_id: str
    type: str
    found: str


class ErrorDocument(Document):
    """The answer to a request that is refused."""

    error: ErrorBody


class LimitsDocument(Document):
    """What is refused beyond: bytes of a document and of a file, runs at once, and runs that wait."""

    document_bytes: int
    file_bytes: int
    running_runs: int
    waiting_runs: int


class WorkspaceDocument(Document):
    """The workspace: the version of Designer and of this API, and whether an engine executes runs."""

    version: str
    api: int
    engine: bool
    limits: LimitsDocument


class DatasetDocument(Document):
    """A version of a dataset. A sample that was never used has no version yet."""

    name: str
    version: int | None = None
    rows: int | None = None
    columns: int | None = None
    description: str = ""
    origin: DatasetOrigin
    created: float | None = None
    digest: str = ""
    table_schema: dict[str, Any] | None = None
    notices: list[str] = []


class OutputOrder(Order):
    """Register the output of a step as a dataset."""

    name: Annotated[str, Field(max_length=1000)]
    run: Name
    step: Name
    port: Name
    description: Text = ""


class ComponentDocument(Document):
    """A version of a component: a program of a user's own."""

    name: str
    version: str
    digest: str
    origin: str
    is_default: bool
    is_anonymous: bool
    archived: float | None
    created: float
    author: str
    spec: dict[str, Any]


class ComponentOrder(Order):
    """Register a component, or keep one that only the pipelines that use it know.

    `spec.code` is the digest of a snapshot that was sent before.
    """

    spec: ComponentSpec
    origin: Origin = "script"
    anonymous: bool = False


class ComponentChange(Order):
    """Make a version the default, archive a component, or restore it."""

    default: Name | None = None
    archived: bool | None = None


class PipelineHead(Document):
    """A saved pipeline without its document."""

    id: str
    name: str
    kind: str
    revision: int
    created: float
    edited: float
    parent: str | None = None


class PipelineDocument(PipelineHead):
    """A saved pipeline; `document` is what *Export* writes and `designer run` reads."""

    document: dict[str, Any]


class PipelineOrder(Order):
    """Save a pipeline under its name; with `replace` as the next revision of the one of that name."""

    document: dict[str, Any]
    replace: bool = False


class Checked(Order):
    """A pipeline to be checked."""

    document: dict[str, Any]


class ProblemDocument(Document):
    """What keeps a step from running."""

    node: str
    severity: str
    port: str | None
    parameter: str | None
    lacks: str
    error: dict[str, Any]


class RunOrder(Order):
    """What to run: a document, or a saved pipeline by its id; up to the step `to`, with values of its parameters.

    `force` reuses nothing, `compute` is where it runs in place of what the pipeline says.
    """

    document: dict[str, Any] | None = None
    pipeline: Name | None = None
    to: Name | None = None
    force: bool = False
    assignments: dict[str, Any] = {}
    compute: Name | None = None


class Submission(RunOrder):
    """A run to be queued, with what it remembers of its submission.

    `source` are properties of the submitted code by name, such as its Git commit.
    """

    experiment: Annotated[str, Field(max_length=1000)] = ""
    description: Text = ""
    tags: dict[str, str] = {}
    source: dict[str, Any] = {}
    client: Literal["rest", "sdk"] = "rest"


class PlannedStep(Document):
    """What a run would do with a step, and why; `seconds` is how long it took the last time, `compute` where it runs,
    empty for the computer of the workspace."""

    id: str
    title: str
    action: str
    reason: str
    seconds: float | None
    compute: str


class PlanDocument(Document):
    """What a run would do."""

    steps: list[PlannedStep]


class RunHead(Document):
    """A run without its pipeline."""

    id: str
    name: str
    state: str
    experiment: str
    number: int | None
    description: str
    tags: dict[str, Any]
    pipeline_id: str | None
    revision: int | None
    created: float
    started: float | None
    ended: float | None
    to_node: str | None
    force: bool
    cancel_requested: bool
    error: dict[str, Any] | None
    source: dict[str, Any]
    trigger: dict[str, Any]
    submitted_by: str
    assignments: dict[str, Any]
    compute: str


class ListedRun(RunHead):
    """A run of a list, with its metrics by name."""

    metrics: dict[str, float | str | None] = {}


class RunDocument(RunHead):
    """A run with the pipeline that it runs."""

    document: dict[str, Any]


class RunChange(Order):
    """Replace the description, the tags, or both."""

    description: Text | None = None
    tags: dict[str, str] | None = None


class StoredDocument(Document):
    """An output: its kind, the BLAKE3 digest and size of its bytes; of a table also its columns."""

    digest: str
    kind: str
    size: int
    table_schema: dict[str, Any] | None = None
    summary: dict[str, Any] = {}


class StepDocument(Document):
    """A step of a run."""

    node: str
    module: str
    title: str
    state: str
    outcome: str
    fraction: float | None
    text: str
    started: float | None
    ended: float | None
    seconds: float | None
    reason: str
    explain: str
    error: dict[str, Any] | None
    made_at: float | None
    compute: str
    place: str
    outputs: dict[str, StoredDocument]


class EventDocument(Document):
    """A change of a run or of a step of it."""

    sequence: int
    node: str | None
    kind: str
    body: dict[str, Any]
    at: float


class EventsDocument(Document):
    """The changes of a run after a sequence number; ask again with `last`."""

    events: list[EventDocument]
    last: int
    state: str


class PointDocument(Document):
    """A logged value: a number or a text, with the step or epoch that the program gave."""

    sequence: int
    step: int | None
    value: float | None
    text: str | None
    at: float


class SeriesDocument(Document):
    """The values of one metric of a step."""

    node: str
    name: str
    points: list[PointDocument]


class LogDocument(Document):
    """A part of what a step printed; ask again from the byte `next`."""

    text: str
    next: int


class SettingDocument(Document):
    """A setting that differs between two runs."""

    step: str
    setting: str
    first: str
    second: str


class MetricDocument(Document):
    """A metric of a model in two runs."""

    model: str
    metric: str
    first: float | None
    second: float | None


class ComparisonDocument(Document):
    """Two runs side by side, the earlier first."""

    first: str
    second: str
    settings: list[SettingDocument]
    metrics: list[MetricDocument]


class ExperimentDocument(Document):
    """A named group of runs."""

    name: str
    description: str
    created: float
    archived: float | None
    runs: int
    latest: float | None


class ExperimentChange(Order):
    """Describe an experiment, archive or restore it."""

    description: Text | None = None
    archived: bool | None = None


class PublishedDocument(Document):
    """A published pipeline: `name` is the last part of its address, `title` its name as typed.

    `address` is that of its own REST interface, which its keys open; null while no scoring process runs. `state` is
    ready or paused.
    """

    name: str
    title: str
    state: str
    description: str
    default_version: int | None
    created: float
    changed: float
    address: str | None


class PublishedVersionDocument(Document):
    """A version of a published pipeline, which never changes."""

    endpoint: str
    version: int
    label: str
    parameters: dict[str, Any]
    document: dict[str, Any]
    pipeline_id: str | None
    run_id: str | None
    created: float


class PublishedOrder(Order):
    """Publish a document, a saved pipeline by its id, or the pipeline of a run with its values as defaults.

    `version` is a label, such as 1.0.
    """

    name: Annotated[str, Field(max_length=1000)] = ""
    document: dict[str, Any] | None = None
    pipeline: Name | None = None
    run: Name | None = None
    description: Text = ""
    version: Annotated[str, Field(max_length=1000)] = ""


class PublishedChange(Order):
    """Describe, enable or disable a published pipeline; choose its default version by label or number."""

    description: Text | None = None
    enabled: bool | None = None
    default: str | int | None = None


class PublishedSubmission(Order):
    """Run a version of a published pipeline, by default the default one, with values of its parameters."""

    version: str | int | None = None
    assignments: dict[str, Any] = {}
    force: bool = False
    experiment: Annotated[str, Field(max_length=1000)] = ""
    description: Text = ""
    tags: dict[str, str] = {}
    client: Literal["rest", "sdk"] = "rest"


class KeyOrder(Order):
    """Replace the key of a slot."""

    slot: Literal["primary", "secondary"] = "primary"


class ScheduleDocument(Document):
    """When a published pipeline runs by itself: at the times of `cron`, every so many seconds, or on changes."""

    name: str
    endpoint: str
    version: int | None
    cron: str
    timezone: str
    every: float | None
    watch: dict[str, Any]
    parameters: dict[str, Any]
    experiment: str
    catch_up: str
    overlap: str
    starts: float | None
    ends: float | None
    enabled: bool
    created: float
    changed: float
    next_due: float | None
    checked: float
    problem: str


class FireDocument(Document):
    """What became of one time: fired with a run, missed, skipped or failed, with the reason."""

    schedule: str
    due: float
    outcome: str
    run_id: str | None
    reason: str
    at: float


class StandingDocument(Document):
    """A schedule with its newest times, the states of their runs, and how many failed in a row."""

    schedule: ScheduleDocument
    fires: list[FireDocument]
    states: dict[str, str]
    failures: int


class WhenOrder(Order):
    """When it runs: one of `cron` (in `timezone`), `every` such as 15m, `files` and `dataset`.

    Of the last two, what changed becomes the value of the parameter `into`; it is looked at every `poll`.
    """

    cron: str = ""
    timezone: str = ""
    every: str = ""
    files: str = ""
    dataset: str = ""
    into: str = ""
    poll: str = "1m"


class ScheduleOrder(Order):
    """A schedule of a published pipeline, with values of its parameters; replaces one of that name unless told not to.

    `catch_up` is once or skip, `overlap` skip or queue.
    """

    published: Name
    when: WhenOrder
    version: str | int | None = None
    parameters: dict[str, Any] = {}
    experiment: Annotated[str, Field(max_length=1000)] = ""
    catch_up: Literal["once", "skip"] = "once"
    overlap: Literal["skip", "queue"] = "skip"
    starts: Annotated[float, Field(allow_inf_nan=False)] | None = None
    ends: Annotated[float, Field(allow_inf_nan=False)] | None = None
    replaces: bool = True


class ScheduleChange(Order):
    """Let a schedule run, or let it rest."""

    enabled: bool


class DatastoreDocument(Document):
    """A datastore; of its secrets only whether each was given."""

    name: str
    address: str
    is_default: bool
    created: float
    secrets: dict[str, bool]


class DatastoreOrder(Order):
    """The address of a datastore, and secrets such as password; with `replace` the one of that name is changed."""

    address: Annotated[str, Field(max_length=2000)]
    secrets: dict[str, str] = {}
    replace: bool = False


class DatastoreChange(Order):
    """Make a datastore the default."""

    default: Literal[True]


class EntryDocument(Document):
    """A file or folder of a datastore."""

    path: str
    is_folder: bool
    size: int
    changed: float | None


class ListingDocument(Document):
    """Files by path; `is_complete` false where there are more."""

    entries: list[EntryDocument]
    is_complete: bool


class QueryOrder(Order):
    """A query to a database, with the values of the names in it; all rows without a limit."""

    query: Text
    values: dict[str, Any] = {}
    limit: Annotated[int, Field(ge=0, le=10_000_000)] | None = 100


class StoreDatasetOrder(Order):
    """Make a dataset of a file of a datastore, read as `reading` says, or of the rows of a query."""

    dataset: Annotated[str, Field(max_length=1000)] = ""
    path: Annotated[str, Field(max_length=2000)] | None = None
    query: Text | None = None
    values: dict[str, Any] = {}
    reading: dict[str, Any] = {}
    description: Text = ""
