"""The sample Car prices in plain pandas and scikit-learn; only its table comes from Designer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder


def metrics(table: pd.DataFrame) -> list[dict[str, float]]:
    """The expected metrics of Evaluate Model."""
    cars = table.drop(columns="normalized-losses")
    rows = np.random.RandomState(42).permutation(len(cars))
    cut = int(len(cars) * 0.7)
    train, test = cars.iloc[rows[:cut]].copy(), cars.iloc[rows[cut:]].copy()
    features = cars.drop(columns="price")
    text, numbers = list(features.select_dtypes(exclude="number")), list(features.select_dtypes("number"))
    medians = train[numbers].median()
    train[numbers], test[numbers] = train[numbers].fillna(medians), test[numbers].fillna(medians)
    train, test = train[train["price"].notna()], test[test["price"].notna()]
    known = [sorted(train[name].dropna().unique()) for name in text]  # a missing category sets no indicator
    model = make_pipeline(
        ColumnTransformer(
            [
                ("numbers", MinMaxScaler(), numbers),
                ("text", OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False), text),
            ]
        ),
        Ridge(alpha=0.001),
    )
    model.fit(train.drop(columns="price"), train["price"])
    return [regression(test["price"].to_numpy(), model.predict(test.drop(columns="price")))]


def regression(actual: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """The five regression metrics, by their definitions."""
    error, spread = actual - predicted, actual - actual.mean()
    return {
        "Mean_Absolute_Error": float(np.abs(error).mean()),
        "Root_Mean_Squared_Error": float(np.sqrt((error**2).mean())),
        "Relative_Squared_Error": float((error**2).sum() / (spread**2).sum()),
        "Relative_Absolute_Error": float(np.abs(error).sum() / np.abs(spread).sum()),
        "Coefficient_of_Determination": float(1 - (error**2).sum() / (spread**2).sum()),
    }
