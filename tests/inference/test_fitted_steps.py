"""Every fitted module is pinned and treats a request as it did in training, or is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.ports import PortType
from designer.inference.path import EACH, TOGETHER, Result, scoring_steps
from designer.inference.results import held_out
from designer.inference.rewrite import rewrite
from designer.inference.rows import rows_of
from designer.inference.scorer import Scorer
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace
from tests.trained import pipeline_of, trained


@dataclass(frozen=True)
class Fitted:
    """Settings for the table `people` of a module that outputs a transformation."""

    settings: dict[str, Any]
    dropped: tuple[str, ...] = ()
    """Columns that no learner accepts as features."""
    is_kept: bool = False
    """Whether it learns nothing and is kept unchanged."""
    is_cross_fitted: bool = False
    """Whether it deliberately transforms its training rows differently from a request."""


FITTED = {
    "clean-missing-data": Fitted({"columns": ["hours", "work"], "mode": "Replace with mode"}),
    "convert-to-indicator-values": Fitted({"columns": ["kind"], "overwrite": True}),
    "extract-n-gram-features-from-text": Fitted({"column": "work", "weighting": "TF-IDF Weight"}, ("work",)),
    "feature-hashing": Fitted({"columns": ["work"], "bits": 4}, ("work",), is_kept=True),
    "fisher-linear-discriminant-analysis": Fitted({"label": "income", "columns": ["age", "wage"]}),
    "group-categorical-values": Fitted({"columns": ["work"], "mode": "Rare values", "most": 1}),
    "group-data-into-bins": Fitted({"columns": ["age"], "bins": 4}),
    "latent-dirichlet-allocation": Fitted({"columns": ["work"], "topics": 2}, ("work",)),
    "multiple-imputation": Fitted({"columns": ["age", "hours", "wage"]}),
    "normalize-data": Fitted({"columns": ["age", "hours", "wage"]}),
    "principal-component-analysis": Fitted({"columns": ["age", "wage"], "count": 2}),
    "replace-discrete-values": Fitted({"columns": ["work"], "reference": "income"}),
    "select-columns-transform": Fitted({}),
    "spline-features": Fitted({"columns": ["age", "hours", "wage"]}),
    "target-encoding": Fitted({"columns": ["work"], "target": "income"}, is_cross_fitted=True),
}
HEAD = {
    "data": ("dataset", {"name": "people"}),
    "clean": ("clean-missing-data", {"columns": ["hours"], "mode": "Replace with median"}),
    "kind": ("edit-metadata", {"columns": ["grade"], "categorical": "Categorical", "new_names": "kind"}),
    "split": ("split-data", {"fraction": 0.7, "seed": 3}),
    "learner": ("two-class-logistic-regression", {}),
    "train": ("train-model", {"label_column": "income"}),
    "score": ("score-model", {}),
}  # fmt: skip
WIRES = [
    "data.dataset > clean.dataset",
    "clean.cleaned_dataset > kind.dataset",
    "learner.untrained_model > train.untrained_model",
    "train.trained_model > score.trained_model",
]
TRAINED = ("train-model", "train-clustering-model", "train-anomaly-detection-model", "train-svd-recommender",
           "tune-model-hyperparameters", "calibrate-probabilities")  # fmt: skip


def select(name: str) -> tuple[str, dict[str, Any]]:
    rules = [{"action": "exclude", "names": ["id", *FITTED[name].dropped]}]
    return "select-columns-in-dataset", {"columns": {"start": "all", "rules": rules}}


def holders(library: Library) -> set[str]:
    """The modules that hold what another module learned."""
    return {module.spec().id for module in library if module.spec().abilities.holds_learned}


def ports(name: str, library: Library) -> tuple[list[str], str | None]:
    """The table outputs of a module, and its transformation output if it has one."""
    outputs = library[name].spec().outputs
    learned = next((port.name for port in outputs if port.type is PortType.TRANSFORMATION), None)
    return [port.name for port in outputs if port.type is PortType.TABLE], learned


def before_the_split(name: str, library: Library) -> Pipeline:
    """A pipeline whose rows to be scored pass through the step."""
    output = ports(name, library)[0][0]
    return pipeline_of(
        {**HEAD, "step": (name, FITTED[name].settings), "select": select(name)},
        [
            *WIRES,
            "kind.results_dataset > step.dataset",
            f"step.{output} > select.dataset",
            "select.results_dataset > split.dataset",
            "split.results_dataset1 > train.dataset",
            "split.results_dataset2 > score.dataset",
        ],
    )


def behind_the_split(name: str, library: Library) -> Pipeline:
    """A pipeline that fits the step to training rows and applies it to the others with Apply Transformation."""
    tables, learned = ports(name, library)
    nodes = {
        **HEAD,
        "step": (name, FITTED[name].settings),
        "select": select(name),
        "apply": ("apply-transformation", {}),
    }
    source = f"step.{tables[0]}" if tables else "split.results_dataset1"
    return pipeline_of(
        nodes,
        [
            *WIRES,
            "kind.results_dataset > split.dataset",
            "split.results_dataset1 > step.dataset",
            f"{source} > select.dataset",
            "select.results_dataset > train.dataset",
            f"step.{learned} > apply.transformation",
            "split.results_dataset2 > apply.dataset",
            "apply.transformed_dataset > score.dataset",
        ],
    )


def require_same_scores(pipeline: Pipeline, workspace: Workspace, library: Library, *, is_exact: bool = True) -> None:
    """Assert that single-row requests with held-out rows get the scores of Score Model in training."""
    before = trained(pipeline, workspace, library)
    answer = rewrite(pipeline, before.results, "realtime", library)
    assert answer.problems == []
    assert "income" not in answer.schema.names
    step = next(step for step in scoring_steps(pipeline, library) if step.id == answer.score)
    reached = held_out(workspace, pipeline, step, before.outputs, library)
    assert reached.scored is not None
    scorer = Scorer.load(answer.pipeline, library, workspace.sources(library))
    rows = rows_of(reached.rows[scorer.schema.names])[:25]
    answers = pd.DataFrame([scorer.score([row])[0] for row in rows])
    expected = reached.scored.head(25).reset_index(drop=True)
    for name in scorer.loaded.score_names if is_exact else ():
        if pd.api.types.is_float_dtype(expected[name]):
            assert answers[name].tolist() == pytest.approx(expected[name].tolist(), rel=1e-9, nan_ok=True)
        else:
            assert answers[name].tolist() == expected[name].tolist()


def test_every_module_that_makes_a_transformation_is_tried(library: Library) -> None:
    makers = {module.spec().id for module in library if ports(module.spec().id, library)[1]} - holders(library)
    assert makers == {name for name, fitted in FITTED.items() if not fitted.is_kept}


def test_every_module_that_trains_a_model_is_tried(library: Library) -> None:
    trainers = {m.spec().id for m in library if any(p.type is PortType.TRAINED for p in m.spec().outputs)}
    assert trainers - holders(library) == set(TRAINED)


@pytest.mark.parametrize("name", [name for name in FITTED if name != "select-columns-transform"])
def test_a_fitted_step_before_the_split_scores_a_request_as_in_training(
    name: str, workspace: Workspace, library: Library
) -> None:
    pipeline = before_the_split(name, library)
    require_same_scores(pipeline, workspace, library, is_exact=not FITTED[name].is_cross_fitted)
    answer = rewrite(pipeline, trained(pipeline, workspace, library).results, "realtime", library)
    fate = {reason.node: reason.what for reason in answer.reasons}
    assert fate["step"] == ("kept" if FITTED[name].is_kept else "replaced")


@pytest.mark.parametrize("name", [name for name, fitted in FITTED.items() if not fitted.is_kept])
def test_a_fitted_step_behind_the_split_scores_a_request_as_in_training(
    name: str, workspace: Workspace, library: Library
) -> None:
    require_same_scores(behind_the_split(name, library), workspace, library)


def with_step(settings: dict[str, Any], module: str, output: str) -> Pipeline:
    """A pipeline with a step without a transformation before the split."""
    rules = [{"action": "exclude", "names": ["id", "work", "kind"]}]
    return pipeline_of(
        {
            **HEAD,
            "select": ("select-columns-in-dataset", {"columns": {"start": "all", "rules": rules}}),
            "step": (module, settings),
        },
        [
            *WIRES,
            "kind.results_dataset > select.dataset",
            "select.results_dataset > step.dataset",
            f"step.{output} > split.dataset",
            "split.results_dataset1 > train.dataset",
            "split.results_dataset2 > score.dataset",
        ],
    )


@pytest.mark.parametrize("method", ["PearsonCorrelation", "ChiSquared"])
def test_columns_kept_in_training_are_selected_of_requests(method: str, workspace: Workspace, library: Library) -> None:
    settings = {"target": "income", "count": 2, "method": method}
    pipeline = with_step(settings, "filter-based-feature-selection", "filtered_dataset")
    require_same_scores(pipeline, workspace, library)
    before = trained(pipeline, workspace, library)
    answer = rewrite(pipeline, before.results, "realtime", library)
    fate = {reason.node: reason for reason in answer.reasons}
    assert (fate["step"].what, answer.pipeline.nodes["step"].module) == ("replaced", "select-columns-in-dataset")
    scores = with_step(settings, "filter-based-feature-selection", "features")
    learned = rewrite(scores, before.results, "batch", library)
    assert "'Features' was learned from training rows" in learned.problems[0].message
    unrun = {outlet: result for outlet, result in before.results.items() if outlet[0] != "step"}
    assert "Run the pipeline first" in rewrite(pipeline, unrun, "batch", library).problems[0].remedy


def test_bounds_that_come_from_the_rows_are_refused_and_constants_are_kept(
    workspace: Workspace, library: Library
) -> None:
    bounds = {"columns": ["age"], "thresholds": "ClipPeaks", "upper": "Constant", "upper_value": 40}
    require_same_scores(with_step(bounds, "clip-values", "results_dataset"), workspace, library)
    pipeline = with_step({**bounds, "upper": "Percentile", "upper_percentile": 90}, "clip-values", "results_dataset")
    (problem,) = rewrite(pipeline, trained(pipeline, workspace, library).results, "batch", library).problems
    assert problem.message.startswith("Clip Values: it learns from the rows it sees")


def test_a_step_that_reads_other_rows_is_said_to_work_on_the_rows_of_a_request(
    workspace: Workspace, library: Library
) -> None:
    settings = {
        "group-by": {"by": ["member", "income", "hours"], "values": ["age", "wage"]},
        "convert-to-dataset": {},
    }
    reasons = {}
    for module, parameters in settings.items():
        pipeline = with_step(parameters, module, "results_dataset")
        answer = rewrite(pipeline, trained(pipeline, workspace, library).results, "batch", library)
        assert answer.problems == []
        reasons[module] = next(reason.text for reason in answer.reasons if reason.node == "step")
    assert reasons["group-by"].endswith(TOGETHER)
    assert reasons["convert-to-dataset"] == EACH


def test_a_dictionary_of_training_texts_is_used_for_requests(workspace: Workspace, library: Library) -> None:
    """The usual setup for texts: the second step reads the dictionary that the first one learned."""
    name = "extract-n-gram-features-from-text"
    nodes = {
        **HEAD,
        "learn": (name, FITTED[name].settings),
        "use": (name, {**FITTED[name].settings, "mode": "ReadOnly"}),
        "select": select(name),
    }
    pipeline = pipeline_of(
        nodes,
        [
            *WIRES,
            "kind.results_dataset > split.dataset",
            "split.results_dataset1 > learn.dataset",
            "learn.results_dataset > select.dataset",
            "select.results_dataset > train.dataset",
            "split.results_dataset2 > use.dataset",
            "learn.result_vocabulary > use.input_vocabulary",
            "use.results_dataset > score.dataset",
        ],
    )
    require_same_scores(pipeline, workspace, library)


@pytest.mark.parametrize("name", FITTED)
def test_what_a_step_learned_as_a_table_is_not_taken_for_its_rows(
    name: str, workspace: Workspace, library: Library
) -> None:
    """Only the first table of a fitted step can be reproduced by its transformation; the others are refused by name."""
    for table in ports(name, library)[0][1:]:
        pipeline = pipeline_of(
            {**HEAD, "step": (name, FITTED[name].settings), "select": select(name), "add": ("add-columns", {})},
            [
                *WIRES,
                "kind.results_dataset > step.dataset",
                f"step.{ports(name, library)[0][0]} > select.dataset",
                "select.results_dataset > add.left_dataset",
                f"step.{table} > add.right_dataset",
                "add.combined_dataset > split.dataset",
                "split.results_dataset1 > train.dataset",
                "split.results_dataset2 > score.dataset",
            ],
        )
        learned = ("train", "trained_model"), ("clean", "cleaning_transformation"), ("step", ports(name, library)[1])
        results = {(id, port or ""): Result("0" * 64, None) for id, port in learned}
        (problem,) = rewrite(pipeline, results, "realtime", library).problems
        assert problem.node == "step"
        assert library[name].spec().title in problem.message


@pytest.mark.parametrize(
    ("name", "learner"),
    [
        ("train-model", "two-class-decision-forest"),
        ("tune-model-hyperparameters", "two-class-logistic-regression"),
        ("calibrate-probabilities", "two-class-averaged-perceptron"),
        ("train-clustering-model", "k-means-clustering"),
        ("train-anomaly-detection-model", "pca-based-anomaly-detection"),
    ],
)
def test_a_trained_model_scores_a_request_as_in_training(
    name: str, learner: str, workspace: Workspace, library: Library
) -> None:
    require_same_scores(modelled(name, learner, library), workspace, library)


def test_a_recommender_scores_a_request_as_in_training(workspace: Workspace, library: Library) -> None:
    draw = np.random.default_rng(0)
    pairs = pd.MultiIndex.from_product([[f"u{n}" for n in range(12)], [f"i{n}" for n in range(9)]]).to_frame(
        index=False
    )
    pairs.columns = ["user", "item"]
    workspace.datasets.register("ratings", pairs.assign(rating=draw.integers(1, 6, len(pairs)).astype(float)))
    pipeline = pipeline_of(
        {
            "data": ("dataset", {"name": "ratings"}),
            "split": HEAD["split"],
            "train": ("train-svd-recommender", {"number_of_factors": 4}),
            "score": ("score-svd-recommender", {}),
        },
        [
            "data.dataset > split.dataset",
            "split.results_dataset1 > train.training_dataset_of_user_item_rating_triples",
            "train.trained_svd_recommender > score.trained_svd_recommendation",
            "split.results_dataset2 > score.dataset_to_score",
        ],
    )
    require_same_scores(pipeline, workspace, library)


def modelled(name: str, learner: str, library: Library) -> Pipeline:
    """A pipeline that cleans, selects columns, splits, trains and scores."""
    scorer = "assign-data-to-clusters" if "cluster" in name else "score-model"
    is_labelled = name not in ("train-clustering-model", "train-anomaly-detection-model")
    dropped = ["id", "grade", "wage", *([] if is_labelled else ["income"])]
    rules = [{"action": "exclude", "names": dropped}]
    fitter = "train-model" if name == "calibrate-probabilities" else name
    spec = library[fitter].spec()
    table = next(port.name for port in spec.inputs if port.type is PortType.TABLE)
    model = next(port.name for port in spec.outputs if port.type is PortType.TRAINED)
    used = "calibrate.calibrated_model" if fitter != name else f"train.{model}"
    nodes = {
        "data": HEAD["data"],
        "clean": HEAD["clean"],
        "select": ("select-columns-in-dataset", {"columns": {"start": "all", "rules": rules}}),
        "split": HEAD["split"],
        "learner": (learner, {}),
        "train": (fitter, {"label_column": "income"} if is_labelled else {}),
        "score": (scorer, {}),
    }
    wires = [
        "data.dataset > clean.dataset",
        "clean.cleaned_dataset > select.dataset",
        "select.results_dataset > split.dataset",
        "learner.untrained_model > train.untrained_model",
        f"split.results_dataset1 > train.{table}",
        "split.results_dataset2 > score.dataset",
        f"{used} > score.trained_model",
    ]
    if fitter != name:
        nodes["calibrate"] = ("calibrate-probabilities", {})
        wires += [f"train.{model} > calibrate.trained_model", "split.results_dataset1 > calibrate.calibration_dataset"]
    return pipeline_of(nodes, wires)
