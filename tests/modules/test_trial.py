"""Trials: steps learn inside the folds, each fold is reported, what cannot be a step is refused."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from designer.contract.errors import DesignerError, InvalidParameter, TooFewRows
from designer.contract.estimator import Transform
from designer.contract.files.sources import using
from designer.contract.module import Module
from designer.contract.progress import measuring_to
from designer.contract.schema import Schema
from designer.contract.values import Table, Transformation
from tests.folder_sources import FolderSources
from tests.modules.learning import LIBRARY, learner

LOGISTIC = ["two-class-logistic-regression", 1, {}]


def cancer() -> pd.DataFrame:
    frame = load_breast_cancer(as_frame=True).frame
    return frame.assign(target=frame["target"].map({0: "malignant", 1: "benign"}).astype("str"))


def trial(**parameters: Any) -> Module:
    given = {name: json.dumps(value) if name in ("steps", "learner") else value for name, value in parameters.items()}
    return LIBRARY["trial"].read({"label_column": "target", **given})


class Spied(NamedTuple):
    """The outputs of the spy."""

    dataset: Table
    transformation: Transformation


class WithSpy(FolderSources):
    """Sources that also know the spy."""

    def module(self, id: str, version: int, parameters: Any) -> Module:
        return Spy() if id == "spy" else LIBRARY.read(id, version, parameters)


class Spy(Transform, category="Tests"):
    """Remember the rows that it learned from."""

    seen: ClassVar[list[set[str]]] = []

    def run(self, dataset: Table) -> Spied:
        """Learn and apply."""
        return Spied(*self.fitted(dataset))

    def fit(self, dataset: Table) -> int:
        """Remember the digests of the rows."""
        Spy.seen.append(digests(dataset))
        return len(dataset)

    def apply(self, state: int, dataset: Table) -> Table:
        """Change nothing."""
        return dataset

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        """Change nothing."""
        return dataset


def digests(table: pd.DataFrame) -> set[str]:
    return {sha256(repr(row).encode()).hexdigest() for row in table.itertuples(index=False)}


@pytest.fixture(autouse=True)
def _sources(tmp_path: Path):
    Spy.seen.clear()
    with using(WithSpy(tmp_path)):
        yield


def test_a_trial_is_hidden_and_yet_known() -> None:
    assert "trial" in LIBRARY
    assert "trial" not in {module.spec().id for module in LIBRARY}
    assert "trial" not in LIBRARY.modules


def test_no_step_ever_sees_held_out_rows() -> None:
    rows = cancer().drop_duplicates().reset_index(drop=True)
    trial(steps=[["spy", 1, {}]], learner=LOGISTIC).run(rows)
    held = [digests(rows.iloc[out]) for _, out in _folds(rows)]
    assert len(Spy.seen) == 5
    for learned, out in zip(Spy.seen, held, strict=True):
        assert not learned & out
        assert learned | out == digests(rows)


def test_nor_rows_of_the_outer_fold() -> None:
    rows = cancer().drop_duplicates().reset_index(drop=True)
    whole = [digests(rows.iloc[out]) for _, out in _folds(rows, 3)]
    trial(steps=[["spy", 1, {}]], learner=LOGISTIC, outer_folds=3, outer_fold=1).run(rows)
    assert len(Spy.seen) == 5
    assert all(not learned & whole[1] for learned in Spy.seen)
    Spy.seen.clear()
    result = trial(steps=[["spy", 1, {}]], learner=LOGISTIC, outer_folds=3, outer_fold=1, measures="Outer fold")
    assert len(result.run(rows)) == 1
    assert [digests(rows) - learned for learned in Spy.seen] == [whole[1]]


def test_the_folds_equal_plain_scikit_learn() -> None:
    rows = cancer()
    normalize = ["normalize-data", 1, {"columns": [c for c in rows if c != "target"], "method": "ZScore"}]
    measured = trial(steps=[normalize], learner=LOGISTIC, metric="AUC").run(rows)
    expected = []
    for inner, out in _folds(rows):
        train, held = rows.iloc[inner, :-1], rows.iloc[out, :-1]
        mean, deviation = train.mean(), train.std(ddof=0)
        train, held = (train - mean) / deviation, (held - mean) / deviation
        low, high = train.min(), train.max()  # logistic regression scales to 0..1 by itself
        estimator = clone(learner("two-class-logistic-regression").estimator)
        model = estimator.fit((train - low) / (high - low), rows["target"].iloc[inner] == "malignant")
        scores = model.predict_proba((held - low) / (high - low))[:, 1]
        expected.append(roc_auc_score(rows["target"].iloc[out] == "malignant", scores))
    np.testing.assert_allclose(measured["AUC"], expected, rtol=1e-6)


def test_each_fold_is_reported_at_once_and_in_order() -> None:
    heard: list[tuple[int, float]] = []
    with measuring_to(lambda step, value: heard.append((step, value))):
        measured = trial(learner=LOGISTIC, metric="AUC").run(cancer())
    assert heard == list(enumerate(measured["AUC"], 1))
    assert measured["value"].tolist() == measured["AUC"].tolist()


def test_a_variant_of_a_wired_learner_is_measured_as_by_tune() -> None:
    rows = cancer()
    wired = learner("two-class-logistic-regression")
    tuned = LIBRARY["tune-model-hyperparameters"].read(
        {"label_column": "target", "specify_parameter_sweeping_mode": "Entire grid"}
    ).run(wired, rows)  # fmt: skip
    means = [trial(variant=number).run(rows, wired)["Accuracy"].mean() for number in range(len(wired.variants))]
    assert sorted(means, reverse=True) == tuned.sweep_results["Accuracy"].tolist()


def test_a_step_that_removes_held_out_rows_is_refused_by_name() -> None:
    rows = cancer()
    rows.loc[::7, "mean radius"] = None
    clean = ["clean-missing-data", 1, {"columns": ["mean radius"], "mode": "Remove entire row"}]
    with pytest.raises(TooFewRows, match="'Clean Missing Data' leaves"):
        trial(steps=[clean], learner=LOGISTIC).run(rows)


@pytest.mark.parametrize(
    ("steps", "learner", "problem"),
    [
        ([["sort", 1, {"columns": ["target"]}]], LOGISTIC, "'Sort' is no step"),
        ([["split-data", 1, {}]], LOGISTIC, "'Split Data' is no step"),
        ([["normalize-data"]], LOGISTIC, "names no module"),
        ([], ["normalize-data", 1, {"columns": ["mean radius"]}], "is no learner"),
        ([], ["two-class-logistic-regression"], "names no module"),
    ],
)
def test_what_cannot_be_a_step_or_a_learner_is_refused(steps: list[Any], learner: list[Any], problem: str) -> None:
    with pytest.raises(DesignerError, match=problem):
        trial(steps=steps, learner=learner).run(cancer())


def test_a_trial_without_a_learner_is_refused() -> None:
    with pytest.raises(DesignerError, match="neither a learner"):
        trial().run(cancer())
    with pytest.raises(InvalidParameter, match="no JSON list"):
        LIBRARY["trial"].read({"steps": "{"}).run(cancer(), learner("two-class-logistic-regression"))


def test_a_key_covers_the_code_of_what_a_trial_is_made_of() -> None:
    made = trial(steps=[["normalize-data", 1, {}]], learner=LOGISTIC)
    assert made.builds_on() == ("normalize-data", "two-class-logistic-regression")


def test_regression_is_measured_too() -> None:
    rows = load_diabetes(as_frame=True).frame
    measured = trial(learner=["linear-regression", 1, {}], metric="Mean absolute error").run(rows)
    assert len(measured) == 5
    assert measured["Mean absolute error"].between(30, 60).all()


def _folds(rows: pd.DataFrame, count: int = 5) -> list[tuple[np.ndarray, np.ndarray]]:
    return list(StratifiedKFold(count, shuffle=True, random_state=0).split(rows, rows["target"]))
