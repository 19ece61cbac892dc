"""Run by test_catboost.py where the package is installed: plain CatBoost, equal bytes, and ONNX parity."""

from __future__ import annotations

import pickle
from typing import Any

import catboost
import numpy as np
import onnxruntime
from designer_catboost.emitter import emit_margins
from designer_catboost.estimators import CatBoostClassification, CatBoostRegression
from threadpoolctl import threadpool_limits

from designer.contract.onnx import ElementType, OnnxGraph, Operator
from designer.inference.onnx_model import onnx_model

DRAW = np.random.default_rng(0)
ROWS = 1500
CODES = np.column_stack([DRAW.integers(0, 40, ROWS), DRAW.integers(0, 2, ROWS), DRAW.integers(0, 7, ROWS)])
MATRIX = np.column_stack([CODES.astype("float64"), DRAW.normal(size=(ROWS, 2))])
MATRIX[::11, 0] = np.nan
MATRIX[::7, 4] = np.nan
SIGNAL = MATRIX[:, 3] + np.sin(CODES[:, 0]) + DRAW.normal(size=ROWS)
HARD = MATRIX.copy()
HARD[:50], HARD[50:90, 3], HARD[90:100, 3], HARD[100:110, 4] = np.nan, np.nan, 1e300, -1e300
CASES: list[tuple[type[Any], Any]] = [
    (CatBoostClassification, (SIGNAL > 0).astype(int)),
    (CatBoostClassification, np.digitize(SIGNAL, [-1, 1])),
    (CatBoostRegression, SIGNAL),
    (CatBoostRegression, np.full(ROWS, 4.0)),
]


def in_onnx(model: Any) -> np.ndarray[Any, Any]:
    """The raw predictions of onnxruntime for the hard rows."""
    graph = OnnxGraph()
    graph.inputs["matrix"] = ElementType.DOUBLE
    graph.operators.append(Operator("Identity", (emit_margins(graph, model, "matrix"),), ("out:raw",)))
    graph.outputs["out:raw"] = ElementType.DOUBLE
    written = onnx_model(graph, {})
    for value in (*written.graph.input, *written.graph.output):
        value.type.tensor_type.shape.dim[1].Clear()
    return np.asarray(onnxruntime.InferenceSession(written.SerializeToString()).run(None, {"matrix": HARD})[0])


for kind, target in CASES:
    for categorical in ([0, 1, 2], None):
        model = kind(iterations=40, categorical_features=categorical).fit(MATRIX, target)
        with threadpool_limits(1, user_api="openmp"):
            again = kind(iterations=40, categorical_features=categorical).fit(MATRIX, target)
        assert pickle.dumps(model) == pickle.dumps(again)
        raw = model.answers(HARD, "RawFormulaVal").reshape(ROWS, -1)
        assert np.abs(in_onnx(model) - raw).max() < 1e-9

plain = catboost.CatBoostClassifier(
    iterations=40, learning_rate=0.1, depth=6, l2_leaf_reg=3.0, random_seed=0, max_ctr_complexity=1,
    bootstrap_type="Bayesian", verbose=False, allow_writing_files=False, cat_features=[0, 1, 2],
)  # fmt: skip
frame = CatBoostClassification(categorical_features=[0, 1, 2]).rows(MATRIX)
plain.fit(frame, CASES[0][1])
ours = CatBoostClassification(iterations=40, categorical_features=[0, 1, 2]).fit(MATRIX, CASES[0][1])
assert np.array_equal(plain.predict_proba(frame), ours.predict_proba(MATRIX))
