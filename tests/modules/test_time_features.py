"""Time Features against the calendar of the standard library, pandas and hand-made series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import DuplicateColumns, InvalidParameter, NotExportable, WrongColumnType
from modules.time_series.calendar import PARTS
from modules.time_series.time_features import TimeFeatures
from tests.modules.readings import run, same_as_onnx, same_as_script

NONE = {"time": "t", **dict.fromkeys(PARTS, False)}
ALL = {"time": "t", **dict.fromkeys(PARTS, True)}
MOMENTS = pd.to_datetime(
    ["2024-02-29 23:59:59.5", "1969-12-31 00:00", "2000-01-01 12:30:15", "1900-03-01", "2021-01-03", "2020-12-31"],
    format="ISO8601",
)


def test_parts_equal_those_of_the_standard_library() -> None:
    features = run(TimeFeatures.read(ALL), pd.DataFrame({"t": MOMENTS}))
    for row, moment in zip(features.to_dict("records"), MOMENTS.to_pydatetime(), strict=True):
        assert (row["t_year"], row["t_month"], row["t_day"]) == (moment.year, moment.month, moment.day)
        assert (row["t_hour"], row["t_minute"], row["t_second"]) == (moment.hour, moment.minute, moment.second)
        assert (row["t_week"], row["t_weekday"]) == moment.isocalendar()[1:]
        assert row["t_day_of_year"] == moment.timetuple().tm_yday
        assert row["t_iso_year"] == moment.isocalendar()[0]
        assert row["t_quarter"] == (moment.month + 2) // 3
        assert row["t_weekend"] == (moment.isoweekday() > 5)


def test_onnx_knows_the_gregorian_calendar_for_four_centuries() -> None:
    random = np.random.default_rng(2)
    days = pd.Timestamp("1800-01-01") + pd.to_timedelta(random.integers(0, 400 * 365 * 24 * 60, 3000), unit="min")
    moments = pd.Series([*days, *MOMENTS, pd.NaT]).astype("datetime64[us]")
    table = pd.DataFrame({"t": moments})
    module = TimeFeatures.read({**ALL, "cycles": True})
    same_as_onnx(module.to_onnx, table, module.run(table))


def test_a_zone_is_read_in_utc() -> None:
    zoned = pd.DataFrame({"t": pd.to_datetime(["2024-01-01 00:30"]).tz_localize("Europe/Berlin")})
    features = run(TimeFeatures.read({"time": "t"}), zoned)
    assert (features["t_year"][0], features["t_day"][0], features["t_hour"][0]) == (2023, 31, 23)


def test_cycles_go_round() -> None:
    table = pd.DataFrame({"t": pd.to_datetime(["2024-01-01 06:00", None])})
    features = run(TimeFeatures.read({**NONE, "hour": True, "cycles": True}), table)
    assert (features["t_hour_sin"][0], features["t_hour_cos"][0]) == pytest.approx((1, 0))
    assert features.iloc[1, 1:].isna().all()


SERIES = pd.DataFrame(
    {
        "t": pd.to_datetime(["2024-01-03", "2024-01-01", "2024-01-02", "2024-01-02", "2024-01-01", None]),
        "shop": pd.Series(["a", "a", "a", "b", "b", "a"], dtype="str"),
        "sales": [9, 5, 7, 2, 1, 100],
        "part": [0.5, np.nan, 2.0, 3.0, 4.0, 5.0],
    }
)


def test_lags_look_back_in_time_within_a_series_and_rows_keep_their_place() -> None:
    module = TimeFeatures.read({**NONE, "values": ["sales"], "lags": "1, 2", "series": ["shop"]})
    features = run(module, SERIES)
    assert features["sales"].tolist() == SERIES["sales"].tolist()
    assert features["sales_lag_1"].fillna(-1).tolist() == [7, -1, 5, 1, -1, -1]
    assert features["sales_lag_2"].fillna(-1).tolist() == [5, -1, -1, -1, -1, -1]


def test_windows_end_before_the_row_unless_it_is_included() -> None:
    settings = {**NONE, "values": ["sales"], "lags": "", "windows": "2", "function": "sum", "series": ["shop"]}
    assert run(TimeFeatures.read(settings), SERIES)["sales_sum_2"].fillna(-1).tolist() == [12, -1, -1, -1, -1, -1]
    features = run(TimeFeatures.read({**settings, "current": True}), SERIES)["sales_sum_2"]
    assert features.fillna(-1).tolist() == [16, -1, 12, 3, -1, -1]


def test_windows_equal_pandas_on_one_long_series() -> None:
    random = np.random.default_rng(0)
    table = pd.DataFrame({"t": pd.date_range("2024-01-01", periods=200), "x": random.normal(size=200)})
    module = TimeFeatures.read({**NONE, "values": ["x"], "windows": "7", "function": "std"})
    features = run(module, table.sample(frac=1, random_state=1).reset_index(drop=True)).sort_values("t")
    np.testing.assert_allclose(features["x_std_7"], table["x"].shift(1).rolling(7).std(), rtol=1e-9)


def test_the_script_adds_the_same() -> None:
    module = TimeFeatures.read({**ALL, "cycles": True, "values": ["sales", "part"], "windows": "2", "series": ["shop"]})
    same_as_script(module, SERIES)


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(WrongColumnType, match="'sales' is Integer"):
        run(TimeFeatures.read({"time": "sales"}), SERIES)
    with pytest.raises(InvalidParameter, match="'x' does not fit"):
        TimeFeatures.read({"time": "t", "values": ["sales"], "lags": "x"}).run(SERIES)
    with pytest.raises(InvalidParameter, match="nothing is chosen"):
        TimeFeatures.read(NONE).run(SERIES)
    with pytest.raises(DuplicateColumns, match="'t_year'"):
        TimeFeatures.read({"time": "t"}).run(SERIES.assign(t_year=1))
    with pytest.raises(NotExportable, match="depend on other rows"):
        same_as_onnx(TimeFeatures.read({"time": "t", "values": ["sales"]}).to_onnx, SERIES, SERIES)


def test_the_iso_year_is_the_one_that_the_week_belongs_to() -> None:
    days = pd.DataFrame({"day": pd.to_datetime(["2018-01-02", "2018-12-31", "2021-01-03", None, "2020-12-31"])})
    settings = {"time": "day", "iso_year": True, "week": True}
    features = run(TimeFeatures.read(settings), days)
    assert features["day_year"].tolist()[:3] == [2018, 2018, 2021]
    assert features["day_iso_year"].dropna().tolist() == [2018, 2019, 2020, 2020]
    assert features["day_week"].dropna().tolist() == [1, 1, 53, 53]
