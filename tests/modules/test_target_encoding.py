"""Target Encoding against scikit-learn and hand calculations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import TargetEncoder

from designer.contract.errors import InvalidLabel, TooFewRows
from modules.encode.target_encoding import TargetEncoding
from tests.modules.readings import run, same_as_onnx, same_as_script

RANDOM = np.random.default_rng(8)
TABLE = pd.DataFrame(
    {
        "city": pd.Series(RANDOM.choice(["a", "b", "c", "d"], 90), dtype="str"),
        "kind": pd.Categorical(RANDOM.choice(["x", "y"], 90)),
        "price": RANDOM.normal(size=90),
        "bought": pd.Series(RANDOM.choice(["no", "yes"], 90), dtype="str"),
        "grade": pd.Series(RANDOM.choice(["A", "B", "C"], 90), dtype="str"),
    }
)
BOTH = {"columns": ["city", "kind"]}


def peer(target: str, **settings: Any) -> tuple[np.ndarray, TargetEncoder, Any]:
    splitter = KFold if target == "price" else StratifiedKFold
    encoder = TargetEncoder(cv=splitter(5, shuffle=True, random_state=0), **settings)
    texts = TABLE[["city", "kind"]].astype(object)
    goal = TABLE[target].to_numpy()
    return encoder.fit_transform(texts, goal), encoder, texts


@pytest.mark.parametrize("target", ["price", "bought"])
def test_training_rows_are_cross_fitted_as_in_scikit_learn(target: str) -> None:
    encoded, transformation = run(TargetEncoding.read({**BOTH, "target": target}), TABLE)
    crossed, encoder, texts = peer(target)
    np.testing.assert_allclose(encoded[["city", "kind"]], crossed, rtol=1e-12)
    np.testing.assert_allclose(transformation.apply(TABLE)[["city", "kind"]], encoder.transform(texts), rtol=1e-12)
    assert not np.allclose(encoded["city"], transformation.apply(TABLE)["city"])


def test_more_classes_give_a_column_each() -> None:
    encoded = run(TargetEncoding.read({**BOTH, "target": "grade"}), TABLE)[0]
    names = ["city_A", "city_B", "city_C", "kind_A", "kind_B", "kind_C"]
    np.testing.assert_allclose(encoded[names], peer("grade")[0], rtol=1e-12)
    assert list(encoded.columns) == ["price", "bought", "grade", *names]


def test_hand_calculated_smoothing_and_unseen_values() -> None:
    table = pd.DataFrame(
        {"c": pd.Series(["a", "a", "b", "b", None, "a"], dtype="str"), "y": [2.0, 4.0, 10.0, 20.0, 6.0, np.nan]}
    )
    settings = {"columns": ["c"], "target": "y", "smoothing": "Fixed", "weight": 2, "folds": 2}
    transformation = run(TargetEncoding.read(settings), table)[1]
    new = pd.DataFrame({"c": pd.Series(["a", "b", None, "z"], dtype="str")})
    mean = 42 / 5
    expected = [(6 + 2 * mean) / 4, (30 + 2 * mean) / 4, (6 + 2 * mean) / 3, mean]
    np.testing.assert_allclose(transformation.apply(new)["c"], expected, rtol=1e-12)


@pytest.mark.parametrize("target", ["price", "bought", "grade"])
def test_onnx_and_script_answer_the_same(target: str) -> None:
    module = TargetEncoding.read({**BOTH, "target": target})
    state = module.fit(TABLE)
    new = TABLE[["city", "kind"]].assign(city=pd.Series([None, "new"] * 45, dtype="str"))
    same_as_onnx(lambda graph, columns: module.apply_onnx(state, graph, columns), new, module.apply(state, new))
    same_as_script(module, TABLE)


def test_errors_name_the_target() -> None:
    with pytest.raises(TooFewRows, match="5 folds"):
        run(TargetEncoding.read({**BOTH, "target": "price"}), TABLE.head(3))
    with pytest.raises(InvalidLabel, match="one value"):
        run(TargetEncoding.read({**BOTH, "target": "price"}), TABLE.assign(price=1.0))
