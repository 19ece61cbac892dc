"""What a person can do in a workspace, each verb once. Pages and commands read what came in, call one verb, and show
what came back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from designer.contract.library import Library
from designer.store.workspace import Workspace
from designer.workbench.datasets import Datasets
from designer.workbench.editing import Editing
from designer.workbench.endpoints import Endpoints
from designer.workbench.exports import Exports
from designer.workbench.inference import Inference
from designer.workbench.models import Models
from designer.workbench.pipelines import Pipelines
from designer.workbench.runs import Runs


@dataclass(frozen=True)
class Workbench:
    """The verbs over one workspace and one library of modules. Verbs raise DesignerError in words for a person."""

    workspace: Workspace
    modules: Callable[[], Library]
    """Called where a verb needs them: importing all modules takes seconds the first time."""

    @property
    def library(self) -> Library:
        """The modules, those of the workspace included."""
        return self.modules()

    @property
    def datasets(self) -> Datasets:
        """Registered tables, and those in the trash."""
        return Datasets(self.workspace, self.modules)

    @property
    def editing(self) -> Editing:
        """A pipeline as it is being drawn: edits, and what follows from them."""
        return Editing(self.workspace, self.library)

    @property
    def pipelines(self) -> Pipelines:
        """Pipelines as they are being edited, and those in the trash."""
        return Pipelines(self.workspace)

    @property
    def runs(self) -> Runs:
        """Runs: queued, going on, ended."""
        return Runs(self.workspace, self.modules)

    @property
    def endpoints(self) -> Endpoints:
        """Deployed versions behind a name."""
        return Endpoints(self.workspace, self.modules)

    @property
    def inference(self) -> Inference:
        """From a trained pipeline to one that answers."""
        return Inference(self.workspace, self.library)

    @property
    def exports(self) -> Exports:
        """Pipelines and endpoints as files."""
        return Exports(self.workspace, self.library)

    @property
    def models(self) -> Models:
        """What runs trained."""
        return Models(self.workspace, self.library)
