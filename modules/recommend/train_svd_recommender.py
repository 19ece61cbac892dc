"""Train a recommender on ratings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import ModelOutline, Table, Task, TrainedModel
from designer.contract.wording.counting import counted

from .matrix_factorization import factorize, is_finite
from .triples import check_triples

PORT = "Training dataset of user-item-rating triples"
NAME = "SVD Recommender"


class TrainSVDRecommender(
    Module,
    category="Recommendation",
    icon="thumbs-up",
    title="Train SVD Recommender",
    synonyms=("collaborative filtering", "matrix factorization", "Funk"),
    no_onnx="training needs all rows",
):
    """Train a recommender on ratings by matrix factorization.

    Reads columns by position: user, item, rating (a number). Each user and each item has a bias and a vector of
    factors; the predicted rating is the mean plus both biases plus the dot product of the factors, learned by
    stochastic gradient descent (Funk SVD). Rows with a missing cell are left out.

    Errors: 0022 for a wrong number of columns, 0017 for non-numeric ratings, 0034 if a user rates an item twice, 0008
    for a learning rate at which training diverges.

    Example: users who liked the same items get similar factors.
    """

    number_of_factors: int = param(200, ge=1, le=10_000)
    """Number of latent factors."""

    number_of_recommendation_algorithm_iterations: int = param(30, ge=1, le=100_000)
    """Number of passes over the ratings (epochs)."""

    learning_rate: float = param(0.005, gt=0, le=2)
    """Learning rate: the step size of each update."""

    random_number_seed: int = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model."""

    def run(
        self, training_dataset_of_user_item_rating_triples: Annotated[Table, PORT]
    ) -> Annotated[TrainedModel, "Trained SVD recommender"]:
        """Factorize."""
        table = training_dataset_of_user_item_rating_triples
        ratings = check_triples(table, PORT)
        learned = factorize(ratings, *self._settings())
        if not is_finite(learned):
            problem = f"the factors diverge at a learning rate of {self.learning_rate:g}"
            raise InvalidParameter(problem, "Use a smaller learning rate.", parameter="Learning rate")
        report = {"users": len(learned["users"]), "items": len(learned["items"]), "rows": len(ratings)}
        return TrainedModel(NAME, Task.RECOMMENDATION, learned, Schema.of(table), accepts_missing=True, report=report)

    def _settings(self) -> tuple[int, int, float, int]:
        iterations = self.number_of_recommendation_algorithm_iterations
        return self.number_of_factors, iterations, self.learning_rate, self.random_number_seed

    def infer(self, training_dataset_of_user_item_rating_triples: Schema) -> ModelOutline:
        """Name and columns."""
        return ModelOutline(NAME, Task.RECOMMENDATION, None, training_dataset_of_user_item_rating_triples)

    def to_python(self, script: Script, **inputs: Variable) -> tuple[str, ...]:
        """Call the same function."""
        table = inputs["training_dataset_of_user_item_rating_triples"]
        rows = script.variable("ratings")
        script.line(f"{rows} = {table}[{table}.notna().all(axis=1)].reset_index(drop=True)")
        return (script.call(factorize, Variable(rows), *self._settings(), result="recommender"),)

    def summary(self) -> str:
        """The number of factors and epochs."""
        passes = counted(self.number_of_recommendation_algorithm_iterations, "pass")
        return f"{counted(self.number_of_factors, 'factor')}, {passes}"

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """The number of users and items."""
        report = outputs["trained_svd_recommender"].report
        users, items = counted(report["users"], "user"), counted(report["items"], "item")
        return f"{users}, {items}, {counted(report['rows'], 'rating')}."
