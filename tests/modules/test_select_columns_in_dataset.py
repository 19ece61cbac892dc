"""Select Columns in Dataset: the selected columns and their order."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from modules.transform.select_columns_in_dataset import SelectColumnsInDataset
from tests.modules.readings import run, same_as_onnx, same_as_script

TABLE = pd.DataFrame({"a": [1], "b": ["x"], "c": pd.Categorical(["u"]), "d": [0.5], "a_2": [True]})


def select(*rules: dict[str, Any], start: str = "none", ordered: bool = False) -> SelectColumnsInDataset:
    return SelectColumnsInDataset.read({"columns": {"start": start, "rules": list(rules), "ordered": ordered}})


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (select({"names": ["d", "a"]}), ["a", "d"]),
        (select({"names": ["d", "a"]}, ordered=True), ["d", "a"]),
        (select({"by": "indices", "indices": "4,1-2"}), ["a", "b", "d"]),
        (select({"by": "kinds", "kinds": ["Numeric"]}, {"by": "kinds", "kinds": ["Categorical"]}), ["a", "c", "d"]),
        (select({"action": "exclude", "names": ["b", "gone"]}, start="all"), ["a", "c", "d", "a_2"]),
        (select({"action": "exclude", "by": "all"}, {"names": ["c"]}, start="all"), ["c"]),
    ],
)
def test_columns_keep_the_order_of_the_table_unless_the_selection_is_ordered(
    module: SelectColumnsInDataset, names: list[str]
) -> None:
    assert list(run(module, TABLE).columns) == names
    same_as_script(module, TABLE)


def test_a_column_chosen_again_comes_again_under_a_free_name() -> None:
    module = select({"names": ["a", "d"]}, {"names": ["a", "a_2"]}, ordered=True)
    made = run(module, TABLE)
    assert made.to_dict("list") == {"a": [1], "d": [0.5], "a_3": [1], "a_2": [True]}
    same_as_onnx(lambda graph, columns: module.to_onnx(graph, columns), TABLE, made)
