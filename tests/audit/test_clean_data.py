"""Tables without a leak, real and synthetic, raise no findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sklearn import datasets

from tests.audit.test_audit import rules

MEASURED = {
    "anes96": "vote", "cancer": "cancer", "ccard": "AVGEXP", "committee": "BILLS104", "copper": "WORLDCONSUMPTION",
    "cpunish": "EXECUTIONS", "elnino": "DEC", "engel": "foodexp", "fair": "affairs", "grunfeld": "invest",
    "heart": "survival", "longley": "TOTEMP", "macrodata": "infl", "modechoice": "choice", "nile": "volume",
    "randhie": "mdvis", "scotland": "YES", "spector": "GRADE", "stackloss": "STACKLOSS", "star98": "NABOVE",
    "statecrime": "murder", "strikes": "duration", "sunspots": "SUNACTIVITY",
}  # fmt: skip
MADE: dict[str, Callable[[], Any]] = {
    "blobs": lambda: datasets.make_blobs(400, random_state=0),
    "circles": lambda: datasets.make_circles(400, noise=0.1, factor=0.5, random_state=0),
    "classification": lambda: datasets.make_classification(500, 10, random_state=0),
    "friedman1": lambda: datasets.make_friedman1(400, random_state=0),
    "friedman2": lambda: datasets.make_friedman2(400, random_state=0),
    "friedman3": lambda: datasets.make_friedman3(400, random_state=0),
    "gaussian quantiles": lambda: datasets.make_gaussian_quantiles(n_samples=400, random_state=0),
    "hastie": lambda: datasets.make_hastie_10_2(800, random_state=0),
    "moons": lambda: datasets.make_moons(400, noise=0.2, random_state=0),
    "regression": lambda: datasets.make_regression(400, 6, noise=5, random_state=0),
    "s curve": lambda: datasets.make_s_curve(400, noise=0.1, random_state=0),
    "swiss roll": lambda: datasets.make_swiss_roll(400, noise=0.1, random_state=0),
}


@pytest.mark.parametrize("name", MEASURED)
def test_measured_data_is_silent(name: str) -> None:
    table = getattr(sm.datasets, name).load_pandas().data.reset_index(drop=True)
    assert rules(table, MEASURED[name]) == set()


@pytest.mark.parametrize("name", MADE)
def test_made_data_is_silent(name: str) -> None:
    rows, label = MADE[name]()
    assert rules(pd.DataFrame(rows).add_prefix("x").assign(y=label), "y") == set()


def shop(rows: int = 600) -> pd.DataFrame:
    """A typical business table: counts, amounts, codes, dates, texts, missing cells and a noisy label."""
    chance = np.random.RandomState(2)
    age = chance.randint(18, 90, rows)
    income = np.round(chance.lognormal(10, 0.5, rows), -2)
    table = pd.DataFrame({
        "age": age,
        "income": income,
        "visits": chance.poisson(3, rows),
        "postcode": chance.choice([f"{n:05d}" for n in range(10115, 10155)], rows),
        "plan": pd.Series(chance.choice(["basic", "plus", "pro"], rows), dtype="category"),
        "since": pd.Timestamp("2019-01-01") + pd.to_timedelta(chance.randint(0, 1500, rows), unit="D"),
        "birth_year": 2020 - age,
        "remark": [" ".join(chance.choice(WORDS, chance.randint(6, 14))) for _ in range(rows)],
        "member": chance.rand(rows) < 0.4,
        "discount": np.where(chance.rand(rows) < 0.2, np.nan, np.round(chance.rand(rows), 2)),
    })  # fmt: skip
    odds = (age - 50) / 20 + (income - income.mean()) / income.std() + chance.normal(0, 1.5, rows)
    return table.assign(
        leaves=np.where(odds > 0, "yes", "no"), spent=np.round(income * 0.01 + chance.normal(0, 40, rows), 2)
    )


WORDS = ["order", "late", "again", "box", "open", "phone", "call", "helped", "price", "fair", "staff", "kind", "store"]


@pytest.mark.parametrize("label", ["leaves", "spent", "visits", "plan"])
def test_data_of_a_shop_is_silent(label: str) -> None:
    assert rules(shop().drop(columns=[name for name in ("leaves", "spent") if name != label]), label) == set()


def test_rows_that_agree_because_there_are_few_different_ones_are_silent() -> None:
    chance = np.random.RandomState(0)
    answers = pd.DataFrame(chance.randint(1, 6, (800, 3)), columns=["a", "b", "c"])
    assert rules(answers.assign(y=chance.randint(0, 2, 800)), "y") == set()


def test_a_series_in_the_order_of_time_without_an_echo_is_silent() -> None:
    chance = np.random.RandomState(0)
    days = pd.date_range("2020-01-01", periods=500)
    assert rules(pd.DataFrame({"day": days, "x": chance.normal(size=500), "y": chance.normal(size=500)}), "y") == set()
