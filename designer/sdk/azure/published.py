"""Runs of pipelines and published pipelines under the names of the original."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.wording.closeness import closest
from designer.sdk.azure.faces import Face, note
from designer.sdk.azure.parameters import assignments
from designer.sdk.azure.runs import PortDataReference, StepRun, steps_of
from designer.sdk.published import Published
from designer.sdk.runs import Run
from designer.serving.pipelines.status import STATUSES

CONTINUES = "steps that do not need a failed one always run, whatever continue_on_step_failure says."


class PipelineRun(Face):
    """A run of a pipeline."""

    plain: Run

    def __init__(self, experiment: Any, run_id: str) -> None:
        super().__init__(experiment.workspace.plain.runs[run_id])
        self.experiment = experiment

    @classmethod
    def of(cls, plain: Run) -> PipelineRun:
        """A run of `designer.sdk` under these names."""
        run = cls.__new__(cls)
        run.plain, run.experiment = plain, plain.experiment
        return run

    @property
    def id(self) -> str:
        """Its id."""
        return self.plain.id

    @property
    def status(self) -> str:
        """NotStarted, Running, Finished, Failed or Canceled."""
        return STATUSES[self.plain.status]

    def get_status(self) -> str:
        """`status`."""
        return self.status

    def wait_for_completion(
        self, show_output: bool = True, timeout_seconds: float | None = None, raise_on_error: bool = True
    ) -> str:
        """Wait until it has ended; returns its status. Raises as `Run.wait` of `designer.sdk`."""
        self.plain.wait_for_completion(show_output, timeout_seconds, raise_on_error)
        return self.status

    def find_step_run(self, name: str) -> list[StepRun]:
        """The steps of that name."""
        return [StepRun(step, self.plain) for step in self.plain.find_step_run(name)]

    def get_steps(self) -> Iterator[StepRun]:
        """Its steps, in the order of the pipeline."""
        return steps_of(self.plain)

    def get_pipeline_output(self, pipeline_output_name: str) -> PortDataReference:
        """The output of that name, of whichever step has it. Raises FileMissing, InvalidParameter for several."""
        steps = list(self.get_steps())
        names = [name for step in steps for name in step.plain.outputs]
        owners = [step for step in steps if pipeline_output_name in step.plain.outputs]
        if not owners:
            remedy = closest(pipeline_output_name, names, "Outputs are")
            raise FileMissing(f"no step has an output '{pipeline_output_name}'", remedy)
        if len(owners) > 1:
            steps_named = " and ".join(step.name for step in owners)
            problem = f"{steps_named} have an output '{pipeline_output_name}' each"
            raise InvalidParameter(problem, "Ask the step for it: run.find_step_run(NAME)[0].get_output(...).")
        return owners[0].get_output_data(pipeline_output_name)

    def publish_pipeline(
        self, name: str, description: str = "", version: str = "", continue_on_step_failure: bool | None = None
    ) -> PublishedPipeline:
        """Publish its pipeline, with the values that it was given as the defaults."""
        _note_continuing(continue_on_step_failure)
        return PublishedPipeline(self.plain.publish(name, description=description or "", version=version or ""))

    def __getitem__(self, name: str) -> Any:
        return self.plain[name]


class PublishedPipeline(Face):
    """A published pipeline; its id is its address."""

    plain: Published

    @classmethod
    def get(cls, workspace: Any, id: str) -> PublishedPipeline:
        """A published pipeline by its id or name. Raises FileMissing with the closest one."""
        return cls(workspace.plain.published[id])

    @classmethod
    def list(cls, workspace: Any, active_only: bool = True) -> list[PublishedPipeline]:
        """The published pipelines, or those that take runs."""
        return [cls(each) for each in workspace.plain.published if each.is_enabled or not active_only]

    @property
    def id(self) -> str:
        """Its id."""
        return self.plain.address

    @property
    def version(self) -> str:
        """The label of its default version, else the number."""
        default = self.plain.default
        return default.label or str(default.number)

    @property
    def status(self) -> str:
        """Active or Disabled."""
        return "Active" if self.plain.is_enabled else "Disabled"

    def submit(
        self,
        workspace: Any,
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool | None = None,
    ) -> PipelineRun:
        """Queue a run of its default version."""
        _note_continuing(continue_on_step_failure)
        return PipelineRun.of(self.plain.submit(assignments(pipeline_parameters), experiment=experiment_name))


class PipelineEndpoint(Face):
    """A published pipeline with its versions: every one has several, of which one is the default."""

    plain: Published

    def __init__(self, plain: Published, workspace: Any) -> None:
        super().__init__(plain)
        self.workspace = workspace

    @classmethod
    def publish(cls, workspace: Any, name: str, pipeline: Any, description: str = "") -> PipelineEndpoint:
        """Publish a pipeline, or one that is published, under another name."""
        return cls(workspace.plain.publish(_plain(pipeline), name, description=description or ""), workspace)

    @classmethod
    def get(cls, workspace: Any, id: str | None = None, name: str | None = None) -> PipelineEndpoint:
        """One by its id or name. Raises FileMissing with the closest one."""
        return cls(workspace.plain.published[id or name or ""], workspace)

    @classmethod
    def list(cls, workspace: Any, active_only: bool = True) -> list[PipelineEndpoint]:
        """Those of a workspace, or those that take runs."""
        return [cls(each.plain, workspace) for each in PublishedPipeline.list(workspace, active_only)]

    @property
    def id(self) -> str:
        """Its id."""
        return self.plain.address

    def add(self, pipeline: Any) -> None:
        """Add a version; the default stays."""
        default = self.plain.default.number
        self.add_default(pipeline)
        self.plain.set_default(default)

    def add_default(self, pipeline: Any) -> None:
        """Add a version, which becomes the default."""
        self.workspace.plain.publish(_plain(pipeline), self.plain.name)

    def set_default_version(self, version: int | str) -> None:
        """Make a version the default, by its number or label."""
        self.plain.set_default(_version(version))

    def get_default_version(self) -> str:
        """The number of the default version."""
        return str(self.plain.default.number)

    def list_versions(self) -> dict[str, str]:
        """The labels of its versions by number."""
        return {str(each.number): each.label for each in self.plain.versions}

    def submit(
        self,
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        pipeline_version: int | str | None = None,
        continue_on_step_failure: bool | None = None,
    ) -> PipelineRun:
        """Queue a run of a version, by default of the default one."""
        _note_continuing(continue_on_step_failure)
        chosen = None if pipeline_version is None else _version(pipeline_version)
        values = assignments(pipeline_parameters)
        return PipelineRun.of(self.plain.submit(values, version=chosen, experiment=experiment_name))


def _version(version: int | str) -> int | str:
    """A number, also as text, or a label."""
    return int(version) if str(version).isdigit() else version


def _plain(pipeline: Any) -> Any:
    """The pipeline of `designer.sdk` that is to be published."""
    return pipeline.plain.default.pipeline if isinstance(pipeline, PublishedPipeline) else pipeline.plain


def _note_continuing(continue_on_step_failure: bool | None) -> None:
    if continue_on_step_failure is not None:
        note(CONTINUES)
