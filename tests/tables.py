"""Tables that every module must handle, as the store provides them: read-only where possible."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from designer.contract.schema import Role, Schema

STRANGE = [
    "",
    " ",
    "ünï\u202ecode 😀",
    "x" * 100_000,
    "a,b;c",
    "'; drop table t1; --",
    "NaN",
    "\n",
    "=1+1",
    "<b>",
    "None",
    "\\",
]


def read_only(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame converted from Arrow, read-only where it shares Arrow's memory, with roles attached."""
    plain = frame.copy(deep=False)
    plain.attrs = {}
    table = pa.Table.from_pandas(plain, preserve_index=False).combine_chunks()
    shared = table.to_pandas(split_blocks=True)
    return Schema.of(frame).attach(shared.astype({n: d for n, d in frame.dtypes.items() if d != shared[n].dtype}))


def mixed(rows: int = 40) -> pd.DataFrame:
    """One column of every type, with missing cells; `label` is the label."""
    random = np.random.default_rng(7)
    text = random.choice(["red", "green", "blue"], rows)
    frame = pd.DataFrame(
        {
            "whole": np.arange(rows) % 7,
            "decimal": random.normal(size=rows).round(3),
            "flag": random.random(rows) < 0.5,
            "text": pd.Series(text, dtype="str"),
            "level": pd.Categorical(random.choice(["low", "high"], rows), categories=["high", "low"]),
            "moment": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 9999, rows), unit="h"),
            "sentence": pd.Series(
                [f"The {word} fox isn't {number} days old" for number, word in enumerate(text)], dtype="str"
            ),
            "label": random.integers(0, 2, rows),
        }
    )
    frame["some_whole"] = pd.Series(frame["whole"], dtype="Int64").mask(frame["whole"] == 3)
    frame["some_flag"] = pd.Series(frame["flag"], dtype="boolean").mask(frame["whole"] == 2)
    for name in ("decimal", "text", "level", "moment"):
        frame.loc[frame["whole"] == 5, name] = None
    schema = Schema.of(frame).map(lambda column: type(column)(column.name, column.kind, Role.LABEL), ["label"])
    return read_only(schema.attach(frame))


def odd_tables() -> dict[str, pd.DataFrame]:
    """Degenerate tables, each with the columns of `mixed`."""
    table = mixed(12)
    infinite = table.assign(decimal=[np.inf, -np.inf] * 6)
    zoned = table.assign(moment=table["moment"].dt.tz_localize("Europe/Berlin"))
    empty = {
        name: table[name].where(pd.Series(False, index=table.index)) for name in ("decimal", "text", "level", "moment")
    }
    constant = pd.DataFrame({name: table[name].take([0] * 12).reset_index(drop=True) for name in table.columns})
    strange = table.assign(
        text=pd.Series(STRANGE, dtype="str"),
        level=pd.Categorical(STRANGE),
        sentence=pd.Series(STRANGE[::-1], dtype="str"),
    )
    names = {
        "whole": "a.b",
        "decimal": "__class__",
        "flag": "{x}",
        "text": "😀 <script>",
        "level": "self",
        "moment": "index",
    }
    large = table.assign(
        whole=2**62 + np.arange(12), some_whole=pd.array([2**53 + 1] * 12, dtype="Int64"), decimal=1e308
    )
    frames = {
        "infinite": infinite,
        "zoned": zoned,
        "constant": constant,
        "strange": strange,
        "large": large,
        "without values": table.assign(**empty),
        "strange names": table.rename(columns=names),
    }
    return {name: Schema.of(table).attach(frame) for name, frame in frames.items()}


DOCUMENTED = ("float64", "int64", "Int64", "bool", "boolean", "str", "category")


def is_documented(series: pd.Series) -> bool:
    """Whether a column has one of the documented types."""
    return series.dtype.name in DOCUMENTED or series.dtype.kind == "M"
