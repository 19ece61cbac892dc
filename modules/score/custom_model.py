"""Run the class of Create Python Model."""

from __future__ import annotations

import linecache
import traceback
from typing import Any

import pandas as pd

from designer.contract.errors import ScriptFailed
from designer.contract.schema import Column, Schema
from designer.contract.values import ModelScript, Table, Task, TrainedModel
from designer.contract.wording.articles import with_article
from designer.contract.wording.counting import counted

FILE = "model script"


def train_custom(name: str, script: ModelScript, table: Table, label: Column, features: Schema) -> TrainedModel:
    """Create an instance and train it on the labelled rows."""
    rows = table[table[label.name].notna()].reset_index(drop=True)
    try:
        instance = _class_of(script.source)()
        instance.train(rows[features.names].copy(), rows[[label.name]].copy())
    except (Exception, SystemExit) as error:
        raise _failed(error, "Untrained model") from error
    report = {"features": features.names, "not_used": {}, "rows": len(rows), "incomplete": 0, "notes": []}
    report["without_label"] = len(table) - len(rows)
    learned = ModelScript(script.source, dict(vars(instance)))
    return TrainedModel(name, Task.REGRESSION, learned, features, label, accepts_missing=True, report=report)


def predict_custom(model: TrainedModel, table: Table) -> Table:
    """The predictions of the trained class: a table with one row per input row."""
    missing = [name for name in model.features.names if name not in table]
    if missing:
        raise ScriptFailed(f"no column '{missing[0]}'", "Keep the columns of training.", column=missing[0])
    try:
        kind = _class_of(model.estimator.source)
        instance = kind.__new__(kind)
        vars(instance).update(model.estimator.state)
        answer = instance.predict(table[model.features.names].copy())
    except (Exception, SystemExit) as error:
        raise _failed(error, "Trained model") from error
    if not isinstance(answer, pd.DataFrame) or len(answer) != len(table):
        kind_name = type(answer).__name__
        size = f" with {counted(len(answer), 'row')} for {len(table):,}" if isinstance(answer, pd.DataFrame) else ""
        raise ScriptFailed(
            f"predict returned {with_article(kind_name)}{size}", "Return a DataFrame with as many rows as it was given."
        )
    return answer.set_axis(table.index, axis=0).rename(columns=str)


def refuse_taken(names: list[str], table: Table) -> None:
    """Raise ScriptFailed if a score would overwrite a column of the table."""
    taken = [name for name in names if name in table]
    if taken:
        problem = f"predict returns a column '{taken[0]}', which the dataset already has"
        raise ScriptFailed(problem, "Give it another name.", port="Dataset", column=taken[0])


def _class_of(script: str) -> Any:
    namespace: dict[str, Any] = {"__name__": "model_script", "__file__": FILE}
    linecache.cache[FILE] = (len(script), None, script.splitlines(keepends=True), FILE)
    exec(compile(script, FILE, "exec"), namespace)  # noqa: S102  (the module's purpose)
    return namespace["AzureMLModel"]


def _failed(error: BaseException, port: str) -> ScriptFailed:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    place = f"line {lines[-1]}: " if lines else ""
    problem = f"{place}{type(error).__name__}: {error}"
    return ScriptFailed(problem, "Correct the script of Create Python Model.", port=port)
