"""The sample Car prices in plain pandas and scikit-learn: nothing of ours but the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder


def metrics(table: pd.DataFrame) -> list[dict[str, float]]:
    """What Evaluate Model has to say."""
    cars = table.drop(columns="normalized-losses").dropna()
    rows = np.random.RandomState(42).permutation(len(cars))
    cut = int(len(cars) * 0.7)
    train, test = cars.iloc[rows[:cut]], cars.iloc[rows[cut:]]
    features = cars.drop(columns="price")
    text = list(features.select_dtypes(exclude="number"))
    model = make_pipeline(
        ColumnTransformer(
            [
                ("numbers", MinMaxScaler(), list(features.select_dtypes("number"))),
                ("text", OneHotEncoder(handle_unknown="ignore"), text),
            ]
        ),
        Ridge(alpha=0.001),
    )
    model.fit(train.drop(columns="price"), train["price"])
    return [regression(test["price"].to_numpy(), model.predict(test.drop(columns="price")))]


def regression(actual: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """The five numbers of a regression, by their definitions."""
    error, spread = actual - predicted, actual - actual.mean()
    return {
        "Mean_Absolute_Error": float(np.abs(error).mean()),
        "Root_Mean_Squared_Error": float(np.sqrt((error**2).mean())),
        "Relative_Squared_Error": float((error**2).sum() / (spread**2).sum()),
        "Relative_Absolute_Error": float(np.abs(error).sum() / np.abs(spread).sum()),
        "Coefficient_of_Determination": float(1 - (error**2).sum() / (spread**2).sum()),
    }
