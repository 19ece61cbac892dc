"""Pipelines and experiments under the names of the original."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.sdk.azure.faces import Face, note, noted, refuse_unknown
from designer.sdk.azure.outputs import KEPT
from designer.sdk.azure.parameters import assignments
from designer.sdk.azure.published import CONTINUES, PipelineEndpoint, PipelineRun, PublishedPipeline
from designer.sdk.azure.steps import flat, renew
from designer.sdk.pipelines import Pipeline as Plain
from designer.sdk.plans import Problems


class Pipeline(Face):
    """A pipeline of steps and of everything that they read."""

    plain: Plain

    def __init__(
        self,
        workspace: Any,
        steps: Any,
        description: str | None = None,
        default_datastore: Any = None,
        default_source_directory: str | None = None,
        resolve_closure: bool = True,
        **others: Any,
    ) -> None:
        known = ("workspace", "steps", "description", "default_datastore", "default_source_directory")
        refuse_unknown("Pipeline", others, known)
        noted("Pipeline", {"default_datastore": default_datastore}, KEPT)
        chosen = flat(steps)
        if not chosen:
            raise InvalidParameter("a pipeline of no steps is given", "Give at least one.", parameter="steps")
        renew(chosen)
        name = ", ".join(dict.fromkeys(step.name for step in chosen))
        plain = Plain(*(step.plain for step in chosen), name=name[:100], description=description or "")
        super().__init__(plain)
        self.workspace = workspace

    def validate(self) -> Problems:
        """What keeps its steps from running; empty if nothing does."""
        return self.plain.check(self.workspace.plain)

    def submit(
        self,
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool | None = None,
        regenerate_outputs: bool = False,
        parent_run_id: str | None = None,
        **others: Any,
    ) -> PipelineRun:
        """Queue a run of an experiment."""
        given = {"continue_on_step_failure": continue_on_step_failure, "parent_run_id": parent_run_id, **others}
        return Experiment(self.workspace, experiment_name).submit(
            self, pipeline_parameters=pipeline_parameters, regenerate_outputs=regenerate_outputs,
            **{name: value for name, value in given.items() if value is not None},
        )  # fmt: skip

    def publish(
        self,
        name: str | None = None,
        description: str | None = None,
        version: str | None = None,
        continue_on_step_failure: bool | None = None,
    ) -> PublishedPipeline:
        """Publish it, by default under the names of its steps."""
        if continue_on_step_failure is not None:
            note(CONTINUES)
        published = self.workspace.plain.publish(
            self.plain, name or self.plain.name, description=description or "", version=version or ""
        )
        return PublishedPipeline(published)


class Experiment:
    """The runs of a workspace under a name."""

    def __init__(self, workspace: Any, name: str, **others: Any) -> None:
        refuse_unknown("Experiment", others, ("workspace", "name"))
        self.workspace = workspace
        self.name = name

    def submit(
        self,
        config: Any,
        tags: Mapping[str, str] | None = None,
        *,
        pipeline_parameters: Mapping[str, Any] | None = None,
        regenerate_outputs: bool = False,
        continue_on_step_failure: bool | None = None,
        **others: Any,
    ) -> PipelineRun:
        """Queue a run of a pipeline, or of a published one."""
        known = ("config", "tags", "pipeline_parameters", "regenerate_outputs", "continue_on_step_failure")
        refuse_unknown("Experiment.submit", others, known)
        if continue_on_step_failure is not None:
            note(CONTINUES)
        values = assignments(pipeline_parameters)
        match config:
            case PublishedPipeline() | PipelineEndpoint():
                if regenerate_outputs:
                    raise InvalidParameter(
                        "a published pipeline reuses what it can", "Submit the Pipeline itself, or leave it out.",
                        parameter="regenerate_outputs",
                    )  # fmt: skip
                return PipelineRun.of(config.plain.submit(values, experiment=self.name, tags=tags))
            case Pipeline():
                run = self.workspace.plain.submit(
                    config.plain, experiment=self.name, parameters=values, tags=tags,
                    regenerate_outputs=regenerate_outputs,
                )  # fmt: skip
                return PipelineRun.of(run)
        problem = f"a {type(config).__name__} cannot be submitted"
        raise InvalidParameter(problem, "Give a Pipeline of PythonScriptSteps.", parameter="config")

    def get_runs(self) -> list[PipelineRun]:
        """Its newest runs."""
        return [PipelineRun.of(run) for run in self.workspace.plain.runs.list(experiment=self.name)]

    def __repr__(self) -> str:
        return f"<experiment {self.name!r}>"
