"""A request holds only the columns the model uses: others are dropped from the steps, without changing scores."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.schema import Schema
from designer.inference.convert import convert
from designer.inference.path import scoring_steps
from designer.inference.results import held_out
from designer.inference.rewrite import Rewritten, rewrite
from designer.inference.rows import rows_of
from designer.inference.scorer import Scorer
from designer.pipeline.graph import Pipeline
from designer.serving.workers.session import OnnxScorer
from designer.store.workspace import Workspace
from tests.trained import Trained, pipeline_of, trained

USED = ["age", "hours", "work", "member"]
SELECT = "select-columns-in-dataset"
NAMED: dict[str, tuple[str, dict[str, Any], str]] = {
    "the role is cleared": ("edit-metadata", {"columns": ["id", "wage"], "fields": "Clear features"}, "removed"),
    "chosen by name": (SELECT, {"columns": ["id", *USED, "wage", "income"]}, "kept"),
    "chosen by position": (SELECT, {"columns": {"rules": [{"by": "indices", "indices": "1-7"}]}}, "kept"),
    "renamed": ("edit-metadata", {"columns": ["id", "age", "wage"], "new_names": "key,years,pay"}, "kept"),
    "clipped": ("clip-values", {"columns": ["id", "age"], "upper": "Constant", "upper_value": 60.0}, "kept"),
    "replaced": ("replace-text", {"columns": ["grade", "work"], "find": "a", "mode": "Plain text"}, "kept"),
    "cleaned": ("clean-missing-data", {"columns": ["id", "hours"], "mode": "Replace with mean"}, "replaced"),
    "normalized": ("normalize-data", {"columns": ["id", "age"]}, "replaced"),
    "grouped": (
        "group-categorical-values",
        {"columns": ["grade", "work"], "mode": "Rare values", "most": 2},
        "replaced",
    ),
}


def pipeline(module: str, settings: dict[str, Any], library: Library) -> Pipeline:
    """A pipeline with the step, followed by a selection that excludes the columns the model does not use."""
    output = library[module].spec().outputs[0].name
    rules = [{"action": "exclude", "names": ["id", "wage", "grade", "key", "pay"]}]
    return pipeline_of(
        {
            "data": ("dataset", {"name": "people"}),
            "clean": ("clean-missing-data", {"columns": ["hours"], "mode": "Replace with median"}),
            "step": (module, settings),
            "last": (SELECT, {"columns": {"start": "all", "rules": rules}}),
            "split": ("split-data", {"fraction": 0.7, "seed": 3}),
            "learner": ("two-class-logistic-regression", {}),
            "train": ("train-model", {"label_column": "income"}),
            "score": ("score-model", {}),
        },
        [
            "data.dataset > clean.dataset",
            "clean.cleaned_dataset > step.dataset",
            f"step.{output} > last.dataset",
            "last.results_dataset > split.dataset",
            "split.results_dataset1 > train.dataset",
            "learner.untrained_model > train.untrained_model",
            "train.trained_model > score.trained_model",
            "split.results_dataset2 > score.dataset",
        ],
    )


def made_of(drawn: Pipeline, workspace: Workspace, library: Library) -> tuple[Trained, Rewritten]:
    before = trained(drawn, workspace, library)
    return before, rewrite(drawn, before.results, "realtime", library).required()


def require_parity(drawn: Pipeline, before: Trained, made: Rewritten, workspace: Workspace, library: Library) -> None:
    """Assert that requests without the columns get the scores of the held-out rows, from ONNX too."""
    step = next(step for step in scoring_steps(drawn, library) if step.id == made.score)
    reached = held_out(workspace, drawn, step, before.outputs, library)
    assert reached.scored is not None
    sources = workspace.sources(library)
    scorer = Scorer.load(made.pipeline, library, sources)
    rows = rows_of(reached.rows[made.schema.names])
    answers = [pd.DataFrame(scorer.score(rows))]
    if not any(library[node.module].spec().no_onnx for node in made.pipeline.nodes.values()):
        answers.append(pd.DataFrame(OnnxScorer(convert(made.pipeline, library, sources)).score(rows)))
    for scores in answers:
        assert scores["Scored Labels"].tolist() == reached.scored["Scored Labels"].tolist()
        expected = reached.scored["Scored Probabilities"].tolist()
        assert scores["Scored Probabilities"].tolist() == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", NAMED)
def test_a_column_that_only_a_selection_names_is_not_asked_for(
    name: str, workspace: Workspace, library: Library
) -> None:
    module, settings, fate = NAMED[name]
    drawn = pipeline(module, settings, library)
    before, made = made_of(drawn, workspace, library)
    assert made.schema.names == USED
    require_parity(drawn, before, made, workspace, library)
    assert rewrite(made.pipeline, {}, "realtime", library).pipeline == made.pipeline
    cause = next(reason for reason in made.reasons if reason.node == "step")
    assert cause.what == fate
    assert ("step" in made.pipeline.nodes) == (fate != "removed")
    if fate != "replaced":
        assert "columns that the model does not use" in cause.text


def test_names_go_with_the_columns_that_they_belong_to(workspace: Workspace, library: Library) -> None:
    module, settings, *_ = NAMED["renamed"]
    _, made = made_of(pipeline(module, settings, library), workspace, library)
    parameters = made.pipeline.nodes["step"].parameters
    assert parameters["columns"]["rules"][0]["names"] == ["age"]
    assert parameters["new_names"] == "years"


def test_a_step_that_mixes_columns_keeps_all_that_it_names(workspace: Workspace, library: Library) -> None:
    """Principal components of age and wage need both, whatever the model uses."""
    settings = {"columns": ["age", "wage"], "count": 1}
    drawn = pipeline("principal-component-analysis", settings, library)
    before, made = made_of(drawn, workspace, library)
    assert "wage" in made.schema.names
    assert "id" not in made.schema.names
    require_parity(drawn, before, made, workspace, library)


def test_a_batch_pipeline_keeps_its_selections(workspace: Workspace, library: Library) -> None:
    """Its dataset has all columns, and identifiers belong in the scored table."""
    module, settings, *_ = NAMED["chosen by name"]
    drawn = pipeline(module, settings, library)
    before = trained(drawn, workspace, library)
    made = rewrite(drawn, before.results, "batch", library).required()
    assert "id" in made.pipeline.nodes["step"].parameters["columns"]["rules"][0]["names"]
    assert isinstance(made.schema, Schema)
