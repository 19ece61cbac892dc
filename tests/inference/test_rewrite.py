"""Rewriting a training pipeline into an inference pipeline."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.component import Command, ComponentPort, ComponentSpec, component_module
from designer.contract.files.sources import using
from designer.contract.ports import PortType
from designer.inference.convert import convert
from designer.inference.rewrite import Rewritten, rewrite
from designer.inference.scorer import Scorer
from designer.pipeline.check import check
from designer.pipeline.document import dumps, loads
from designer.pipeline.edit import change
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.parameters import bound
from designer.store.workspace import Workspace
from tests.trained import Trained, clusters_pipeline, people, people_pipeline, pipeline_of, trained, wire

LOGISTIC = people_pipeline("two-class-logistic-regression", "income")
ROW = {"id": 1, "age": 40, "hours": 38.5, "work": "State", "member": True, "income": ">50K", "wage": 1.0, "grade": "a"}


def rewritten(pipeline: Pipeline, workspace: Workspace, library: Library, kind: str = "realtime") -> Rewritten:
    before = trained(pipeline, workspace, library)
    answer = rewrite(pipeline, before.results, kind, library, example=[ROW])  # type: ignore[arg-type]
    assert answer.problems == []
    return answer


def fates(answer: Rewritten) -> dict[str, str]:
    return {reason.node: reason.what for reason in answer.reasons}


def inserted(pipeline: Pipeline, node: Node, between: str, input: str, output: str) -> Pipeline:
    """The pipeline with a node inserted into a wire."""
    old = wire(between)
    edges = tuple(e for e in pipeline.edges if e != old)
    new = (Edge(old.source, old.output, node.id, input), Edge(node.id, output, old.target, old.input))
    return replace(pipeline, nodes={**pipeline.nodes, node.id: node}, edges=edges + new)


def test_what_was_learned_is_pinned_and_what_only_trains_goes(workspace: Workspace, library: Library) -> None:
    before = trained(LOGISTIC, workspace, library)
    answer = rewrite(LOGISTIC, before.results, "realtime", library, example=[ROW])
    assert fates(answer) == {
        "data": "kept", "select": "kept", "clean": "replaced", "split": "removed", "learner": "removed",
        "train": "replaced", "score": "kept", "evaluate": "removed",
    }  # fmt: skip
    nodes = answer.pipeline.nodes
    assert nodes["train-trained_model"].parameters["artifact"] == before.results["train", "trained_model"].digest
    transformation = nodes["clean-cleaning_transformation"]
    assert transformation.parameters["artifact"] == before.results["clean", "cleaning_transformation"].digest
    assert nodes["clean"].module == "apply-transformation"
    assert answer.pipeline.into("score", "dataset") == wire("clean.transformed_dataset > score.dataset")
    assert answer.pinned == 2


def test_a_pinned_model_is_called_by_its_learner_whatever_the_step_is_called(
    workspace: Workspace, library: Library
) -> None:
    mine = replace(LOGISTIC.nodes["train"], title="Train on 2026")
    saved = rewritten(replace(LOGISTIC, nodes={**LOGISTIC.nodes, "train": mine}), workspace, library).pipeline.nodes[
        "train-trained_model"
    ]
    assert (saved.parameters["name"], saved.title) == ("Two-Class Logistic Regression", "Train on 2026, learned")
    named = replace(LOGISTIC.nodes["learner"], title="Plain line")
    saved = rewritten(replace(LOGISTIC, nodes={**LOGISTIC.nodes, "learner": named}), workspace, library).pipeline.nodes[
        "train-trained_model"
    ]
    assert saved.parameters["name"] == "Plain line"


def test_a_request_holds_the_columns_that_are_used_and_not_the_label(workspace: Workspace, library: Library) -> None:
    answer = rewritten(LOGISTIC, workspace, library)
    assert answer.schema.names == ["age", "hours", "work", "member"]
    assert answer.labels == {"income"}
    door = answer.pipeline.nodes["web-service-input"]
    assert [column["name"] for column in door.parameters["columns"]] == ["age", "hours", "work", "member"]
    assert door.parameters["examples"] == [{"age": 40, "hours": 38.5, "work": "State", "member": True}]
    assert answer.schema["work"].categories == ("Private", "Self", "State")


def test_an_inference_pipeline_has_no_problems_and_survives_its_document(
    workspace: Workspace, library: Library
) -> None:
    answer = rewritten(LOGISTIC, workspace, library)
    with using(workspace.sources(library)):
        assert check(answer.pipeline, library) == []
    assert loads(dumps(answer.pipeline)) == answer.pipeline
    assert answer.pipeline.kind == "realtime"
    assert set(answer.pipeline.layout) == set(answer.pipeline.nodes)


@pytest.mark.parametrize("kind", ["realtime", "batch"])
def test_rewriting_twice_changes_nothing(kind: str, workspace: Workspace, library: Library) -> None:
    once = rewritten(LOGISTIC, workspace, library, kind)
    twice = rewrite(once.pipeline, {}, kind, library)  # type: ignore[arg-type]
    assert twice.problems == []
    assert twice.pipeline == once.pipeline


def test_retraining_changes_digests_and_keeps_ids(workspace: Workspace, library: Library) -> None:
    other = change(LOGISTIC, "split", parameters={"seed": 9})
    first, second = (rewritten(pipeline, workspace, library).pipeline for pipeline in (LOGISTIC, other))
    assert first != second
    assert set(first.nodes) == set(second.nodes)
    assert first.edges == second.edges


def test_a_selection_that_names_the_label_loses_it(workspace: Workspace, library: Library) -> None:
    chosen = {"columns": ["age", "work", "member", "hours", "income"]}
    pipeline = change(LOGISTIC, "select", parameters=chosen)
    answer = rewritten(pipeline, workspace, library)
    rules = answer.pipeline.nodes["select"].parameters["columns"]["rules"]
    assert rules[0]["names"] == ["age", "work", "member", "hours"]
    assert "label" in next(reason.text for reason in answer.reasons if reason.node == "select")
    assert "income" not in answer.schema


def test_a_selection_by_position_becomes_names(workspace: Workspace, library: Library) -> None:
    chosen = {"columns": {"rules": [{"by": "indices", "indices": "2-6"}]}}
    pipeline = change(LOGISTIC, "select", parameters=chosen)
    answer = rewritten(pipeline, workspace, library)
    rules = answer.pipeline.nodes["select"].parameters["columns"]["rules"]
    assert [rule["names"] for rule in rules] == [["age", "hours", "work", "member"]]


def test_a_step_that_only_works_on_the_label_is_left_out(workspace: Workspace, library: Library) -> None:
    edit = Node("edit", "edit-metadata", parameters={"columns": ["income"], "categorical": "Categorical"})
    pipeline = inserted(LOGISTIC, edit, "select.results_dataset > clean.dataset", "dataset", "results_dataset")
    answer = rewritten(pipeline, workspace, library)
    assert "edit" not in answer.pipeline.nodes
    assert fates(answer)["edit"] == "removed"
    assert answer.pipeline.into("clean", "dataset") == wire("select.results_dataset > clean.dataset")


KNOWN_ANSWERS = Node("known", "clean-missing-data", parameters={"columns": ["wage"], "mode": "Remove entire row"})


def test_a_fitted_step_that_only_cleans_the_label_is_left_out_and_onnx_stays_possible(
    workspace: Workspace, library: Library
) -> None:
    pipeline = inserted(people_pipeline("linear-regression", "wage"), KNOWN_ANSWERS,
                        "select.results_dataset > clean.dataset", "dataset", "cleaned_dataset")  # fmt: skip
    answer = rewritten(pipeline, workspace, library)
    reason = next(reason for reason in answer.reasons if reason.node == "known")
    assert reason.what == "removed"
    assert "label" in reason.text
    assert not {"known", "known-cleaning_transformation"} & set(answer.pipeline.nodes)
    assert answer.pipeline.into("clean", "dataset") == wire("select.results_dataset > clean.dataset")
    assert convert(answer.pipeline, library, workspace.sources(library)).schema.names == answer.schema.names
    assert rewrite(answer.pipeline, {}, "realtime", library).pipeline == answer.pipeline


def test_applying_what_was_learned_of_the_label_alone_is_left_out(workspace: Workspace, library: Library) -> None:
    """The label is cleaned after the split, and the test rows by Apply Transformation."""
    base = people_pipeline("linear-regression", "wage")
    nodes = {id: (node.module, dict(node.parameters)) for id, node in base.nodes.items()}
    del nodes["evaluate"]
    pipeline = pipeline_of(
        {
            **nodes,
            "known": ("clean-missing-data", dict(KNOWN_ANSWERS.parameters)),
            "apply": ("apply-transformation", {}),
        },
        [
            "data.dataset > select.dataset",
            "select.results_dataset > clean.dataset",
            "clean.cleaned_dataset > split.dataset",
            "split.results_dataset1 > known.dataset",
            "known.cleaned_dataset > train.dataset",
            "learner.untrained_model > train.untrained_model",
            "known.cleaning_transformation > apply.transformation",
            "split.results_dataset2 > apply.dataset",
            "train.trained_model > score.trained_model",
            "apply.transformed_dataset > score.dataset",
        ],
    )
    answer = rewritten(pipeline, workspace, library)
    assert fates(answer)["apply"] == fates(answer)["known"] == "removed"
    assert answer.pipeline.into("score", "dataset") == wire("clean.transformed_dataset > score.dataset")
    assert answer.pinned == 2


def test_a_fitted_step_on_label_and_features_keeps_the_features(workspace: Workspace, library: Library) -> None:
    both = replace(KNOWN_ANSWERS, parameters={"columns": ["wage", "hours"], "mode": "Replace with median"})
    pipeline = inserted(people_pipeline("linear-regression", "wage"), both,
                        "select.results_dataset > clean.dataset", "dataset", "cleaned_dataset")  # fmt: skip
    answer = rewritten(pipeline, workspace, library)
    assert fates(answer)["known"] == "replaced"
    assert answer.schema.names == ["age", "hours", "work", "member"]
    scorer = Scorer.load(answer.pipeline, library, workspace.sources(library))
    row = {name: ROW[name] for name in answer.schema.names}
    median = float(people()["hours"].median())
    scores = [scored["Scored Labels"] for scored in scorer.score([{**row, "hours": None}, {**row, "hours": median}])]
    assert scores[0] == scores[1]


def test_a_renamed_label_is_found_under_its_first_name(workspace: Workspace, library: Library) -> None:
    renaming = {"columns": ["age", "income"], "new_names": "years,target"}
    pipeline = inserted(LOGISTIC, Node("edit", "edit-metadata", parameters=renaming),
                        "select.results_dataset > clean.dataset", "dataset", "results_dataset")  # fmt: skip
    train = replace(pipeline.nodes["train"], parameters={"label_column": "target"})
    pipeline = replace(pipeline, nodes={**pipeline.nodes, "train": train})
    answer = rewritten(pipeline, workspace, library)
    assert answer.labels == {"income"}
    assert answer.schema.names == ["age", "hours", "work", "member"]
    parameters = answer.pipeline.nodes["edit"].parameters
    assert parameters["columns"]["rules"][0]["names"] == ["age"]
    assert parameters["new_names"] == "years"


def test_before_a_script_every_column_but_the_label_is_kept(workspace: Workspace, library: Library) -> None:
    script = Node("script", "execute-python-script")
    pipeline = inserted(LOGISTIC, script, "data.dataset > select.dataset", "dataset1", "result_dataset")
    answer = rewritten(pipeline, workspace, library)
    assert answer.schema.names == ["id", "age", "hours", "work", "member", "wage", "grade"]
    assert answer.labels == {"income"}


def test_clustering_is_answered_by_assign_data_to_clusters(workspace: Workspace, library: Library) -> None:
    answer = rewritten(clusters_pipeline(), workspace, library)
    assert answer.score == "assign"
    assert answer.schema.names == ["age", "hours", "work", "member"]
    assert answer.pinned == 3
    assert answer.pipeline.into("web-service-output", "dataset").source == "assign"  # type: ignore[union-attr]


def test_a_transformation_fitted_on_training_rows_only_is_pinned_once(workspace: Workspace, library: Library) -> None:
    """Cleaning is fitted after the split, and applied to the test rows by Apply Transformation."""
    nodes = {id: (node.module, dict(node.parameters)) for id, node in LOGISTIC.nodes.items()}
    del nodes["evaluate"]
    pipeline = pipeline_of(
        nodes | {"apply": ("apply-transformation", {})},
        [
            "data.dataset > select.dataset",
            "select.results_dataset > split.dataset",
            "split.results_dataset1 > clean.dataset",
            "clean.cleaned_dataset > train.dataset",
            "learner.untrained_model > train.untrained_model",
            "clean.cleaning_transformation > apply.transformation",
            "split.results_dataset2 > apply.dataset",
            "train.trained_model > score.trained_model",
            "apply.transformed_dataset > score.dataset",
        ],
    )
    answer = rewritten(pipeline, workspace, library)
    assert fates(answer)["apply"] == "kept"
    assert fates(answer)["clean"] == "replaced"
    assert answer.pipeline.into("apply", "transformation").source == "clean-cleaning_transformation"  # type: ignore[union-attr]
    assert "clean" not in answer.pipeline.nodes


def test_the_second_dataset_of_a_join_is_kept(workspace: Workspace, library: Library) -> None:
    workspace.datasets.register("places", pd.DataFrame({"work": ["Private", "State"], "tax": [0.3, 0.2]}))
    parameters = {"left_keys": ["work"], "right_keys": ["work"], "join_type": "Left Outer Join"}
    pipeline = inserted(LOGISTIC, Node("join", "join-data", parameters=parameters),
                        "select.results_dataset > clean.dataset", "left_dataset", "results_dataset")  # fmt: skip
    places = Node("places", "dataset", parameters={"name": "places"})
    edges = (*pipeline.edges, wire("places.dataset > join.right_dataset"))
    pipeline = replace(pipeline, nodes={**pipeline.nodes, "places": places}, edges=edges)
    answer = rewritten(pipeline, workspace, library)
    assert fates(answer)["places"] == "kept"
    assert answer.pipeline.nodes["places"].module == "dataset"
    assert answer.schema.names == ["age", "hours", "work", "member"]


def test_of_two_scoring_steps_the_one_asked_for_answers(workspace: Workspace, library: Library) -> None:
    before = _two_models(workspace, library)
    first = rewrite(before.pipeline, before.results, "realtime", library)
    second = rewrite(before.pipeline, before.results, "realtime", library, score="score2")
    assert (first.score, second.score) == ("score", "score2")
    assert fates(second)["score"] == fates(second)["train"] == "removed"
    assert "train2-trained_model" in second.pipeline.nodes


def test_a_batch_pipeline_keeps_the_dataset_as_its_parameter(workspace: Workspace, library: Library) -> None:
    answer = rewritten(LOGISTIC, workspace, library, "batch")
    assert answer.pipeline.kind == "batch"
    assert answer.entry == ("data", "dataset")
    assert answer.pipeline.nodes["data"].module == "dataset"
    assert answer.pipeline.nodes["data"].parameters["name"] == {"$parameter": "dataset"}
    assert answer.pipeline.parameters["dataset"].default == "people"
    assert bound(answer.pipeline, {"dataset": "others"}).nodes["data"].parameters["name"] == "others"
    assert not {"web-service-input", "web-service-output"} & set(answer.pipeline.nodes)


def test_a_pipeline_without_a_trained_model_says_so(workspace: Workspace, library: Library) -> None:
    pipeline = pipeline_of({"data": ("dataset", {"name": "people"})}, [])
    answer = rewrite(pipeline, {}, "realtime", library)
    assert answer.pipeline == pipeline
    assert "no trained model" in answer.problems[0].message


def test_a_pipeline_that_was_not_run_names_the_node(library: Library) -> None:
    answer = rewrite(LOGISTIC, {}, "realtime", library)
    assert answer.problems[0].node == "train"
    assert "Run the pipeline first" in answer.problems[0].remedy


def test_a_switched_off_step_is_passed_by(workspace: Workspace, library: Library) -> None:
    before = trained(LOGISTIC, workspace, library)
    off = change(LOGISTIC, "select", disabled=True)
    answer = rewrite(off, before.results, "realtime", library)
    assert answer.problems == []
    assert fates(answer)["select"] == "removed"


def _two_models(workspace: Workspace, library: Library) -> Trained:
    nodes = {id: (node.module, dict(node.parameters)) for id, node in LOGISTIC.nodes.items()}
    more = {
        "learner2": ("two-class-decision-forest", {}),
        "train2": ("train-model", {"label_column": "income"}),
        "score2": ("score-model", {}),
    }
    wires = [f"{e.source}.{e.output} > {e.target}.{e.input}" for e in LOGISTIC.edges]
    wires += [
        "learner2.untrained_model > train2.untrained_model",
        "split.results_dataset1 > train2.dataset",
        "train2.trained_model > score2.trained_model",
        "split.results_dataset2 > score2.dataset",
    ]
    return trained(pipeline_of(nodes | more, wires), workspace, library)


BEST = {"target": "income", "count": 2}


def test_features_chosen_on_training_rows_are_chosen_of_requests_by_their_names(
    workspace: Workspace, library: Library
) -> None:
    pipeline = replace(
        LOGISTIC,
        nodes={
            **LOGISTIC.nodes,
            "best": Node("best", "filter-based-feature-selection", 1, BEST),
            "columns": Node("columns", "select-columns-transform"),
            "apply": Node("apply", "apply-transformation"),
        },
        edges=(
            *(e for e in LOGISTIC.edges if e.source != "split"),
            wire("split.results_dataset1 > best.dataset"),
            wire("best.filtered_dataset > train.dataset"),
            wire("best.filtered_dataset > columns.dataset"),
            wire("columns.columns_selection_transformation > apply.transformation"),
            wire("split.results_dataset2 > apply.dataset"),
            wire("apply.transformed_dataset > score.dataset"),
        ),
    )
    answer = rewritten(pipeline, workspace, library)
    assert fates(answer)["best"] == "removed"
    assert fates(answer)["columns"] == "replaced"
    assert len(answer.schema) == 2
    assert "income" not in answer.schema


PROGRAM = ComponentSpec(
    "prepare",
    "1",
    Command("python", "prepare.py"),
    inputs=(ComponentPort("rows", PortType.TABLE),),
    outputs=(ComponentPort("out", PortType.TABLE), ComponentPort("files")),
)


def with_program(library: Library) -> Library:
    return library.with_components({PROGRAM.id: lambda: component_module(PROGRAM)})


def test_a_program_on_the_way_of_a_request_is_refused_by_name(workspace: Workspace, library: Library) -> None:
    before = trained(LOGISTIC, workspace, library)
    pipeline = inserted(LOGISTIC, Node("prepare", PROGRAM.id), "data.dataset > select.dataset", "rows", "out")
    answer = rewrite(pipeline, before.results, "realtime", with_program(library), example=[ROW])
    assert [problem.node for problem in answer.problems] == ["prepare"]
    assert "it is a program" in answer.problems[0].message
    batch = rewrite(pipeline, before.results, "batch", with_program(library))
    assert batch.problems == []
    assert "prepare" in batch.pipeline.nodes


def test_what_gives_the_rows_of_a_batch_is_kept_with_all_that_it_reads(workspace: Workspace, library: Library) -> None:
    before = trained(LOGISTIC, workspace, library)
    nodes = {**LOGISTIC.nodes, "prepare": Node("prepare", PROGRAM.id), "read": Node("read", "read-table", 2)}
    edges = [edge for edge in LOGISTIC.edges if edge != wire("data.dataset > select.dataset")]
    edges += [wire("data.dataset > prepare.rows"), wire("prepare.files > read.folder"),
              wire("read.output_data > select.dataset")]  # fmt: skip
    pipeline = replace(LOGISTIC, nodes=nodes, edges=tuple(edges))
    batch = rewrite(pipeline, before.results, "batch", with_program(library)).pipeline
    assert {"data", "prepare", "read"} <= batch.nodes.keys()
    assert wire("prepare.files > read.folder") in batch.edges
    realtime = rewrite(pipeline, before.results, "realtime", with_program(library), example=[ROW])
    assert not {"data", "prepare", "read"} & realtime.pipeline.nodes.keys()
