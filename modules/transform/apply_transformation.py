"""Apply Transformation: apply a fitted transformation to a table."""

from __future__ import annotations

from typing import Annotated

from designer.contract.errors import NotExportable
from designer.contract.estimator import Transform
from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumns
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Table, Transformation, TransformationOutline


class ApplyTransformation(
    Module,
    category="Model Scoring & Evaluation",
    icon="wand-2",
    purpose="applies transformations",
    synonyms=("transform", "preprocess", "pinned"),
):
    """Apply a fitted transformation to a table.

    The transformation stores its columns; columns missing from the table are skipped, so a table without the label can
    be transformed. Nothing is learned from this table.

    Errors: 0001 or 0017 if a column's type does not fit the transformation.

    Example: the transformation of Normalize Data, fitted on training rows, scales the test rows by the same minimum
    and maximum.
    """

    def summary(self) -> str:
        """One line for the node."""
        return "applies a transformation"

    def run(self, transformation: Transformation, dataset: Table) -> Annotated[Table, "Transformed dataset"]:
        return transformation.apply(dataset)

    def infer(self, transformation: TransformationOutline | None, dataset: Schema) -> Schema:
        return Schema.unknown() if transformation is None else transformation.infer(dataset)

    def to_onnx(self, graph: OnnxGraph, transformation: Transformation, dataset: TensorColumns) -> TensorColumns:
        applier = transformation.applier
        if not isinstance(applier, Transform):
            raise NotExportable(f"the transformation '{transformation.name}' has no ONNX form")
        return applier.apply_onnx(transformation.state, graph, dataset)

    def to_python(self, script: Script, transformation: Variable, dataset: Variable) -> tuple[str, ...]:
        """In a script a transformation is a function of a table."""
        name = script.variable("transformed")
        script.line(f"{name} = {transformation}({dataset})")
        return (name,)
