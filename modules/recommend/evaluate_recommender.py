"""Evaluate ratings and recommendations."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd

from designer.contract.errors import TooFewRows
from designer.contract.module import Module
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Table

from .matrix_factorization import names_of
from .triples import WrongColumnCount, check_triples


class EvaluateRecommender(
    Module,
    category="Recommendation",
    icon="thumbs-up",
    at_inference="drop",
    synonyms=("NDCG", "MAE", "RMSE", "ranking"),
    no_onnx="metrics need all rows",
):
    """Evaluate predicted ratings or recommended items against the ratings of a test dataset.

    The test dataset has user, item and rating by position. The metrics depend on the columns of the scored dataset:
    User, Item, Rating gives MAE and RMSE over the pairs in both; User, Item 1, Item 2, ... gives the average NDCG, with
    the test ratings as gains, over the users whose ideal gain is not 0. Unlike scikit-learn, which sorts the gains of
    the ranked items, the ideal gain uses the user's best rated items in the test dataset, as many as were recommended,
    whether recommended or not. An unrated item has gain 0.

    Errors: 0022 for a wrong number of columns, 0017 for non-numeric ratings, 0034 for duplicate pairs, 0021 if no pair
    is in both tables.

    Example: predicted ratings 4 and 4 against 3 and 2 have an MAE of 1.5.
    """

    def run(self, test_dataset: Table, scored_dataset: Table) -> Annotated[Table, "Metric"]:
        """Compute the metrics."""
        ratings = check_triples(test_dataset, "Test dataset")
        names = [str(name) for name in scored_dataset]
        if len(names) == 3 and names[2] == "Rating":
            return rating_errors(ratings, check_triples(scored_dataset, "Scored dataset"))
        if len(names) > 1 and names[0] == "User" and names[1] == "Item 1":
            return ranking_gain(ratings, scored_dataset)
        remedy = "Score it with Score SVD Recommender: User, Item, Rating or User, Item 1, Item 2, ..."
        raise WrongColumnCount(f"the columns are {', '.join(names[:5])}", remedy, port="Scored dataset")

    def infer(self, test_dataset: Schema, scored_dataset: Schema) -> Schema:
        """MAE and RMSE, or NDCG."""
        if not scored_dataset.complete:
            return Schema.unknown()
        by_rating = len(scored_dataset) == 3 and scored_dataset.names[2] == "Rating"
        return Schema(tuple(Column(name, Kind.DECIMAL) for name in (("MAE", "RMSE") if by_rating else ("NDCG",))))

    def summary(self) -> str:
        """The result in one line."""
        return "MAE and RMSE, or NDCG"

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Compute and print the same metrics."""
        by_rating = "Rating" in inputs["scored_dataset"].schema and len(inputs["scored_dataset"].schema) == 3
        measure: Any = rating_errors if by_rating else ranking_gain
        name = script.call(measure, inputs["test_dataset"], inputs["scored_dataset"], result="metric")
        script.line(f"print({name}.to_string(index=False))")
        return (name,)


def rating_errors(ratings: Table, scored: Table) -> Table:
    """MAE and RMSE over the pairs in both tables."""
    tables = [table.iloc[:, :3].set_axis(["user", "item", "rating"], axis=1) for table in (ratings, scored)]
    keyed = [table.assign(user=names_of(table["user"]), item=names_of(table["item"])) for table in tables]
    both = keyed[0].merge(keyed[1], on=["user", "item"], suffixes=("", "_predicted")).dropna()
    errors = both["rating_predicted"].to_numpy(dtype="float64") - both["rating"].to_numpy(dtype="float64")
    if not len(errors):
        raise TooFewRows("no pair of user and item is in both tables", "Score the test dataset.")
    return pd.DataFrame({"MAE": [float(np.abs(errors).mean())], "RMSE": [float(np.sqrt((errors**2).mean()))]})


def ranking_gain(ratings: Table, scored: Table) -> Table:
    """The average NDCG of the recommended items, with ratings as gains."""
    keys = zip(names_of(ratings.iloc[:, 0]), names_of(ratings.iloc[:, 1]), strict=True)
    gains = dict(zip(keys, ratings.iloc[:, 2].to_numpy(dtype="float64"), strict=True))
    items = [name for name in scored if str(name).startswith("Item ")]
    rated = ratings.iloc[:, 2].groupby(names_of(ratings.iloc[:, 0])).apply(list)
    ratios = []
    for user, *chosen in scored[["User", *items]].itertuples(index=False):
        kept = [str(item) for item in chosen if not pd.isna(item)]
        best = sorted(rated.get(str(user), []), reverse=True)[: len(kept)]
        possible = discounted(best)
        if possible > 0:
            ratios.append(discounted([gains.get((str(user), item), 0.0) for item in kept]) / possible)
    return pd.DataFrame({"NDCG": [float(np.mean(ratios)) if ratios else float("nan")]})


def discounted(gains: list[float]) -> float:
    """The discounted cumulative gain: gains divided by the logarithm of their rank."""
    return float(sum(gain / np.log2(place + 2) for place, gain in enumerate(gains)))
