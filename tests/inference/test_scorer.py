"""Scores of an inference pipeline, by modules and by ONNX, equal those of Score Model in training."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import NotExportable
from designer.inference.convert import convert, read_converted
from designer.inference.path import scoring_steps
from designer.inference.results import held_out
from designer.inference.rewrite import rewrite
from designer.inference.rows import rows_of
from designer.inference.scorer import Scorer
from designer.pipeline.graph import Node
from designer.serving.workers.session import OnnxScorer
from designer.store.workspace import Workspace
from tests.trained import clusters_pipeline, people_pipeline, trained, wire

PIPELINES = {
    "logistic": people_pipeline("two-class-logistic-regression", "income"),
    "boosted trees": people_pipeline("two-class-boosted-decision-tree", "income", {"learning_rate": 0.1}),
    "forest": people_pipeline("two-class-decision-forest", "income"),
    "linear": people_pipeline("linear-regression", "wage"),
    "boosted regression": people_pipeline("boosted-decision-tree-regression", "wage"),
    "forest regression": people_pipeline("decision-forest-regression", "wage"),
    "multiclass": people_pipeline("multiclass-logistic-regression", "grade"),
    "k-means": clusters_pipeline(),
}  # fmt: skip


def differences(first: list[dict[str, Any]], second: list[dict[str, Any]], names: list[str]) -> list[Any]:
    """Rows whose scores differ: labels if unequal, numbers by more than 1e-9, relative above 1."""

    def same(a: Any, b: Any) -> bool:
        if isinstance(a, float) and isinstance(b, float):
            return abs(a - b) <= 1e-9 * max(1.0, abs(a))
        return bool(a == b)

    assert len(first) == len(second)
    return [(a, b) for a, b in zip(first, second, strict=True) if not all(same(a[name], b[name]) for name in names)]


@pytest.mark.parametrize("name", PIPELINES)
def test_every_way_to_score_agrees_with_the_training_run(name: str, workspace: Workspace, library: Library) -> None:
    pipeline = PIPELINES[name]
    before = trained(pipeline, workspace, library)
    answer = rewrite(pipeline, before.results, "realtime", library)
    assert answer.problems == []
    step = scoring_steps(pipeline, library)[0]
    reached = held_out(workspace, pipeline, step, before.outputs, library)
    assert reached.reason == ""
    assert reached.scored is not None
    assert len(reached.numbers) > 100

    scorer = Scorer.load(answer.pipeline, library, workspace.sources(library))
    rows = rows_of(reached.rows[scorer.schema.names])
    expected = rows_of(reached.scored)
    assert scorer.loaded.score_names
    assert differences(scorer.score(rows), expected, scorer.loaded.score_names) == []

    converted = convert(answer.pipeline, library, workspace.sources(library))
    session = OnnxScorer(read_converted(converted.model))
    assert differences(session.score(rows), expected, scorer.loaded.score_names) == []
    assert session.names == list(scorer.score(rows[:1])[0])


@pytest.mark.parametrize("name", ["logistic", "boosted trees", "multiclass"])
def test_missing_cells_and_unseen_categories_agree_too(name: str, workspace: Workspace, library: Library) -> None:
    pipeline = PIPELINES[name]
    before = trained(pipeline, workspace, library)
    answer = rewrite(pipeline, before.results, "realtime", library)
    scorer = Scorer.load(answer.pipeline, library, workspace.sources(library))
    session = OnnxScorer(convert(answer.pipeline, library, workspace.sources(library)))
    row = {"age": 40, "hours": 38.5, "work": "State", "member": True}
    hard = [row, *({**row, name: None} for name in row), {**row, "work": "never seen"}, {**row, "age": 10**9},
            {**row, "hours": -1e12}, dict.fromkeys(row)]  # fmt: skip
    by_modules, by_onnx = scorer.score(hard), session.score(hard)
    assert differences(by_modules, by_onnx, list(by_modules[0])) == []


def test_an_unscored_row_answers_null(workspace: Workspace, library: Library) -> None:
    before = trained(PIPELINES["logistic"], workspace, library)
    answer = rewrite(before.pipeline, before.results, "realtime", library)
    scorer = Scorer.load(answer.pipeline, library, workspace.sources(library))
    scored = scorer.score([{"age": None, "hours": 38.5, "work": "State", "member": True}])
    assert scored[0]["Scored Labels"] is None
    assert scored[0]["Scored Probabilities"] is None


def test_a_step_without_an_onnx_form_is_named(workspace: Workspace, library: Library) -> None:
    before = trained(PIPELINES["logistic"], workspace, library)
    answer = rewrite(before.pipeline, before.results, "realtime", library)
    script = Node("script", "execute-python-script", title="My script")
    old = answer.pipeline.into("score", "dataset")
    assert old is not None
    edges = [wire(f"{old.source}.{old.output} > script.dataset1"), wire("script.result_dataset > score.dataset")]
    nodes = {**answer.pipeline.nodes, "script": script}
    pipeline = replace(answer.pipeline, nodes=nodes, edges=(*(e for e in answer.pipeline.edges if e != old), *edges))
    with pytest.raises(NotExportable) as caught:
        convert(pipeline, library, workspace.sources(library))
    assert caught.value.place.node == "script"


def test_a_step_switched_off_hands_its_rows_on_in_every_reading(workspace: Workspace, library: Library) -> None:
    before = trained(PIPELINES["logistic"], workspace, library)
    answer = rewrite(before.pipeline, before.results, "realtime", library)
    off = Node("off", "sort", parameters={"columns": ["no such column"]}, disabled=True)
    old = answer.pipeline.into("score", "dataset")
    assert old is not None
    edges = [wire(f"{old.source}.{old.output} > off.dataset"), wire("off.results_dataset > score.dataset")]
    nodes = {**answer.pipeline.nodes, "off": off}
    detour = replace(answer.pipeline, nodes=nodes, edges=(*(e for e in answer.pipeline.edges if e != old), *edges))
    rows = [{"age": 40, "hours": 38.5, "work": "State", "member": True}]
    expected = Scorer.load(answer.pipeline, library, workspace.sources(library)).score(rows)
    sources = workspace.sources(library)
    for graph in (detour, answer.pipeline):
        scorer, session = Scorer.load(graph, library, sources), OnnxScorer(convert(graph, library, sources))
        assert scorer.score(rows) == session.score(rows) == expected
