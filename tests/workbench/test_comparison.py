"""Two runs side by side: differences of the pipelines, and their metrics."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.samples.templates import template
from designer.store.records import NodeRun
from designer.workbench.results.comparison import differences, metric_pairs


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.scan()


@pytest.fixture
def pipeline() -> Pipeline:
    sample = template("tumour-check")
    assert sample is not None
    return sample.pipeline


def with_parameters(pipeline: Pipeline, id: str, **values: Any) -> Pipeline:
    node = pipeline.nodes[id]
    changed = replace(node, parameters={**node.parameters, **values})
    return replace(pipeline, nodes={**pipeline.nodes, id: changed})


def evaluated(**metrics: float | None) -> Mapping[str, NodeRun]:
    summary = {"task": "Two-class classification", "models": [{"name": "A", "rows": 10, "metrics": metrics}]}
    row = NodeRun(run_id="r", node="evaluate", outputs={"results": {"kind": "evaluation", "summary": summary}})
    return {"evaluate": row}


def test_equal_pipelines_do_not_differ_wherever_they_stand(pipeline: Pipeline, library: Library) -> None:
    moved = replace(pipeline, layout={id: (x + 50, y) for id, (x, y) in pipeline.layout.items()})
    assert differences(pipeline, moved, library) == []


def test_a_changed_setting_is_named_as_on_screen(pipeline: Pipeline, library: Library) -> None:
    split = next(id for id, node in pipeline.nodes.items() if node.module == "split-data")
    (change,) = differences(pipeline, with_parameters(pipeline, split, seed=7), library)
    assert change.setting == "Random seed"
    assert change.second == "7"


def test_a_default_that_is_written_out_is_no_difference(pipeline: Pipeline, library: Library) -> None:
    train = next(id for id, node in pipeline.nodes.items() if node.module == "train-model")
    default = library["train-model"].spec().parameter("model_explanations")
    assert default is not None
    assert differences(pipeline, with_parameters(pipeline, train, model_explanations=default.default), library) == []


def test_a_step_that_one_run_lacks_is_said_with_its_wires(pipeline: Pipeline, library: Library) -> None:
    first = next(iter(pipeline.nodes))
    extra = Node("extra", "normalize-data")
    more = replace(
        pipeline,
        nodes={**pipeline.nodes, "extra": extra},
        edges=(*pipeline.edges, Edge(first, "dataset", "extra", "dataset")),
    )
    changes = differences(pipeline, more, library)
    assert [(each.step, each.first, each.second) for each in changes] == [("Normalize Data", "–", "there")]


def test_the_metrics_that_both_runs_have_stand_side_by_side(pipeline: Pipeline, library: Library) -> None:
    before, after = evaluated(AUC=0.8, **{"Log Loss": 0.4}), evaluated(AUC=0.9, **{"Log Loss": None})
    pairs = {pair.metric: pair for pair in metric_pairs((pipeline, before), (pipeline, after), library)}
    assert (pairs["AUC"].first, pairs["AUC"].second) == (0.8, 0.9)
    assert pairs["AUC"].difference == pytest.approx(0.1)
    assert not pairs["AUC"].lower_is_better
    assert pairs["Log Loss"].difference is None
    assert pairs["Log Loss"].lower_is_better
