"""Each kind of leak, planted in several ways, is reported with its column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.audit.audit import audit_columns, audit_rows
from designer.audit.finding import ANSWER, FUTURE, GROUP, IDENTIFIER, SAME_ROWS, Finding
from tests.audit.test_audit import noisy

ROWS = 600
PLANT = Callable[[pd.DataFrame, Any], pd.DataFrame]


def findings(table: pd.DataFrame, label: str = "y") -> list[Finding]:
    order = np.random.RandomState(0).permutation(len(table))
    first, second = (table.iloc[part].reset_index(drop=True) for part in np.split(order, [int(len(table) * 0.7)]))
    features = [name for name in table if name != label]
    return audit_columns(first, label, features) + audit_rows(first, second, label, features, is_split=True)


def measured() -> pd.DataFrame:
    """A table with a numeric label."""
    chance = np.random.RandomState(3)
    rows = pd.DataFrame(chance.normal(size=(ROWS, 4))).add_prefix("x")
    return rows.assign(y=np.round(3 * rows["x0"] - rows["x1"] + chance.normal(0, 1, ROWS), 3) + 20)


COPIES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "all twice": lambda t: pd.concat([t, t]),
    "a tenth twice": lambda t: pd.concat([t, t.head(60)]),
    "with gaps": lambda t: pd.concat([g := t.assign(x0=t["x0"].where(t["x0"] > 0)), g.head(100)]),
    "with texts": lambda t: pd.concat([w := t.assign(w=[f"word{n % 50}" for n in range(ROWS)]), w.head(100)]),
    "with another row number": lambda t: pd.concat([t, t.head(200)]).assign(row=range(ROWS + 200)),
}


@pytest.mark.parametrize("plant", COPIES)
def test_copies_are_found_and_rows_named(plant: str) -> None:
    (copied,) = [each for each in findings(COPIES[plant](noisy())) if each.rule == SAME_ROWS]
    assert "held-out rows" in copied.text
    assert "rows" in copied.text.split(":")[1]


FORTY: dict[str, Callable[[Any], dict[str, Any]]] = {
    "a number": lambda chance: {"a": chance.normal(size=40)},
    "a number and a code": lambda chance: {"a": chance.normal(size=40), "c": chance.choice(list("abc"), 40)},
    "an age, a code and a flag": lambda chance: {
        "age": chance.randint(18, 70, 40), "c": chance.choice(list("pqs"), 40), "m": chance.random_sample(40) < 0.5,
    },
    "a text": lambda chance: {"t": [f"review {n} of {chance.randint(9999)}" for n in range(40)]},
    "several numbers": lambda chance: dict(zip("abcd", chance.normal(size=(4, 40)), strict=True)),
}  # fmt: skip


@pytest.mark.parametrize("times", [2, 3, 10])
@pytest.mark.parametrize("columns", FORTY)
def test_few_rows_that_are_repeated_are_found_whatever_their_columns(columns: str, times: int) -> None:
    for seed in range(5):
        chance = np.random.RandomState(seed)
        table = pd.DataFrame({**FORTY[columns](chance), "y": chance.choice(["yes", "no"], 40)})
        repeated = pd.concat([table] * times, ignore_index=True)
        assert SAME_ROWS in {each.rule for each in findings(repeated)}, seed


def test_rows_that_agree_because_there_are_few_different_ones_are_no_copies() -> None:
    for seed in range(20):
        chance = np.random.RandomState(seed)
        label = chance.choice(["yes", "no"], 400)
        ages = pd.DataFrame({"age": chance.randint(18, 58, 400), "y": label})
        codes = pd.DataFrame({**{name: chance.choice(list("abcd"), 400) for name in "abc"}, "y": label})
        flags = pd.DataFrame({**{name: chance.random_sample(400) < 0.5 for name in "abcde"}, "y": label})
        for table in (ages, codes, flags):
            assert SAME_ROWS not in {each.rule for each in findings(table)}, seed


IDENTIFIERS: dict[str, Callable[[Any], Any]] = {
    "row numbers": lambda chance: range(ROWS),
    "shuffled numbers": lambda chance: chance.permutation(ROWS) + 1000,
    "drawn numbers": lambda chance: chance.choice(9_000_000, ROWS, replace=False) + 1_000_000,
    "codes": lambda chance: [f"C-{n:06d}" for n in chance.permutation(ROWS)],
    "hexadecimal": lambda chance: [chance.bytes(8).hex() for _ in range(ROWS)],
    "addresses": lambda chance: [f"user{n}@example.org" for n in chance.permutation(ROWS)],
    "texts of numbers": lambda chance: [str(n) for n in chance.permutation(ROWS) + 50_000],
}


@pytest.mark.parametrize("plant", IDENTIFIERS)
def test_an_identifier_of_any_name_is_found(plant: str) -> None:
    table = noisy().assign(k=IDENTIFIERS[plant](np.random.RandomState(1)))
    assert [(each.rule, each.columns) for each in findings(table)] == [(IDENTIFIER, ("k",))]


OF_CLASSES: dict[str, PLANT] = {
    "copied": lambda t, c: t.assign(k=t["y"]),
    "words": lambda t, c: t.assign(k=t["y"].map({0: "no", 1: "yes"})),
    "flag": lambda t, c: t.assign(k=t["y"] == 1),
    "categories": lambda t, c: t.assign(k=t["y"].map({0: "no", 1: "yes"}).astype("category")),
    "turned round": lambda t, c: t.assign(k=1 - t["y"]),
    "scaled": lambda t, c: t.assign(k=t["y"] * 2.5 - 1),
    "several codes of each": lambda t, c: t.assign(k=t["y"] * 3 + c.randint(0, 3, ROWS)),
    "with a few wrong": lambda t, c: t.assign(k=t["y"].where(np.arange(ROWS) % 150 > 0, 1 - t["y"])),
    "filled for one class only": lambda t, c: t.assign(k=pd.Series(c.normal(size=ROWS)).where(t["y"] == 1)),
    "label is a threshold": lambda t, c: t.assign(k=t["x0"], y=(t["x0"] > 0.1).astype("int64")).drop(columns="x0"),
}  # fmt: skip
OF_NUMBERS: dict[str, PLANT] = {
    "copied": lambda t, c: t.assign(k=t["y"]),
    "other unit": lambda t, c: t.assign(k=t["y"] * 0.4536),
    "plus a constant": lambda t, c: t.assign(k=t["y"] + 273.15),
    "negative": lambda t, c: t.assign(k=-t["y"]),
    "rounded": lambda t, c: t.assign(k=t["y"].round(1)),
    "logarithm": lambda t, c: t.assign(k=np.log(t["y"])),
    "square": lambda t, c: t.assign(k=t["y"] ** 2),
    "square root": lambda t, c: t.assign(k=np.sqrt(t["y"])),
    "as text": lambda t, c: t.assign(k=t["y"].astype(str)),
    "as ranges": lambda t, c: t.assign(k=pd.cut(t["y"], 8, labels=False)),
    "rank": lambda t, c: t.assign(k=t["y"].rank()),
}


@pytest.mark.parametrize("plant", OF_CLASSES)
def test_a_class_in_other_words_is_found(plant: str) -> None:
    table = OF_CLASSES[plant](noisy(), np.random.RandomState(1))
    assert [(each.rule, each.columns) for each in findings(table)] == [(ANSWER, ("k",))]


@pytest.mark.parametrize("plant", OF_NUMBERS)
def test_a_number_computed_anew_is_found(plant: str) -> None:
    table = OF_NUMBERS[plant](measured(), np.random.RandomState(1))
    assert [(each.rule, each.columns) for each in findings(table)] == [(ANSWER, ("k",))]


def visits(name: str, members: Any) -> pd.DataFrame:
    """Five visits of each of 120 patients; the label is that of the patient, with a little noise."""
    chance = np.random.RandomState(4)
    who = np.repeat(np.arange(120), 5)
    level = chance.normal(size=120)[who]
    label = np.where(chance.rand(ROWS) < 0.03, 1 - (level > 0), level > 0).astype("int64")
    return pd.DataFrame(
        {name: members(who), "x": chance.normal(size=ROWS), "z": level + chance.normal(size=ROWS), "y": label}
    )


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("patient_id", lambda who: who + 1),
        ("Customer", lambda who: [f"C{n:04d}" for n in who]),
        ("who", lambda who: [f"P-{n * 37 % 997:03d}" for n in who]),
        ("subject", lambda who: who * 11 % 1009),
        ("household no", lambda who: who + 40_000),
    ],
)
def test_a_group_on_both_sides_is_found(name: str, members: Any) -> None:
    assert [(each.rule, each.columns) for each in findings(visits(name, members))] == [(GROUP, (name,))]


@pytest.mark.parametrize("form", ["dates", "texts", "hours"])
def test_rows_of_the_future_in_training_are_found(form: str) -> None:
    chance = np.random.RandomState(5)
    times = pd.date_range("2021-01-01", periods=ROWS, freq="h" if form == "hours" else "D")
    walk = np.cumsum(chance.normal(size=ROWS))
    when = times.strftime("%Y-%m-%d") if form == "texts" else times
    table = pd.DataFrame({"when": when, "x": chance.normal(size=ROWS), "y": walk + chance.normal(size=ROWS)})
    assert [(each.rule, each.columns) for each in findings(table)] == [(FUTURE, ("when",))]
