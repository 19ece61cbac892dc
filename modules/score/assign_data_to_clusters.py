"""Assign rows to the clusters of a trained model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from designer.contract.errors import WrongModel
from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import ASSIGNMENTS, ModelOutline, Table, Task, TrainedModel
from designer.contract.wording.counting import counted

from .clusters import assign_clusters, cluster_columns
from .score_model import scored_schema
from .scoring import with_scores


class AssignDataToClusters(
    Module,
    category="Model Scoring & Evaluation",
    icon="chart-scatter",
    synonyms=("predict clusters", "segments", "k-means"),
):
    """Assign each row to the nearest cluster.

    Adds Assignments, the index of the nearest cluster from 0, and DistancesToClusterCenter no.0, no.1, ...: the
    distances between the prepared features of the row and each center. A row with a missing number gets neither.

    Errors: 0001 for a missing feature, 0016 for text in a column that was numeric in training, 0013 for a model of
    another kind.

    Example: with centers near 0 and near 10 a row at 9 gets the cluster of the rows around 10.
    """

    check_for_append_or_uncheck_for_result_only: bool = param(True, label="Check for append or uncheck for result only")
    """Keep the columns of the dataset before the assignments."""

    def run(self, trained_model: TrainedModel, dataset: Table) -> Annotated[Table, "Results dataset"]:
        """Assign the rows."""
        check(trained_model)
        columns = cluster_columns(trained_model.frame(dataset), trained_model.estimator)
        return with_scores(dataset, columns, self.check_for_append_or_uncheck_for_result_only)

    def infer(self, trained_model: ModelOutline | None, dataset: Schema) -> Schema:
        """The columns of the dataset and those of the assignment."""
        if trained_model is None:
            return dataset.open()
        return scored_schema(trained_model, dataset, self.check_for_append_or_uncheck_for_result_only)

    def to_onnx(self, graph: OnnxGraph, **inputs: Any) -> TensorColumns:
        """The distances and the nearest center in double precision."""
        from .onnx_clusters import emit_clusters

        dataset: TensorColumns = inputs["dataset"]
        assigned = emit_clusters(graph, inputs["trained_model"], dataset)
        kept = {name: column for name, column in dataset.items() if name not in assigned}
        return {**kept, **assigned} if self.check_for_append_or_uncheck_for_result_only else assigned

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Call the same function."""
        append = self.check_for_append_or_uncheck_for_result_only
        return (script.call(assign_clusters, inputs["dataset"], inputs["trained_model"], append, result="assigned"),)

    def summary(self) -> str:
        """The result in one line."""
        return "dataset and clusters" if self.check_for_append_or_uncheck_for_result_only else "clusters only"

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """The number of rows without a cluster."""
        missing = int(outputs["results_dataset"][ASSIGNMENTS].isna().sum())
        return f"No cluster for {counted(missing, 'row')} with a missing number." if missing else ""


def check(model: TrainedModel) -> None:
    """Reject models that are not clusterings."""
    if model.task is not Task.CLUSTERING:
        raise WrongModel(f"'{model.name}' is for {str(model.task).lower()}", "Use Score Model.", port="Trained model")
