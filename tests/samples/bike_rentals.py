"""The sample Bike rentals in plain pandas and scikit-learn; only its table comes from Designer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder

from tests.samples.car_prices import regression


def metrics(table: pd.DataFrame) -> list[dict[str, float]]:
    """The expected metrics of the boosted trees and of the linear regression."""
    days = table.drop(columns="date").assign(month=table["date"].dt.month, weekday=table["date"].dt.day_of_week)
    rows = np.random.RandomState(42).permutation(len(days))
    cut = int(len(days) * 0.7)
    train, test = days.iloc[rows[:cut]], days.iloc[rows[cut:]]
    text = ["season", "weather"]
    numbers = [name for name in days if name not in (*text, "rentals")]
    linear = make_pipeline(
        ColumnTransformer([("numbers", MinMaxScaler(), numbers), ("text", OneHotEncoder(sparse_output=False), text)]),
        Ridge(alpha=0.001),
    )
    linear.fit(train[numbers + text].astype(dict.fromkeys(numbers, "float64")), train["rentals"])
    boosted = HistGradientBoostingRegressor(
        max_leaf_nodes=20, min_samples_leaf=10, learning_rate=0.2, max_iter=100, early_stopping=False, random_state=0,
        categorical_features="from_dtype",
    )  # fmt: skip
    boosted.fit(_typed(train, numbers, text), train["rentals"])
    actual = test["rentals"].to_numpy()
    predicted = linear.predict(test[numbers + text].astype(dict.fromkeys(numbers, "float64")))
    return [regression(actual, boosted.predict(_typed(test, numbers, text))), regression(actual, predicted)]


def _typed(frame: pd.DataFrame, numbers: list[str], text: list[str]) -> pd.DataFrame:
    texts = {name: frame[name].astype("category") for name in text}
    return pd.DataFrame(texts | {name: frame[name].astype("float64") for name in numbers})
