"""Pipeline jobs: files in YAML that describe a pipeline of programs, read as pipelines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Pipeline
from designer.registry.pipeline_job.reading import PipelineJob, read_pipeline_job
from designer.store.records import Draft
from designer.store.workspace import Workspace
from designer.workbench.components import Components
from designer.workbench.pipelines import Pipelines


@dataclass(frozen=True)
class Jobs:
    """Pipeline jobs, read for a workspace."""

    workspace: Workspace
    modules: Callable[[], Library]

    def read(self, file: Path) -> PipelineJob:
        """Read a file; stores nothing. See `designer.registry.pipeline_job.reading`."""
        return read_pipeline_job(file, self.modules())

    def keep_programs(self, job: PipelineJob) -> Pipeline:
        """The pipeline of a job, with its programs stored and their environments locked.

        Raises Unsolvable for an environment that cannot be locked.
        """
        components = Components(self.workspace)
        return job.kept(lambda source: components.keep(source, "yaml").id)

    def import_file(self, file: Path, *, name: str = "") -> Draft:
        """Create a pipeline from a file, laid out. Nothing in it is run."""
        return Pipelines(self.workspace).create(self.keep_programs(self.read(file)), name=name)
