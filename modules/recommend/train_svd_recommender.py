"""Learning tastes from ratings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from designer.contract.counting import counted
from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import ModelOutline, Table, Task, TrainedModel

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
    """Learn from ratings what users like.

    Reads columns by position: user, item, rating (a number). Each user and each item gets a bias and some factors; the
    rating is the mean, both biases and the product of the factors, learned by stochastic gradient descent (Funk's
    factorization). Rows with a missing cell are left out.

    Errors: 0022 for another number of columns, 0017 for ratings that are no numbers, 0034 where a user rates an item
    twice, 0008 for steps so large that nothing is learned.

    Example: users who liked the same items so far get similar factors.
    """

    number_of_factors: int = param(200, ge=1, le=10_000)
    """How many numbers describe a taste."""

    number_of_recommendation_algorithm_iterations: int = param(30, ge=1, le=100_000)
    """How often the training passes over all ratings."""

    learning_rate: float = param(0.005, gt=0, le=2)
    """The size of each correction."""

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
            raise InvalidParameter(problem, "Use smaller steps.", parameter="Learning rate")
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
        """How many factors are learned in how many passes."""
        passes = counted(self.number_of_recommendation_algorithm_iterations, "pass")
        return f"{counted(self.number_of_factors, 'factor')}, {passes}"

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """How many users and items."""
        report = outputs["trained_svd_recommender"].report
        users, items = counted(report["users"], "user"), counted(report["items"], "item")
        return f"{users}, {items}, {counted(report['rows'], 'rating')}."
