"""Time Series Split against scikit-learn and hand-made series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import TimeSeriesSplit as Folds

from designer.contract.errors import ConversionFailed, InvalidParameter, InvalidValues, TooFewRows
from modules.time_series.time_series_split import TimeSeriesSplit
from tests.modules.readings import run, script_of

DAYS = pd.DataFrame({"t": pd.date_range("2024-01-01", periods=10), "n": range(1, 11)})
MIXED = DAYS.sample(frac=1, random_state=0).reset_index(drop=True)


def test_a_share_of_the_days_comes_first() -> None:
    first, second = run(TimeSeriesSplit.read({"time": "t", "share": 0.7}), MIXED)
    assert (first["n"].tolist(), second["n"].tolist()) == ([1, 2, 3, 4, 5, 6, 7], [8, 9, 10])


def test_a_gap_is_left_out_of_the_first() -> None:
    first, second = run(TimeSeriesSplit.read({"time": "t", "share": 0.7, "gap": 2}), MIXED)
    assert (first["n"].tolist(), second["n"].tolist()) == ([1, 2, 3, 4, 5], [8, 9, 10])


def test_a_moment_belongs_to_the_second() -> None:
    first, second = run(TimeSeriesSplit.read({"time": "t", "mode": "Moment", "moment": "2024-01-04"}), MIXED)
    assert (len(first), second["n"].min()) == (3, 4)
    zoned = DAYS.assign(t=DAYS["t"].dt.tz_localize("America/New_York"))
    first, _ = run(TimeSeriesSplit.read({"time": "t", "mode": "Moment", "moment": "2024-01-04 05:00"}), zoned)
    assert len(first) == 3
    first, _ = run(TimeSeriesSplit.read({"time": "n", "mode": "Moment", "moment": "4"}), MIXED)
    assert first["n"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(("rows", "folds", "gap"), [(10, 4, 0), (23, 5, 2), (7, 2, 1)])
def test_folds_are_those_of_scikit_learn(rows: int, folds: int, gap: int) -> None:
    table = pd.DataFrame({"t": np.arange(rows)})
    for fold, (train, test) in enumerate(Folds(folds, gap=gap).split(table), start=1):
        module = TimeSeriesSplit.read({"time": "t", "mode": "Fold", "folds": folds, "fold": fold, "gap": gap})
        first, second = run(module, table)
        assert (first["t"].tolist(), second["t"].tolist()) == (train.tolist(), test.tolist())


def test_the_script_divides_the_same() -> None:
    module = TimeSeriesSplit.read({"time": "t", "mode": "Moment", "moment": "2024-01-04"})
    for part, expected in zip(script_of(module, MIXED), module.run(MIXED), strict=True):
        pd.testing.assert_frame_equal(part, expected)


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(ConversionFailed, match="'soon' is no date"):
        run(TimeSeriesSplit.read({"time": "t", "mode": "Moment", "moment": "soon"}), DAYS)
    with pytest.raises(InvalidParameter, match="no fold 6 of 5"):
        run(TimeSeriesSplit.read({"time": "t", "mode": "Fold", "fold": 6}), DAYS)
    with pytest.raises(TooFewRows, match="only 5 rows for"):
        run(TimeSeriesSplit.read({"time": "t", "mode": "Fold"}), DAYS.head())
    with pytest.raises(InvalidValues, match="'t' has missing"):
        run(TimeSeriesSplit.read({"time": "t"}), DAYS.assign(t=DAYS["t"].shift(1)))
