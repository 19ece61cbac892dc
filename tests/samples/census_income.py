"""The sample Income over 50K? in plain pandas and scikit-learn; only its table comes from Designer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder


def metrics(table: pd.DataFrame) -> list[dict[str, float]]:
    """The expected metrics of the boosted trees and of the logistic regression."""
    rows = np.random.RandomState(42).permutation(len(table))
    cut = int(len(table) * 0.7)
    train, test = table.iloc[rows[:cut]].copy(), table.iloc[rows[cut:]].copy()
    numbers = list(table.select_dtypes("number"))
    medians = train[numbers].median()
    train[numbers], test[numbers] = train[numbers].fillna(medians), test[numbers].fillna(medians)
    text = [name for name in table if name not in numbers and name != "income"]
    known = [sorted(train[name].dropna().unique()) for name in text]  # a missing category sets no indicator
    encoder = ("text", OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False), text)
    logistic = make_pipeline(
        ColumnTransformer([("numbers", MinMaxScaler(), numbers), encoder]),
        LogisticRegression(C=1.0, tol=1e-7, max_iter=10_000),
    )
    return [_scores(_boosted(numbers, text), train, test), _scores(logistic, train, test)]


def _boosted(numbers: list[str], text: list[str]) -> Any:
    trees = HistGradientBoostingClassifier(
        max_leaf_nodes=20, min_samples_leaf=10, learning_rate=0.2, max_iter=100, early_stopping=False, random_state=0,
        categorical_features="from_dtype",
    )  # fmt: skip
    return _Categories(trees, numbers, text)


class _Categories:
    """Boosted trees with scikit-learn's native handling of categorical columns."""

    def __init__(self, trees: Any, numbers: list[str], text: list[str]) -> None:
        self._trees, self._numbers, self._text = trees, numbers, text

    def fit(self, frame: pd.DataFrame, label: pd.Series) -> None:
        self._known = {name: sorted(frame[name].dropna().unique()) for name in self._text}
        self._trees.fit(self._typed(frame), label)
        self.classes_ = self._trees.classes_

    def predict(self, frame: pd.DataFrame) -> Any:
        return self._trees.predict(self._typed(frame))

    def predict_proba(self, frame: pd.DataFrame) -> Any:
        return self._trees.predict_proba(self._typed(frame))

    def _typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        texts = {name: pd.Categorical(frame[name], categories=known) for name, known in self._known.items()}
        return pd.DataFrame(texts | {name: frame[name].to_numpy("float64") for name in self._numbers})


def _scores(model: Any, train: pd.DataFrame, test: pd.DataFrame) -> dict[str, float]:
    model.fit(train.drop(columns="income"), train["income"])
    frame, actual = test.drop(columns="income"), test["income"] == ">50K"
    predicted = model.predict(frame) == ">50K"
    probability = model.predict_proba(frame)[:, list(model.classes_).index(">50K")]
    return {
        "Accuracy": accuracy_score(actual, predicted),
        "Precision": precision_score(actual, predicted),
        "Recall": recall_score(actual, predicted),
        "F1 Score": f1_score(actual, predicted),
        "AUC": roc_auc_score(actual, probability),
    }
