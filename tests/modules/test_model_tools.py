"""Calibrate Probabilities, Partial Dependence, other clusterings, and foreign ONNX files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pandas as pd
import pytest
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from sklearn.cluster import DBSCAN, AgglomerativeClustering
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MinMaxScaler

from designer.contract.errors import DesignerError
from designer.contract.files.sources import using
from designer.contract.onnx import OnnxGraph
from designer.inference.onnx_model import onnx_model
from tests.folder_sources import FolderSources
from tests.modules.learning import LIBRARY, learner, only, people, score, train
from tests.parity import assert_same_in_onnx

TRAINING, HELD, TEST = people(500), people(500, 1), people(1500, 2)


def evaluate(table: pd.DataFrame) -> dict[str, float]:
    return LIBRARY["evaluate-model"].read({}).run(table).models[0].metrics


@pytest.mark.parametrize("method", ["Sigmoid", "Isotonic"])
def test_calibration_makes_probabilities_better(method: str) -> None:
    model = train("two-class-averaged-perceptron", only(TRAINING, "rich"), "rich", learning_rate=100)
    calibrated = LIBRARY["calibrate-probabilities"].read({"method": method}).run(model, only(HELD, "rich"))
    before, after = (evaluate(score(each, only(TEST, "rich"))) for each in (model, calibrated))
    assert after["Brier Score"] < before["Brier Score"]
    assert calibrated.report["calibrated_on"] == only(HELD, "rich")[["age", "children"]].notna().all(axis=1).sum()


@pytest.mark.parametrize(
    ("id", "label"), [("two-class-decision-forest", "rich"), ("multiclass-logistic-regression", "grade")]
)
def test_a_calibrated_model_answers_the_same_in_onnx(id: str, label: str) -> None:
    model = train(id, only(TRAINING, label), label)
    calibrated = LIBRARY["calibrate-probabilities"].read({}).run(model, only(HELD, label))
    module, rows = LIBRARY["score-model"].read({}), only(TEST, "")
    assert_same_in_onnx(
        rows,
        module.run(calibrated, rows),
        lambda graph, columns: module.to_onnx(graph, trained_model=calibrated, dataset=columns),
    )


def test_a_regression_cannot_be_calibrated() -> None:
    model = train("linear-regression", only(TRAINING, "wage"), "wage")
    with pytest.raises(DesignerError, match="no probabilities"):
        LIBRARY["calibrate-probabilities"].read({}).run(model, only(HELD, "wage"))


def test_the_partial_dependence_of_a_line_is_a_line() -> None:
    rows = pd.DataFrame({"x": np.arange(50.0), "z": np.arange(50.0) % 7, "c": ["a", "b"] * 25})
    rows["y"] = 3 * rows["x"] + rows["z"] + 10 * (rows["c"] == "b")
    model = train("linear-regression", rows, "y", l2_regularization_weight=0)
    table = LIBRARY["partial-dependence"].read({"features": ["x", "c"], "number_of_values": 5}).run(model, rows)
    line = table[table["Feature"] == "x"]
    np.testing.assert_allclose(np.diff(line["Response"]) / np.diff(line["Number"]), 3, rtol=1e-9)
    levels = table[table["Feature"] == "c"].set_index("Value")["Response"]
    assert levels["b"] - levels["a"] == pytest.approx(10)


def test_partial_dependence_speaks_of_each_class() -> None:
    model = train("multiclass-decision-forest", only(TRAINING, "grade"), "grade")
    table = LIBRARY["partial-dependence"].read({"features": ["city"]}).run(model, TRAINING)
    assert len(table) == 9
    assert table.groupby("Value")["Response"].sum().tolist() == pytest.approx([1, 1, 1])


def test_a_model_of_very_many_features_is_not_asked_about_each() -> None:
    wide = pd.DataFrame(np.random.default_rng(0).normal(size=(12, 3001))).rename(columns=str).assign(y=np.arange(12.0))
    model = train("linear-regression", wide, "y")
    with pytest.raises(DesignerError, match="36,012 values would be scored by a model of 3,001") as refused:
        LIBRARY["partial-dependence"].read({"number_of_values": 20}).run(model, wide)
    assert refused.value.place.parameter == "Features"
    dependence = LIBRARY["partial-dependence"].read({"features": ["7"]}).run(model, wide)
    assert len(dependence) == 12
    metric = {"metric": "Regression - Mean Absolute Error"}
    with pytest.raises(DesignerError, match="3,001 features, too many to shuffle"):
        LIBRARY["permutation-feature-importance"].read(metric).run(model, wide)


MOONS = pd.DataFrame({"x": [0.0, 0.01, 0.02, 1.0, 0.99, 0.98, 0.5], "y": [0.0, 0.01, 0.0, 1.0, 1.0, 0.99, 0.0]})


def test_density_clustering_equals_its_estimator_and_leaves_noise_out() -> None:
    expected = DBSCAN(eps=0.1, min_samples=3).fit(MinMaxScaler().fit_transform(MOONS)).labels_
    untrained = learner("dbscan-clustering", largest_distance=0.1, smallest_neighborhood=3)
    result = LIBRARY["train-clustering-model"].read({}).run(untrained, MOONS)
    assert result.results_dataset["Assignments"].fillna(-1).tolist() == expected.tolist()
    assert -1 in expected
    assigned = LIBRARY["assign-data-to-clusters"].read({}).run(result.trained_model, MOONS.tail(1))
    assert assigned["Assignments"].tolist() == [0]


def test_hierarchical_clustering_equals_its_estimator() -> None:
    features = people(200).dropna()[["age", "wage"]].reset_index(drop=True)
    expected = AgglomerativeClustering(4).fit(MinMaxScaler().fit_transform(features)).labels_
    result = (
        LIBRARY["train-clustering-model"]
        .read({})
        .run(learner("hierarchical-clustering", number_of_clusters=4), features)
    )
    assert (result.results_dataset["Assignments"] == expected).all()


def model_file(folder: Path, operator: str = "MatMul", **change: object) -> str:
    """Write a model of two numbers: their sum, weighted by 2 and 3."""
    weights = helper.make_tensor("weights", TensorProto.FLOAT, [2, 1], [2.0, 3.0])
    if change.get("external"):
        weights.data_location = TensorProto.EXTERNAL
        weights.external_data.add(key="location", value="/etc/hostname")
    node = helper.make_node(operator, ["features", "weights"], ["answer"], domain=str(change.get("domain", "")))
    inputs = [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", 2])]
    outputs = [helper.make_tensor_value_info("answer", TensorProto.FLOAT, ["N", 1])]
    graph = helper.make_graph([node], "g", inputs, outputs, [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    path = folder / "model.onnx"
    path.write_bytes(model.SerializeToString())
    return str(path)


def foreign(folder: Path, path: str, table: pd.DataFrame, **parameters: object) -> pd.DataFrame:
    with using(FolderSources(folder, {})):
        return LIBRARY["onnx-model"].read({"file": path, "columns": ["a", "b"], **parameters}).run(table)


TABLE = pd.DataFrame({"a": [1.0, 2.0, np.nan], "b": [1, 0, 5], "c": ["x", "y", "z"]})


def test_a_foreign_model_answers_for_rows_without_missing_numbers(tmp_path: Path) -> None:
    answers = foreign(tmp_path, model_file(tmp_path), TABLE)
    assert list(answers) == ["a", "b", "c", "answer"]
    assert answers["answer"].tolist()[:2] == [5.0, 4.0]
    assert np.isnan(answers["answer"].iloc[2])


def test_only_what_the_model_sees_must_be_there(tmp_path: Path) -> None:
    answers = foreign(tmp_path, model_file(tmp_path), TABLE.assign(other=[np.nan, 1.0, 1.0]))
    assert answers["answer"].tolist()[:2] == [5.0, 4.0]
    empty = foreign(tmp_path, model_file(tmp_path), TABLE.head(0))
    assert list(empty) == ["a", "b", "c", "answer"]


@pytest.mark.parametrize("as_mappings", [True, False])
def test_probabilities_of_a_foreign_classifier_have_a_column_each(tmp_path: Path, as_mappings: bool) -> None:
    rows = pd.DataFrame({"a": [0.0, 0.1, 1.0, 1.1, 2.0, 2.1], "b": [1, 1, 2, 2, 1, 1]})
    model = LogisticRegression().fit(rows.to_numpy(), [*"xxyyzz"])
    graph = to_onnx(model, rows.to_numpy(np.float32), options={"zipmap": as_mappings})
    (tmp_path / "own.onnx").write_bytes(graph.SerializeToString())
    answers = foreign(tmp_path, str(tmp_path / "own.onnx"), rows)
    assert answers.iloc[:, 2].tolist() == [*"xxyyzz"]
    np.testing.assert_allclose(answers.iloc[:, 3:], model.predict_proba(rows.to_numpy()), atol=1e-5)
    none = foreign(tmp_path, str(tmp_path / "own.onnx"), rows.head(0))
    assert list(none) == list(answers)[: 3 if as_mappings else 6]


def test_a_model_with_an_input_for_each_column_takes_them_by_name(tmp_path: Path) -> None:
    rows = only(TRAINING, "wage").dropna().reset_index(drop=True)
    model = train("linear-regression", rows, "wage")
    scoring = LIBRARY["score-model"].read({"append_score_columns_to_output": False})
    graph = OnnxGraph()
    graph.output_table(scoring.to_onnx(graph, trained_model=model, dataset=graph.input_table(model.features)))
    (tmp_path / "own.onnx").write_bytes(onnx_model(graph).SerializeToString())
    numbers = rows.assign(
        since=(rows["since"] - pd.Timestamp("1970-01-01")) / pd.Timedelta(seconds=1),
        member=rows["member"].astype(float),
    )
    answers = foreign(tmp_path, str(tmp_path / "own.onnx"), numbers, columns=["age"])
    np.testing.assert_allclose(answers["out:Scored Labels"], score(model, rows)["Scored Labels"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"operator": "RandomNormalLike"}, "operator 'RandomNormalLike'"),
        ({"domain": "com.evil"}, "operator 'com.evil.MatMul'"),
        ({"external": True}, "data in external files"),
    ],
)
def test_models_that_could_do_harm_are_refused(tmp_path: Path, change: dict, words: str) -> None:
    with pytest.raises(DesignerError, match=words) as refused:
        foreign(tmp_path, model_file(tmp_path, **change), TABLE)
    assert refused.value.code == "0159"


def test_files_and_columns_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = model_file(tmp_path)
    (tmp_path / "text.onnx").write_text("not a model")
    for call, words in (
        (lambda: foreign(tmp_path, str(tmp_path / "text.onnx"), TABLE), "not an ONNX model"),
        (lambda: foreign(tmp_path, path, TABLE, columns=["a"]), "takes 2 columns, 1 are chosen"),
        (lambda: foreign(tmp_path, path, TABLE, columns=["a", "c"]), "expects numbers and got text"),
        (lambda: foreign(tmp_path, "", TABLE), "no file is chosen"),
    ):
        with pytest.raises(DesignerError, match=words):
            call()


def test_a_graph_inside_an_operator_is_refused(tmp_path: Path) -> None:
    inner = helper.make_graph([], "inner", [], [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])])
    node = helper.make_node("If", ["c"], ["answer"], then_branch=inner, else_branch=inner)
    outputs = [helper.make_tensor_value_info("answer", TensorProto.FLOAT, [1])]
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("c", TensorProto.BOOL, [1])], outputs)
    (tmp_path / "if.onnx").write_bytes(onnx.helper.make_model(graph).SerializeToString())
    with pytest.raises(DesignerError, match="operator 'If'"):
        foreign(tmp_path, str(tmp_path / "if.onnx"), TABLE)


def test_where_every_row_lies_alone_there_is_no_cluster() -> None:
    alone = pd.DataFrame({"x": [0.0, 1, 2, 3, 4], "y": [4.0, 3, 0, 1, 2]})
    untrained = learner("dbscan-clustering", largest_distance=0.1, smallest_neighborhood=2)
    with pytest.raises(DesignerError, match="finds no cluster") as refused:
        LIBRARY["train-clustering-model"].read({}).run(untrained, alone)
    assert refused.value.code == "0083"


def test_only_features_of_the_model_can_be_asked_about() -> None:
    model = train("linear-regression", only(TRAINING, "wage").drop(columns="city"), "wage")
    module = LIBRARY["partial-dependence"].read({"features": ["city"]})
    with pytest.raises(DesignerError, match="none of the chosen columns is a feature") as refused:
        module.run(model, TRAINING)
    assert (refused.value.code, refused.value.place.parameter) == ("0011", "Features")


def test_what_scikit_learn_refuses_is_said_with_what_would_do() -> None:
    rows = pd.DataFrame({"x": np.arange(30.0), "y": ["a"] * 15 + ["b"] * 14 + ["c"]})
    with pytest.raises(DesignerError, match="cannot be fitted: The least populated") as refused:
        train("histogram-gradient-boosting-classification", rows, "y", stop_early=True)
    assert refused.value.code == "0083"
    assert refused.value.remedy
