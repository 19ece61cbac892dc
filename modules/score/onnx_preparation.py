"""Feature preparation in an ONNX graph: scaling, one-hot and ordinal encoding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder

from designer.contract.errors import ColumnNotFound, NotExportable
from designer.contract.onnx import ElementType, OnnxGraph, TensorColumns
from designer.contract.schema import Kind
from designer.contract.values import TrainedModel


def emit_preparation(graph: OnnxGraph, model: TrainedModel, columns: TensorColumns) -> str:
    """The matrix [N, prepared features] for the estimator."""
    check_columns(model, columns)
    parts = [
        _emit_step(graph, step, [columns[str(name)].tensor for name in names])
        for _, step, names in _steps(model.estimator[0])
    ]
    return parts[0] if len(parts) == 1 else str(graph.node("Concat", *parts, axis=1))


def emit_scoreable(graph: OnnxGraph, model: TrainedModel, columns: TensorColumns, prepared: str) -> str | None:
    """Mask of the rows with finite numbers only, [N, 1]; None if every row can be scored.

    A finite number of a request may overflow in an earlier step or in feature preparation.
    """
    numbers = [columns[c.name].tensor for c in model.features if c.kind not in (Kind.STRING, Kind.CATEGORICAL)]
    if not numbers:
        return None
    matrix = numbers[0] if len(numbers) == 1 else graph.node("Concat", *numbers, axis=1)
    wrong = [graph.node("IsInf", matrix), graph.node("IsInf", prepared)]
    wrong += [] if model.accepts_missing else [graph.node("IsNaN", matrix)]
    most = [
        graph.node(
            "ReduceMax", graph.node("Cast", cells, to=ElementType.INT64), graph.constant([1], np.int64), keepdims=1
        )
        for cells in wrong
    ]
    return str(graph.node("Equal", graph.node("Max", *most), graph.constant([[0]], np.int64)))


def check_columns(model: TrainedModel, columns: TensorColumns) -> None:
    """Check that every feature is present, as text or number as in training."""
    for feature in model.features:
        if feature.name not in columns:
            raise ColumnNotFound.named(feature.name, columns)
        is_text = feature.kind in (Kind.STRING, Kind.CATEGORICAL)
        if columns[feature.name].is_text != is_text:
            raise NotExportable(f"column '{feature.name}' was {feature.kind} in training and is not in the graph")


def _steps(preparation: ColumnTransformer) -> list[tuple[str, Any, Any]]:
    return [(name, step, names) for name, step, names in preparation.transformers_ if name != "remainder"]


def _emit_step(graph: OnnxGraph, step: Any, tensors: list[str]) -> str:
    match step:
        case OneHotEncoder():
            texts = zip(tensors, step.categories_, strict=True)
            parts = [_indicators(graph, tensor, [str(c) for c in known]) for tensor, known in texts if len(known)]
            return parts[0] if len(parts) == 1 else str(graph.node("Concat", *parts, axis=1))
        case OrdinalEncoder():
            parts = [_category_number(graph, tensor, step, i) for i, tensor in enumerate(tensors)]
            return parts[0] if len(parts) == 1 else str(graph.node("Concat", *parts, axis=1))
        case MinMaxScaler():
            scaled = graph.node("Mul", _side_by_side(graph, tensors), graph.constant([step.scale_]))
            return str(graph.node("Add", scaled, graph.constant([step.min_])))
        case _:
            return _side_by_side(graph, tensors)


def _side_by_side(graph: OnnxGraph, tensors: list[str]) -> str:
    return tensors[0] if len(tensors) == 1 else str(graph.node("Concat", *tensors, axis=1))


def _indicators(graph: OnnxGraph, tensor: str, known: list[str]) -> str:
    numbers = _look_up(graph, tensor, known, list(range(len(known))))
    hits = graph.node("Equal", numbers, graph.constant([list(range(len(known)))], np.int64))
    return str(graph.node("Cast", hits, to=ElementType.DOUBLE))


def _category_number(graph: OnnxGraph, tensor: str, encoder: OrdinalEncoder, position: int) -> str:
    """The ordinal code of each category, NaN if missing or unknown."""
    values = [value for value in encoder.categories_[position] if isinstance(value, str)]
    rows = pd.DataFrame(dict.fromkeys(encoder.feature_names_in_), index=range(len(values)), dtype=object)
    rows = rows.where(rows.notna(), None)
    rows[encoder.feature_names_in_[position]] = pd.Series(values, dtype=object)
    numbers = encoder.transform(rows)[:, position].astype("int64").tolist()
    codes = _look_up(graph, tensor, values, numbers)
    unknown = graph.node("Less", codes, graph.constant([[0]], np.int64))
    as_double = graph.node("Cast", codes, to=ElementType.DOUBLE)
    return graph.where(unknown, graph.constant([[np.nan]]), as_double)


def _look_up(graph: OnnxGraph, tensor: str, keys: list[str], values: list[int]) -> str:
    return str(
        graph.ml(
            "LabelEncoder",
            tensor,
            keys_tensor=np.array(keys, dtype=object),
            values_tensor=np.array(values, dtype=np.int64),
            default_tensor=np.array([-1], dtype=np.int64),
        )
    )
