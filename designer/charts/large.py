"""How many different values a large column has, without a table of them all: DuckDB's HyperLogLog."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa


def about_unique(known: pd.Series[Any]) -> int | None:
    """About how many different values there are, a few per cent off; None for cells that are not of one type."""
    import duckdb  # it starts threads, which nothing else of ours has a use for

    try:
        cells = pa.table({"x": pa.array(known, from_pandas=True)})
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return None
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("cells", cells)
        row = connection.execute("SELECT approx_count_distinct(x) FROM cells").fetchone()
    return min(int(row[0]), len(known)) if row else None
