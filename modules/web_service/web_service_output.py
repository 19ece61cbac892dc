"""Web Service Output: the exit point for the rows of a response."""

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
    no_python="a script has no response",
    synonyms=("response", "endpoint", "api"),
):
    """Exit point for the rows of a response.

    Place it after the step whose table a caller gets. Directly after the scoring step, the response is the row as sent
    plus its scores, without columns added by steps in between; to return others, insert Select Columns in Dataset. If a
    step runs a script, which may reorder rows, the response is the table of the scoring step. On the canvas it does
    nothing.

    Example: `name = "WebServiceOutput0"`; the response is `{"Results": {"WebServiceOutput0": [...]}}`.
    """

    name: str = param("WebServiceOutput0", label="Name")
    """The name of these rows in the response."""

    def run(self, dataset: Annotated[Table, "Web service output data"]) -> None:
        return None

    def infer(self, dataset: Schema) -> None:
        return None

    def to_onnx(self, graph: OnnxGraph, dataset: TensorColumns) -> None:
        graph.output_table(dataset)

    def summary(self) -> str:
        return self.name
