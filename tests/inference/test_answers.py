"""An answer is the row as sent plus its scores, unless a step after the scoring step changes the columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.inference.convert import convert
from designer.inference.rewrite import rewrite
from designer.inference.scorer import Scorer
from designer.pipeline.edit import set_parameters
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.serving.batch.scoring import ModuleTables
from designer.serving.workers.session import OnnxScorer
from designer.store.workspace import Workspace
from tests.trained import clusters_pipeline, people_pipeline, trained

ROW = {"age": 40, "hours": None, "work": "State", "member": True}
SCORES = ["Scored Labels", "Scored Probabilities"]
PEOPLE = people_pipeline("two-class-logistic-regression", "income")
TEXTS: dict[str, tuple[str, dict[str, Any]]] = {
    "hashed": ("feature-hashing", {"columns": ["work"], "bits": 6}),
    "n-grams": ("extract-n-gram-features-from-text", {"column": "work", "weighting": "TF-IDF Weight"}),
    "topics": ("latent-dirichlet-allocation", {"columns": ["work"], "topics": 2}),
    "cleaned": ("preprocess-text", {"columns": ["work"]}),
}


def with_step(module: str, settings: dict[str, Any], library: Library) -> Pipeline:
    """The people pipeline with a step between cleaning and splitting."""
    output = library[module].spec().outputs[0].name
    edges = [edge for edge in PEOPLE.edges if edge.target != "split"]
    edges += [Edge("clean", "cleaned_dataset", "step", "dataset"), Edge("step", output, "split", "dataset")]
    return replace(
        PEOPLE, nodes={**PEOPLE.nodes, "step": Node("step", module, parameters=settings)}, edges=tuple(edges)
    )


def made_of(drawn: Pipeline, workspace: Workspace, library: Library) -> Pipeline:
    return rewrite(drawn, trained(drawn, workspace, library).results, "realtime", library).required().pipeline


def answers(pipeline: Pipeline, rows: list[dict[str, Any]], workspace: Workspace, library: Library) -> list[Any]:
    """The answers of the pipeline's modules, and those of its ONNX graph."""
    sources = workspace.sources(library)
    graph = OnnxScorer(convert(pipeline, library, sources))
    return [Scorer.load(pipeline, library, sources).score(rows), graph.score(rows)]


@pytest.mark.parametrize("name", TEXTS)
def test_columns_made_of_texts_stay_inside(name: str, workspace: Workspace, library: Library) -> None:
    pipeline = made_of(with_step(*TEXTS[name], library), workspace, library)
    rows = Scorer.load(pipeline, library, workspace.sources(library)).score([ROW, {**ROW, "work": None}])
    assert [list(row) for row in rows] == [[*ROW, *SCORES]] * 2
    assert [row["work"] for row in rows] == ["State", None]


def test_a_value_that_was_filled_or_scaled_comes_back_as_it_was_sent(workspace: Workspace, library: Library) -> None:
    scaled = with_step("normalize-data", {"columns": ["age", "hours"]}, library)
    both = answers(made_of(scaled, workspace, library), [ROW, {**ROW, "hours": 38.5}], workspace, library)
    for rows in both:
        assert [{name: row[name] for name in ROW} for row in rows] == [ROW, {**ROW, "hours": 38.5}]
        assert all(row["Scored Labels"] in ("<=50K", ">50K") for row in rows)


def test_clusters_come_with_the_row(workspace: Workspace, library: Library) -> None:
    for (row,) in answers(made_of(clusters_pipeline(), workspace, library), [ROW], workspace, library):
        assert list(row)[:5] == [*ROW, "Assignments"]
        assert {name: row[name] for name in ROW} == ROW


def test_scores_alone_are_asked_for_by_score_model(workspace: Workspace, library: Library) -> None:
    pipeline = made_of(PEOPLE, workspace, library)
    alone = set_parameters(pipeline, "score", {"append_score_columns_to_output": False})
    for (row,) in answers(alone, [ROW], workspace, library):
        assert list(row) == SCORES


def test_a_step_behind_scoring_decides_what_comes_back(workspace: Workspace, library: Library) -> None:
    """Select Columns returns the filled hours, which are not in the row as sent."""
    pipeline = made_of(PEOPLE, workspace, library)
    exit = next(edge for edge in pipeline.edges if edge.source == "score")
    last = Node("last", "select-columns-in-dataset", parameters={"columns": ["hours", "Scored Labels"]})
    edges = [edge for edge in pipeline.edges if edge != exit]
    edges += [Edge("score", exit.output, "last", "dataset"), replace(exit, source="last", output="results_dataset")]
    chosen = replace(pipeline, nodes={**pipeline.nodes, "last": last}, edges=tuple(edges))
    for (row,) in answers(chosen, [ROW], workspace, library):
        assert list(row) == ["hours", "Scored Labels"]
        assert row["hours"] is not None


SORTS = """
def azureml_main(dataframe1=None, dataframe2=None):
    return dataframe1.sort_values("age", ignore_index=True),
"""


def with_sorting_script(workspace: Workspace, library: Library) -> Scorer:
    edges = [edge for edge in PEOPLE.edges if edge.target != "split"]
    edges += [Edge("clean", "cleaned_dataset", "step", "dataset1"), Edge("step", "result_dataset", "split", "dataset")]
    step = Node("step", "execute-python-script", parameters={"script": SORTS})
    drawn = replace(PEOPLE, nodes={**PEOPLE.nodes, "step": step}, edges=tuple(edges))
    return Scorer.load(made_of(drawn, workspace, library), library, workspace.sources(library))


def test_rows_that_a_script_puts_in_order_keep_their_own_scores(workspace: Workspace, library: Library) -> None:
    scorer = with_sorting_script(workspace, library)
    rows = [{**ROW, "age": age, "hours": 40.0} for age in (70, 18)]
    alone = {row["age"]: row for one in rows for row in scorer.score([one])}
    assert {row["age"]: row for row in scorer.score(rows)} == alone
    assert alone[70]["Scored Probabilities"] != alone[18]["Scored Probabilities"]


def test_a_file_whose_rows_a_script_puts_in_order_is_refused(workspace: Workspace, library: Library) -> None:
    tables = ModuleTables(with_sorting_script(workspace, library))
    columns = {"hours": [40.0, 40.0], "work": ["State", "State"], "member": [True, True]}

    def scored(*ages: int) -> int:
        arrays = {name: pa.array(cells) for name, cells in {"age": list(ages), **columns}.items()}
        return len(tables.score(arrays, 2)["Scored Labels"])

    assert scored(18, 70) == 2
    with pytest.raises(DesignerError, match="in another order"):
        scored(70, 18)
