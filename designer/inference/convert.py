"""Convert an inference pipeline to one ONNX graph: every step appends its operators."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import onnx

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, NotExportable
from designer.contract.files.sources import Sources, using
from designer.contract.onnx import OnnxGraph, TensorColumn
from designer.contract.schema import Kind, Role, Schema
from designer.inference.onnx_model import onnx_model
from designer.inference.scorer import Loaded, load
from designer.pipeline.graph import Pipeline
from designer.pipeline.walk import Visit, by_output, walk


@dataclass(frozen=True)
class OutputColumn:
    """A column of the answer; `echo` names the request column that it repeats, None if it is computed."""

    name: str
    kind: Kind
    echo: str | None = None
    is_score: bool = False

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        return {"name": self.name, "kind": str(self.kind), "echo": self.echo, "is_score": self.is_score}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> OutputColumn:
        """Read back what `to_json` wrote."""
        return cls(document["name"], Kind(document["kind"]), document["echo"], document["is_score"])


@dataclass(frozen=True)
class Converted:
    """A pipeline as a serialized ONNX model, with the schema of its inputs and its output columns."""

    model: bytes
    schema: Schema
    outputs: tuple[OutputColumn, ...]


def convert(pipeline: Pipeline, library: Library, sources: Sources) -> Converted:
    """Convert a pipeline. Raises NotExportable naming the node that has no ONNX form, and why."""
    return converted(load(pipeline, library, sources), sources)


def read_converted(model: bytes) -> Converted:
    """Read a converted model; inputs and outputs come from its metadata."""
    properties = {entry.key: entry.value for entry in onnx.load_model_from_string(model).metadata_props}
    outputs = tuple(OutputColumn.from_json(column) for column in json.loads(properties["outputs"]))
    return Converted(model, Schema.from_json(json.loads(properties["inputs"])), outputs)


def converted(loaded: Loaded, sources: Sources) -> Converted:
    """Convert a loaded pipeline. Raises NotExportable naming the node that has no ONNX form, and why."""
    graph = OnnxGraph()
    entry = graph.input_table(loaded.schema)

    def read(visit: Visit, inputs: Mapping[str, Any]) -> dict[str, Any]:
        step = loaded.steps[visit.id]
        try:
            return by_output(type(step), step.to_onnx(graph, **inputs))
        except DesignerError as error:
            raise visit.located(error) from None
        except Exception as error:  # converters raise anything; scoring then falls back to scikit-learn
            reason = f"cannot be converted ({type(error).__name__}: {error})"
            raise visit.located(NotExportable(reason)) from error

    with using(sources):
        values = walk(loaded.visits, read, {**loaded.values, loaded.doors.entry: entry})
    columns: dict[str, TensorColumn] = dict(values[loaded.doors.exit])
    if loaded.echoes:
        score_names = loaded.scores_among(columns)
        sent = {name: column for name, column in entry.items() if name not in score_names}
        columns = {**sent, **{name: columns[name] for name in score_names}}
    graph.output_table(columns)
    scores = set(loaded.output.with_role(Role.SCORE))
    outputs = tuple(_output(name, column, name in scores, loaded.schema) for name, column in columns.items())
    model = onnx_model(graph, _metadata(loaded, outputs))
    return Converted(model.SerializeToString(), loaded.schema, outputs)


def _output(name: str, column: TensorColumn, is_score: bool, schema: Schema) -> OutputColumn:
    """Describe an output column; one whose tensor is an input is an echo of it."""
    return OutputColumn(name, column.kind, column.tensor if column.tensor in schema else None, is_score)


def _metadata(loaded: Loaded, outputs: tuple[OutputColumn, ...]) -> dict[str, str]:
    answer = [output.to_json() for output in outputs]
    return {
        "pipeline": loaded.pipeline.name,
        "inputs": json.dumps(loaded.schema.to_json(), sort_keys=True, ensure_ascii=False),
        "outputs": json.dumps(answer, sort_keys=True, ensure_ascii=False),
    }
