"""The sample Customer groups in plain pandas and scikit-learn; only its table comes from Designer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.preprocessing import MinMaxScaler


def assignments(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The group of each held-out customer, and the distances to all centres in the scaled space."""
    customers = table.drop(columns="customer")
    rows = np.random.RandomState(42).permutation(len(customers))
    cut = int(len(customers) * 0.75)
    train, test = customers.iloc[rows[:cut]], customers.iloc[rows[cut:]]
    scaler = MinMaxScaler().fit(train)
    groups = KMeans(n_clusters=4, random_state=0, n_init=1, max_iter=100).fit(scaler.transform(train))
    return groups.predict(scaler.transform(test)), groups.transform(scaler.transform(test))
