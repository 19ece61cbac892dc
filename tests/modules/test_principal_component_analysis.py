"""Principal Component Analysis against scikit-learn and hand calculations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from designer.contract.errors import ColumnNotFound, InvalidParameter, InvalidValues, TooFewRows
from designer.contract.schema import Role, Schema
from modules.reduce.principal_component_analysis import PrincipalComponentAnalysis
from tests.modules.readings import run, same_as_onnx, same_as_script

RANDOM = np.random.default_rng(3)
TABLE = pd.DataFrame(RANDOM.normal(size=(60, 4)) @ RANDOM.normal(size=(4, 4)) * [1, 10, 100, 1], columns=list("abcd"))
TABLE["text"] = "t"


@pytest.mark.parametrize("scale", [False, True])
def test_equals_scikit_learn(scale: bool) -> None:
    result = run(PrincipalComponentAnalysis.read({"count": 3, "scale": scale}), TABLE)
    cells = TABLE[list("abcd")].to_numpy()
    cells = StandardScaler().fit_transform(cells) if scale else cells
    plain = PCA(3, svd_solver="full").fit(cells)
    np.testing.assert_allclose(result[0][["PC1", "PC2", "PC3"]], plain.transform(cells), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(result[1].state["ratio"], plain.explained_variance_ratio_, rtol=1e-10)
    assert list(result[0].columns) == ["text", "PC1", "PC2", "PC3"]


def test_points_on_a_line_have_one_direction() -> None:
    line = pd.DataFrame({"x": [0.0, 3.0, 6.0], "y": [0.0, 4.0, 8.0]})
    result = run(PrincipalComponentAnalysis(), line)[0]
    assert np.abs(result["PC1"]).tolist() == pytest.approx([5, 0, 5], abs=1e-12)
    assert result["PC2"].tolist() == pytest.approx([0, 0, 0], abs=1e-12)


def test_rows_with_a_missing_cell_are_not_learned_from_and_have_none() -> None:
    holed = pd.concat([TABLE, TABLE.iloc[:1].assign(a=np.nan)], ignore_index=True)
    result = run(PrincipalComponentAnalysis(), holed)[0]
    np.testing.assert_allclose(result["PC1"].iloc[:60], run(PrincipalComponentAnalysis(), TABLE)[0]["PC1"], rtol=1e-9)
    assert result[["PC1", "PC2"]].iloc[60].isna().all()


def test_the_label_is_left_alone_by_default() -> None:
    table = TABLE.copy()
    Schema.of(table).map(lambda c: type(c)(c.name, c.kind, Role.LABEL), ["d"]).attach(table)
    assert list(PrincipalComponentAnalysis().run(table)[0].columns) == ["d", "text", "PC1", "PC2"]


@pytest.mark.parametrize("count", [1, 2])
def test_onnx_and_script_compute_the_same(count: int) -> None:
    module = PrincipalComponentAnalysis.read({"count": count, "scale": True, "keep": True})
    state = module.fit(TABLE)
    new = TABLE.assign(a=[np.nan, *TABLE["b"].iloc[1:]])
    same_as_onnx(lambda graph, columns: module.apply_onnx(state, graph, columns), new, module.apply(state, new))
    same_as_script(module, TABLE)


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(InvalidParameter, match="5 dimensions requested for 4 columns"):
        run(PrincipalComponentAnalysis.read({"count": 5}), TABLE)
    with pytest.raises(TooFewRows):
        run(PrincipalComponentAnalysis(), TABLE.iloc[:1])
    with pytest.raises(InvalidValues, match="'c' holds an infinite"):
        run(PrincipalComponentAnalysis(), TABLE.assign(c=np.inf))
    module = PrincipalComponentAnalysis()
    with pytest.raises(ColumnNotFound, match="'a'"):
        module.apply(module.fit(TABLE), TABLE[["b", "c", "d"]])


@pytest.mark.parametrize("tiny", [1.0, 1e-5])
def test_many_rows_far_from_zero_have_the_directions_of_the_full_decomposition(tiny: float) -> None:
    random = np.random.default_rng(4)
    cells = random.normal(size=(200, 3)) @ random.normal(size=(3, 3)) * [1, 10, tiny] + 1e6
    table = pd.DataFrame(cells, columns=list("abc"))
    reduced, transformation = PrincipalComponentAnalysis.read({"count": 3}).run(table)
    plain = PCA(3, svd_solver="full").fit(cells)
    assert pytest.approx(plain.components_, abs=1e-7) == np.array(transformation.state["weights"]).T
    assert transformation.state["variance"] == pytest.approx(plain.explained_variance_.tolist(), rel=1e-6)
    assert reduced.to_numpy() == pytest.approx(plain.transform(cells), abs=1e-5)
