"""The example at the end of the documentation of each data module."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.reading.file import ReadOptions, read_text

LIBRARY = Library.scan()


def table(text: str) -> pd.DataFrame:
    """Parse a table written as `a b|1 2|3 4`; `-` is missing."""
    return read_text(text.replace("|", "\n"), ReadOptions(separator=" ", missing=("-",)))


EXAMPLES: list[tuple[str, dict[str, Any], list[str], dict[str, list[Any]]]] = [
    ("enter-data-manually", {"data": "name,age\nAnn,41\nBo,"}, [], {"name": ["Ann", "Bo"], "age": [41, None]}),
    (
        "select-columns-in-dataset",
        {"columns": {"start": "all", "rules": [{"action": "exclude", "names": ["id"]}]}},
        ["id a|1 2"],
        {"a": [2]},
    ),
    (
        "edit-metadata",
        {"columns": ["grade"], "data_type": "String", "categorical": "Categorical"},
        ["grade|1|2"],
        {"grade": ["1", "2"]},
    ),
    ("clean-missing-data", {"mode": "Replace with mean"}, ["age|20|40|-"], {"age": [20, 40, 30]}),
    ("normalize-data", {"method": "MinMax"}, ["x|1|2|3"], {"x": [0, 0.5, 1]}),
    (
        "clip-values",
        {"thresholds": "ClipPeaksAndSubPeaks", "both": "Percentile", "upper_percentile": 60, "lower_percentile": 40},
        ["x|" + "|".join(map(str, range(1, 11)))],
        {"x": [4, 4, 4, 4, 5, 6, 7, 7, 7, 7]},
    ),
    (
        "group-data-into-bins",
        {"mode": "Custom Edges", "edges": "30, 60", "output_mode": "Inplace"},
        ["age|20|35|70"],
        {"age": [1, 2, 3]},
    ),
    (
        "apply-math-operation",
        {"category": "Operations", "arithmetic": "Divide", "columns": ["price"], "constant": 1000},
        ["price|500"],
        {"price": [500], "Divide(price_$1000)": [0.5]},
    ),
    (
        "convert-to-dataset",
        {"action": "SetMissingValues", "missing_value": "-999"},
        ["x s|-999 a|2 b"],
        {"x": [None, 2], "s": ["a", "b"]},
    ),
    (
        "join-data",
        {"left_keys": ["customer"], "right_keys": ["id"], "join_type": "Left Outer Join", "keep_right_keys": False},
        ["order customer|1 7|2 9", "id name|7 Ann"],
        {"order": [1, 2], "customer": [7, 9], "name": ["Ann", None]},
    ),
    ("add-columns", {}, ["id score|1 5", "id city|2 Ulm"], {"id_1": [1], "score": [5], "id_2": [2], "city": ["Ulm"]}),
    ("add-rows", {}, ["day sales|1 5", "day sales|2 6"], {"day": [1, 2], "sales": [5, 6]}),
    (
        "apply-sql-transformation",
        {"query": "select city, avg(price) as price from t1 group by city;"},
        ["city price|a 1|a 2|b 6"],
        {"city": ["a", "b"], "price": [1.5, 6]},
    ),
    (
        "remove-duplicate-rows",
        {"keys": ["customer"]},
        ["customer n|7 1|7 2|- 3|- 4"],
        {"customer": [7, None, None], "n": [1, 3, 4]},
    ),
    ("partition-and-sample", {"mode": "Head", "rows": 2}, ["x|1|2|3"], {"x": [1, 2]}),
    (
        "execute-python-script",
        {"script": "def azureml_main(dataframe1=None, dataframe2=None): return dataframe1.assign(total=1),"},
        ["x|5"],
        {"x": [5], "total": [1]},
    ),
    (
        "filter-based-feature-selection",
        {"target": "mpg"},
        ["city noise mpg|1 3 2|2 9 4|3 1 6"],
        {"mpg": [2, 4, 6], "city": [1, 2, 3]},
    ),
]


@pytest.mark.parametrize(("id", "parameters", "inputs", "expected"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_the_example_answers_as_documented(
    id: str, parameters: dict[str, Any], inputs: list[str], expected: dict[str, list[Any]]
) -> None:
    result = LIBRARY[id].read(parameters).run(*map(table, inputs))
    first = result if isinstance(result, pd.DataFrame) else result[0]
    assert {name: [None if _missing(cell) else cell for cell in first[name].tolist()] for name in first} == expected


def _missing(cell: Any) -> bool:
    return cell is pd.NA or (isinstance(cell, float) and math.isnan(cell))


def test_a_split_of_193_rows_is_documented() -> None:
    halves = LIBRARY["split-data"].read({"fraction": 0.7}).run(pd.DataFrame({"x": range(193)}))
    assert "193 rows with fraction 0.7 give 135 and 58 rows" in LIBRARY["split-data"].spec().documentation
    assert [len(half) for half in halves] == [135, 58]


OWN = ("Data Input and Output", "Web Service", "Feature Selection")


@pytest.mark.parametrize(
    "id", sorted({e[0] for e in EXAMPLES} | {m.spec().id for m in LIBRARY if m.spec().category in OWN})
)
def test_the_documentation_has_rules_and_an_example(id: str) -> None:
    text = LIBRARY[id].spec().documentation
    assert "Example:" in text or id in ("saved-model", "saved-transformation")
    assert "Errors:" in text or LIBRARY[id].spec().category == "Web Service"
