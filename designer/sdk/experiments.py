"""Experiments: named groups of runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.sdk.pipelines import Ends, Pipeline
from designer.sdk.runs import Run
from designer.sdk.workspace import Workspace


class Experiment:
    """The runs of a workspace that were submitted under a name, as other SDKs group them."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace = workspace
        self.name = name

    def submit(
        self,
        pipeline: Pipeline | Ends,
        *,
        regenerate_outputs: bool = False,
        pipeline_parameters: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Run:
        """Queue a run: see `Workspace.submit`."""
        return self.workspace.submit(
            pipeline,
            experiment=self.name,
            parameters=pipeline_parameters,
            tags=tags,
            regenerate_outputs=regenerate_outputs,
        )

    def get_runs(self, limit: int = 20) -> list[Run]:
        """Its newest runs."""
        return self.workspace.runs.list(limit, experiment=self.name)

    def __repr__(self) -> str:
        return f"<experiment {self.name!r}>"
