"""Add Columns, Add Rows, Remove Duplicate Rows, Convert to Dataset, Select Columns Transform, SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import InvalidQuery, MismatchedTables
from designer.contract.schema import Role, Schema
from modules.join.add_columns import AddColumns
from modules.join.add_rows import AddRows
from modules.query.apply_sql_transformation import ApplySQLTransformation
from modules.sample.remove_duplicate_rows import RemoveDuplicateRows
from modules.transform.apply_transformation import ApplyTransformation
from modules.transform.convert_to_csv import ConvertToCSV
from modules.transform.convert_to_dataset import ConvertToDataset
from modules.transform.select_columns_transform import SelectColumnsTransform
from tests.parity import assert_same_in_onnx


def test_columns_stand_side_by_side_with_suffixes_and_padding() -> None:
    left = pd.DataFrame({"id": [1, 2, 3], "a": [True, False, True]})
    right = pd.DataFrame({"id": [9], "b": ["x"]})
    made = AddColumns().run(left, right)
    assert list(made.columns) == ["id_1", "a", "id_2", "b"]
    assert made["id_2"].tolist() == [9, pd.NA, pd.NA]
    assert made["id_2"].dtype == "Int64"
    assert AddColumns().infer(Schema.of(left), Schema.of(right)).names == list(made.columns)
    assert list(AddColumns().run(left, left.rename(columns={"a": "id_2"})).columns) == ["id_1", "a", "id_2_2", "id_2"]


def test_rows_are_appended_by_name() -> None:
    first = pd.DataFrame({"n": [1, 2], "c": pd.Categorical(["a", "b"]), "x": [1, 2]})
    second = pd.DataFrame({"x": [0.5], "n": [3], "c": pd.Categorical(["z"])})
    made = AddRows().run(first, second)
    assert made["n"].tolist() == [1, 2, 3]
    assert made["x"].tolist() == [1.0, 2.0, 0.5]
    assert made["c"].tolist() == ["a", "b", "z"]
    assert len(AddRows().run(first, first)) == 4


@pytest.mark.parametrize(
    ("second", "code"), [({"n": [1], "m": [2]}, "0008"), ({"m": [1]}, "0010"), ({"n": ["a"]}, "0016")]
)
def test_rows_of_other_columns_are_refused(second: dict[str, Any], code: str) -> None:
    with pytest.raises(MismatchedTables) as error:
        AddRows().run(pd.DataFrame({"n": [1]}), pd.DataFrame(second))
    assert error.value.code == code


def test_rows_with_a_missing_key_are_never_duplicates() -> None:
    frame = pd.DataFrame({"k": [1, 1, None, None, 2], "row": range(5)})
    assert RemoveDuplicateRows.read({"keys": ["k"]}).run(frame)["row"].tolist() == [0, 2, 3, 4]
    assert RemoveDuplicateRows.read({"keys": ["k"], "keep_first": False}).run(frame)["row"].tolist() == [1, 2, 3, 4]
    both = pd.DataFrame({"k": pd.Categorical(["a", "a", "a", None]), "m": [None, None, 1, 1], "row": range(4)})
    assert RemoveDuplicateRows.read({"keys": ["k", "m"]}).run(both)["row"].tolist() == [0, 1, 2, 3]


def test_only_whole_cells_are_marked_or_replaced() -> None:
    frame = pd.DataFrame({"s": ["obs", "obs.", "x"], "n": [1, -999, 3], "f": [True, False, True]})
    marked = ConvertToDataset.read({"action": "SetMissingValues", "missing_value": "obs"}).run(frame)
    assert marked["s"].isna().tolist() == [True, False, False]
    numbers = ConvertToDataset.read({"action": "SetMissingValues", "missing_value": "-999"}).run(frame)
    assert numbers["n"].tolist() == [1, pd.NA, 3]
    replaced = ConvertToDataset.read(
        {"action": "ReplaceValues", "replace": "Custom", "custom_value": "x", "new_value": "y"}
    )
    assert replaced.run(frame)["s"].tolist() == ["obs", "obs.", "y"]
    silent = ConvertToDataset.read(
        {"action": "ReplaceValues", "replace": "Custom", "custom_value": "1", "new_value": "one"}
    )
    assert silent.run(frame)["n"].tolist() == [1, -999, 3]
    filled = ConvertToDataset.read({"action": "ReplaceValues", "new_value": "7"})
    rows = pd.DataFrame({"x": [np.nan, 1.0], "s": ["a", None], "c": pd.Categorical([None, "b"])})
    assert filled.run(rows).astype(object).values.tolist() == [[7.0, "a", "7"], [1.0, "7", "b"]]
    for module in (replaced, filled):
        assert_same_in_onnx(rows, module.run(rows), lambda graph, columns, m=module: m.to_onnx(graph, columns), 0)


def test_a_list_of_columns_cuts_another_table() -> None:
    transformation = SelectColumnsTransform().run(pd.DataFrame({"label": [1], "b": [2]}))
    other = pd.DataFrame({"a": [1], "b": [2], "c": [3]})
    assert list(ApplyTransformation().run(transformation, other).columns) == ["b"]
    assert SelectColumnsTransform().infer(Schema.of(other[["b"]])).infer(Schema.of(other)).names == ["b"]


def test_a_csv_file_has_a_header_and_empty_cells() -> None:
    assert ConvertToCSV().run(pd.DataFrame({"a": [1.5, None], "b": ["x,y", "z"]})).files == {
        "data.csv": b'a,b\n1.5,"x,y"\n,z\n'
    }


T1 = pd.DataFrame(
    {
        "city": ["a", "a", "b"],
        "price": [1, 2, 6],
        "my col": [0.5, None, 2],
        "flag": [True, False, True],
        "day": pd.to_datetime(["2020-01-01"] * 3),
    }
)
T2 = pd.DataFrame({"city": ["a"], "country": ["X"]})


def query(text: str) -> pd.DataFrame:
    return ApplySQLTransformation.read({"query": text}).run(T1, T2)


def test_a_query_reads_tables_by_their_ports() -> None:
    grouped = query("select city, avg(price) as price, count(*) as n from t1 group by city;")
    assert grouped.to_dict("list") == {"city": ["a", "b"], "price": [1.5, 6.0], "n": [2, 1]}
    joined = query("select t1.city, country, [my col] from t1 left outer join t2 on t1.city = t2.city")
    assert joined["country"].tolist()[:2] == ["X", "X"]
    assert joined["my col"].tolist()[0] == 0.5
    assert query("create view v as select price * 2 as p from t1; select sum(p) as p from v;")["p"].tolist() == [18]
    assert query("select flag, day, ';' as s from t1 limit 1").values.tolist() == [[1, "2020-01-01 00:00:00", ";"]]
    assert query("select null as a, 1 as b union all select 2, null").to_dict("list") == {
        "a": [None, 2],
        "b": [1, None],
    }


@pytest.mark.parametrize(
    "text",
    [
        "selec 1",
        "select * from t3",
        "create table x (a);",
        "attach database '/tmp/x.db' as x",
        "select 1 as a, 2 as a",
        "select x'00' as b",
        "select load_extension('x')",
        "",
        "select zeroblob(200000000)",
    ],
)
def test_a_query_that_cannot_be_answered_says_why(text: str) -> None:
    with pytest.raises(InvalidQuery, match="SQL query script") as error:
        query(text)
    assert error.value.code == "0069"


def test_a_table_too_wide_for_sqlite_is_refused_with_both_numbers() -> None:
    wide = pd.DataFrame([range(2001)]).rename(columns=str)
    with pytest.raises(InvalidQuery, match="t1 has 2,001 columns, SQLite supports 2,000"):
        ApplySQLTransformation.read({}).run(wide)


def test_a_value_that_would_be_missing_again_replaces_nothing() -> None:
    frame = pd.DataFrame({"x": [1.5, np.nan], "c": pd.Categorical([1.5, None])})
    for replace_what in ({"replace": "Custom", "custom_value": "1.5"}, {}):
        made = ConvertToDataset.read({"action": "ReplaceValues", "new_value": "nan", **replace_what}).run(frame)
        pd.testing.assert_frame_equal(made, frame)


@pytest.mark.parametrize("value", ["now", "today", "12:30", ""])
def test_what_is_no_date_leaves_dates_as_they_are(value: str) -> None:
    frame = pd.DataFrame({"d": pd.to_datetime(["2020-01-01", None]), "s": ["a", None]})
    made = ConvertToDataset.read({"action": "ReplaceValues", "new_value": value}).run(frame)
    pd.testing.assert_series_equal(made["d"], frame["d"])
    assert made["s"].tolist() == ["a", value]


def test_a_date_is_replaced_in_the_zone_of_its_column() -> None:
    moments = pd.to_datetime(["2020-07-01", "2020-07-02"]).tz_localize("Europe/Berlin")
    replace = {
        "action": "ReplaceValues",
        "replace": "Custom",
        "custom_value": "2020-07-01",
        "new_value": "2021-01-01T00Z",
    }
    made = ConvertToDataset.read(replace).run(pd.DataFrame({"d": moments}))
    assert made["d"].tolist() == [pd.Timestamp("2021-01-01", tz="UTC"), moments[1]]


def test_levels_of_one_type_are_joined_and_others_refused() -> None:
    def rows(first: list[Any], second: list[Any]) -> pd.DataFrame:
        return AddRows().run(*(pd.DataFrame({"c": pd.Categorical(cells)}) for cells in (first, second)))

    numbers = rows([1, 2], [1.5, None])
    assert numbers["c"].cat.categories.tolist() == [1.0, 2.0, 1.5]
    assert numbers["c"].tolist()[:3] == [1.0, 2.0, 1.5]
    assert rows(["a"], [None])["c"].cat.categories.tolist() == ["a"]
    with pytest.raises(MismatchedTables, match=r"levels of column 'c' are Integer .* and String") as error:
        rows([1], ["b"])
    assert error.value.code == "0045"


def test_roles_and_categories_are_lost_in_a_query() -> None:
    labelled = Schema.of(T1).map(lambda column: replace(column, role=Role.LABEL), ["city"])
    module = ApplySQLTransformation.read({"query": 'select city, "my col" as x from t1'})
    assert module.infer(labelled) == Schema.unknown()
    made = module.run(T1.assign(city=T1["city"].astype("category")))
    assert [(column.name, str(column.kind)) for column in Schema.of(made)] == [("city", "String"), ("x", "Decimal")]
