"""Modules ignore differences in the last digits only, and integers keep all their digits."""

from __future__ import annotations

import statistics

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.preprocessing import StandardScaler

from designer.charts.profile import profile
from designer.contract.errors import DesignerError
from tests.modules.learning import LIBRARY, train

NEARLY = pd.DataFrame({"n": [3.3, 3.3000000000000003] * 30})
LARGE = [2**60 + 1, 2**60 + 3, 2**60 + 4, 2**60 + 9]


def run(id: str, *tables: pd.DataFrame, **settings):
    return LIBRARY[id].read(settings).run(*tables)


@pytest.mark.parametrize("method", ["ZScore", "MinMax"])
def test_a_column_that_varies_by_rounding_is_normalized_to_0(method: str) -> None:
    normalized = run("normalize-data", NEARLY, method=method).transformed_dataset
    assert (normalized["n"] == 0).all()
    assert StandardScaler().fit_transform(NEARLY).std() < 1e-12


@pytest.mark.parametrize("method", ["ZScore", "MinMax"])
def test_whole_numbers_are_normalized_with_all_their_digits(method: str) -> None:
    result = run("normalize-data", pd.DataFrame({"n": LARGE}), method=method)
    low = run("normalize-data", pd.DataFrame({"n": [0, 2, 3, 8]}), method=method).transformed_dataset
    np.testing.assert_allclose(result.transformed_dataset["n"], low["n"], rtol=1e-14)
    again = result.transformation_function.apply(pd.DataFrame({"n": pd.array([None, *LARGE], dtype="Int64")}))
    np.testing.assert_allclose(again["n"].iloc[1:], low["n"], rtol=1e-14)


@pytest.mark.parametrize(
    "method",
    ["Range", "Sample variance", "Population standard deviation", "Mean deviation", "Interquartile range",
     "Squared deviations", "Median deviation", "Standard error of the mean"],
)  # fmt: skip
def test_spreads_of_rounding_are_0(method: str) -> None:
    assert run("compute-elementary-statistics", NEARLY, method=method, columns=["n"]).iloc[0, 0] == 0


@pytest.mark.parametrize("cells", [[3.3, 3.3000000000000003] * 4, [7.0] * 8])
def test_skewness_and_kurtosis_of_a_constant_are_undefined(cells: list[float]) -> None:
    table = pd.DataFrame({"n": cells})
    summary = run("summarize-data", table).iloc[0]
    for name in ("Skewness", "Kurtosis"):
        figure = run("compute-elementary-statistics", table, method=f"Sample {name.lower()}", columns=["n"])
        assert np.isnan(figure.iloc[0, 0])
        assert np.isnan(summary[f"Sample {name}"])
    assert summary["Sample Variance"] == summary["Range"] == 0


