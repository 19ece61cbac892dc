"""Web Service Output: where the rows of an answer go out."""

from __future__ import annotations

from typing import Annotated

from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.values import Table


class WebServiceOutput(
    Module,
    category="Web Service",
    icon="log-out",
    purpose="answers requests",
    no_python="a script has no answer",
    synonyms=("response", "endpoint", "api"),
):
    """Where the rows of an answer go out.

    Stands behind the step whose table a caller gets. Directly behind the step that scores, an answer is the row as it
    was sent with its scores, without the columns that steps made on the way; to send others, put Select Columns in
    Dataset between the two. Where a step runs a script, which may move rows, an answer is the table as the scoring step
    gives it. On the canvas it does nothing.

    Example: `name = "WebServiceOutput0"`; the answer is `{"Results": {"WebServiceOutput0": [...]}}`.
    """

    name: str = param("WebServiceOutput0", label="Name")
    """The name that the answer uses for these rows."""

    def run(self, dataset: Annotated[Table, "Web service output data"]) -> None:
        return None

    def infer(self, dataset: Schema) -> None:
        return None

    def to_onnx(self, graph: OnnxGraph, dataset: TensorColumns) -> None:
        graph.output_table(dataset)

    def summary(self) -> str:
        return self.name
