"""Published pipelines: frozen versions that run with other values on request, over REST, by code and on schedules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.files.sources import using
from designer.contract.reference import referenced
from designer.contract.wording.closeness import closest
from designer.contract.wording.counting import counted
from designer.engine.submitting import submit_version
from designer.pipeline.check import check, errors
from designer.pipeline.document import from_document, parameter_document, to_document
from designer.pipeline.graph import Pipeline, PipelineParameter
from designer.serving.address import scoring_address
from designer.serving.keys import first_keys, forget_keys, new_key, revealed_key
from designer.store.endpoints import slot_named
from designer.store.history.run_query import RunQuery
from designer.store.history.submission import Submission, checked_description, checked_name
from designer.store.records import Endpoint, EndpointKey, EndpointVersion, Run
from designer.store.workspace import Workspace
from designer.workbench.started import NotStarted

ADDRESS_LENGTH = 63
LABEL_LENGTH = 40
RUNS = 50


class LabelTaken(DesignerError):
    """A version of this label exists with other content."""


class Scheduled(DesignerError):
    """A published pipeline that schedules run is to be deleted."""


@dataclass(frozen=True)
class PublishedDataset:
    """A dataset that a version reads: its name, and its version as chosen when it was published, None for the newest.

    `parameter` is the parameter that names it, if one does.
    """

    name: str
    version: int | None
    parameter: str = ""


@dataclass(frozen=True)
class Publishing:
    """The published pipelines of a workspace, each named by its title or its address."""

    workspace: Workspace
    modules: Callable[[], Library]

    def publish(
        self,
        pipeline: Pipeline,
        name: str,
        *,
        description: str = "",
        version: str = "",
        pipeline_id: str | None = None,
        run_id: str | None = None,
    ) -> EndpointVersion:
        """Publish a pipeline: as a new one, or as the next version of the one of that name, which becomes the default.

        `version` is a label. The newest version is returned if it is equal and has this label, or none is given. Raises
        InvalidParameter for an unusable name, LabelTaken, and the first error of the check of the pipeline.
        """
        title, label = checked_name(name, "Name"), _checked_label(version)
        self._require_runnable(pipeline)
        document = to_document(pipeline)
        address = address_of(title)
        text = checked_description(description)
        endpoint = self.workspace.endpoints.create(address, kind="pipeline", title=title, description=text)
        present = self._equal(address, document, label)
        if present is None:
            parameters = {name: parameter_document(each) for name, each in pipeline.parameters.items()}
            present = self.workspace.endpoints.add_version(
                address, document, label=label, parameters=parameters, pipeline_id=pipeline_id, run_id=run_id,
                engine="pipeline",
            )  # fmt: skip
        if text and text != endpoint.description:
            self.workspace.endpoints.change(address, description=text)
        first_keys(self.workspace, address)
        return present

    def publish_draft(self, id: str, name: str = "", *, description: str = "", version: str = "") -> EndpointVersion:
        """Publish a saved pipeline, under its own name by default: see `publish`."""
        draft = self.workspace.drafts.get(id)
        pipeline = from_document(draft.document)
        about = description or pipeline.description
        return self.publish(pipeline, name or draft.name, description=about, version=version, pipeline_id=draft.id)

    def publish_run(self, id: str, name: str = "", *, description: str = "", version: str = "") -> EndpointVersion:
        """Publish the pipeline as a run had it, with the values of that run as the defaults: see `publish`."""
        run = self.workspace.runs.get(id)
        pipeline = with_defaults(from_document(run.document), run.assignments)
        about = description or pipeline.description
        return self.publish(
            pipeline, name or run.name, description=about, version=version, pipeline_id=run.pipeline_id, run_id=run.id
        )

    def all(self) -> list[Endpoint]:
        """The published pipelines by address."""
        return self.workspace.endpoints.all("pipeline")

    def find(self, text: str) -> Endpoint:
        """A published pipeline by its address or its name. Raises FileMissing with the closest one."""
        return found_published(self.workspace, text)

    def versions(self, name: str) -> list[EndpointVersion]:
        """The versions, newest first; raises FileMissing."""
        return self.workspace.endpoints.versions(self.find(name).name)

    def version(self, name: str, version: int | str | None = None) -> EndpointVersion:
        """A version by its number or its label, which wins; by default the default one. Raises FileMissing."""
        return self.workspace.endpoints.version_called(self.find(name), version)

    def datasets(self, version: EndpointVersion) -> list[PublishedDataset]:
        """The datasets that a version reads, in the order of its steps."""
        pipeline, library = from_document(version.document), self.modules()
        readers = [node for node in pipeline.nodes.values() if _reads_datasets(node.module, library)]
        return [_dataset(node.parameters, pipeline.parameters) for node in readers]

    def describe(self, name: str, description: str) -> Endpoint:
        """Change the description; raises FileMissing, InvalidParameter for a text that is too long."""
        endpoint = self.find(name)
        self.workspace.endpoints.change(endpoint.name, description=checked_description(description))
        return self.find(endpoint.name)

    def set_default(self, name: str, version: int | str) -> EndpointVersion:
        """Make a version the one that runs where none is named. Raises FileMissing."""
        chosen = self.version(name, version)
        self.workspace.endpoints.change(chosen.endpoint, default_version=chosen.version)
        return chosen

    def enable(self, name: str) -> Endpoint:
        """Take runs again; raises FileMissing."""
        return self._set_state(name, "ready")

    def disable(self, name: str) -> Endpoint:
        """Refuse new runs, with 503 over REST; its runs stay. Raises FileMissing."""
        return self._set_state(name, "paused")

    def address(self, name: str) -> str:
        """The address of its REST interface. Raises NotStarted where no scoring process runs, FileMissing."""
        endpoint, scoring = self.find(name), scoring_address(self.workspace.path)
        if scoring is None:
            problem = f"Designer is not running on {self.workspace.path}, so that nothing answers REST requests"
            raise NotStarted(problem, "Start it with: designer start.")
        return f"{scoring}/pipelines/{endpoint.name}"

    def keys(self, name: str) -> list[EndpointKey]:
        """The keys that open it over REST; raises FileMissing."""
        return self.workspace.endpoints.keys(self.find(name).name)

    def reveal(self, name: str, slot: str = "primary") -> str | None:
        """A key in full; None where only its digest is stored."""
        return revealed_key(self.workspace, self.find(name).name, slot_named(slot))

    def rotate(self, name: str, slot: str = "primary") -> str:
        """Create a new key in a slot and return it; revokes the old one and keeps that of the other slot."""
        return new_key(self.workspace, self.find(name).name, slot_named(slot))

    def runs(self, name: str, limit: int = RUNS) -> list[Run]:
        """Its newest runs without their documents, of all versions and however they were submitted."""
        return self.workspace.runs.matching(RunQuery(published=self.find(name).name), limit)

    def latest_runs(self) -> dict[str, Run]:
        """The newest run of each published pipeline that has one, by address."""
        newest = {each.name: self.runs(each.name, 1) for each in self.all()}
        return {name: runs[0] for name, runs in newest.items() if runs}

    def submit(
        self,
        name: str,
        *,
        version: int | str | None = None,
        assignments: Mapping[str, Any] | None = None,
        submission: Submission | None = None,
        force: bool = False,
    ) -> Run:
        """Queue a run of a version, by default the default one; `force` reuses nothing.

        Raises FileMissing, PublishedDisabled, TooManyRuns, ArchivedExperiment, and InvalidParameter for a value that
        does not fit, naming the parameter.
        """
        endpoint = self.find(name)
        chosen = self.workspace.endpoints.version_called(endpoint, version)
        return submit_version(
            self.workspace, endpoint, chosen, assignments=assignments, submission=submission, force=force
        )

    def delete(self, name: str) -> None:
        """Remove it with its versions and keys; its runs stay. Raises FileMissing, Scheduled."""
        endpoint = self.find(name)
        schedules = [schedule.name for schedule in self.workspace.schedules.all(endpoint.name)]
        if schedules:
            names = ", ".join(f"'{each}'" for each in schedules[:5])
            raise Scheduled(f"'{endpoint.title}' is run by {counted(len(schedules), 'schedule')} ({names})",
                            "Delete them first.")  # fmt: skip
        self.workspace.endpoints.delete(endpoint.name)
        forget_keys(self.workspace, endpoint.name)

    def _set_state(self, name: str, state: str) -> Endpoint:
        endpoint = self.find(name)
        self.workspace.endpoints.change(endpoint.name, state=state)
        return self.find(endpoint.name)

    def _equal(self, address: str, document: Mapping[str, Any], label: str) -> EndpointVersion | None:
        versions = self.workspace.endpoints.versions(address)
        labelled = next((each for each in versions if label and each.label == label), None)
        if labelled is not None and labelled.document != document:
            raise LabelTaken(
                f"version {label} exists with other content", "Publish it under another version, or none.",
                parameter="Version",
            )  # fmt: skip
        newest = versions[0] if versions else None
        is_equal = newest is not None and not label and newest.document == document
        return labelled or (newest if is_equal else None)

    def _require_runnable(self, pipeline: Pipeline) -> None:
        if pipeline.kind == "realtime":
            raise InvalidParameter("a real-time inference pipeline scores single requests", "Deploy it instead.")
        if not pipeline.nodes:
            raise InvalidParameter("the pipeline has no steps", "Publish one that does something.")
        library = self.modules()
        with using(self.workspace.sources(library)):
            problems = errors(check(pipeline, library))
        if problems:
            raise problems[0].error


def found_published(workspace: Workspace, text: str) -> Endpoint:
    """A published pipeline by its address or its name. Raises FileMissing with the closest one."""
    present = {endpoint.name: endpoint for endpoint in workspace.endpoints.all("pipeline")}
    titles = {endpoint.title: endpoint for endpoint in present.values()}
    found = present.get(text) or titles.get(text.strip())
    if found is None:
        remedy = closest(text, titles, "There are") or "Publish one on the page of a pipeline or a run."
        raise FileMissing(f"there is no published pipeline '{text}'", remedy)
    return found


def address_of(title: str) -> str:
    """The part of an address that a name becomes: `My_Published_Pipeline` is my-published-pipeline."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    address = re.sub(r"[^a-z0-9]+", "-", plain)[:ADDRESS_LENGTH].strip("-")
    if not address:
        problem = f"'{title}' has no letter or digit that can be part of an address"
        raise InvalidParameter(problem, "Use a name with some of a-z and 0-9.", parameter="Name")
    return address


