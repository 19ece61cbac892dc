"""Queue runs of published pipelines: one set of rules for REST, code, commands, pages and schedules."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from designer.contract.errors import DesignerError
from designer.contract.files.store_path import split_path
from designer.pipeline.document import from_document
from designer.pipeline.graph import ParameterType, Pipeline
from designer.pipeline.parameters import read_assignments, values_of
from designer.store.history.runs import new_run
from designer.store.history.submission import Submission
from designer.store.idempotency import Once, remember_in, run_of_in
from designer.store.records import Endpoint, EndpointVersion, Run
from designer.store.workspace import Workspace


class PublishedDisabled(DesignerError):
    """A published pipeline takes no runs."""

    exit_code = os.EX_TEMPFAIL


def checked_assignments(
    workspace: Workspace, pipeline: Pipeline, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The given values, read by the types of their parameters.

    Raises UnknownParameter for another name, InvalidParameter for a value that does not fit or is missing, FileMissing
    for a dataset or a datastore that is gone; each names the parameter.
    """
    assignments = read_assignments(pipeline.parameters, given or {})
    for name, value in values_of(pipeline.parameters, assignments).items():
        try:
            _require_present(workspace, pipeline.parameters[name].type, value)
        except DesignerError as error:
            error.place = replace(error.place, parameter=name)
            raise
    return assignments


def submit_version(
    workspace: Workspace,
    endpoint: Endpoint,
    version: EndpointVersion,
    *,
    assignments: Mapping[str, Any] | None = None,
    submission: Submission | None = None,
    force: bool = False,
    once: Once | None = None,
) -> Run:
    """Queue a run of a version of a published pipeline; with `once`, return the run of the same request sent before.

    Raises PublishedDisabled, KeyReused, TooManyRuns, ArchivedExperiment; for values that do not fit see
    `checked_assignments`.
    """
    run = run_of_version(workspace, endpoint, version, assignments=assignments, submission=submission, force=force)
    with workspace.database.write() as session:
        earlier = run_of_in(session, once) if once else None
        if earlier is None:
            workspace.runs.insert_in(session, run)
            _remember(session, once, run)
    if earlier is not None:
        return workspace.runs.get(earlier)
    workspace.runs.note(run.id)
    return run


def run_of_version(
    workspace: Workspace,
    endpoint: Endpoint,
    version: EndpointVersion,
    *,
    assignments: Mapping[str, Any] | None = None,
    submission: Submission | None = None,
    force: bool = False,
) -> Run:
    """The row of such a run, to be queued inside a transaction. Raises as `submit_version`."""
    if endpoint.state != "ready":
        raise PublishedDisabled(f"'{endpoint.title}' is disabled", "Enable it on its page.")
    given = checked_assignments(workspace, from_document(version.document), assignments)
    about = submission or Submission()
    its = {"endpoint": endpoint.name, "version": version.version}
    about = replace(about, trigger={**about.trigger, **its})
    return new_run(version.document, force=force, submission=about, assignments=given)


def _require_present(workspace: Workspace, type: ParameterType, value: Any) -> None:
    """Raise what is missing of the workspace for a value: a dataset, the datastore of a path."""
    match type:
        case "dataset":
            workspace.datasets.get(value)
        case "datapath":
            workspace.datastores.files(split_path(value)[0])
        case _:
            pass


def _remember(session: Session, once: Once | None, run: Run) -> None:
    if once is not None:
        remember_in(session, once, run.id)
