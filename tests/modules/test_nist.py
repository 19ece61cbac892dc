"""Certified values of the National Institute of Standards and Technology (StRD)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.datasets.longley

from designer.contract.values import TrainedModel
from modules.statistics.compute_elementary_statistics import ComputeElementaryStatistics
from modules.statistics.summarize_data import SummarizeData
from tests.modules.learning import score, train
from tests.modules.nist import FITS, LONGLEY, LONGLEY_DEVIATION, SAMPLES

# Limits of double precision: NumAcc3 and NumAcc4 cancel; Wampler4 and 5 hide weights of 1 in large noise.
DEVIATIONS = {"NumAcc3": 1e-9, "NumAcc4": 1e-8}
WEIGHTS = {"Wampler1": 1e-8, "Wampler3": 1e-8, "Wampler4": 1e-7, "Wampler5": 1e-5, "Filip": 1e-6}


@pytest.mark.parametrize("name", SAMPLES)
def test_means_and_deviations_are_the_certified_ones(name: str) -> None:
    sample = SAMPLES[name]
    table = pd.DataFrame({"x": sample.cells})
    summary = SummarizeData().run(table).iloc[0]
    exact = DEVIATIONS.get(name, 1e-12)
    assert summary["Mean"] == pytest.approx(sample.mean, rel=1e-14)
    assert summary["Sample Standard Deviation"] == pytest.approx(sample.deviation, rel=exact)
    for method, value in (("Mean", sample.mean), ("Sample standard deviation", sample.deviation)):
        figures = ComputeElementaryStatistics.read({"method": method, "columns": ["x"]}).run(table)
        assert figures[f"{method}(x)"].iloc[0] == pytest.approx(value, rel=exact)


@pytest.mark.parametrize("name", FITS)
def test_linear_regression_reaches_certified_polynomials(name: str) -> None:
    fit = FITS[name]
    count = len(fit.weights)
    rows = pd.DataFrame({f"x{power}": fit.x**power for power in range(1, count)}).assign(y=fit.y)
    model = train("linear-regression", rows, "y", l2_regularization_weight=0)
    assert weights_of(model) == pytest.approx(fit.weights, rel=WEIGHTS.get(name, 1e-11))
    exact = 1e-7 if name == "Filip" else 1e-9
    assert deviation(model, rows, "y", count) == pytest.approx(fit.deviation, rel=exact, abs=1e-14 * abs(fit.y).max())


def weights_of(model: TrainedModel) -> list[float]:
    return [line["per unit"] for line in model.report["coefficients"]]


def deviation(model: TrainedModel, rows: pd.DataFrame, label: str, weights: int) -> float:
    residuals = score(model, rows)["Scored Labels"] - rows[label]
    return float(np.sqrt((residuals**2).sum() / (len(rows) - weights)))


def test_linear_regression_through_the_origin_reaches_the_certified_value() -> None:
    """NoInt1."""
    x = np.arange(60.0, 71)
    rows = pd.DataFrame({"x": x, "y": x + 70})
    model = train("linear-regression", rows, "y", l2_regularization_weight=0, include_intercept_term=False)
    assert weights_of(model) == pytest.approx([0, 2.07438016528926], rel=1e-13)
    assert deviation(model, rows, "y", 1) == pytest.approx(3.56753034006338, rel=1e-13)
    assert score(model, pd.DataFrame({"x": [0.0]}))["Scored Labels"].tolist() == [0]


def test_linear_regression_reaches_the_certified_values_of_longley() -> None:
    rows = statsmodels.datasets.longley.load_pandas().data
    model = train("linear-regression", rows, "TOTEMP", l2_regularization_weight=0)
    weights = {line["feature"]: line["per unit"] for line in model.report["coefficients"]}
    assert weights == pytest.approx(LONGLEY, rel=1e-9)
    assert deviation(model, rows, "TOTEMP", 7) == pytest.approx(LONGLEY_DEVIATION, rel=1e-9)


def test_features_that_repeat_each_other_share_their_weight() -> None:
    random = np.random.default_rng(0)
    rows = pd.DataFrame({"x": random.normal(size=5000), "word": random.choice(["a", "b", "c"], 5000)})
    rows = rows.assign(twice=2 * rows["x"] + 3, y=rows["x"] + (rows["word"] == "b") + random.normal(size=5000))
    model = train("linear-regression", rows, "y", l2_regularization_weight=0)
    assert np.abs([line["coefficient"] for line in model.report["coefficients"]]).max() < 20
