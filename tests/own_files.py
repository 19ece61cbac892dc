"""Typical users' tables, each with the column to predict, or an empty name for clustering."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

Own = tuple[pd.DataFrame, str]
GOOD = ("the food was great and fresh", "great service and a great view", "fresh bread with good soup")
BAD = ("the food was cold and bland", "bad service and a long wait", "cold soup with stale bread")


def _texts(rows: int, seed: int = 0) -> tuple[list[str], list[str]]:
    draw = np.random.default_rng(seed)
    kinds = ["good" if good else "bad" for good in draw.random(rows) < 0.5]
    texts = [f"{draw.choice(GOOD if kind == 'good' else BAD)} on day {i}" for i, kind in enumerate(kinds)]
    return texts, kinds


def _plain(rows: int = 60) -> pd.DataFrame:
    draw = np.random.default_rng(1)
    size = draw.normal(10, 3, rows)
    return pd.DataFrame(
        {
            "size": size.round(2),
            "count": draw.integers(0, 40, rows),
            "color": draw.choice(["red", "green", "blue"], rows),
            "price": (2 * size + draw.normal(0, 1, rows)).round(2),
            "sold": draw.choice(["yes", "no"], rows),
            "grade": draw.choice(["a", "b", "c"], rows),
        }
    )


def _with(**columns: object) -> pd.DataFrame:
    return _plain().assign(**columns)


def _text_and_label() -> Own:
    texts, kinds = _texts(80)
    return pd.DataFrame({"review": texts, "kind": kinds}), "kind"


def _several_texts() -> Own:
    texts, kinds = _texts(80)
    others, _ = _texts(80, seed=5)
    return pd.DataFrame({"title": texts, "body": others, "stars": range(80), "kind": kinds}), "kind"


def _texts_without_repeats() -> Own:
    words = [f"w{i}a w{i}b w{i}c w{i}d" for i in range(60)]
    return _with(note=words), "sold"


def _uncut_text() -> Own:
    signs = [chr(0x4E00 + i) + chr(0x4E10 + 2 * i) + "的 " + chr(0x4F00 + i) + " " + chr(0x5000 + i) for i in range(60)]
    return _with(note=signs), "sold"


def _dates(gaps: bool = False) -> Own:
    moments = pd.Series(pd.date_range("2024-01-01", periods=60, freq="37h"))
    if gaps:
        moments[[3, 7, 20]] = pd.NaT
    return _with(begun=moments, ended=moments + pd.Timedelta("1D")), "price"


def _only_dates() -> Own:
    return pd.DataFrame({"at": pd.date_range("2024-01-01", periods=40, freq="13h"), "y": np.arange(40) % 7 * 1.5}), "y"


def _date_beside_its_part() -> Own:
    frame, label = _dates()
    return frame.assign(begun_year=2024.0 + np.arange(60)), label


def _identifiers() -> Own:
    codes = [f"C-{i * 7919 % 1000:03}" for i in range(60)]
    return _with(number=range(60), code=codes, mail=[f"p{i}@x.org" for i in range(60)]), "sold"


def _gaps() -> Own:
    frame = _plain()
    frame.loc[::7, "size"] = np.nan
    frame.loc[::5, "color"] = None
    frame["member"] = pd.array([True, False, None] * 20, dtype="boolean")
    frame["count"] = frame["count"].astype("Int64").mask(frame["count"] > 35)
    frame.loc[::9, "sold"] = None
    return frame, "sold"


def _numbers_with_gaps_in_the_label() -> Own:
    frame = _plain()
    frame.loc[::4, "price"] = np.nan
    return frame, "price"


def _useless_columns() -> Own:
    empty = pd.Series([None] * 60, dtype="str")
    nearly = pd.Series([np.nan] * 59 + [1.0])
    return _with(nothing=np.nan, silence=empty, same="x", one=1, nearly=nearly), "sold"


def _infinite() -> Own:
    frame = _plain()
    frame.loc[3, "size"], frame.loc[9, "size"] = np.inf, -np.inf
    return frame, "sold"


def _strange_names() -> Own:
    names = ["größe (m²)", "<b>count</b>", 'color, "quoted"', "price\\n", "<i>sold</i> & more", "Scored Labels"]
    return _plain().set_axis(names, axis=1), "<i>sold</i> & more"


def _numbers_as_text() -> Own:
    return _with(worth=[f"{i * 37},{i:02}" for i in range(60)], code=[f"{i % 4:03}" for i in range(60)]), "code"


def _rare_class() -> Own:
    return _with(grade=["a"] * 40 + ["b"] * 19 + ["c"]), "grade"


def _imbalanced() -> Own:
    draw = np.random.default_rng(3)
    return pd.DataFrame({"x": draw.normal(size=400), "y": ["no"] * 397 + ["yes"] * 3}), "y"


def _wide() -> Own:
    draw = np.random.default_rng(4)
    cells = draw.normal(size=(40, 1000))
    return pd.DataFrame(cells, columns=[f"c{i}" for i in range(1000)]).assign(y=["a", "b"] * 20), "y"


def _small(rows: int, label: str) -> Own:
    frame = _plain(rows)
    return frame.assign(sold=["yes", "no"] * (rows // 2) + ["yes"] * (rows % 2), whole=range(1, rows + 1)), label


def _of_plain(label: str) -> Callable[[], Own]:
    return lambda: (_plain(), label)


TABLES: Mapping[str, Callable[[], Own]] = {
    "two classes": _of_plain("sold"),
    "three classes": _of_plain("grade"),
    "regression": _of_plain("price"),
    "groups": _of_plain(""),
    "all numbers": lambda: (_plain()[["size", "count", "price"]], "price"),
    "text and label": _text_and_label,
    "text alone": lambda: (_text_and_label()[0][["review"]], ""),
    "several texts": _several_texts,
    "texts without repeats": _texts_without_repeats,
    "text without spaces": _uncut_text,
    "dates": _dates,
    "dates with gaps": lambda: _dates(gaps=True),
    "dates in groups": lambda: (_dates(gaps=True)[0], ""),
    "dates alone": _only_dates,
    "a date beside its part": _date_beside_its_part,
    "identifiers": _identifiers,
    "gaps": _gaps,
    "gaps in groups": lambda: (_gaps()[0], ""),
    "gaps in a number to predict": _numbers_with_gaps_in_the_label,
    "useless columns": _useless_columns,
    "infinite": _infinite,
    "strange names": _strange_names,
    "numbers as text": _numbers_as_text,
    "rare class": _rare_class,
    "imbalanced": _imbalanced,
    "wide": _wide,
    "flag to predict": lambda: (_with(sold=np.arange(60) % 3 == 0), "sold"),
    "codes to predict": lambda: (_with(sold=np.arange(60) % 2), "sold"),
    "decimal codes to predict": lambda: (_with(sold=np.arange(60) % 2 * 1.0), "sold"),
    "categories to predict": lambda: (_with(sold=pd.Categorical(_plain()["sold"])), "sold"),
    "ten rows": lambda: _small(10, "sold"),
    "ten rows of whole numbers": lambda: _small(10, "whole"),
    "five rows": lambda: _small(5, "price"),
    "five rows of two classes": lambda: _small(5, "sold"),
    "five rows in groups": lambda: _small(5, ""),
}

REFUSED: Mapping[str, tuple[Callable[[], Own], str]] = {
    "two rows": (lambda: _small(2, "sold"), "only 2 rows with a value of 'sold' to train and test on"),
    "two rows in groups": (lambda: _small(2, ""), "only 2 rows to find groups in"),
    "no rows": (lambda: (_plain().head(0), "sold"), "the dataset has no rows"),
    "one class": (lambda: (_with(sold="yes"), "sold"), "column 'sold' has the same value in every row"),
    "one number": (lambda: (_with(price=2.5), "price"), "column 'price' has the same value in every row"),
    "no answer": (lambda: (_with(price=np.nan), "price"), "column 'price' is missing in every row"),
    "only a label": (lambda: (_plain()[["sold"]], "sold"), "no column is left to predict 'sold' from"),
    "only identifiers": (
        lambda: (_plain()[["sold"]].assign(id=range(60), same=1), "sold"),
        "no column is left to predict 'sold' from",
    ),
    "nothing to group by": (lambda: (pd.DataFrame({"same": [1] * 30}), ""), "no column is left to find groups by"),
    "dates to predict": (lambda: (_dates()[0], "begun"), "column 'begun' holds dates"),
    "names to predict": (
        lambda: (_with(name=[f"n{i}" for i in range(60)]), "name"),
        "column 'name' has 60 different values in 60 rows",
    ),
    "scores to predict": (
        lambda: (_plain().rename(columns={"sold": "Scored Labels"}), "Scored Labels"),
        "column 'Scored Labels' has the name of the column that the answers go to",
    ),
    "infinite to predict": (lambda: (_infinite()[0], "size"), "column 'size' holds an infinite value"),
    "a class of one row": (
        lambda: (_with(sold=["no"] * 59 + ["yes"]), "sold"),
        "column 'sold' has only one row with 'yes'",
    ),
}
"""Tables for which no pipeline can be built, with the expected message."""
