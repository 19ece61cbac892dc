"""Ways to turn a good table into a bad one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from pandas.api.types import is_float_dtype

from designer.contract.schema import Schema
from tests.tables import STRANGE

Way = Callable[[pd.DataFrame], pd.DataFrame]
MIXED = [1, "a", None, 3.5, pd.Timestamp("2024-01-01"), True, b"x", float("inf")]


def texts(table: pd.DataFrame) -> list[str]:
    """Names of the text and categorical columns."""
    return [name for name in table if table[name].dtype.name in ("str", "category")]


def cycled(table: pd.DataFrame, values: list[object]) -> list[object]:
    """The values repeated to the length of the table."""
    return [values[i % len(values)] for i in range(len(table))]


def infinite(table: pd.DataFrame) -> pd.DataFrame:
    """Put infinities into every decimal column."""
    cells = np.resize([np.inf, -np.inf, 1.0], len(table))
    return table.assign(**{name: cells for name in table if is_float_dtype(table[name].dtype)})


def distinct(table: pd.DataFrame) -> pd.DataFrame:
    """Make all values of text and integer columns distinct."""
    words = pd.Series([f"v{i}" for i in range(len(table))], dtype="str", index=table.index)
    whole = [name for name in table if table[name].dtype.name == "int64"]
    return table.assign(**dict.fromkeys(texts(table), words), **{name: np.arange(len(table)) for name in whole})


def strange(table: pd.DataFrame) -> pd.DataFrame:
    """Put hostile, empty and very long text into the text columns."""
    columns = {name: pd.Series(cycled(table, STRANGE), dtype="str", index=table.index) for name in texts(table)}
    return table.assign(**columns)


def mixed(table: pd.DataFrame) -> pd.DataFrame:
    """Put values of all types into the text columns."""
    return table.assign(**{n: pd.Series(cycled(table, MIXED), dtype=object, index=table.index) for n in texts(table)})


def zoned(table: pd.DataFrame) -> pd.DataFrame:
    """Put timestamps with a time zone, across a daylight-saving change, into the datetime columns."""
    moments = pd.date_range("2024-03-30 20:00", periods=len(table), freq="h", tz="Europe/Berlin")
    return table.assign(**{name: moments for name in table if table[name].dtype.kind == "M"})


def without_values(table: pd.DataFrame) -> pd.DataFrame:
    """Set all cells to missing; integers and booleans become nullable."""
    loose = table.astype({n: {"int64": "Int64", "bool": "boolean"}.get(d.name, d) for n, d in table.dtypes.items()})
    return pd.DataFrame({name: loose[name].where(pd.Series(False, index=table.index)) for name in table})


WAYS: Mapping[str, Way] = {
    "no columns": lambda table: pd.DataFrame(),
    "no rows": lambda table: table.head(0),
    "one row": lambda table: table.head(1),
    "one column": lambda table: table.iloc[:, :1],
    "without values": without_values,
    "constant": lambda table: table.take([0] * len(table)).reset_index(drop=True),
    "equal names": lambda table: pd.concat([table, table.iloc[:, :2]], axis=1),
    "infinite": infinite,
    "all distinct": distinct,
    "strange text": strange,
    "mixed objects": mixed,
    "zoned": zoned,
}


def spoiled(table: pd.DataFrame, way: str) -> pd.DataFrame:
    """A bad version of a table, with the column roles of the good one."""
    return Schema.of(table).attach(WAYS[way](table))


def widened(table: pd.DataFrame, count: int = 10_000) -> pd.DataFrame:
    """The table with `count` more numeric columns."""
    more = np.arange(len(table) * count).reshape(len(table), count) % 7.0
    wide = pd.concat([table, pd.DataFrame(more, columns=[f"c{i}" for i in range(count)])], axis=1)
    return Schema.of(table).attach(wide)
