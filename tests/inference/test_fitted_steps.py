"""Fitted steps of text, reduction and encoding are pinned, and score a request as they did in training."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from designer.contract.library import Library
from designer.inference.path import scoring_steps
from designer.inference.results import held_out
from designer.inference.rewrite import rewrite
from designer.inference.rows import rows_of
from designer.inference.scorer import Scorer
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace
from tests.trained import pipeline_of, trained

STEPS: dict[str, tuple[str, dict[str, Any], str, list[str]]] = {
    "n-grams": (
        "extract-n-gram-features-from-text",
        {"column": "work", "weighting": "TF-IDF Weight"},
        "results_dataset",
        ["work"],
    ),
    "topics": ("latent-dirichlet-allocation", {"columns": ["work"], "topics": 2}, "transformed_dataset", ["work"]),
    "hashing": ("feature-hashing", {"columns": ["work"], "bits": 4}, "transformed_dataset", ["work"]),
    "components": (
        "principal-component-analysis",
        {"columns": ["age", "wage"], "count": 2},
        "results_dataset",
        [],
    ),
    "target": ("target-encoding", {"columns": ["work"], "target": "income"}, "results_dataset", []),
    "imputation": ("multiple-imputation", {"columns": ["age", "hours", "wage"]}, "cleaned_dataset", []),
    "groups": (
        "group-categorical-values",
        {"columns": ["work"], "mode": "Rare values", "most": 1},
        "results_dataset",
        [],
    ),
    "scores": ("replace-discrete-values", {"columns": ["work"], "reference": "income"}, "supplemented_dataset", []),
}


def pipeline_with(name: str) -> Pipeline:
    module, settings, output, dropped = STEPS[name]
    rules = [{"action": "exclude", "names": ["id", "grade", *dropped]}]
    return pipeline_of(
        {
            "data": ("dataset", {"name": "people"}),
            "clean": ("clean-missing-data", {"columns": ["hours"], "mode": "Replace with median"}),
            "step": (module, settings),
            "select": ("select-columns-in-dataset", {"columns": {"start": "all", "rules": rules}}),
            "split": ("split-data", {"fraction": 0.7, "seed": 3}),
            "learner": ("two-class-logistic-regression", {}),
            "train": ("train-model", {"label_column": "income"}),
            "score": ("score-model", {}),
        },
        [
            "data.dataset > clean.dataset",
            "clean.cleaned_dataset > step.dataset",
            f"step.{output} > select.dataset",
            "select.results_dataset > split.dataset",
            "learner.untrained_model > train.untrained_model",
            "split.results_dataset1 > train.dataset",
            "train.trained_model > score.trained_model",
            "split.results_dataset2 > score.dataset",
        ],
    )


@pytest.mark.parametrize("name", STEPS)
def test_a_request_is_scored_as_in_training(name: str, workspace: Workspace, library: Library) -> None:
    pipeline = pipeline_with(name)
    before = trained(pipeline, workspace, library)
    answer = rewrite(pipeline, before.results, "realtime", library)
    assert answer.problems == []
    fate = {reason.node: reason.what for reason in answer.reasons}
    assert fate["step"] == ("kept" if name == "hashing" else "replaced")
    assert "income" not in answer.schema.names
    if name == "target":
        return  # the rows of the training table are encoded by cross-fitting, on purpose unlike a request
    step = scoring_steps(pipeline, library)[0]
    reached = held_out(workspace, pipeline, step, before.outputs, library)
    assert reached.scored is not None
    scorer = Scorer.load(answer.pipeline, library, workspace.sources(library))
    found = pd.DataFrame(scorer.score(rows_of(reached.rows[scorer.schema.names])))
    wanted = reached.scored.reset_index(drop=True)
    assert found["Scored Labels"].tolist() == wanted["Scored Labels"].tolist()
    assert found["Scored Probabilities"].tolist() == pytest.approx(
        wanted["Scored Probabilities"].tolist(), rel=1e-9, nan_ok=True
    )
