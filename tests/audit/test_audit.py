"""Leaks planted in data are reported; clean data raises no findings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets

from designer.audit import copies
from designer.audit.audit import audit_columns, audit_rows


def rules(table: pd.DataFrame, label: str) -> set[str]:
    """The rules that a random split of a table breaks."""
    order = np.random.RandomState(0).permutation(len(table))
    first, second = (table.iloc[part].reset_index(drop=True) for part in np.split(order, [int(len(table) * 0.7)]))
    features = [name for name in table if name != label]
    findings = audit_columns(first, label, features) + audit_rows(first, second, label, features, is_split=True)
    return {finding.rule for finding in findings}


def noisy() -> pd.DataFrame:
    rows, y = datasets.make_classification(600, 8, n_informative=3, flip_y=0.3, random_state=1)
    return pd.DataFrame(rows).add_prefix("x").assign(y=y)


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes", "digits"])
def test_clean_datasets_are_silent(name: str) -> None:
    assert rules(getattr(datasets, f"load_{name}")(as_frame=True).frame, "target") == set()
    assert rules(noisy(), "y") == set()


def test_planted_leaks_are_found() -> None:
    clean = noisy()
    assert rules(pd.concat([clean, clean]), "y") == {"same-rows"}
    assert rules(clean.assign(k=np.random.RandomState(0).permutation(600)), "y") == {"identifier-in-data"}
    assert rules(clean.assign(k=[f"P-{n:05d}" for n in range(600)]), "y") == {"identifier-in-data"}
    assert rules(clean.assign(k=clean["y"].map({0: "no", 1: "yes"})), "y") == {"answer-in-data"}
    assert rules(clean.assign(k=clean["x0"], y=clean["x0"] * 3 + 1), "y") == {"answer-in-data"}


def test_a_finding_in_a_sample_says_how_many_rows_were_judged() -> None:
    chance = np.random.RandomState(0)
    y = chance.randint(0, 2, 120_000)
    table = pd.DataFrame({"x": chance.normal(size=len(y)), "k": np.where(y == 1, "yes", "no"), "y": y})
    (finding,) = audit_columns(table, "y", ["x", "k"])
    assert (finding.rule, finding.judged) == ("answer-in-data", "Judged on 50,000 of 120,000 rows.")
    (finding,) = audit_columns(table.head(1000), "y", ["x", "k"])
    assert finding.judged == ""


def test_rows_of_a_sampled_table_are_named_by_their_place_in_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "ROW_LIMIT", 100)
    table = pd.DataFrame(np.random.RandomState(0).normal(size=(400, 3)), columns=["a", "b", "c"])
    duplicates = copies.copies(table.iloc[::-1].reset_index(drop=True), table, ["a", "b", "c"])
    assert duplicates is not None
    assert duplicates.held_out == (0, 4, 8)
    assert duplicates.training == (399, 395, 391)
    assert duplicates.count == 400
