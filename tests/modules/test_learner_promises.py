"""Every learner trains and scores, or raises a DesignerError; its script gives the same results."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from designer.contract.errors import DesignerError, NotExportable
from designer.contract.estimator import Learner
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Task, UntrainedModel, outline
from tests.modules.learning import LIBRARY, only, people
from tests.parity import assert_same_in_onnx
from tests.tables import is_documented, mixed, odd_tables

SMALL: dict[str, dict[str, Any]] = {
    "catboost-classification": {"number_of_iterations": 10},
    "catboost-regression": {"number_of_iterations": 10},
    "dbscan-clustering": {"largest_distance": 1.2},
    "fast-forest-quantile-regression": {"number_of_trees": 3},
    "extra-trees-classification": {"number_of_trees": 5},
    "extra-trees-regression": {"number_of_trees": 5},
    "isolation-forest": {"number_of_trees": 5},
}
FAR: dict[str, dict[str, Any]] = {"dbscan-clustering": {"largest_distance": 4.0}}
"""Settings for a table in which every row is far from all others."""
LEARNERS = [id for id, module in LIBRARY.modules.items() if issubclass(module, Learner) and not module.spec().inputs]
ODD = odd_tables()
# Far from its training rows naive Bayes subtracts logarithms of about 1e9, which leaves eight digits.
TOLERANCE = {"two-class-naive-bayes": 1e-6, "multiclass-naive-bayes": 1e-6}
LABELS = {Task.TWO_CLASS: "flag", Task.MULTICLASS: "text", Task.REGRESSION: "whole"}


def modules_for(untrained: UntrainedModel, label: str) -> tuple[Any, Any]:
    """The modules that train and that score a learner."""
    match untrained.task:
        case Task.CLUSTERING:
            return LIBRARY["train-clustering-model"].read({}), LIBRARY["assign-data-to-clusters"].read({})
        case Task.ANOMALY:
            return LIBRARY["train-anomaly-detection-model"].read({}), LIBRARY["score-model"].read({})
        case _:
            return LIBRARY["train-model"].read({"label_column": label}), LIBRARY["score-model"].read({})


def trained(module: Any, untrained: UntrainedModel, table: pd.DataFrame) -> Any:
    result = module.run(untrained, table)
    return result[0] if isinstance(result, tuple) else result


@pytest.mark.parametrize("id", LEARNERS)
def test_odd_tables_are_learned_or_refused(id: str) -> None:
    untrained = LIBRARY[id].read(SMALL.get(id, {})).run()
    one_row, one_column = mixed(12).head(1), mixed(12)[["whole"]]
    for name, table in {**ODD, "one row": one_row, "one column": one_column, "no rows": mixed(12).head(0)}.items():
        train, score = modules_for(untrained, LABELS.get(untrained.task, ""))
        before = table.copy(deep=True)
        try:
            model = trained(train, untrained, table)
            scored = score.run(model, table)
        except DesignerError:
            continue
        assert len(scored) == len(table)
        assert all(is_documented(scored[column]) for column in scored.columns), name
        inferred = score.infer(outline(model), Schema.of(table))
        assert [(c.name, c.kind) for c in inferred] == [(c.name, c.kind) for c in Schema.of(scored)], name
        pd.testing.assert_frame_equal(table, before)


PEOPLE = people(150)
CALM = {Task.TWO_CLASS: "rich", Task.MULTICLASS: "grade", Task.REGRESSION: "count"}


@pytest.mark.parametrize("id", LEARNERS)
def test_the_script_scores_as_the_modules_do(id: str) -> None:
    module = LIBRARY[id].read(SMALL.get(id, {}))
    untrained = module.run()
    label = CALM.get(untrained.task, "")
    table = only(PEOPLE, label)
    train, score = modules_for(untrained, label)
    script = Script()
    dataset = Variable(script.variable("dataset"), Schema.of(table))
    (learner,) = module.to_python(script)
    known = outline(untrained)
    model = train.to_python(script, untrained_model=Variable(learner, known), dataset=dataset)[0]
    fitted = trained(train, untrained, table)
    (scored,) = score.to_python(script, trained_model=Variable(model, outline(fitted)), dataset=dataset)
    source = str(script)
    assert "from modules" not in source
    assert "designer" not in source.split("\n\n\n")[1]
    namespace: dict[str, Any] = {"dataset": table}
    exec(compile(source, "exported.py", "exec"), namespace)
    pd.testing.assert_frame_equal(namespace[scored], score.run(fitted, table))


@pytest.mark.parametrize("id", LEARNERS)
def test_onnx_scores_odd_tables_alike(id: str) -> None:
    untrained = LIBRARY[id].read(FAR.get(id, SMALL.get(id, {}))).run()
    label = LABELS.get(untrained.task, "")
    train, score = modules_for(untrained, label)
    model = trained(train, untrained, mixed(40))
    for name in ("strange", "without values", "constant", "zoned"):
        table = ODD[name]
        if len(table) != 12 or not set(model.features.names) <= set(table):
            continue
        try:
            expected = score.run(model, table)
            assert_same_in_onnx(
                table,
                expected,
                lambda graph, columns: score.to_onnx(graph, trained_model=model, dataset=columns),
                TOLERANCE.get(id, 1e-9),
            )
        except NotExportable:
            return
