"""Web Service Input: the entry point for the rows of a request."""

from __future__ import annotations

from typing import Annotated, Any

from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.values import Table
from designer.reading.cells.typed_values import table_of


class WebServiceInput(
    Module,
    category="Web Service",
    icon="log-in",
    purpose="takes requests",
    no_python="a script has no request",
    synonyms=("request", "endpoint", "api"),
):
    """Entry point for the rows of a request.

    Replaces the dataset in an inference pipeline. It defines the columns a request must have, and holds example rows,
    which are its output when the pipeline runs on the canvas.

    Errors: 0042 if an example row does not fit the columns.

    Example: `name = "WebServiceInput0"`; a request then holds `{"Inputs": {"WebServiceInput0": [{...}]}}`.
    """

    name: str = param("WebServiceInput0", label="Name")
    """The name of these rows in a request."""

    columns: list[dict[str, Any]] = param([], label="Columns", hidden=True)
    """The columns of a request: name, kind, role and known categories."""

    examples: list[dict[str, Any]] = param([], label="Example rows", hidden=True)
    """Example rows of a request."""

    def run(self) -> Annotated[Table, "Web service input data"]:
        return table_of(self.examples, self.request_schema())

    def infer(self) -> Schema:
        return self.request_schema() if self.columns else Schema.unknown()

    def to_onnx(self, graph: OnnxGraph) -> TensorColumns:
        return graph.input_table(self.request_schema())

    def request_schema(self) -> Schema:
        """The columns of a request."""
        try:
            return Schema.from_json({"columns": self.columns})
        except (KeyError, ValueError, TypeError) as error:
            raise InvalidParameter(
                "the columns cannot be read", "Create the inference pipeline again.", parameter="Columns"
            ) from error

    def summary(self) -> str:
        return self.name
