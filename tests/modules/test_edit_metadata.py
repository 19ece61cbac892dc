"""Edit Metadata: types, flags, roles and names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import ConversionFailed, DuplicateColumns, InvalidParameter, TooManyLabels
from designer.contract.schema import Kind, Role, Schema
from designer.contract.selection import Columns
from modules.transform.edit_metadata import EditMetadata
from tests.parity import assert_same_in_onnx

FRAME = pd.DataFrame(
    {
        "n": pd.array([1, None, 3], dtype="Int64"),
        "x": [1.0, 2.5, None],
        "t": pd.Series(["1", "2", "03"], dtype="str"),
        "d": pd.Series(["2020-01-31", None, "2021-02-28"], dtype="str"),
        "f": [True, False, True],
    }
)


def edit(**parameters: Any) -> pd.DataFrame:
    return EditMetadata.read(parameters).run(FRAME)


def test_cells_are_converted_where_nothing_is_lost() -> None:
    assert edit(columns=["t"], data_type="Integer")["t"].tolist() == [1, 2, 3]
    assert edit(columns=["f"], data_type="Integer")["f"].tolist() == [1, 0, 1]
    assert edit(columns=["n"], data_type="String")["n"].tolist()[::2] == ["1", "3"]
    assert edit(columns=["d"], data_type="DateTime")["d"].tolist()[::2] == [
        pd.Timestamp("2020-01-31"),
        pd.Timestamp("2021-02-28"),
    ]
    assert edit(columns=["n"], data_type="DateTime")["n"][2] == pd.Timestamp("1970-01-01 00:00:03")


@pytest.mark.parametrize(
    ("column", "type", "row"), [("x", "Integer", 2), ("d", "Double", 1), ("t", "Boolean", 2), ("t", "DateTime", 1)]
)
def test_a_cell_that_cannot_be_converted_is_named(column: str, type: str, row: int) -> None:
    with pytest.raises(ConversionFailed, match=f"column '{column}', row {row}"):
        edit(columns=[column], data_type=type)


def test_dates_follow_the_format() -> None:
    frame = pd.DataFrame({"d": pd.Series(["31.01.2020"], dtype="str")})
    made = EditMetadata.read({"columns": ["d"], "data_type": "DateTime", "date_format": "%d.%m.%Y"}).run(frame)
    assert made["d"][0] == pd.Timestamp("2020-01-31")


def test_categories_come_and_go() -> None:
    made = edit(columns=["n", "t"], categorical="Categorical")
    assert made["n"].cat.categories.tolist() == [1, 3]
    assert made["t"].cat.categories.tolist() == ["03", "1", "2"]
    back = EditMetadata.read({"columns": ["n", "t"], "categorical": "NonCategorical"}).run(made)
    pd.testing.assert_frame_equal(back, FRAME)


def infer(schema: Schema, **parameters: Any) -> Schema:
    return EditMetadata.read(parameters).infer(schema)


def test_roles_travel_through_infer() -> None:
    schema = Schema.of(FRAME)
    labelled = infer(schema, columns=["f"], fields="Labels")
    assert labelled["f"].role is Role.LABEL
    assert infer(schema, columns=["n"], fields="Clear features")["n"].role is Role.NONE
    assert infer(labelled, columns=["f"], fields="Clear labels")["f"].role is Role.NONE
    assert infer(labelled, columns=["f", "n"], fields="Clear features")["f"].role is Role.LABEL
    assert infer(labelled, columns=["f"], fields="Features")["f"].role is Role.FEATURE


def test_only_one_label_is_allowed() -> None:
    with pytest.raises(TooManyLabels, match="'n', 'x'"):
        edit(columns=["n", "x"], fields="Labels")
    labelled = infer(Schema.of(FRAME), columns=["f"], fields="Labels").attach(FRAME.copy())
    with pytest.raises(TooManyLabels, match="'f', 'n'"):
        EditMetadata.read({"columns": ["n"], "fields": "Labels"}).run(labelled)


def test_new_names_pair_up_with_the_columns() -> None:
    assert list(edit(columns=["n", "t"], new_names="number, text").columns) == ["number", "x", "text", "d", "f"]
    with pytest.raises(InvalidParameter, match="2 columns chosen and 1 name given") as error:
        edit(columns=["n", "t"], new_names="a")
    assert error.value.code == "0027"
    with pytest.raises(DuplicateColumns, match="the result would have two columns 'x'"):
        edit(columns=["n"], new_names="x")


@pytest.mark.parametrize(
    "parameters",
    [
        {"columns": ["n"], "data_type": "Double", "new_names": "m"},
        {"columns": ["n"], "categorical": "Categorical"},
        {"columns": ["n"], "data_type": "String"},
        {"columns": ["t", "d"], "categorical": "Categorical"},
        {"columns": ["f"], "data_type": "Integer"},
    ],
)
def test_a_graph_edits_the_same(parameters: dict[str, Any]) -> None:
    module = EditMetadata.read(parameters)
    assert_same_in_onnx(FRAME, module.run(FRAME), lambda graph, columns: module.to_onnx(graph, columns), 0)


def test_a_levels_own_type_is_known_only_from_the_cells() -> None:
    schema = infer(Schema.of(FRAME), columns=["n"], categorical="Categorical")
    assert schema["n"].kind is Kind.CATEGORICAL
    assert not infer(schema, columns=["n"], categorical="NonCategorical").complete


def test_numbers_are_dates_by_a_format_or_seconds_without_one() -> None:
    whole = pd.DataFrame({"d": pd.array([20240131, None], dtype="Int64"), "x": [20240131.0, np.nan]})
    for name in ("d", "x"):
        module = EditMetadata.read({"columns": [name], "data_type": "DateTime", "date_format": "%Y%m%d"})
        assert module.run(whole)[name].tolist() == [pd.Timestamp("2024-01-31"), pd.NaT]
        assert module.infer(Schema.of(whole))[name].kind is Kind.DATETIME
    for cells in ([20240199], [20240131.5]):
        with pytest.raises(ConversionFailed, match="column 'd', row 1"):
            module.model_copy(update={"columns": Columns.named("d")}).run(pd.DataFrame({"d": cells}))


def test_a_category_made_a_date_is_a_date() -> None:
    frame = pd.DataFrame({"d": pd.Categorical(["2020-01-31", None])})
    module = EditMetadata.read({"columns": ["d"], "data_type": "DateTime"})
    assert module.run(frame)["d"].tolist() == [pd.Timestamp("2020-01-31"), pd.NaT]
    assert module.infer(Schema.of(frame))["d"].kind is Kind.DATETIME


def test_every_column_begins_as_a_feature_and_scores_are_cleared_not_set() -> None:
    assert {column.role for column in Schema.of(FRAME)} == {Role.FEATURE}
    scored = Schema.of(FRAME).map(lambda column: replace(column, role=Role.SCORE), ["x"])
    assert infer(scored, columns=["n", "x"], fields="Clear scores").with_role(Role.NONE) == ["x"]
    choices = EditMetadata.spec().parameter("fields").choices  # type: ignore[union-attr]
    assert set(choices) == {"Unchanged", "Features", "Labels", "Clear features", "Clear labels", "Clear scores"}


@pytest.mark.parametrize("names", ["a,", "a,,b", ",a"])
def test_a_new_name_may_not_be_blank(names: str) -> None:
    with pytest.raises(InvalidParameter) as error:
        edit(columns=["n", "t"], new_names=names)
    assert error.value.code == "0027"


@pytest.mark.parametrize(("type", "levels"), [("Integer", "int64"), ("Boolean", "bool"), ("Double", "float64")])
def test_a_category_without_values_has_levels_of_its_type(type: str, levels: str) -> None:
    frame = pd.DataFrame({"x": [np.nan, np.nan]})
    made = EditMetadata.read({"columns": ["x"], "data_type": type, "categorical": "Categorical"}).run(frame)
    assert made["x"].cat.categories.dtype == levels
