"""A user-defined learner."""

from __future__ import annotations

import ast
from typing import Annotated

from designer.contract.errors import ScriptFailed
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.values import LearnerOutline, ModelScript, Task, UntrainedModel
from designer.contract.wording.counting import counted

TEMPLATE = """# The class must be named AzureMLModel and have these three methods.
import pandas as pd
from sklearn.naive_bayes import GaussianNB


class AzureMLModel:
    def __init__(self):
        self.model = GaussianNB()
        self.feature_column_names = list()

    def train(self, df_train, df_label):
        self.feature_column_names = df_train.columns.tolist()
        self.model.fit(df_train, df_label.iloc[:, 0])

    def predict(self, df):
        features = df[self.feature_column_names]
        return pd.DataFrame({"Predicted": self.model.predict(features)})
"""
METHODS = {"__init__": 1, "train": 3, "predict": 2}


class CreatePythonModel(
    Module,
    category="Python Language",
    runs_code=True,
    icon="code",
    synonyms=("custom model", "script", "AzureMLModel"),
    no_onnx="a Python script has no ONNX form",
    no_python="Train Model and Score Model carry the class with its state",
):
    """Define a learner in Python.

    The script defines the class AzureMLModel: `__init__(self)` creates the model, `train(self, df_train, df_label)`
    fits it to features and a one-column label table, `predict(self, df)` returns a table with one row per input row.
    Train Model trains it, Score Model appends the columns it returns. Rows and columns are passed unchanged; returned
    column names must not occur in the dataset. It cannot be tuned; Evaluate Model reads its predictions only under the
    score names (Scored Labels, Scored Probabilities).

    The script runs on this computer with your permissions. It is checked (parsed, never executed) before a run.

    Errors: 0085 if the script is not valid Python, lacks the class or a method, or fails.

    Example: the default script wraps scikit-learn's naive Bayes.
    """

    python_script: str = param(TEMPLATE, editor="code", language="python")
    """The code. It defines the class `AzureMLModel` with `__init__`, `train` and `predict`."""

    def run(self) -> Annotated[UntrainedModel, "Untrained model"]:
        """The script as a learner."""
        check_class(self.python_script)
        return UntrainedModel(self.spec().title, Task.REGRESSION, ModelScript(self.python_script))

    def infer(self) -> LearnerOutline:
        """The name of the learner, marked as a script."""
        check_class(self.python_script)
        return LearnerOutline(self.spec().title, Task.REGRESSION, is_script=True)

    def summary(self) -> str:
        """The length of the script."""
        return f"{counted(len(self.python_script.splitlines()), 'line')} of Python"


def check_class(script: str) -> None:
    """Parse a script without running it, and check that it defines the class with its methods."""
    try:
        tree = ast.parse(script)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        problem = f"line {line} is not Python: {error.args[0]}" if line else str(error)
        raise ScriptFailed(problem, "Correct the script.", parameter="Python script") from None
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "AzureMLModel"]
    if not classes:
        raise ScriptFailed("the script defines no class AzureMLModel", "Define it.", parameter="Python script")
    methods = {node.name: len(node.args.args) for node in classes[-1].body if isinstance(node, ast.FunctionDef)}
    for name, arguments in METHODS.items():
        if methods.get(name) != arguments:
            problem = f"AzureMLModel has no method '{name}' with {arguments} arguments (self counts)"
            raise ScriptFailed(problem, "Keep the names and signatures of the template.", parameter="Python script")
