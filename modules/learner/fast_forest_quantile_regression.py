"""Quantile regression with forests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from designer.contract.errors import InvalidParameter
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.ensemble import BaggingRegressor, VotingRegressor


LABEL = "Quantiles to be estimated"


class FastForestQuantileRegression(
    Learner,
    category="Machine Learning Algorithms / Regression",
    icon="network",
    synonyms=("percentile", "median", "interval", "random forest"),
):
    """Predict the quantiles of a number with forests of quantile trees.

    For each quantile a scikit-learn BaggingRegressor averages trees that minimize the quantile loss, each on a sample
    of the rows. Scored tables have one column Scored Quantiles_<quantile> per quantile; the one nearest the median is
    the label. Missing numbers and categories are handled natively.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION
    preparation: ClassVar[Preparation] = Preparation(missing=True, categories=True)
    trains_by_first_of_range: ClassVar[bool] = True

    number_of_trees: int = param(100, label="Number of Trees", ge=1, sweep=(16, 32, 64))
    """Number of trees to average per quantile."""

    number_of_leaves: int = param(20, label="Number of Leaves", ge=2, sweep=(16, 32, 64))
    """Maximum number of leaves per tree."""

    minimum_number_of_training_instances_required_to_form_a_leaf: int = param(10, ge=1, sweep=(1, 5, 10))
    """Minimum number of training rows per leaf."""

    bagging_fraction: float = param(0.7, gt=0, le=1, sweep=(0.25, 0.5, 0.75))
    """Fraction of the rows sampled without replacement for each tree."""

    split_fraction: float = param(0.7, gt=0, le=1, sweep=(0.25, 0.5, 0.75))
    """Fraction of the features drawn at random as candidates for each split."""

    quantiles_to_be_estimated: str = param(
        "0.25;0.5;0.75", label=LABEL, when={"create_trainer_mode": "SingleParameter"}
    )
    """Quantiles between 0 and 1, separated by semicolons."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same forests. Empty means 0."""

    def in_words(self) -> str:
        """The number of trees and the quantiles."""
        return f"{counted(self.number_of_trees, 'tree')}, {self.quantiles_to_be_estimated}"

    def quantiles(self) -> list[float]:
        """The quantiles in ascending order."""
        parts = [part.strip() for part in self.quantiles_to_be_estimated.split(";") if part.strip()]
        try:
            quantiles = sorted({float(part) for part in parts})
        except ValueError:
            quantiles = []
        if not quantiles or quantiles[0] <= 0 or quantiles[-1] >= 1:
            remedy = "Write numbers between 0 and 1, separated by semicolons, like 0.25;0.5;0.75."
            raise InvalidParameter(
                f"'{self.quantiles_to_be_estimated}' is not a list of quantiles", remedy, parameter=LABEL
            )
        return quantiles

    def settings(self) -> Mapping[str, Any]:
        """The quantiles, for scoring."""
        return {"quantiles": self.quantiles()}

    def estimator(self) -> VotingRegressor:
        """The unfitted estimator; its `transform` returns one column per quantile."""
        from sklearn.ensemble import VotingRegressor

        return VotingRegressor([(f"{share:g}", self._forest(share)) for share in self.quantiles()])

    def _forest(self, quantile: float) -> BaggingRegressor:
        from sklearn.ensemble import BaggingRegressor, HistGradientBoostingRegressor

        tree = HistGradientBoostingRegressor(
            loss="quantile",
            quantile=quantile,
            learning_rate=1.0,
            max_iter=1,
            max_leaf_nodes=self.number_of_leaves,
            min_samples_leaf=self.minimum_number_of_training_instances_required_to_form_a_leaf,
            max_features=self.split_fraction,
            early_stopping=False,
        )
        return BaggingRegressor(
            tree,
            n_estimators=self.number_of_trees,
            max_samples=self.bagging_fraction,
            bootstrap=False,
            random_state=self.random_number_seed or 0,
        )
