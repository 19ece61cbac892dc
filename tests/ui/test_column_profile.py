"""How the Datasets pages describe a column."""

import numpy as np
import pandas as pd
import pytest

from designer.ui.views.dataset.column_profile import ColumnProfile, column_profile, head_note, histogram


def stats(profile: ColumnProfile) -> dict[str, str]:
    return {stat.label: stat.value for stat in profile.stats}


def test_numbers_have_moments_and_their_bars_hold_every_row() -> None:
    series = pd.Series([1, 2, 2, 3, 3, 3, 100], name="n")
    profile = column_profile(series, "feature")
    assert stats(profile)["Median"] == "3.00"
    assert (stats(profile)["Min"], stats(profile)["Max"]) == ("1", "100")
    assert sum(int(bar.label.split(": ")[1].split()[0]) for bar in profile.histogram.bars) == 7


def test_integers_of_many_digits_are_told_digit_by_digit() -> None:
    first = 100_000_000_000_000_001
    series = pd.Series([first, first + 2, first + 6], name="n", dtype="int64")
    profile = column_profile(series, "feature")
    assert stats(profile)["Min"] == "100,000,000,000,000,001"
    assert stats(profile)["Max"] == "100,000,000,000,000,007"
    assert stats(profile)["Mean"] == "100,000,000,000,000,004"  # 2 2/3 above the first
    assert stats(profile)["Median"] == "100,000,000,000,000,003"
    assert stats(profile)["Standard deviation"] == "3.06"  # sqrt(28/3)
    assert (profile.histogram.low, profile.histogram.middle) == ("100,000,000,000,000,001", "")
    assert profile.histogram.high == "100,000,000,000,000,007"
    assert head_note(series) == "18 digits"


def test_days_are_told_without_a_time() -> None:
    series = pd.to_datetime(pd.Series(["2026-01-02", "2026-01-02", "2026-03-04"])).rename("day")
    profile = column_profile(series, "feature")
    assert [stat.label for stat in profile.frequent] == ["2026-01-02", "2026-03-04"]
    assert head_note(series) == "from 2026-01-02"
    moments = pd.to_datetime(pd.Series(["2026-01-02 10:30"] * 2)).rename("at")
    assert column_profile(moments, "feature").frequent[0].label == "2026-01-02 10:30:00"


def test_missing_values_are_counted_and_marked() -> None:
    profile = column_profile(pd.Series([1.0, None, 3.0, 4.0], name="n"), "feature")
    missing = next(stat for stat in profile.stats if stat.label == "Missing")
    assert (missing.value, missing.tone) == ("1 (25.0 %)", "warn")


def test_text_is_drawn_by_frequency() -> None:
    bars = histogram(pd.Series(["b", "a", "a", "a", "b", "c"], name="t"), 10).bars
    assert [bar.height for bar in bars] == [1, pytest.approx(2 / 3), pytest.approx(1 / 3)]


def test_the_rarer_answer_is_followed_by_fifths() -> None:
    number = pd.Series(range(100), name="n")
    answer = pd.Series(np.where(number >= 80, "yes", "no"), name="y")
    profile = column_profile(number, "feature", answer)
    assert profile.share_title == "Share of “yes” by fifth"
    assert [share.value for share in profile.label_shares] == ["0.0 %", "0.0 %", "0.0 %", "0.0 %", "100.0 %"]


def test_a_number_to_predict_is_averaged() -> None:
    profile = column_profile(pd.Series(["a", "b"] * 10, name="t"), "feature", pd.Series([1.0, 3.5] * 10, name="price"))
    assert profile.share_title == "Mean of price by value"
    assert {share.label: share.value for share in profile.label_shares} == {"a": "1.00", "b": "3.50"}


@pytest.mark.parametrize(
    "series",
    [
        pd.Series([], dtype="float64"), pd.Series([None, None], dtype="float64"), pd.Series([5.0]),
        pd.Series([], dtype="str"), pd.Series([True, False]), pd.to_datetime(pd.Series(["2026-01-01", None])),
        pd.Series([1, None], dtype="Int64"), pd.Series(["a"], dtype="category"), pd.Series([2**62, -(2**62)]),
    ],
)  # fmt: skip
def test_every_column_has_a_profile_that_survives_json(series: pd.Series) -> None:
    profile = column_profile(series.rename("c"), "feature")
    assert ColumnProfile.from_json(profile.to_json()) == profile
    assert isinstance(head_note(series), str)


def test_frequent_numbers_are_told_apart_and_come_more_than_once() -> None:
    numbers = pd.Series([0.02731, 0.02731, 0.02763, 0.02763, 14.3337, 14.3337, *np.arange(20) / 1000 + 0.5], name="x")
    assert [stat.label for stat in column_profile(numbers, "feature").frequent] == ["0.02731", "0.02763", "14.33"]
    assert column_profile(pd.Series(np.arange(20) / 7, name="x"), "feature").frequent == []


def test_of_a_few_numbers_all_are_frequent() -> None:
    assert len(column_profile(pd.Series([1.5, 2.5, 2.5], name="x"), "feature").frequent) == 2


@pytest.mark.parametrize(
    "series",
    [
        pd.Series(712345678901234500 + np.arange(30)),
        pd.Series([2**62] * 5),
        pd.Series([-(2**63), 2**63 - 1]),
        pd.Series([np.inf, -np.inf, 1.0]),
        pd.Series([np.inf] * 3),
        pd.Series([1.7e308, -1.7e308, 0.0]),
        pd.Series([1.0, 1.0 + 3e-16]),
        pd.to_datetime(pd.Series(["0001-01-01", "9999-12-31 23:59:59.999999"]), format="ISO8601"),
    ],
)
def test_no_column_is_too_odd_for_a_picture_and_statistics(series: pd.Series) -> None:
    profile = column_profile(series.rename("c"), "feature")
    assert any(bar.height == 1 for bar in profile.histogram.bars) or not np.isfinite(series).any()
