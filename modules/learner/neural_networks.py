"""Fully connected neural networks for regression and classification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from designer.contract.errors import InvalidParameter
from designer.contract.estimator import Learner
from designer.contract.parameters import param
from designer.contract.values import Preparation, Task

if TYPE_CHECKING:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.neural_network import MLPClassifier


LARGEST_LAYER = 10_000
_FULLY_CONNECTED = {"hidden_layer_specification": "Fully-connected case"}


class NeuralNetwork(Learner):
    """The settings shared by all networks, for scikit-learn's multi-layer perceptrons."""

    preparation: ClassVar[Preparation] = Preparation(scale=True)

    hidden_layer_specification: Literal["Fully-connected case"] = param("Fully-connected case")
    """Layers are fully connected."""

    number_of_hidden_nodes: str = param("100", when={**_FULLY_CONNECTED, "create_trainer_mode": "SingleParameter"})
    """Size of the hidden layer; comma-separated sizes define several layers."""

    the_learning_rate: float = param(0.1, gt=0, le=1, sweep=(0.01, 0.02, 0.1))
    """Learning rate: the step size of each update."""

    number_of_learning_iterations: int = param(100, ge=1, sweep=(20, 40, 80, 160))
    """Maximum number of passes over the training rows (epochs); training stops early once the loss no longer
    improves."""

    the_initial_learning_weights_diameter: float = param(0.1, gt=0, le=1e6, sweep=(0.1,))
    """Kept for compatibility with pipelines of the original. scikit-learn derives the initial weights from the layer
    sizes and ignores this value."""

    the_momentum: float = param(0.0, ge=0, le=1, sweep=(0.0,))
    """Momentum: the fraction of the previous update added to the next."""

    shuffle_examples: bool = param(True)
    """Shuffle the rows in each epoch."""

    random_number_seed: int | None = param(None, ge=0, le=2**32 - 1)
    """The same seed gives the same network. Empty means 0."""

    def in_words(self) -> str:
        """The layers and the learning rate."""
        return f"{self.number_of_hidden_nodes.strip()} nodes, rate {self.the_learning_rate:g}"

    def settings_of_network(self) -> dict[str, Any]:
        """The settings under scikit-learn's names."""
        return {
            "hidden_layer_sizes": self.layers(),
            "solver": "sgd",
            "learning_rate_init": self.the_learning_rate,
            "max_iter": self.number_of_learning_iterations,
            "momentum": self.the_momentum,
            "nesterovs_momentum": False,
            "shuffle": self.shuffle_examples,
            "random_state": self.random_number_seed or 0,
        }

    def layers(self) -> tuple[int, ...]:
        """The sizes of the hidden layers."""
        parts = [part.strip() for part in self.number_of_hidden_nodes.split(",") if part.strip()]
        sizes = [int(part) for part in parts if part.isdecimal() and 0 < int(part) <= LARGEST_LAYER]
        if not sizes or len(sizes) < len(parts):
            raise InvalidParameter(
                f"'{self.number_of_hidden_nodes}' is not a list of layer sizes",
                f"Write integers from 1 to {LARGEST_LAYER:,}, separated by commas, like 100 or 64, 32.",
                parameter="Number of hidden nodes",
            )
        return tuple(sizes)


class NeuralNetworkRegression(
    NeuralNetwork,
    category="Machine Learning Algorithms / Regression",
    icon="waypoints",
    synonyms=("MLP", "multi-layer perceptron", "deep learning"),
):
    """Predict a number with a neural network.

    scikit-learn's MLPRegressor, trained by stochastic gradient descent on the standardized label (its
    TransformedTargetRegressor inverts predictions). Numbers are scaled to 0..1, categories are one-hot encoded, rows
    with a missing number are left out.

    Example: trained on rows where y is ten times x, for x from 0 to 9, it predicts a higher value for 8 than for 1.
    """

    task: ClassVar[Task] = Task.REGRESSION

    the_learning_rate: float = param(0.005, gt=0, le=1, sweep=(0.005, 0.01, 0.02))
    """Learning rate: the step size of each update."""

    def estimator(self) -> TransformedTargetRegressor:
        """The unfitted estimator."""
        from sklearn.compose import TransformedTargetRegressor
        from sklearn.neural_network import MLPRegressor
        from sklearn.preprocessing import StandardScaler

        network = MLPRegressor(**self.settings_of_network())
        return TransformedTargetRegressor(network, transformer=StandardScaler())


class TwoClassNeuralNetwork(
    NeuralNetwork,
    category="Machine Learning Algorithms / Classification",
    icon="waypoints",
    title="Two-Class Neural Network",
    synonyms=("MLP", "multi-layer perceptron", "deep learning", "binary classification"),
):
    """Predict one of two classes with a neural network.

    scikit-learn's MLPClassifier, trained by stochastic gradient descent. Numbers are scaled to 0..1, categories are
    one-hot encoded, rows with a missing number are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.TWO_CLASS

    def estimator(self) -> MLPClassifier:
        """The unfitted estimator."""
        from sklearn.neural_network import MLPClassifier

        return MLPClassifier(**self.settings_of_network())


class MulticlassNeuralNetwork(
    NeuralNetwork,
    category="Machine Learning Algorithms / Classification",
    icon="waypoints",
    synonyms=("MLP", "multi-layer perceptron", "deep learning"),
):
    """Predict one of several classes with a neural network.

    scikit-learn's MLPClassifier, trained by stochastic gradient descent. Numbers are scaled to 0..1, categories are
    one-hot encoded, rows with a missing number are left out.

    Example: trained on rows where x from 0 to 4 is `low` and from 5 to 9 `high`, it predicts `low` for 1 and `high` for
    8.
    """

    task: ClassVar[Task] = Task.MULTICLASS

    def estimator(self) -> MLPClassifier:
        """The unfitted estimator."""
        from sklearn.neural_network import MLPClassifier

        return MLPClassifier(**self.settings_of_network())
