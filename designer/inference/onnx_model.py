"""Write an ONNX graph as a checked model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from designer.contract.onnx import ElementType, OnnxGraph, Operator

OPSET, ML_OPSET, IR_VERSION = 21, 5, 10


def onnx_model(graph: OnnxGraph, metadata: Mapping[str, str] | None = None) -> onnx.ModelProto:
    """The finished model. Raises onnx.checker.ValidationError for a graph that is none."""
    content = helper.make_graph(
        [_node(operator) for operator in graph.operators],
        "pipeline",
        list(_columns(graph.inputs)),
        list(_columns(graph.outputs)),
        [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    model = helper.make_model(content, opset_imports=opsets, ir_version=IR_VERSION, producer_name="designer")
    for key, value in (metadata or {}).items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model)
    return model


def _node(operator: Operator) -> onnx.NodeProto:
    attributes = {name: _attribute(value) for name, value in operator.attributes.items()}
    return helper.make_node(
        operator.type, list(operator.inputs), list(operator.outputs), domain=operator.domain, **attributes
    )


def _attribute(value: Any) -> Any:
    return numpy_helper.from_array(value) if isinstance(value, np.ndarray) else value


def _columns(tensors: Mapping[str, ElementType]) -> Iterator[onnx.ValueInfoProto]:
    return (helper.make_tensor_value_info(name, element_type, ["N", 1]) for name, element_type in tensors.items())
