"""The operations on a workspace, each defined once. Pages and commands parse input, call one, and show the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from designer.contract.catalogue.library import Library
from designer.store.workspace import Workspace
from designer.workbench.components import Components
from designer.workbench.computes import Computes
from designer.workbench.datasets import Datasets
from designer.workbench.datastores import Datastores
from designer.workbench.editing import Editing
from designer.workbench.endpoints import Endpoints
from designer.workbench.experiments import Experiments
from designer.workbench.exports import Exports
from designer.workbench.inference import Inference
from designer.workbench.jobs import Jobs
from designer.workbench.models import Models
from designer.workbench.parameters import Parameters
from designer.workbench.pipelines import Pipelines
from designer.workbench.publishing import Publishing
from designer.workbench.runs import Runs
from designer.workbench.schedules import Schedules
from designer.workbench.searches import Searches
from designer.workbench.tokens import Tokens


@dataclass(frozen=True)
class Workbench:
    """The operations on one workspace and module library. They raise DesignerError with messages for the user."""

    workspace: Workspace
    modules: Callable[[], Library]
    """Called only where needed: importing all modules takes seconds the first time."""

    @property
    def library(self) -> Library:
        """The modules, those of the workspace included."""
        return self.modules()

    @property
    def datasets(self) -> Datasets:
        """Registered datasets, and those in the trash."""
        return Datasets(self.workspace, self.modules)

    @property
    def datastores(self) -> Datastores:
        """Places of files or tables outside the workspace."""
        return Datastores(self.workspace, self.modules)

    @property
    def computes(self) -> Computes:
        """Where nodes run, besides this computer."""
        return Computes(self.workspace)

    @property
    def editing(self) -> Editing:
        """Editing of pipelines, and their analysis."""
        return Editing(self.workspace, self.library)

    @property
    def searches(self) -> Searches:
        """Searches that nodes make."""
        return Searches(self.workspace)

    @property
    def parameters(self) -> Parameters:
        """Parameters of pipelines: the edits that make, change and remove them."""
        return Parameters(self.library)

    @property
    def pipelines(self) -> Pipelines:
        """Saved pipelines, and those in the trash."""
        return Pipelines(self.workspace)

    @property
    def jobs(self) -> Jobs:
        """Pipeline jobs in YAML."""
        return Jobs(self.workspace, self.modules)

    @property
    def runs(self) -> Runs:
        """Queued, running and ended runs."""
        return Runs(self.workspace, self.modules)

    @property
    def experiments(self) -> Experiments:
        """Experiments, which group runs."""
        return Experiments(self.workspace)

    @property
    def components(self) -> Components:
        """Programs of a user's own, as steps."""
        return Components(self.workspace)

    @property
    def endpoints(self) -> Endpoints:
        """Endpoints and their deployed versions."""
        return Endpoints(self.workspace, self.modules)

    @property
    def published(self) -> Publishing:
        """Published pipelines and their versions."""
        return Publishing(self.workspace, self.modules)

    @property
    def schedules(self) -> Schedules:
        """Schedules of published pipelines."""
        return Schedules(self.workspace)

    @property
    def inference(self) -> Inference:
        """Inference pipelines and their deployment."""
        return Inference(self.workspace, self.library)

    @property
    def exports(self) -> Exports:
        """Pipelines and endpoints as files."""
        return Exports(self.workspace, self.library)

    @property
    def models(self) -> Models:
        """Trained models."""
        return Models(self.workspace, self.library)

    @property
    def tokens(self) -> Tokens:
        """Access tokens of programs."""
        return Tokens(self.workspace)
