"""Detectors of rows that are unlike the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.counting import counted
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.decomposition import PCA, TruncatedSVD
    from sklearn.ensemble import IsolationForest
    from sklearn.svm import OneClassSVM


SHARE = "Share of training rows that count as abnormal"


def abnormal(share: float) -> str:
    """The share that counts as abnormal, in words."""
    return f"{share * 100:g} % abnormal"


class PCABasedAnomalyDetection(
    Learner,
    category="Anomaly Detection",
    icon="shield-alert",
    title="PCA-Based Anomaly Detection",
    synonyms=("outlier", "novelty", "fraud", "reconstruction error"),
):
    """Find rows that a few principal components cannot describe.

    scikit-learn's randomized PCA (without centering its TruncatedSVD); how abnormal a row is grows with the length of
    what the components lose of it. Numbers are scaled to 0..1, categories become indicators, rows with a missing number
    are left out. Train it with Train Anomaly Detection Model.

    Example: trained on rows around 0, a row at 100 is abnormal.
    """

    task: ClassVar[Task] = Task.ANOMALY
    preparation: ClassVar[Preparation] = Preparation(scale=True)

    training_mode: Literal["SingleParameter"] = param("SingleParameter")
    """The detector is trained with the values set here."""

    number_of_components_to_use_in_pca: int = param(2, label="Number of components to use in PCA", ge=1)
    """How many directions describe what is normal. Fewer than there are prepared features."""

    oversampling_parameter_for_randomized_pca: int = param(
        2, label="Oversampling parameter for randomized PCA", ge=1, le=1000
    )
    """How many more random directions are looked at to find them exactly."""

    enable_input_feature_mean_normalization: bool = param(True)
    """Measure directions from the mean of the rows instead of from 0."""

    share_of_abnormal_rows: float = param(0.05, label=SHARE, gt=0, lt=0.5)
    """Sets the bound: this share of the training rows lies above it."""

    def in_words(self) -> str:
        """What is learned, and the bound."""
        return (
            f"{counted(self.number_of_components_to_use_in_pca, 'component')}, {abnormal(self.share_of_abnormal_rows)}"
        )

    def settings(self) -> Mapping[str, Any]:
        """The share above the bound."""
        return {"abnormal": self.share_of_abnormal_rows}

    def estimator(self) -> PCA | TruncatedSVD:
        """The estimator, not fitted."""
        from sklearn.decomposition import PCA, TruncatedSVD

        components, more = self.number_of_components_to_use_in_pca, self.oversampling_parameter_for_randomized_pca
        if not self.enable_input_feature_mean_normalization:
            return TruncatedSVD(components, n_oversamples=more, random_state=0)
        return PCA(components, svd_solver="randomized", n_oversamples=more, random_state=0)


class IsolationForestDetector(
    Learner,
    category="Anomaly Detection",
    icon="network",
    title="Isolation Forest",
    synonyms=("outlier", "novelty", "fraud"),
):
    """Find rows that few random questions set apart from all others.

    scikit-learn's IsolationForest. Categories become indicators, rows with a missing number are left out. Train it with
    Train Anomaly Detection Model.

    Example: trained on rows around 0, a row at 100 is abnormal.
    """

    task: ClassVar[Task] = Task.ANOMALY

    number_of_trees: int = param(100, ge=1)
    """How many trees are averaged."""

    rows_per_tree: int = param(256, ge=2)
    """How many rows, drawn by chance, each tree sets apart."""

    share_of_abnormal_rows: float = param(0.05, label=SHARE, gt=0, lt=0.5)
    """Sets the bound: this share of the training rows lies above it."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty stands for 0."""

    def in_words(self) -> str:
        """What is learned, and the bound."""
        return f"{counted(self.number_of_trees, 'tree')}, {abnormal(self.share_of_abnormal_rows)}"

    def settings(self) -> Mapping[str, Any]:
        """The share above the bound, and how many rows a tree sees."""
        return {"abnormal": self.share_of_abnormal_rows, "rows_per_tree": self.rows_per_tree}

    def estimator(self) -> IsolationForest:
        """The estimator, not fitted."""
        from sklearn.ensemble import IsolationForest

        seed = self.random_number_seed or 0
        return IsolationForest(n_estimators=self.number_of_trees, max_samples=self.rows_per_tree, random_state=seed)


class OneClassSupportVectorMachine(
    Learner,
    category="Anomaly Detection",
    icon="spline",
    title="One-Class Support Vector Machine",
    synonyms=("SVM", "outlier", "novelty", "fraud"),
):
    """Draw a smooth border around the training rows and find rows outside.

    scikit-learn's OneClassSVM with a radial kernel. Numbers are scaled to 0..1, categories become indicators, rows with
    a missing number are left out. Training time grows with the square of the rows. Train it with Train Anomaly
    Detection Model.

    Example: trained on rows around 0, a row at 100 is abnormal.
    """

    task: ClassVar[Task] = Task.ANOMALY
    preparation: ClassVar[Preparation] = Preparation(scale=True)

    nu: float = param(0.1, gt=0, le=1, label="η (nu)")
    """An upper bound of the share of training rows outside the border."""

    kernel_width: Literal["Scale", "Auto"] = param("Scale")
    """By the spread of the prepared features, or by their number."""

    share_of_abnormal_rows: float = param(0.05, label=SHARE, gt=0, lt=0.5)
    """Sets the bound: this share of the training rows lies above it."""

    def in_words(self) -> str:
        """What is learned, and the bound."""
        return f"nu {self.nu:g}, {abnormal(self.share_of_abnormal_rows)}"

    def settings(self) -> Mapping[str, Any]:
        """The share above the bound."""
        return {"abnormal": self.share_of_abnormal_rows}

    def estimator(self) -> OneClassSVM:
        """The estimator, not fitted."""
        from sklearn.svm import OneClassSVM

        return OneClassSVM(nu=self.nu, gamma="scale" if self.kernel_width == "Scale" else "auto")
