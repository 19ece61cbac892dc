"""Predict ratings and recommend items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import pandas as pd

from designer.contract.errors import MissingInput, WrongModel
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.script import Script, Variable
from designer.contract.values import ModelOutline, Table, Task, TrainedModel
from designer.contract.wording.counting import counted

from .matrix_factorization import best_items, names_of, predicted_ratings
from .triples import WrongColumnCount, once

RATING = "Rating"
ITEMS = {"recommender_prediction_kind": "Item Recommendation"}
RATED = "From Rated Items (for model evaluation)"
UNRATED = "From Unrated Items (to suggest new items to users)"


class ScoreSVDRecommender(
    Module,
    category="Recommendation",
    icon="thumbs-up",
    title="Score SVD Recommender",
    synonyms=("recommend", "collaborative filtering", "top n"),
    no_onnx="recommendations depend on other rows",
):
    """Predict ratings, or recommend items to users.

    Rating Prediction reads user and item by position and returns User, Item and Rating; an unknown user or item is
    treated as average. Item Recommendation returns one row per user with the columns Item 1, Item 2, ..., best first:
    from the items the user rated in the dataset to score (for evaluation), from all items, or from those the user has
    not rated in the training data on the third port.

    Errors: 0022 for too few columns, 0034 for duplicate pairs, 0003 if the training data are required and not wired.

    Example: an unseen user and an unseen item get the mean rating.
    """

    recommender_prediction_kind: Literal["Rating Prediction", "Item Recommendation"] = param("Rating Prediction")
    """What to predict."""

    recommended_item_selection: Literal[
        "From All Items",
        "From Rated Items (for model evaluation)",
        "From Unrated Items (to suggest new items to users)",
    ] = param(RATED, when=ITEMS)
    """The candidate items."""

    minimum_size_of_the_recommendation_pool_for_a_single_user: int = param(
        2, ge=1, when={**ITEMS, "recommended_item_selection": RATED}
    )
    """Minimum number of candidates per user; users with fewer are left out."""

    maximum_number_of_items_to_recommend_to_a_user: int = param(5, ge=1, le=1000, when=ITEMS)
    """Maximum number of items per user."""

    whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels: bool = param(False, when=ITEMS)
    """Add a column Rating 1, Rating 2, ... after each item."""

    def run(
        self,
        trained_svd_recommendation: Annotated[TrainedModel, "Trained SVD recommendation"],
        dataset_to_score: Table,
        training_data: Table | None = None,
    ) -> Annotated[Table, "Scored dataset"]:
        """Score."""
        if trained_svd_recommendation.task is not Task.RECOMMENDATION:
            problem = f"'{trained_svd_recommendation.name}' is for {str(trained_svd_recommendation.task).lower()}"
            raise WrongModel(problem, "Wire Train SVD Recommender.", port="Trained SVD recommendation")
        learned: Mapping[str, Any] = trained_svd_recommendation.estimator
        if self.recommender_prediction_kind == "Rating Prediction":
            _wide_enough(dataset_to_score, 2)
            return rating_table(dataset_to_score, learned)
        return self._recommended(learned, dataset_to_score, training_data)

    def _recommended(self, learned: Mapping[str, Any], table: Table, training: Table | None) -> Table:
        _wide_enough(table, 2 if self.recommended_item_selection == RATED else 1)
        if self.recommended_item_selection == UNRATED and training is None:
            raise MissingInput(
                "the training data is not connected", "Connect it to the third port.", port="Training data"
            )
        if self.recommended_item_selection == UNRATED and training is not None:
            _wide_enough(training, 2, "Training data")
        most, ratings = self._most_and_ratings()
        smallest = self.minimum_size_of_the_recommendation_pool_for_a_single_user
        if self.recommended_item_selection == RATED:
            table = once(table.dropna().reset_index(drop=True), "Dataset to score")
        pools = candidate_pools(table, training, learned, self.recommended_item_selection, smallest)
        return recommendation_table(pools, learned, most, ratings)

    def _most_and_ratings(self) -> tuple[int, bool]:
        ratings = self.whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels
        return self.maximum_number_of_items_to_recommend_to_a_user, ratings

    def infer(
        self,
        trained_svd_recommendation: ModelOutline | None,
        dataset_to_score: Schema,
        training_data: Schema | None = None,
    ) -> Schema:
        """User, item and rating, or user and items."""
        user = Column("User", Kind.STRING)
        if self.recommender_prediction_kind == "Rating Prediction":
            return Schema((user, Column("Item", Kind.STRING), Column(RATING, Kind.DECIMAL, Role.SCORE)))
        most, ratings = self._most_and_ratings()
        columns = [user]
        for place in range(1, most + 1):
            columns.append(Column(f"Item {place}", Kind.STRING, Role.SCORE))
            columns += [Column(f"Rating {place}", Kind.DECIMAL, Role.SCORE)] if ratings else []
        return Schema(tuple(columns))

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Call the same functions."""
        model, table = inputs["trained_svd_recommendation"], inputs["dataset_to_score"]
        if self.recommender_prediction_kind == "Rating Prediction":
            return (script.call(rating_table, table, model, result="scored"),)
        most, ratings = self._most_and_ratings()
        smallest = self.minimum_size_of_the_recommendation_pool_for_a_single_user
        pools = script.call(
            candidate_pools, table, inputs.get("training_data"), model, self.recommended_item_selection, smallest,
            result="pools",
        )  # fmt: skip
        return (script.call(recommendation_table, Variable(pools), model, most, ratings, result="scored"),)


