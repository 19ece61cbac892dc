"""Creating an inference pipeline with a query or a script tries a request without the label."""

from __future__ import annotations

from dataclasses import replace

import pytest

from designer.contract.catalogue.library import Library
from designer.inference.create import create
from designer.pipeline.graph import Node, Pipeline
from designer.store.workspace import Workspace
from tests.trained import people_pipeline, recorded, wire

READS = "select age, hours, work, member, income from t1"
DOES_NOT = "select * from t1 where age > 0"
SCRIPT = "def azureml_main(dataframe1=None, dataframe2=None):\n    {}\n    return dataframe1,\n"


def with_step(node: Node, input: str, output: str) -> Pipeline:
    pipeline = people_pipeline("two-class-logistic-regression", "income")
    old = wire("select.results_dataset > clean.dataset")
    edges = [e for e in pipeline.edges if e != old]
    edges += [wire(f"select.results_dataset > {node.id}.{input}"), wire(f"{node.id}.{output} > clean.dataset")]
    return replace(pipeline, nodes={**pipeline.nodes, node.id: node}, edges=tuple(edges))


def sql(query: str) -> Pipeline:
    return with_step(Node("sql", "apply-sql-transformation", parameters={"query": query}), "t1", "results_dataset")


def script(line: str) -> Pipeline:
    node = Node("script", "execute-python-script", parameters={"script": SCRIPT.format(line)})
    return with_step(node, "dataset1", "result_dataset")


@pytest.mark.parametrize(
    ("pipeline", "step"), [(sql(READS), "sql"), (script("dataframe1['income'].str.len()"), "script")]
)
def test_a_step_that_reads_the_label_is_named_with_what_to_do(
    pipeline: Pipeline, step: str, workspace: Workspace, library: Library
) -> None:
    made = create(workspace, recorded(pipeline, workspace, library), "realtime", library)
    (problem,) = made.problems
    assert problem.node == step
    assert "reads the label 'income', which requests do not carry" in problem.message
    assert "move the step to the training branch" in problem.remedy


@pytest.mark.parametrize("pipeline", [sql(DOES_NOT), script("dataframe1['age'] + 1")])
def test_a_step_that_does_without_the_label_is_kept(pipeline: Pipeline, workspace: Workspace, library: Library) -> None:
    made = create(workspace, recorded(pipeline, workspace, library), "realtime", library)
    assert made.problems == []
    assert made.labels == {"income"}
