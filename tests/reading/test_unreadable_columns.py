"""A column that cannot be read does not keep the others from being read."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from designer.contract.selection import Columns
from designer.reading.examination import Choices, read_as_chosen
from designer.reading.file import read_table
from designer.reading.unreadable_columns import UnreadableColumns


def written(folder: Path, name: str) -> Path:
    """Two columns that can be read, and between them two that cannot."""
    path = folder / name
    rows = [{"n": 1, "items": [1, 2], "at": {"x": 1}, "s": "a"}, {"n": 2, "items": [3], "at": {"x": 2}, "s": "b"}]
    if path.suffix == ".parquet":
        parquet.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl"])
def test_all_such_columns_are_named_with_the_setting_that_leaves_them_out(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableColumns, match=r"column 'items' holds list.*, column 'at' holds") as refused:
        read_table(written(tmp_path, name))
    assert refused.value.columns == ("items", "at")
    assert refused.value.remedy.endswith("or leave them out: set Columns to include to 'all but items,at'.")
    with pytest.raises(UnreadableColumns) as refused:
        read_table(tmp_path / name, columns=Columns.named("n", "at"))
    assert refused.value.columns == ("at",)


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl"])
def test_the_others_are_read_without_them(name: str, tmp_path: Path) -> None:
    table = read_table(written(tmp_path, name), columns=Columns.named("n", "s"))
    assert table[["n", "s"]].to_dict("list") == {"n": [1, 2], "s": ["a", "b"]}
    _, table = read_as_chosen(tmp_path / name, Choices(left_out=("items", "at")))
    assert list(table.columns) == ["n", "s"]
