"""Small pipelines by code."""

from __future__ import annotations

from typing import Any

from designer.sdk import Dataset, Pipeline, pipeline
from designer.sdk import modules as m

ROWS = "age,income\n" + "".join(f"{20 + n},{'high' if n % 3 else 'low'}\n" for n in range(60))


@pipeline(name="Income")
def income(data: Dataset = "people", share: float = 0.7, label: str = "income"):  # type: ignore[no-untyped-def,assignment]
    """Train a model and evaluate it on the other rows."""
    training, held_out = m.split_data(data, fraction=share)
    model = m.train_model(m.two_class_logistic_regression(), training, label_column=label)
    return m.evaluate_model(m.score_model(model, held_out))


def numbers(script: str = "", **settings: Any) -> Pipeline:
    """Rows typed in, and a script over them."""
    rows = m.enter_data_manually(data="a\n1\n2\n")
    return Pipeline(m.execute_python_script(rows, script=script), name="Numbers", **settings)
