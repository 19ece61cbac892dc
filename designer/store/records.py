"""The rows of the workspace database. Times are seconds since 1970; documents are JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

import orjson
from sqlalchemy import JSON, BigInteger, Dialect, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

RunState = Literal["queued", "running", "finished", "failed", "cancelled", "crashed"]
NodeState = Literal["queued", "running", "finished", "reused", "failed", "skipped", "cancelled", "crashed", "bypassed"]
DatasetOrigin = Literal["upload", "code", "query", "output", "sample"]
"""What a dataset was made from: a file, a table in memory, a query to a database, a run; or it ships with Designer."""
ACTIVE: tuple[str, ...] = ("queued", "running")


class QuickJson(JSON):
    """JSON written by orjson: every run writes such documents for each of its nodes. NaN becomes null."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        """The function that serializes a value."""
        return _as_text

    def adapt(self, cls: Any, **kw: Any) -> Any:
        """Return this type for every dialect, which would otherwise substitute its own JSON type."""
        return type(self)()


def _as_text(document: Any) -> str:
    try:
        return orjson.dumps(document).decode()
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(document)


class Draft(SQLModel, table=True):
    """A pipeline being edited; `parent` is the pipeline it was created from, `parent_run` the run."""

    id: str = Field(primary_key=True)
    name: str
    kind: str = "training"
    document: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    revision: int = 1
    created: float
    edited: float = Field(index=True)
    trashed: float | None = None
    parent: str | None = Field(default=None, index=True)
    parent_run: str | None = None


class DraftRevision(SQLModel, table=True):
    """One saved state of a draft, kept for ever; `packed` is the compressed document."""

    __tablename__ = "draft_revision"
    draft_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    action: str
    at: float
    packed: bytes = Field(sa_type=LargeBinary)


class Run(SQLModel, table=True):
    """One run of one document. `owner` is the `Backend.owner` that executes it; `attempt` guards writes.

    `number` counts the runs of its experiment from 1; imports of files belong to no experiment ("", None). `source`
    are properties of the code that it was submitted from, `trigger` is what submitted it: {"kind": "canvas", ...}.
    `assignments` are the values given to pipeline parameters, by name; the others had their defaults. `published` is
    the address of the published pipeline that it is a run of, `compute` where it was asked to run, in place of what the
    pipeline says.
    """

    __table_args__ = (
        Index(
            "one_active_run",
            "pipeline_id",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running') AND pipeline_id IS NOT NULL"),
        ),
        Index("run_by_time", "created"),
        Index("run_of_pipeline_by_time", "pipeline_id", "created"),
        Index("run_of_experiment", "experiment", "number"),
        Index("run_of_published", "published", "created"),
    )
    id: str = Field(primary_key=True)
    pipeline_id: str | None = Field(default=None, index=True)
    name: str = ""
    revision: int | None = None
    document: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: str = Field(default="queued", index=True)
    created: float
    started: float | None = None
    ended: float | None = None
    to_node: str | None = None
    force: bool = False
    attempt: int = 0
    cancel_requested: bool = False
    owner: str | None = None
    error: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    experiment: str = "Default"
    number: int | None = None
    description: str = ""
    tags: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    source: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    trigger: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    submitted_by: str = ""
    assignments: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    published: str | None = None
    compute: str = ""


class Experiment(SQLModel, table=True):
    """A named group of runs. `archived` is when it was archived."""

    name: str = Field(primary_key=True)
    description: str = ""
    created: float
    archived: float | None = None


class RunFilter(SQLModel, table=True):
    """A saved filter of the list of runs; `query` is `RunQuery.to_json`."""

    __tablename__ = "run_filter"
    name: str = Field(primary_key=True)
    query: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created: float


class Metric(SQLModel, table=True):
    """One logged value of a step: a number or a text. `sequence` counts the values of a metric from 0.

    `step` is the step or epoch that the program gave.
    """

    run_id: str = Field(primary_key=True)
    node: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    step: int | None = None
    value: float | None = None
    text: str | None = None
    at: float


class NodeRun(SQLModel, table=True):
    """The state and result of one node in one run.

    `outputs` maps ports to `Stored.to_json`, `reason` says why it runs or not, `explain` what it did, `parts` are the
    parts of its key, `made_at` is when a reused result was computed, `logged` the newest value of each metric that
    it logged while it ran, `unrecorded` how many logged metrics and tags could not be recorded. `compute` is the
    compute that it runs on, empty for this computer, and `place` the worker there.
    """

    __tablename__ = "node_run"
    run_id: str = Field(primary_key=True)
    node: str = Field(primary_key=True)
    attempt: int = 0
    module: str = ""
    title: str = ""
    state: str = "queued"
    outcome: str = ""
    fraction: float | None = None
    text: str = ""
    started: float | None = None
    ended: float | None = None
    seconds: float | None = None
    outputs: dict[str, Any] = Field(default_factory=dict, sa_type=QuickJson)
    error: dict[str, Any] | None = Field(default=None, sa_type=QuickJson)
    reason: str = ""
    explain: str = ""
    key: str | None = Field(default=None, index=True)
    parts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    log: str | None = None
    made_at: float | None = None
    logged: dict[str, Any] = Field(default_factory=dict, sa_type=QuickJson)
    unrecorded: int = 0
    compute: str = ""
    place: str = ""


class Result(SQLModel, table=True):
    """The outputs stored under a key; `outputs` maps ports to `Stored.to_json`."""

    key: str = Field(primary_key=True)
    module: str
    outputs: dict[str, Any] = Field(default_factory=dict, sa_type=QuickJson)
    explain: str = ""
    seconds: float = 0.0
    made_at: float


class Artifact(SQLModel, table=True):
    """The metadata of a blob: its kind, its size in bytes, and the seal that detects a change of the file.

    `table_schema` is the one stored last; equal bytes may have other column roles elsewhere.
    """

    digest: str = Field(primary_key=True)
    kind: str
    size: int
    seal: str = ""
    table_schema: dict[str, Any] | None = Field(default=None, sa_type=QuickJson)
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=QuickJson)
    created: float


class Profile(SQLModel, table=True):
    """The statistics of a table, by the digest of the table and the version of the statistics; or a leakage check.

    `state` is wanted until the engine has computed it, then ready or failed.
    """

    digest: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    state: str = Field(default="wanted", index=True)
    document: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Event(SQLModel, table=True):
    """One event of a run; readers poll for events after the last sequence number they have seen."""

    __table_args__ = ({"sqlite_autoincrement": True},)
    sequence: int | None = Field(default=None, primary_key=True)
    run_id: str = Field(index=True)
    node: str | None = None
    kind: str
    body: dict[str, Any] = Field(default_factory=dict, sa_type=QuickJson)
    at: float = Field(index=True)


class Dataset(SQLModel, table=True):
    """One version of a registered dataset. `source` is the kept file, `origin` is what it was made from."""

    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    digest: str
    table_schema: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    rows: int
    columns: int
    description: str = ""
    origin: str = "upload"
    source: str | None = None
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created: float
    trashed: float | None = None


class Component(SQLModel, table=True):
    """One version of a component: a program of a user's own, see `designer.contract.component`.

    `is_anonymous`: only the pipelines that use it know it; `digest` is that of `ComponentSpec`.
    """

    name: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    digest: str
    spec: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    origin: str = "script"
    is_anonymous: bool = False
    is_default: bool = False
    archived: float | None = None
    created: float
    changed: float
    author: str = ""


class Endpoint(SQLModel, table=True):
    """An endpoint, which answers requests under its name. `state` is ready, paused or failed.

    `kind` is realtime, or pipeline for a published pipeline, whose `title` is its name as typed.
    """

    name: str = Field(primary_key=True)
    title: str = ""
    state: str = "ready"
    kind: str = "realtime"
    description: str = ""
    default_version: int | None = None
    created: float
    changed: float
    requires_key: bool = True


class EndpointVersion(SQLModel, table=True):
    """One deployed inference pipeline, with everything known at deployment; or one version of a published pipeline.

    The latter has a `label`, which may be empty, and the `parameters` of its document.
    """

    __tablename__ = "endpoint_version"
    endpoint: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    label: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    document: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    pipeline_id: str | None = None
    run_id: str | None = None
    engine: str = "sklearn"
    reason: str = ""
    artifacts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    certificate: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    example: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: str = "ready"
    created: float


class EndpointKey(SQLModel, table=True):
    """A key of an endpoint, stored as its SHA-256; `shown` keeps the first characters for display."""

    __tablename__ = "endpoint_key"
    endpoint: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    digest: str = Field(index=True)
    shown: str
    created: float
    last_used: float | None = None


class AccessToken(SQLModel, table=True):
    """A token of a program, stored as its SHA-256; `shown` keeps the first characters for display.

    `scope` is read, run or write; `expires` is None for one that never does.
    """

    __tablename__ = "access_token"
    name: str = Field(primary_key=True)
    digest: str = Field(index=True, unique=True)
    shown: str
    scope: str
    created: float
    expires: float | None = None
    last_used: float | None = None


class Datastore(SQLModel, table=True):
    """A place of files or tables outside the workspace; `address` holds no secret, see `designer.store.datastores`."""

    name: str = Field(primary_key=True)
    address: str
    is_default: bool = False
    created: float


class Compute(SQLModel, table=True):
    """A place where nodes run: a Dask cluster by its address, or one that Designer starts.

    `kind` is cluster, or processes of this computer. Of these `minimum` and `maximum` bound the number of workers, each
    with `threads` nodes at once, which are released after `idle_seconds`. `memory` are bytes for each node, 0 for four
    fifths of the computer; `tls` are the files `ca`, `certificate` and `key`.
    """

    name: str = Field(primary_key=True)
    kind: str = "cluster"
    address: str = ""
    minimum: int = 0
    maximum: int = 1
    threads: int = 1
    memory: int = Field(default=0, sa_type=BigInteger)
    idle_seconds: float = 60.0
    tls: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    is_default: bool = False
    created: float


class RequestCount(SQLModel, table=True):
    """The requests that an endpoint version answered in one minute; `seconds` is the total, `slowest` the longest."""

    __tablename__ = "request_count"
    endpoint: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    minute: int = Field(primary_key=True)
    requests: int = 0
    rows: int = 0
    errors: int = 0
    seconds: float = 0.0
    slowest: float = 0.0


class Idempotency(SQLModel, table=True):
    """The run that a request with an Idempotency-Key queued: the digests of key and address, and of its body."""

    __table_args__ = (Index("idempotency_by_time", "created"),)
    digest: str = Field(primary_key=True)
    body: str
    run_id: str
    created: float


class Schedule(SQLModel, table=True):
    """When a published pipeline runs by itself.

    Its times are those of `cron` in `timezone`, or every so many seconds from `created` on; or it runs when what it
    watches changes, see `designer.engine.schedules.watching`. `version` None is the default one at each time.
    `checked` is the time up to which everything was decided, `next_due` when it is looked at next, `seen` what was
    there at the last look, `problem` why that failed.
    """

    name: str = Field(primary_key=True)
    endpoint: str = Field(index=True)
    version: int | None = None
    cron: str = ""
    timezone: str = "UTC"
    every: float | None = None
    watch: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    experiment: str = ""
    catch_up: str = "once"
    overlap: str = "skip"
    starts: float | None = None
    ends: float | None = None
    enabled: bool = True
    created: float
    changed: float
    next_due: float | None = Field(default=None, index=True)
    checked: float = 0.0
    seen: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    problem: str = ""


class ScheduleFire(SQLModel, table=True):
    """What became of one time of a schedule: fired with a run, missed, skipped or failed, with the reason."""

    __tablename__ = "schedule_fire"
    schedule: str = Field(primary_key=True)
    due: float = Field(primary_key=True)
    outcome: str
    run_id: str | None = Field(default=None, index=True)
    reason: str = ""
    at: float


class Search(SQLModel, table=True):
    """A search that a node of a run made: its plan, and how far it came.

    `key` is that of the node: a search of the same key is the same search. `requested` is what a user asked of it while
    it ran: "keep" ends it with the best so far. `best` is the number of its best trial, `sentence` what it found.
    """

    __table_args__ = (Index("search_by_time", "created"),)
    id: str = Field(primary_key=True)
    run_id: str = Field(index=True)
    node: str
    title: str
    key: str = Field(index=True)
    state: str = "running"
    metric: str = ""
    lower_is_better: bool = False
    plan: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created: float
    ended: float | None = None
    requested: str = ""
    best: int | None = None
    sentence: str = ""
    honest: list[float] = Field(default_factory=list, sa_type=JSON)


class Trial(SQLModel, table=True):
    """One trial of a search. `part` is the outer fold of a nested estimate, -1 outside of one.

    `values` are those of its metric at each step, `value` is their mean, `reason` why it was stopped, `reused` whether
    its result was known before.
    """

    search_id: str = Field(primary_key=True)
    part: int = Field(default=-1, primary_key=True)
    number: int = Field(primary_key=True)
    key: str = Field(index=True)
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: str = "running"
    values: list[float | None] = Field(default_factory=list, sa_type=QuickJson)
    value: float | None = None
    seconds: float | None = None
    started: float
    ended: float | None = None
    reused: bool = False
    reason: str = ""
    error: dict[str, Any] | None = Field(default=None, sa_type=JSON)
