"""Quantile regression and its metrics."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_pinball_loss

from designer.contract.errors import DesignerError
from tests.modules.learning import LIBRARY, learner, score, train, with_label

RANDOM = np.random.default_rng(0)
ROWS = pd.DataFrame({"x": RANDOM.uniform(0, 1, 1500)})
ROWS["y"] = 10 * ROWS["x"] + RANDOM.normal(size=1500) * (1 + ROWS["x"])


def test_shares_of_the_rows_lie_below_the_quantiles() -> None:
    scored = score(train("fast-forest-quantile-regression", ROWS, "y", number_of_trees=20), ROWS)
    for share in (0.25, 0.5, 0.75):
        below = (ROWS["y"] <= scored[f"Scored Quantiles_{share}"]).mean()
        assert below == pytest.approx(share, abs=0.06)
    assert (scored["Scored Labels"] == scored["Scored Quantiles_0.5"]).all()


def test_quantile_losses_made_by_hand_and_by_scikit_learn() -> None:
    table = pd.DataFrame(
        {"y": [1.0, 2.0, 3.0], "Scored Labels": [2.0, 2.0, 2.0], "Scored Quantiles_0.25": [0.0, 3.0, 2.0]}
    )
    model = LIBRARY["evaluate-model"].read({}).run(with_label(table, "y")).models[0]
    assert model.metrics["Quantile Loss: 0.25"] == pytest.approx((0.25 * 1 + 0.75 * 1 + 0.25 * 1) / 3)
    expected = mean_pinball_loss(table["y"], table["Scored Quantiles_0.25"], alpha=0.25)
    assert model.metrics["Average Quantile Loss"] == pytest.approx(expected)
    assert model.baseline["Average Quantile Loss"] == pytest.approx(
        mean_pinball_loss(table["y"], [1.5] * 3, alpha=0.25)
    )


def test_quantiles_that_are_none_are_refused() -> None:
    for text in ("", "0;1", "half", "1.5"):
        with pytest.raises(DesignerError, match="list of quantiles"):
            learner("fast-forest-quantile-regression", quantiles_to_be_estimated=text)
