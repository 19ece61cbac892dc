"""Train Model and Score Model compared with scikit-learn on the same features: 50,000 rows of twelve mixed columns.

Times are processor times with one thread, the best of three.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder
from threadpoolctl import threadpool_limits

from designer.contract.catalogue.library import Library
from designer.contract.module import Module

ROWS, REPEATS = 50_000, 3
TEXTS = [f"c{i}" for i in range(6)]
NUMBERS = [f"n{i}" for i in range(6)]


def table(rows: int = ROWS) -> pd.DataFrame:
    """Six numbers, six columns of 5 to 20 categories, two classes."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame({name: random.normal(size=rows) for name in NUMBERS})
    for i, name in enumerate(TEXTS):
        frame[name] = pd.Series(random.choice([f"v{k}" for k in range(5 + 3 * i)], rows), dtype="str")
    noise = random.normal(size=rows)
    frame["y"] = pd.Series(np.where(frame["n0"] + (frame["c0"] == "v1") + noise > 0.5, "a", "b"), dtype="str")
    return frame


def boosted() -> Any:
    """Boosted trees with native categories, by scikit-learn alone."""
    trees = HistGradientBoostingClassifier(
        max_leaf_nodes=20, min_samples_leaf=10, learning_rate=0.2, early_stopping=False, random_state=0,
        categorical_features=list(range(6)),
    )  # fmt: skip
    return make_pipeline(make_column_transformer((OrdinalEncoder(), TEXTS), remainder="passthrough"), trees)


def logistic() -> Any:
    """Logistic regression on scaled numbers and indicators, by scikit-learn alone."""
    preparation = make_column_transformer((MinMaxScaler(), NUMBERS), (OneHotEncoder(sparse_output=False), TEXTS))
    return make_pipeline(preparation, LogisticRegression(tol=1e-7, max_iter=1000))


def measure() -> list[tuple[str, str, str]]:
    """Ratios of Designer's time to scikit-learn's."""
    library, frame = Library.scan(), table()
    with threadpool_limits(1):
        return [
            *compared("boosted trees", library["two-class-boosted-decision-tree"], boosted, library, frame),
            *compared("logistic regression", library["two-class-logistic-regression"], logistic, library, frame),
        ]


def compared(
    title: str, learner: type[Module], plain: Callable[[], Any], library: Library, frame: pd.DataFrame
) -> list[tuple[str, str, str]]:
    """Training and scoring with one learner."""
    untrained, features = learner.read({}).run(), frame.drop(columns="y")
    train, score = library["train-model"].read({"label_column": "y"}), library["score-model"].read({})
    fitted, model = plain().fit(features, frame["y"]), train.run(untrained, frame)
    trained = best(lambda: train.run(untrained, frame)) / best(lambda: plain().fit(features, frame["y"]))
    scored = best(lambda: score.run(model, features)) / best(lambda: fitted.predict_proba(features))
    return [(f"{title}: train", f"{trained:.2f}", "<= 1.20"), (f"{title}: score", f"{scored:.2f}", "")]


def best(call: Callable[[], Any]) -> float:
    """The shortest of three runs, in seconds of processor time."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)
