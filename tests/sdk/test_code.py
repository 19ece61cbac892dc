"""*Export > SDK code*: Python that makes an equal pipeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer import sdk
from designer.contract.catalogue.library import Library
from designer.export.sdk import RESERVED, to_code
from designer.pipeline.document import dumps, from_document, to_document
from designer.pipeline.graph import Edge, Group, Node, Note, Pipeline, PipelineParameter
from designer.samples.templates import templates
from designer.sdk import modules as m
from tests.cli.terminal import designer
from tests.sdk.pipelines import income

LIBRARY = Library.scan()
MODULES = ["split-data", "train-model", "preprocess-text", "t-test", "dataset", "join-data", "not-installed", "2 odd"]
SUBMITTING = (
    "\n"
    "# Run it in the workspace of this folder; name another folder or an address in Workspace(...):\n"
    "# from designer.sdk import Workspace\n"
    "# run = Workspace().submit(pipeline).wait()\n"
)
PORTS = ["dataset", "stop_words", "results_dataset1", "untrained_model", "left_dataset", "class", "odd port"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PARAMETERS = st.dictionaries(
    st.sampled_from(["fraction", "mode", "stop_words", "columns", "name", "lambda", "no such", "label_column"]),
    VALUES
    | st.sampled_from(
        [
            {"$parameter": "share"},
            {"$parameter": "a.b"},
            {"$parameter": "not there"},
            0.25,
            "Split Rows",
            ["age"],
            "a\nb\n",
            'say """\\"',
            "line\r\n",
            "\ud800",
        ]
    ),
    max_size=3,
)
DECLARED = st.dictionaries(
    st.sampled_from(["share", "split_data", "a.b", "class", "Rows"]),
    st.builds(
        lambda type, default, low, title: PipelineParameter("", type, default, title, minimum=low),
        st.sampled_from(["string", "integer", "number", "boolean", "columns", "dataset", "choice"]),
        VALUES,
        st.sampled_from([None, 0, 0.5]),
        st.sampled_from(["", "A title"]),
    ),
    max_size=3,
)
IDS = st.sampled_from(["split-data", "split-data-2", "a", "m", "print", "class", "dataset", "über", "1st"]) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12
)


@st.composite
def pipelines(draw: st.DrawFn) -> Pipeline:
    """Any pipeline that a document can hold, with cycles, unknown modules, ports and parameters."""
    ids = draw(st.lists(IDS, min_size=0, max_size=6, unique=True))
    nodes = {
        id: Node(
            id,
            draw(st.sampled_from(MODULES)),
            draw(st.integers(1, 2)),
            draw(PARAMETERS),
            draw(st.sampled_from(["", "why\n\nso"])),
            draw(st.sampled_from(["", "Mine"])),
            draw(st.booleans()),
        )
        for id in ids
    }
    ends = st.tuples(st.sampled_from(ids), st.sampled_from(PORTS), st.sampled_from(ids), st.sampled_from(PORTS))
    wires = draw(st.lists(ends, max_size=8, unique_by=lambda wire: wire[2:])) if ids else []
    points = st.tuples(st.floats(-1e6, 1e6), st.integers(-99, 99).map(float))
    return Pipeline(
        name=draw(st.sampled_from(["Untitled pipeline", 'A "name"'])),
        kind=draw(st.sampled_from(["training", "batch"])),
        nodes=nodes,
        edges=tuple(Edge(*wire) for wire in wires),
        layout=draw(st.dictionaries(st.sampled_from(ids), points)) if ids else {},
        notes=draw(st.sampled_from([(), (Note("n", "text", 1.5, 2.0),)])),
        description=draw(st.sampled_from(["", "for\nwhat"])),
        groups=(Group("g", "Both", tuple(ids), collapsed=draw(st.booleans())),) if ids and draw(st.booleans()) else (),
        direction=draw(st.sampled_from(["down", "right"])),
        parameters={name: replace(parameter, name=name) for name, parameter in draw(DECLARED).items()},
    )


def made_by(code: str) -> Pipeline:
    """The pipeline that the code makes."""
    names: dict[str, Any] = {}
    exec(compile(code, "pipeline.py", "exec"), names)
    graph: Pipeline = names["pipeline"].graph
    return graph


def in_order(pipeline: Pipeline) -> Pipeline:
    """The pipeline with its wires sorted: their order has no meaning."""
    return replace(pipeline, edges=tuple(sorted(pipeline.edges, key=lambda e: (e.target, e.input))))


@given(pipelines())
def test_the_code_of_a_document_makes_an_equal_pipeline(pipeline: Pipeline) -> None:
    assert from_document(to_document(pipeline)) == pipeline
    assert in_order(made_by(to_code(pipeline, LIBRARY))) == in_order(pipeline)


