"""Build the first pipeline of a table. Reads every cell: call it in a child process from pages."""

from __future__ import annotations

import pandas as pd

from designer.contract.schema import Role, Schema
from designer.pipeline.graph import Pipeline
from designer.reading.examination import task_of
from designer.samples.starter import starter
from designer.samples.traits import StarterTask, require_learnable, traits_of
from designer.store.workspace import Workspace


def first_pipeline(name: str, table: pd.DataFrame, label: str = "") -> Pipeline:
    """Build a runnable pipeline for the dataset `name`; raises DesignerError if none could run on the table."""
    task: StarterTask = "clustering"
    if label:
        Schema.of(table)[label]
        task = task_of(table[label])
    traits = traits_of(table, label)
    require_learnable(table, label, task, traits)
    return starter(name, traits, label, task, label_has_gaps=bool(label) and bool(table[label].isna().any()))


def first_pipeline_of(
    workspace: Workspace, name: str, version: int | None = None, label: str | None = None
) -> Pipeline:
    """Build the first pipeline of a registered dataset; `label` None takes the column whose role is label, if any."""
    table = workspace.value(workspace.datasets.stored(name, version))
    if label is None:
        label = next(iter(Schema.of(table).with_role(Role.LABEL)), "")
    return first_pipeline(name, table, label)