def test_figures_of_large_whole_numbers_are_those_of_exact_arithmetic() -> None:
    table = pd.DataFrame({"n": LARGE})
    summary = run("summarize-data", table).iloc[0]
    shown = profile(table)["profile"][0]
    grouped = run("group-by", table.assign(g="a"), by=["g"], values=["n"], functions="std, var, mean")
    variance = float(statistics.variance(LARGE))
    for figure in (
        summary["Sample Variance"],
        shown["std"] ** 2,
        run("compute-elementary-statistics", table, method="Sample variance", columns=["n"]).iloc[0, 0],
        grouped.filter(like="ar").iloc[0, -1],
    ):
        assert figure == pytest.approx(variance, rel=1e-14)
    assert summary["Mean"] == shown["mean"] == float(sum(LARGE) // 4)
    assert summary["Range"] == 8


def test_correlations_with_rounding_are_missing_and_with_large_whole_numbers_exact() -> None:
    table = NEARLY.assign(real=np.arange(60.0), large=2**60 + np.arange(60))
    correlations = run("compute-linear-correlation", table).set_index("Feature")
    assert np.isnan(correlations.loc["n", "real"])
    assert correlations.loc["large", "real"] == pytest.approx(1, abs=1e-14)
    assert np.isnan(run("compute-linear-correlation", table, method="Spearman").set_index("Feature").loc["n", "real"])


@pytest.mark.parametrize("method", ["PearsonCorrelation", "ChiSquared"])
@pytest.mark.parametrize("kind", ["int64", "str"])
def test_a_feature_that_is_rounding_scores_0(method: str, kind: str) -> None:
    i = np.arange(80)
    y = i % 2
    rows = pd.DataFrame({"noise": np.where(y, 3.3000000000000003, 3.3), "real": (i * 3) % 11 + 2 * y, "y": y})
    result = run("filter-based-feature-selection", rows.astype({"y": kind}), target="y", method=method)
    assert list(result.filtered_dataset) == ["y", "real"]
    assert result.features.set_index("Feature")["Score"]["noise"] == 0
    if method == "PearsonCorrelation" and kind == "int64":
        assert result.features["Score"].iloc[0] == pytest.approx(stats.pearsonr(rows["real"], y)[0])


def test_rounding_is_no_component_and_no_discriminant() -> None:
    rows = pd.DataFrame({"n": NEARLY["n"], "x": np.arange(60.0) % 7, "z": np.arange(60.0) ** 2 % 5})
    state = run("principal-component-analysis", rows, columns=["n", "x", "z"], count=2, scale=True)
    weights = np.array(state.pca_transformation.state["weights"])
    assert np.abs(weights[0]).max() < 1e-12
    labelled = rows.assign(y=np.where(rows["n"] > 3.3, "a", "b"))
    with pytest.raises(DesignerError, match="do not vary"):
        run("fisher-linear-discriminant-analysis", labelled, label="y", columns=["n"])


def test_a_test_of_samples_that_are_rounding_is_refused() -> None:
    rows = NEARLY.assign(m=NEARLY["n"] - 0.1 + 0.1, p=3.2 + 0.1)
    with pytest.raises(DesignerError, match="do not vary"):
        run("t-test", rows, test="One sample", first="n", mean=3.0)
    with pytest.raises(DesignerError, match="do not vary"):
        run("t-test", rows, test="Paired samples", first="n", second="p")


def test_learners_do_not_see_rounding() -> None:
    rows = pd.DataFrame({"n": [1e8, np.nextafter(1e8, 2e8)] * 40, "y": ["a", "b"] * 40})
    for id in ("two-class-logistic-regression", "two-class-decision-forest"):
        model = train(id, rows, "y")
        shares = model.estimator.predict_proba(model.frame(rows))
        assert np.ptp(shares[:, 1]) < 1e-6


def test_a_label_that_varies_by_rounding_leaves_relative_errors_undefined() -> None:
    rows = pd.DataFrame({"Labels": NEARLY["n"], "Scored Labels": NEARLY["n"] + 1})
    model = run("evaluate-model", rows).models[0]
    assert model.metrics["Mean_Absolute_Error"] == pytest.approx(1)
    assert np.isnan(model.metrics["Coefficient_of_Determination"])


def test_models_that_differ_by_rounding_do_equally_well() -> None:
    first = pd.DataFrame({"Labels": np.arange(50.0), "Scored Labels": np.arange(50.0) + 0.7})
    second = first.assign(**{"Scored Labels": np.nextafter(first["Scored Labels"], 100)})
    line = run("evaluate-model", first, second).models[1].tables["difference"].iloc[0]
    assert (line["better"], line["p"], line["difference"]) == ("", 1, 0)


def test_spread_of_groups_that_are_rounding_is_0() -> None:
    rows = pd.DataFrame({"g": ["a", "b"] * 6, "n": [3.3, 1.0, 3.3000000000000003, 2.0] * 3})
    groups = run("group-by", rows, by=["g"], values=["n"], functions="std")
    assert groups.iloc[:, -1].tolist() == [0, pytest.approx(np.std([1, 2] * 3, ddof=1))]


def test_moving_and_grouped_deviations_of_rounding_are_0() -> None:
    rows = NEARLY.assign(t=pd.date_range("2024-01-01", periods=60), g=["a"] * 60)
    settings = {"time": "t", "values": ["n"], "lags": "", "windows": "3", "function": "std"}
    assert (run("time-features", rows, **settings)["n_std_3"].dropna() == 0).all()
    moving = run("time-features", rows.assign(n=np.arange(60) * 0.1), **settings)["n_std_3"].dropna()
    np.testing.assert_allclose(moving, 0.1)
    replaced = run("replace-discrete-values", rows, columns=["g"], reference="n")[0]
    assert (replaced["Std(n|g)"] == 0).all()


def test_tied_quantiles_say_that_a_bin_is_empty() -> None:
    flags = pd.DataFrame({"v": [0] * 40 + [1] * 60})
    module = LIBRARY["group-data-into-bins"].read({"bins": 2, "normalization": "QuantileIndex", "columns": ["v"]})
    outputs = module.run(flags)
    assert "No row is in bin 2 of 'v'" in module.explain({"dataset": flags}, outputs._asdict())
    apart = pd.DataFrame({"v": [0] * 50 + [1] * 50})
    assert module.explain({"dataset": apart}, module.run(apart)._asdict()) == ""


def test_a_row_on_the_edge_of_a_quantile_lies_below_it() -> None:
    for step in (1.0, 0.1, 0.7):
        rows = pd.DataFrame({"v": np.arange(1, 16) * step})
        settings = {"bins": 7, "normalization": "QuantileIndex", "output_mode": "ResultOnly", "categorical": False}
        bins = run("group-data-into-bins", rows, columns=["v"], **settings).quantized_dataset.iloc[:, 0]
        assert bins.tolist() == [1, *np.repeat(np.arange(1, 8), 2)]


def test_tied_modes_are_the_smallest_everywhere() -> None:
    levels = pd.Categorical(["low", "high", "low", "high", None], categories=["low", "high"])
    rows = pd.DataFrame({"g": "a", "level": levels, "n": [5.0, 2.0, 5.0, 2.0, None], "s": ["b", "a", "b", "a", None]})
    grouped = run("group-by", rows, by=["g"], values=["level", "n", "s"], functions="mode").iloc[0, 1:].tolist()
    cleaned = run("clean-missing-data", rows, columns=["level", "n", "s"], mode="Replace with mode")[0].iloc[-1]
    assert grouped == ["high", 2.0, "a"] == cleaned[["level", "n", "s"]].tolist()
    assert run("summarize-data", rows).set_index("Feature").loc["n", "Mode"] == 2.0
    assert run("compute-elementary-statistics", rows, method="Mode", columns=["n"]).iloc[0, 0] == 2.0
