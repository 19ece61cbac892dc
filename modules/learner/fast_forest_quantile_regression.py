"""Regression of quantiles by a forest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from designer.contract.counting import counted
from designer.contract.errors import InvalidParameter
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

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

    For each quantile a scikit-learn BaggingRegressor averages trees that minimize the quantile loss, each on a share of
    the rows. Scored tables hold one column Scored Quantiles_<quantile> each; the one nearest to the median is the
    label. Missing numbers and categories are taken as they are.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it answers higher for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION
    preparation: ClassVar[Preparation] = Preparation(missing=True, categories=True)
    trains_by_first_of_range: ClassVar[bool] = True

    number_of_trees: int = param(100, label="Number of Trees", ge=1, sweep=(16, 32, 64))
    """How many trees are averaged for each quantile."""

    number_of_leaves: int = param(20, label="Number of Leaves", ge=2, sweep=(16, 32, 64))
    """How many leaves a tree may grow."""

    minimum_number_of_training_instances_required_to_form_a_leaf: int = param(10, ge=1, sweep=(1, 5, 10))
    """How many training rows a leaf needs."""

    bagging_fraction: float = param(0.7, gt=0, le=1, sweep=(0.25, 0.5, 0.75))
    """The share of the rows that each tree sees, drawn without putting back."""

    split_fraction: float = param(0.7, gt=0, le=1, sweep=(0.25, 0.5, 0.75))
    """The share of the features, drawn by chance, that is looked at for each split."""

    quantiles_to_be_estimated: str = param(
        "0.25;0.5;0.75", label=LABEL, when={"create_trainer_mode": "SingleParameter"}
    )
    """Numbers between 0 and 1, separated by semicolons."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same forests. Empty stands for 0."""

    def in_words(self) -> str:
        """How many trees, and which quantiles."""
        return f"{counted(self.number_of_trees, 'tree')}, {self.quantiles_to_be_estimated}"

    def quantiles(self) -> list[float]:
        """The quantiles in ascending order."""
        parts = [part.strip() for part in self.quantiles_to_be_estimated.split(";") if part.strip()]
        try:
            quantiles = sorted({float(part) for part in parts})
        except ValueError:
            quantiles = []
        if not quantiles or quantiles[0] <= 0 or quantiles[-1] >= 1:
            remedy = "Write numbers between 0 and 1 with semicolons between, like 0.25;0.5;0.75."
            raise InvalidParameter(
                f"'{self.quantiles_to_be_estimated}' is not a list of quantiles", remedy, parameter=LABEL
            )
        return quantiles

    def settings(self) -> Mapping[str, Any]:
        """The quantiles, for scoring."""
        return {"quantiles": self.quantiles()}

    def estimator(self) -> VotingRegressor:
        """The estimator, not fitted; its `transform` answers with one column for each quantile."""
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