def with_defaults(pipeline: Pipeline, values: Mapping[str, Any]) -> Pipeline:
    """The pipeline with these values as the defaults of its parameters."""
    changed = {name: replace(pipeline.parameters[name], default=value) for name, value in values.items()
               if name in pipeline.parameters}  # fmt: skip
    return replace(pipeline, parameters={**pipeline.parameters, **changed})


def _checked_label(version: str) -> str:
    label = str(version).strip()
    if not label:
        return ""
    if len(label) > LABEL_LENGTH or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*", label):
        problem = f"'{label[:LABEL_LENGTH]}' cannot be a version"
        remedy = f"Use up to {LABEL_LENGTH} letters, digits, dots, hyphens and underscores, such as 1.0."
        raise InvalidParameter(problem, remedy, parameter="Version")
    return label


def _reads_datasets(module: str, library: Library) -> bool:
    present = library.get(module)
    return present is not None and present.spec().abilities.purpose == "reads datasets"


def _dataset(settings: Mapping[str, Any], parameters: Mapping[str, PipelineParameter]) -> PublishedDataset:
    """The dataset that a step with these settings reads; a parameter that names it stands with its default."""
    named, number = settings.get("name"), settings.get("version")
    parameter = referenced(named) or ""
    if parameter in parameters:
        named = parameters[parameter].default
    return PublishedDataset(str(named or ""), number if isinstance(number, int) else None, parameter)