@pytest.mark.parametrize("sample", templates(), ids=lambda sample: sample.id)
def test_the_code_of_every_sample_makes_an_equal_pipeline(sample: Any) -> None:
    assert in_order(made_by(to_code(sample.pipeline, LIBRARY))) == in_order(sample.pipeline)


def test_a_default_that_its_field_refuses_is_kept() -> None:
    node = Node("split", "split-data", parameters={"fraction": {"$parameter": "share"}})
    wrong = Pipeline(nodes={"split": node}, parameters={"share": PipelineParameter("share", "string", [])})
    assert made_by(to_code(wrong, LIBRARY)) == wrong


def test_code_is_as_a_person_would_write_it() -> None:
    assert to_code(income().graph, LIBRARY) == (
        "from designer.sdk import Pipeline, modules as m\n"
        "\n"
        'dataset = m.dataset(name="people")\n'
        "split_data = m.split_data(dataset, fraction=0.7)\n"
        "two_class_logistic_regression = m.two_class_logistic_regression()\n"
        "train_model = m.train_model(two_class_logistic_regression, split_data.results_dataset1, "
        'label_column="income")\n'
        "score_model = m.score_model(train_model, split_data.results_dataset2)\n"
        "evaluate_model = m.evaluate_model(score_model)\n"
        "\n"
        'pipeline = Pipeline(evaluate_model, name="Income")\n' + SUBMITTING
    )


def test_outputs_named_like_attributes_of_a_step_are_written_by_key() -> None:
    step = sdk.Step("any", outputs=())
    assert {name for name in vars(step) | vars(sdk.Step) if not name.startswith("_")} == RESERVED


def test_a_script_stands_in_the_code_as_it_was_written() -> None:
    script = "def azureml_main(a, b):\n    return a,\n"
    node = Node("clean", "execute-python-script", parameters={"script": script})
    code = to_code(Pipeline(nodes={"clean": node}), LIBRARY)
    assert script in code
    assert made_by(code).nodes["clean"].parameters["script"] == script


def test_parameters_stand_before_the_steps_that_use_them() -> None:
    share = sdk.Parameter("share", 0.7, title="Share", maximum=0.9)
    graph = sdk.Pipeline(m.split_data(m.dataset(name="people"), fraction=share), name="Split").graph
    assert graph.parameters["share"].type == "number"
    assert to_code(graph, LIBRARY) == (
        "from designer.sdk import Parameter, Pipeline, modules as m\n"
        "\n"
        'share = Parameter("share", 0.7, maximum=0.9, title="Share")\n'
        "\n"
        'dataset = m.dataset(name="people")\n'
        "split_data = m.split_data(dataset, fraction=share)\n"
        "\n"
        'pipeline = Pipeline(split_data, name="Split")\n' + SUBMITTING
    )


def test_the_command_writes_the_code_of_a_document_and_of_a_saved_pipeline(tmp_path: Path) -> None:
    share = sdk.Parameter("share", 0.7)
    built = sdk.Pipeline(m.split_data(m.dataset(name="people"), fraction=share), name="Split")
    (tmp_path / "split.json").write_text(dumps(built.graph))
    output = tmp_path / "split.py"
    designer("export", str(tmp_path / "split.json"), "--to", "sdk", "-o", str(output), workspace=tmp_path / "w")
    assert made_by(output.read_text()) == built.graph
    with sdk.Workspace(tmp_path / "w") as workspace:
        built.save(workspace)
    words = ("pipeline", "export", "Split", "--to", "sdk", "-o", str(tmp_path / "saved.py"))
    designer(*words, workspace=tmp_path / "w")
    assert made_by((tmp_path / "saved.py").read_text()) == built.graph


def test_the_code_of_a_pipeline_with_a_component_makes_it_again_and_runs(tmp_path: Path) -> None:
    with sdk.Workspace(tmp_path / "w") as workspace:
        workspace.components.register(sdk.shell("echo ${{inputs.word}}", inputs={"word": "hi"}, name="say"))
        built = sdk.Pipeline(workspace.components["say"](word="ho"), name="Said")
        built.save(workspace)
        words = ("pipeline", "export", "Said", "--to", "sdk", "-o", str(tmp_path / "saved.py"))
        designer(*words, workspace=tmp_path / "w")
        code = (tmp_path / "saved.py").read_text()
        assert made_by(code) == built.graph
        *rest, first, second = code.splitlines()
        lines = "\n".join([*rest, first.removeprefix("# "), second.removeprefix("# ").replace("()", "(FOLDER)", 1)])
        names: dict[str, Any] = {"FOLDER": tmp_path / "w"}
        exec(lines.replace(".wait()", ".wait(show=False)"), names)
        assert names["run"].status == "finished"
