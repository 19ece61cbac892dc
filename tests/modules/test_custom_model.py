"""Create Python Model."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.contract.values import TrainedModel, outline
from tests.modules.learning import LIBRARY

ROWS = pd.DataFrame({"x": [0.0, 1, 2, 3] * 5, "y": ["a", "a", "b", "b"] * 5})
SCRIPT = """
class AzureMLModel:
    def __init__(self):
        self.mean = 0
    def train(self, df_train, df_label):
        self.mean = df_train["x"].mean()
    def predict(self, df):
        import pandas as pd
        return pd.DataFrame({"above": df["x"] > self.mean})
"""


def train(script: str | None = None) -> TrainedModel:
    untrained = LIBRARY["create-python-model"].read({"python_script": script} if script else {}).run()
    return LIBRARY["train-model"].read({"label_column": "y"}).run(untrained, ROWS)


def score(model: TrainedModel) -> pd.DataFrame:
    return LIBRARY["score-model"].read({}).run(model, ROWS)


def test_the_template_trains_and_predicts() -> None:
    assert (score(train())["Predicted"] == ROWS["y"]).all()


def test_a_trained_script_keeps_its_state_when_stored() -> None:
    model = pickle.loads(pickle.dumps(train(SCRIPT)))
    scored = score(model)
    assert scored["above"].tolist() == (ROWS["x"] > 1.5).tolist()
    assert list(scored) == ["x", "y", "above"]
    assert not LIBRARY["score-model"].read({}).infer(outline(model), Schema.of(ROWS)).complete


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("class AzureMLModel:", "line 1 is not Python"),
        ("print('hello')", "no class AzureMLModel"),
        (SCRIPT.replace("def train(self, df_train, df_label)", "def fit(self, df_train)"), "no method 'train'"),
        (SCRIPT.replace('df_train["x"]', 'df_train["z"]'), "line 6: KeyError"),
        (SCRIPT.replace("self.mean = 0", "raise SystemExit"), "SystemExit"),
    ],
)
def test_a_script_that_does_not_work_is_refused(script: str, words: str) -> None:
    with pytest.raises(DesignerError, match=words) as refused:
        train(script)
    assert refused.value.code == "0085"


def test_a_script_that_answers_with_too_few_rows_is_refused() -> None:
    with pytest.raises(DesignerError, match="0 rows for 20"):
        score(train(SCRIPT.replace('df["x"] >', 'df["x"].head(0) >')))


def test_checking_a_script_does_not_run_it(tmp_path) -> None:
    canary = tmp_path / "ran"
    script = f"open({str(canary)!r}, 'w').close()\n{SCRIPT}"
    LIBRARY["create-python-model"].read({"python_script": script}).run()
    assert not canary.exists()


def test_a_score_may_not_take_the_name_of_a_column() -> None:
    with pytest.raises(DesignerError, match="column 'x', which the dataset already has") as refused:
        score(train(SCRIPT.replace('{"above"', '{"x"')))
    assert refused.value.code == "0085"


def test_a_script_is_neither_tuned_nor_cross_validated() -> None:
    untrained = LIBRARY["create-python-model"].read({}).run()
    for id in ("tune-model-hyperparameters", "cross-validate-model"):
        with pytest.raises(DesignerError, match="cannot be tuned") as refused:
            LIBRARY[id].read({"label_column": "y"}).run(untrained, ROWS)
        assert refused.value.code == "0013"
