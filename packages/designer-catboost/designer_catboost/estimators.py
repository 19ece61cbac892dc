"""CatBoost as scikit-learn estimators over a matrix of numbers; exported scripts include these classes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import catboost
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from threadpoolctl import threadpool_info


class CatBoostEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """CatBoost over a matrix whose columns `categorical_features` hold the codes of categories, NaN for an unknown one.

    `model_` is the trained model in CatBoost's binary format, without times, random identifiers and thread counts:
    equal models have equal bytes. The trees do not depend on the number of threads, which is the limit of OpenMP.
    """

    follows_thread_limit = True

    def __init__(
        self,
        iterations: int = 300,
        learning_rate: float = 0.1,
        depth: int = 6,
        l2_leaf_reg: float = 3.0,
        max_ctr_complexity: int = 1,
        auto_class_weights: str | None = None,
        random_seed: int = 0,
        categorical_features: Sequence[int] | None = None,
    ) -> None:
        self.iterations = iterations
        self.learning_rate = learning_rate
        self.depth = depth
        self.l2_leaf_reg = l2_leaf_reg
        self.max_ctr_complexity = max_ctr_complexity
        self.auto_class_weights = auto_class_weights
        self.random_seed = random_seed
        self.categorical_features = categorical_features

    def fit(self, matrix: Any, target: Any) -> Self:
        """Train on a matrix [rows, features]. Raises ValueError with CatBoost's reason."""
        self.n_features_in_ = np.shape(matrix)[1]
        codes = np.asarray(matrix, dtype="float64")[:, list(self.categorical_features or ())]
        self.category_counts_ = [int(np.nanmax(column, initial=-1)) + 1 for column in codes.T]
        model = catboost.CatBoost(self.library_settings())
        try:
            model.fit(self.rows(matrix), target)
        except catboost.CatBoostError as error:
            raise ValueError(str(error).split(": ", 1)[-1]) from error
        self.feature_importances_ = np.asarray(model.feature_importances_, dtype="float64") / 100
        self.model_ = stored_model(model)
        self._living = None
        return self

    def library_settings(self) -> dict[str, Any]:
        """The settings under CatBoost's names."""
        settings = self.get_params()
        categorical = settings.pop("categorical_features")
        given = {name: value for name, value in settings.items() if value is not None}
        fixed = {
            "logging_level": "Silent",
            "allow_writing_files": False,
            "thread_count": allowed_threads(),
            "bootstrap_type": "Bayesian",
        }  # the usual sampling fails on small tables once they are fitted exactly
        return {**given, **fixed, "cat_features": list(categorical or ())}

    def rows(self, matrix: Any) -> pd.DataFrame:
        """The matrix as a frame with whole numbers for categories, -1 for an unknown one."""
        cells = np.asarray(matrix, dtype="float64")
        categorical = set(self.categorical_features or ())
        columns = {
            i: np.where(np.isnan(cells[:, i]), -1, cells[:, i]).astype("int64") if i in categorical else cells[:, i]
            for i in range(cells.shape[1])
        }
        return pd.DataFrame(columns)

    def trained(self) -> Any:
        """The trained model as CatBoost's object."""
        if getattr(self, "_living", None) is None:
            self._living = catboost.CatBoost().load_model(blob=self.model_)
        return self._living

    def answers(self, matrix: Any, kind: str) -> np.ndarray[Any, Any]:
        """What CatBoost predicts, by its name of the prediction type."""
        values = self.trained().predict(self.rows(matrix), prediction_type=kind, thread_count=allowed_threads())
        return np.asarray(values, dtype="float64")

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_living"}


class CatBoostClassification(ClassifierMixin, CatBoostEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """CatBoost's classifier: log loss for two classes, softmax for more."""

    def fit(self, matrix: Any, target: Any) -> Self:
        """Train on a matrix and the class of each row. Raises ValueError with CatBoost's reason."""
        self.classes_, codes = np.unique(target, return_inverse=True)
        return super().fit(matrix, codes)

    def library_settings(self) -> dict[str, Any]:
        """The settings under CatBoost's names."""
        loss = "Logloss" if len(self.classes_) == 2 else "MultiClass"
        return {**super().library_settings(), "loss_function": loss}

    def predict_proba(self, matrix: Any) -> np.ndarray[Any, Any]:
        """The probability of each class, [rows, classes]."""
        return self.answers(matrix, "Probability")

    def predict(self, matrix: Any) -> np.ndarray[Any, Any]:
        """The most probable class of each row."""
        return np.asarray(self.classes_[self.predict_proba(matrix).argmax(axis=1)])


class CatBoostRegression(RegressorMixin, CatBoostEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """CatBoost's regressor: squared error."""

    def library_settings(self) -> dict[str, Any]:
        """The settings under CatBoost's names."""
        return {**super().library_settings(), "loss_function": "RMSE", "allow_const_label": True}

    def predict(self, matrix: Any) -> np.ndarray[Any, Any]:
        """The prediction of each row."""
        return self.answers(matrix, "RawFormulaVal")


def allowed_threads() -> int:
    """The limit of OpenMP, which CatBoost's own threads do not know."""
    return max((pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "openmp"), default=1)


def stored_model(model: Any) -> bytes:
    """A trained model in CatBoost's binary format, with the classes and without the record of its training."""
    record = model.get_metadata()
    for name in [name for name in record.keys() if name != "class_params"]:  # noqa: SIM118  # iterates over keys only so
        del record[name]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.cbm"
        model.save_model(str(file))
        return file.read_bytes()
