"""Approximate distinct count of a large column without a hash table of all values, by DuckDB's HyperLogLog."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa


def about_unique(present: pd.Series[Any]) -> int | None:
    """The approximate number of distinct values, within a few percent; None for cells of mixed types."""
    import duckdb  # imported on demand, since it starts threads

    try:
        cells = pa.table({"x": pa.array(present, from_pandas=True)})
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return None
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("cells", cells)
        row = connection.execute("SELECT approx_count_distinct(x) FROM cells").fetchone()
    return min(int(row[0]), len(present)) if row else None
