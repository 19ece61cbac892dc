"""Train a clustering model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import TooFewRows, WrongModel
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Role, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import (
    ASSIGNMENTS,
    DISTANCES,
    LearnerOutline,
    ModelOutline,
    Table,
    Task,
    TrainedModel,
    UntrainedModel,
)
from designer.contract.wording.counting import counted

from ..score.clusters import assigned_training_rows, cluster_columns, with_assignments
from ..score.features import complete_rows, feature_frame
from ..score.score_model import scored_schema
from ..score.scoring import with_scores
from .fitting import fit_clusters
from .suitability import check_features, feature_columns
from .training import LearnerFailed, as_mapping, failures_named, from_mapping, outline_of, training_summary


class Clustered(NamedTuple):
    """The outputs of Train Clustering Model."""

    trained_model: TrainedModel
    results_dataset: Table


class TrainClusteringModel(
    Module,
    category="Model Training",
    icon="dumbbell",
    no_onnx="training needs all rows",
    synonyms=("fit", "k-means", "segments"),
):
    """Train a clustering learner and assign the training rows to its clusters.

    Features are the chosen columns with the role Feature. Categories are one-hot encoded; rows with a missing number
    are left out and get no cluster. The second output has Assignments and the distances to all centers, as in Assign
    Data to Clusters.

    Errors: 0013 for a learner of another kind, 0021 for fewer rows than clusters, 0014 for an identifier-like text
    column, 0083 if every row is noise.

    Example: with K-Means Clustering rows around 0 and rows around 10 get Assignments 0 and 1, or 1 and 0.
    """

    column_set: Columns = param(Columns.all(), input="dataset")
    """The columns to cluster by."""

    check_for_append_or_uncheck_for_result_only: bool = param(True, label="Check for append or uncheck for result only")
    """Keep the columns of the dataset before the assignments."""

    def run(self, untrained_model: UntrainedModel, dataset: Table) -> Clustered:
        """Fit and assign."""
        model, assigned = self._trained(untrained_model, dataset)
        columns = with_assignments(cluster_columns(model.frame(dataset), model.estimator), assigned)
        kept = labelled(dataset, columns, str(untrained_model.settings.get("labels", "")))
        return Clustered(model, with_scores(kept, columns, self.check_for_append_or_uncheck_for_result_only))

    def _trained(self, untrained: UntrainedModel, dataset: Table) -> tuple[TrainedModel, Any]:
        if untrained.task is not Task.CLUSTERING:
            problem = f"'{untrained.name}' is for {str(untrained.task).lower()}"
            raise WrongModel(problem, "Train it with Train Model.", port="Untrained model")
        schema = Schema.of(dataset)
        features = self._features(schema)
        check_features(dataset, features)
        kinds = {column.name: str(column.kind) for column in features}
        _check_rows(untrained, dataset, kinds)
        with failures_named(untrained.name):
            result = fit_clusters(dataset, kinds, as_mapping(untrained))
        if not (result["assigned"] >= 0).any():
            problem = f"'{untrained.name}' finds no cluster: every row is noise"
            raise LearnerFailed(problem, "Use a larger distance, or a smaller neighborhood.", port="Untrained model")
        return from_mapping(result, schema, None), result["assigned"]

    def infer(self, untrained_model: LearnerOutline | None, dataset: Schema) -> tuple[ModelOutline | None, Schema]:
        """The columns of the dataset and those of the assignment."""
        if untrained_model is None:
            return None, dataset.open()
        model = outline_of(untrained_model, None, self._features(dataset))
        return model, scored_schema(model, dataset, self.check_for_append_or_uncheck_for_result_only)

    def _features(self, schema: Schema) -> Schema:
        return feature_columns(schema).select(self.column_set.of(schema))

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Call the same functions."""
        dataset = inputs["dataset"]
        features = {column.name: str(column.kind) for column in self._features(dataset.schema)}
        model = script.call(fit_clusters, dataset, features, inputs["untrained_model"], result="clustering")
        append = self.check_for_append_or_uncheck_for_result_only
        return model, script.call(assigned_training_rows, dataset, Variable(model), append, result="assigned")

    def summary(self) -> str:
        """The clustered columns."""
        return str(self.column_set)

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """How many rows were used, and why others were left out."""
        return training_summary(outputs["trained_model"])


def labelled(table: Table, columns: pd.DataFrame, mode: str) -> Table:
    """The table with labels copied from the labelled row closest to each cluster's center."""
    label = next((c.name for c in Schema.of(table) if c.role is Role.LABEL), None)
    if label is None or mode not in ("Fill missing values", "Overwrite from closest to center"):
        return table
    named = table[label].notna().to_numpy()
    values = table[label].copy()
    for cluster in columns[ASSIGNMENTS].dropna().unique():
        members = (columns[ASSIGNMENTS] == cluster).fillna(False).to_numpy(dtype=bool)
        if not (members & named).any():
            continue
        distances = np.where(members & named, columns[f"{DISTANCES}{cluster}"], np.inf)
        chosen = members & ~named if mode == "Fill missing values" else members
        values[chosen] = table[label].iloc[int(np.argmin(distances))]
    return table.assign(**{label: values})


def _check_rows(untrained: UntrainedModel, dataset: Table, kinds: Mapping[str, str]) -> None:
    frame = feature_frame(dataset, kinds)
    frame = frame.loc[:, frame.notna().any()]
    rows = int(complete_rows(frame).sum()) if frame.shape[1] else 0
    wanted = untrained.estimator.get_params().get("n_clusters", 1)
    if rows < wanted:
        raise TooFewRows(
            f"only {counted(rows, 'row')} without a missing number for {counted(wanted, 'cluster')}",
            "Use Clean Missing Data first, or fewer clusters.",
            port="Dataset",
        )
