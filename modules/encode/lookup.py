"""Look up text keys: cells of text and categories, in pandas and in an ONNX graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from designer.contract.onnx import MISSING, OnnxGraph
from designer.contract.selection import Columns, Rule
from designer.contract.values import cells

Coded: TypeAlias = tuple[np.ndarray[Any, Any], list[str]]
TEXT_FEATURES = Columns(
    rules=(
        Rule(by="kinds", kinds=("String", "Categorical")),
        Rule(action="exclude", by="roles", roles=("Label", "Score", "None")),
    )
)


def keys(series: pd.Series[Any]) -> pd.Series[Any]:
    """The cells as text, with a sentinel for missing cells."""
    text = cells(series, "String")
    return text.where(text.notna(), MISSING)


def coded(series: pd.Series[Any]) -> Coded:
    """The code of each cell (-1 for missing) and the distinct texts."""
    if series.dtype.name == "category":
        return np.asarray(series.cat.codes, dtype="int64"), [str(level) for level in series.cat.categories]
    codes, texts = pd.factorize(series)
    return codes, [str(text) for text in texts]


def looked_up(
    series: pd.Series[Any], tables: Mapping[str, tuple[Mapping[str, float], float]], known: Coded | None = None
) -> dict[str, Any]:
    """For each new column, the number mapped to each cell's text, or the fallback number.

    `known` is the precomputed result of `coded` for the column.
    """
    codes, texts = coded(series) if known is None else known
    columns: dict[str, Any] = {}
    for title, (values, otherwise) in tables.items():
        numbers = np.array([values.get(text, otherwise) for text in [*texts, MISSING]], dtype="float64")
        columns[title] = pd.Series(numbers[codes], index=series.index, copy=False)
    return columns


def number_tensor(graph: OnnxGraph, tensor: str, values: Mapping[str, float], otherwise: float) -> str:
    """Map each text of a tensor to its number, in double precision."""
    place = graph.ml(
        "LabelEncoder",
        tensor,
        keys_tensor=np.array(list(values) or [""], dtype=object),
        values_tensor=np.arange(max(len(values), 1), dtype=np.int64),
        default_tensor=np.array([len(values)], dtype=np.int64),
    )
    table = graph.constant([*values.values(), otherwise] if values else [otherwise, otherwise])
    return str(graph.node("Gather", table, place, axis=0))


def text_tensor(graph: OnnxGraph, tensor: str, values: Mapping[str, str], otherwise: str | None) -> str:
    """Map each text of a tensor to its replacement; `otherwise` None keeps unmapped texts."""
    unknown = "\u0000unknown" if otherwise is None else otherwise
    replaced = graph.ml(
        "LabelEncoder",
        tensor,
        keys_strings=[*values, MISSING],
        values_strings=[*values.values(), MISSING],
        default_string=unknown,
    )
    if otherwise is not None:
        return str(replaced)
    kept = graph.node("Equal", replaced, graph.constant([[unknown]], object))
    return graph.where(kept, tensor, replaced)