def rating_table(table: Table, learned: Mapping[str, Any]) -> Table:
    """User, item and predicted rating of each row that has both."""
    rows = table[table.iloc[:, :2].notna().all(axis=1)]
    users, items = names_of(rows.iloc[:, 0]), names_of(rows.iloc[:, 1])
    columns = {"User": users.to_numpy(), "Item": items.to_numpy()}
    ratings = predicted_ratings(learned, columns["User"], columns["Item"])
    return pd.DataFrame(columns, dtype="str").assign(Rating=ratings)


def rated_items(table: Table) -> dict[str, list[str]]:
    """The items of each user."""
    pools: dict[str, list[str]] = {}
    for user, item in zip(names_of(table.iloc[:, 0]), names_of(table.iloc[:, 1]), strict=True):
        pools.setdefault(user, []).append(item)
    return pools


def candidate_pools(
    table: Table, training: Any, learned: Mapping[str, Any], selection: str, smallest: int
) -> dict[str, list[str]]:
    """The candidates of each user."""
    if selection.startswith("From Rated"):
        return {user: pool for user, pool in rated_items(table.dropna()).items() if len(pool) >= smallest}
    rated = rated_items(training.dropna()) if selection.startswith("From Unrated") else {}
    users = dict.fromkeys(names_of(table.iloc[:, 0].dropna()))
    return {user: _without(learned["items"], rated.get(user, [])) for user in users}


def recommendation_table(
    pools: Mapping[str, Sequence[str]], learned: Mapping[str, Any], most: int, ratings: bool
) -> Table:
    """One row per user with the best candidates."""
    columns: dict[str, list[Any]] = {"User": list(pools)}
    chosen = [best_items(learned, user, pool, most) for user, pool in pools.items()]
    for place in range(most):
        columns[f"Item {place + 1}"] = [items[place] if place < len(items) else None for items, _ in chosen]
        if ratings:
            columns[f"Rating {place + 1}"] = [scores[place] if place < len(scores) else None for _, scores in chosen]
    kinds = {name: "float64" if name.startswith(RATING) else "str" for name in columns}
    return pd.DataFrame(columns).astype(kinds)


def _without(items: Sequence[str], rated: Sequence[str]) -> list[str]:
    gone = set(rated)
    return [item for item in items if item not in gone]


def _wide_enough(table: Table, columns: int, port: str = "Dataset to score") -> None:
    if table.shape[1] < columns:
        needed = "user and item" if columns > 1 else "user"
        raise WrongColumnCount(f"the table has {counted(table.shape[1], 'column')}", f"It needs {needed}.", port=port)
