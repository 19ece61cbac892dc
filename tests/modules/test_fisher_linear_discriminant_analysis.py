"""Fisher Linear Discriminant Analysis against scikit-learn and the closed form for two classes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from designer.contract.errors import InvalidLabel, InvalidParameter, TooFewRows, WrongColumnType
from modules.reduce.fisher_linear_discriminant_analysis import FisherLinearDiscriminantAnalysis
from tests.modules.readings import run, same_as_onnx, same_as_script

IRIS = load_iris(as_frame=True)
TABLE = IRIS.data.assign(species=pd.Series(IRIS.target_names[IRIS.target], dtype="str"))
READ = {"label": "species"}


def test_equals_scikit_learn() -> None:
    discriminants = run(FisherLinearDiscriminantAnalysis.read(READ), TABLE)[0]
    expected = LinearDiscriminantAnalysis().fit_transform(IRIS.data, IRIS.target)
    np.testing.assert_allclose(discriminants[["Discriminant1", "Discriminant2"]], expected, rtol=1e-10)
    assert list(discriminants.columns) == ["species", "Discriminant1", "Discriminant2"]


def test_two_classes_follow_fishers_formula() -> None:
    table = TABLE[TABLE["species"] != "setosa"].reset_index(drop=True)
    discriminants = run(FisherLinearDiscriminantAnalysis.read({**READ, "count": 1}), table)[0]["Discriminant1"]
    groups = [part.drop(columns="species").to_numpy() for _, part in table.groupby("species")]
    within = sum(np.cov(group.T) for group in groups)
    direction = np.linalg.solve(within, groups[1].mean(0) - groups[0].mean(0))
    projected = table.drop(columns="species").to_numpy() @ direction
    assert abs(np.corrcoef(discriminants, projected)[0, 1]) == pytest.approx(1)


def test_the_transformation_needs_no_label_and_missing_cells_give_none() -> None:
    module = FisherLinearDiscriminantAnalysis.read(READ)
    state = module.fit(TABLE)
    new = IRIS.data.assign(**{"petal length (cm)": [np.nan, *IRIS.data["petal length (cm)"].iloc[1:]]})
    discriminants = module.apply(state, new)
    assert discriminants.iloc[0].isna().all()
    assert discriminants.iloc[1:].notna().all(axis=None)
    same_as_onnx(lambda graph, columns: module.apply_onnx(state, graph, columns), new, discriminants)


def test_the_script_computes_the_same() -> None:
    same_as_script(FisherLinearDiscriminantAnalysis.read(READ), TABLE)


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(InvalidLabel, match="one class"):
        run(FisherLinearDiscriminantAnalysis.read(READ), TABLE.iloc[:50].reset_index(drop=True))
    with pytest.raises(TooFewRows):
        run(FisherLinearDiscriminantAnalysis.read(READ), TABLE.iloc[[0, 60, 120]].reset_index(drop=True))
    with pytest.raises(InvalidParameter, match="3 discriminants requested, at most 2"):
        run(FisherLinearDiscriminantAnalysis.read({**READ, "count": 3}), TABLE)
    with pytest.raises(WrongColumnType, match="Decimal"):
        run(FisherLinearDiscriminantAnalysis.read({"label": "petal length (cm)"}), TABLE)
