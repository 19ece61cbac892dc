"""Replace Discrete Values against hand calculations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import DuplicateColumns, InvalidParameter
from modules.encode.replace_discrete_values import ReplaceDiscreteValues
from tests.modules.readings import run, same_as_onnx, same_as_script

TABLE = pd.DataFrame(
    {
        "doors": pd.Series(["two", "two", "two", "two", "four", None, "six"], dtype="str"),
        "body": pd.Series(["sedan", "coupe", "coupe", "coupe", "sedan", "sedan", None], dtype="str"),
        "price": [1.0, 2.0, 3.0, np.nan, 7.0, 9.0, 4.0],
        "sold": pd.array([True, False, True, True, False, True, None], dtype="boolean"),
    }
)


def test_probabilities_of_a_text_column() -> None:
    result = run(ReplaceDiscreteValues.read({"columns": ["doors"], "reference": "body"}), TABLE)[0]
    assert list(result.columns) == ["body", "price", "sold", "P(body=coupe|doors)", "P(body=sedan|doors)"]
    np.testing.assert_allclose(result["P(body=sedan|doors)"], [0.25] * 4 + [1, np.nan, np.nan])


def test_mean_and_deviation_of_numbers() -> None:
    result = run(ReplaceDiscreteValues.read({"columns": ["doors"], "reference": "price", "keep": True}), TABLE)[0]
    np.testing.assert_allclose(result["Mean(price|doors)"], [2] * 4 + [7, np.nan, 4])
    np.testing.assert_allclose(result["Std(price|doors)"], [1] * 4 + [np.nan] * 3)
    assert "doors" in result


def test_flags_have_known_classes() -> None:
    result = run(ReplaceDiscreteValues.read({"columns": ["doors"], "reference": "sold"}), TABLE)[0]
    assert result["P(sold=True|doors)"].iloc[0] == 0.75
    assert result["P(sold=False|doors)"].iloc[4] == 1


@pytest.mark.parametrize("reference", ["body", "price", "sold"])
def test_onnx_and_script_answer_the_same_without_the_reference(reference: str) -> None:
    module = ReplaceDiscreteValues.read({"columns": ["doors"], "reference": reference})
    state = module.fit(TABLE)
    new = pd.DataFrame({"doors": pd.Series(["six", "none", None, "two"], dtype="str")})
    same_as_onnx(lambda graph, columns: module.apply_onnx(state, graph, columns), new, module.apply(state, new))
    same_as_script(module, TABLE)


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(InvalidParameter, match="'body' is among the columns to replace"):
        run(ReplaceDiscreteValues.read({"columns": ["body"], "reference": "body"}), TABLE)
    table = TABLE.assign(**{"Mean(price|doors)": 1.0})
    with pytest.raises(DuplicateColumns, match=r"Mean\(price\|doors\)"):
        run(ReplaceDiscreteValues.read({"columns": ["doors"], "reference": "price"}), table)


def test_a_second_column_without_levels_gives_no_columns() -> None:
    table = pd.DataFrame({"t": ["a", "b"], "c": pd.Categorical([None, None], categories=pd.Index([], dtype="str"))})
    module = ReplaceDiscreteValues.read({"columns": ["t"], "reference": "c", "keep": True})
    assert list(run(module, table)[0].columns) == ["t", "c"]
