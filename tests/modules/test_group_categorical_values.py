"""Group Categorical Values against hand-made groups."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import InvalidParameter, WrongColumnType
from modules.encode.group_categorical_values import GroupCategoricalValues
from tests.modules.readings import run, same_as_onnx, same_as_script

TABLE = pd.DataFrame(
    {
        "color": pd.Series(["red", "orange", "blue", None, "ünï, co", "red"], dtype="str"),
        "level": pd.Categorical(["a", "b", "b", "c", None, "b"]),
        "x": range(6),
    }
)
WARM = {"columns": ["color"], "groups": 'warm: red, orange\nodd: "ünï, co"'}
RARE = {"columns": ["color", "level"], "mode": "Rare values", "most": 1}


def cells(series: pd.Series) -> list[str]:
    return series.astype(object).where(series.notna(), "-").tolist()


def test_written_groups_take_their_values_and_the_default_takes_the_rest() -> None:
    grouped = run(GroupCategoricalValues.read(WARM), TABLE)[0]["color"]
    assert cells(grouped) == ["warm", "warm", "Other", "-", "odd", "warm"]
    assert list(grouped.cat.categories) == ["warm", "odd", "Other"]


def test_other_values_can_be_kept() -> None:
    grouped = run(GroupCategoricalValues.read({**WARM, "others": "Keep"}), TABLE)[0]["color"]
    assert cells(grouped) == ["warm", "warm", "blue", "-", "odd", "warm"]


def test_rare_values_make_way_for_the_frequent_ones() -> None:
    grouped = run(GroupCategoricalValues.read(RARE), TABLE)[0]
    assert cells(grouped["color"]) == ["red", "Other", "Other", "-", "Other", "red"]
    assert cells(grouped["level"]) == ["Other", "b", "b", "Other", "-", "b"]


def test_a_value_in_too_few_rows_is_rare_and_the_first_of_equals_stays() -> None:
    grouped = run(GroupCategoricalValues.read({**RARE, "most": 9, "least": 2}), TABLE)[0]
    assert list(grouped["color"].cat.categories) == ["red", "Other"]
    tie = pd.DataFrame({"color": pd.Series(["b", "a"], dtype="str"), "level": pd.Categorical(["a", "a"])})
    assert list(run(GroupCategoricalValues.read(RARE), tie)[0]["color"].cat.categories) == ["a", "Other"]


@pytest.mark.parametrize("settings", [WARM, {**WARM, "others": "Keep"}, RARE])
def test_onnx_and_script_group_the_same_also_what_was_not_seen(settings: dict[str, object]) -> None:
    module = GroupCategoricalValues.read(settings)
    state = module.fit(TABLE)
    new = TABLE.assign(color=pd.Series(["green", "red", None, "orange", "", "b"], dtype="str"))
    same_as_onnx(lambda graph, columns: module.apply_onnx(state, graph, columns), new, module.apply(state, new))
    same_as_script(module, TABLE)


def test_errors_name_the_line_the_value_and_the_column() -> None:
    for text, problem in (
        ("warm red", "line 1 is not a group"),
        ("", "no group"),
        ("a: x\nb: x", "'x' is in two groups"),
    ):
        with pytest.raises(InvalidParameter, match=problem):
            run(GroupCategoricalValues.read({**WARM, "groups": text}), TABLE)
    with pytest.raises(WrongColumnType, match="'x' is Integer"):
        run(GroupCategoricalValues.read({**WARM, "columns": ["x"]}), TABLE)


def test_names_and_values_in_quotes_may_hold_colons_and_commas() -> None:
    table = pd.DataFrame({"c": ["a,b", "x:y", "z", "w"]})
    groups = '"1:1": "a,b", z\n2nd: "x:y"'
    made = run(GroupCategoricalValues.read({"columns": ["c"], "groups": groups}), table)[0]
    assert cells(made["c"]) == ["1:1", "2nd", "1:1", "Other"]


@pytest.mark.parametrize("line", ['"": a', ": a", "a", "a:", '"a" b: c'])
def test_a_line_that_is_no_group_is_named(line: str) -> None:
    table = pd.DataFrame({"c": ["a"]})
    with pytest.raises(InvalidParameter, match="line 2 is not a group"):
        GroupCategoricalValues.read({"columns": ["c"], "groups": f"x: y\n{line}"}).run(table)
