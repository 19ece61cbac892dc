"""The operations on the workspace as a whole, and on experiments."""

from __future__ import annotations

from functools import partial

from pydantic import BaseModel, ConfigDict

from designer.api.documents import (
    API_VERSION,
    ExperimentChange,
    ExperimentDocument,
    LimitsDocument,
    WorkspaceDocument,
)
from designer.api.limits import Limits
from designer.api.operation import Answer, Call, Operation
from designer.store.history.experiments import Counted


class ExperimentQuery(BaseModel):
    """Whether archived experiments are listed, too."""

    model_config = ConfigDict(extra="forbid")
    archived: bool = False


def workspace(limits: Limits, version: str, call: Call) -> Answer:
    """Version, limits, and whether an engine runs."""
    most = call.bench.workspace.runs.most
    return Answer(
        WorkspaceDocument(
            version=version,
            api=API_VERSION,
            engine=call.bench.runs.engine_is_running(),
            limits=LimitsDocument(
                document_bytes=limits.document_bytes,
                file_bytes=limits.file_bytes,
                running_runs=most.at_once,
                waiting_runs=most.waiting,
            ),
        )
    )


def experiments(call: Call) -> Answer:
    """The experiments, the latest used first."""
    query: ExperimentQuery = call.query
    return Answer([_document(each) for each in call.bench.experiments.all(archived=query.archived)])


def change_experiment(call: Call) -> Answer:
    """Describe, archive or restore one."""
    change: ExperimentChange = call.body
    name, verbs = call.path["name"], call.bench.experiments
    verbs.get(name)
    if change.description is not None:
        verbs.describe(name, change.description)
    if change.archived is not None:
        (verbs.archive if change.archived else verbs.restore)(name)
    return Answer(_document(next(each for each in verbs.all(archived=True) if each.experiment.name == name)))


def _document(counted: Counted) -> ExperimentDocument:
    row = counted.experiment
    return ExperimentDocument(
        name=row.name, description=row.description, created=row.created, archived=row.archived,
        runs=counted.runs, latest=counted.latest,
    )  # fmt: skip


def operations(limits: Limits, version: str) -> tuple[Operation, ...]:
    """The operations; the limits and the version of Designer are those of the process that serves them."""
    return (
        Operation("GET", "/workspace", "Version, limits, and whether an engine executes runs",
                  partial(workspace, limits, version), answers={200: WorkspaceDocument}),
        Operation("GET", "/experiments", "List the experiments, the latest used first", experiments,
                  query=ExperimentQuery, answers={200: list[ExperimentDocument]}),
        Operation("PATCH", "/experiments/{name}", "Describe, archive or restore an experiment", change_experiment,
                  scope="write", body=ExperimentChange, answers={200: ExperimentDocument}),
    )  # fmt: skip
