"""Anomaly detectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task
from designer.contract.wording.counting import counted

if TYPE_CHECKING:
    from sklearn.decomposition import PCA, TruncatedSVD
    from sklearn.ensemble import IsolationForest
    from sklearn.svm import OneClassSVM


SHARE = "Share of training rows that count as abnormal"


def abnormal(share: float) -> str:
    """The share of rows flagged as anomalies, in words."""
    return f"{share * 100:g} % abnormal"


class PCABasedAnomalyDetection(
    Learner,
    category="Anomaly Detection",
    icon="shield-alert",
    title="PCA-Based Anomaly Detection",
    synonyms=("outlier", "novelty", "fraud", "reconstruction error"),
):
    """Detect anomalies by their reconstruction error under PCA.

    scikit-learn's randomized PCA (without centering its TruncatedSVD); the anomaly score grows with the norm of the
    reconstruction error. Numbers are scaled to 0..1, categories are one-hot encoded, rows with a missing number are
    left out. Train it with Train Anomaly Detection Model.

    Example: trained on rows around 0, a row at 100 is abnormal.
    """

    task: ClassVar[Task] = Task.ANOMALY
    preparation: ClassVar[Preparation] = Preparation(scale=True)

    training_mode: Literal["SingleParameter"] = param("SingleParameter")
    """The detector is trained with the values set here."""

    number_of_components_to_use_in_pca: int = param(2, label="Number of components to use in PCA", ge=1)
    """Number of principal components that model normal rows; fewer than the prepared features."""

    oversampling_parameter_for_randomized_pca: int = param(
        2, label="Oversampling parameter for randomized PCA", ge=1, le=1000
    )
    """Number of extra random vectors in the randomized SVD; more give a more accurate decomposition."""

    enable_input_feature_mean_normalization: bool = param(True)
    """Center the features on their mean before the decomposition."""

    share_of_abnormal_rows: float = param(0.05, label=SHARE, gt=0, lt=0.5)
    """Sets the threshold: this share of the training rows scores above it."""

    def in_words(self) -> str:
        """The learner and its threshold."""
        return (
            f"{counted(self.number_of_components_to_use_in_pca, 'component')}, {abnormal(self.share_of_abnormal_rows)}"
        )

    def settings(self) -> Mapping[str, Any]:
        """The share above the threshold."""
        return {"abnormal": self.share_of_abnormal_rows}

    def estimator(self) -> PCA | TruncatedSVD:
        """The unfitted estimator."""
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
    """Detect anomalies: rows that a few random splits isolate.

    scikit-learn's IsolationForest. Categories are one-hot encoded, rows with a missing number are left out. Train it
    with Train Anomaly Detection Model.

    Example: trained on rows around 0, a row at 100 is abnormal.
    """

    task: ClassVar[Task] = Task.ANOMALY

    number_of_trees: int = param(100, ge=1)
    """Number of trees to average."""

    rows_per_tree: int = param(256, ge=2)
    """Number of rows sampled at random for each tree."""

    share_of_abnormal_rows: float = param(0.05, label=SHARE, gt=0, lt=0.5)
    """Sets the threshold: this share of the training rows scores above it."""

    random_number_seed: int | None = param(0, ge=0, le=2**32 - 1)
    """The same seed gives the same model. Empty means 0."""

    def in_words(self) -> str:
        """The learner and its threshold."""
        return f"{counted(self.number_of_trees, 'tree')}, {abnormal(self.share_of_abnormal_rows)}"

    def settings(self) -> Mapping[str, Any]:
        """The share above the threshold, and the rows per tree."""
        return {"abnormal": self.share_of_abnormal_rows, "rows_per_tree": self.rows_per_tree}

    def estimator(self) -> IsolationForest:
        """The unfitted estimator."""
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
    """Detect anomalies outside a smooth boundary around the training rows.

    scikit-learn's OneClassSVM with a radial kernel. Numbers are scaled to 0..1, categories are one-hot encoded, rows
    with a missing number are left out. Training time grows with the square of the rows. Train it with Train Anomaly
    Detection Model.

    Example: trained on rows around 0, a row at 100 is abnormal.
    """

    task: ClassVar[Task] = Task.ANOMALY
    preparation: ClassVar[Preparation] = Preparation(scale=True)

    nu: float = param(0.1, gt=0, le=1, label="η (nu)")
    """Upper bound on the share of training rows outside the boundary."""

    kernel_width: Literal["Scale", "Auto"] = param("Scale")
    """Kernel coefficient: scaled by the variance of the prepared features, or by their number."""

    share_of_abnormal_rows: float = param(0.05, label=SHARE, gt=0, lt=0.5)
    """Sets the threshold: this share of the training rows scores above it."""

    def in_words(self) -> str:
        """The learner and its threshold."""
        return f"nu {self.nu:g}, {abnormal(self.share_of_abnormal_rows)}"

    def settings(self) -> Mapping[str, Any]:
        """The share above the threshold."""
        return {"abnormal": self.share_of_abnormal_rows}

    def estimator(self) -> OneClassSVM:
        """The unfitted estimator."""
        from sklearn.svm import OneClassSVM

        return OneClassSVM(nu=self.nu, gamma="scale" if self.kernel_width == "Scale" else "auto")
