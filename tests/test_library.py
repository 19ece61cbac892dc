"""Contract tests for every module of the library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, NotExportable
from designer.contract.estimator import Learner, Transform
from designer.contract.files.sources import using
from designer.contract.module import Module
from designer.contract.parameters import Parameter
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.contract.selection import Columns
from designer.contract.values import Transformation, UntrainedModel, outline
from designer.pipeline.check import check
from designer.pipeline.graph import Node, Pipeline
from designer.store.workspace import open_workspace
from tests.folder_sources import FolderSources
from tests.minimal import WITHOUT_PIPELINE, minimal_pipeline, tables
from tests.parity import assert_same_in_onnx, through_script
from tests.tables import is_documented, mixed, odd_tables, read_only
from tests.trained import trained

LIBRARY = Library.scan()
ALL = [pytest.param(module, id=id) for id, module in LIBRARY.modules.items()]
ON_TABLES = [
    pytest.param(module, id=id)
    for id, module in LIBRARY.modules.items()
    if module.spec().inputs and all(port.type is PortType.TABLE or port.optional for port in module.spec().inputs)
]
TABLE = mixed()
ODD = odd_tables()
CROSS_FITTED = ("target-encoding",)
"""Modules that deliberately transform their training table differently from other tables, by cross-fitting."""
FEW = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path) -> Iterator[None]:
    with using(FolderSources(tmp_path, {"mixed": TABLE})):
        yield


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Strategy for values that the declaration of a parameter allows."""
    default = st.just(
        parameter.default.model_dump(mode="json") if isinstance(parameter.default, Columns) else parameter.default
    )
    match parameter.editor:
        case "switch":
            return st.booleans()
        case "choice":
            return st.sampled_from(parameter.choices)
        case "number":
            return default | _numbers(parameter)
        case "columns":
            names = st.lists(st.sampled_from(list(TABLE.columns)), unique=True, min_size=1, max_size=4)
            kinds = st.sampled_from(["Numeric", "String", "Categorical", "Boolean", "DateTime"])
            by_kind = kinds.map(lambda kind: {"rules": [{"by": "kinds", "kinds": [kind]}]})
            return by_kind | by_kind | default | names | st.just({"start": "all"})
        case "column":
            return st.sampled_from([*TABLE.columns, ""])
        case _:
            return default


def _numbers(parameter: Parameter) -> st.SearchStrategy[Any]:
    low = parameter.minimum if parameter.minimum is not None else -5
    high = parameter.maximum if parameter.maximum is not None else max(low, 0) + 8
    high = min(high, max(low, 0) + 20)
    if parameter.integer:
        return st.integers(int(low) + parameter.exclusive_minimum, int(high) - parameter.exclusive_maximum)
    return st.floats(
        low, high, exclude_min=parameter.exclusive_minimum, exclude_max=parameter.exclusive_maximum, allow_nan=False
    )


def settings_of(module: type[Module]) -> st.SearchStrategy[dict[str, Any]]:
    """Strategy for parameters that the declaration of a module allows; hidden ones keep their defaults."""
    visible = [p for p in module.spec().parameters if not p.hidden]
    return st.fixed_dictionaries({}, optional={p.name: values_of(p) for p in visible})


def read(module: type[Module], parameters: dict[str, Any]) -> Module | None:
    try:
        return module.read(parameters)
    except DesignerError:
        return None  # parameters that contradict each other


def answers(module: Module, *tables: pd.DataFrame) -> list[Any] | None:
    """The outputs of a run, or None if the module raised an error that describes the problem.

    Settings are drawn at random, so many do not suit the table. `test_the_smallest_pipeline_is_answered` checks that
    each module runs at all.
    """
    try:
        result = module.run(*tables)
    except DesignerError as error:
        return None if error.found else []
    ports = module.spec().outputs
    outputs = list(result) if len(ports) > 1 else [result] if ports else []
    assert len(outputs) == len(ports)
    return outputs


def tables_for(module: type[Module] | Module, table: pd.DataFrame = TABLE) -> list[pd.DataFrame]:
    return [table for port in module.spec().inputs if port.type is PortType.TABLE]


def test_every_module_file_loads() -> None:
    assert not LIBRARY.broken
    assert len(LIBRARY) > 20


@pytest.mark.parametrize("module", ALL)
def test_everything_is_explained(module: type[Module]) -> None:
    spec = module.spec()
    assert spec.description.endswith(".")
    assert len(spec.documentation) > 60
    assert spec.title
    assert spec.category
    for parameter in spec.parameters:
        assert parameter.help.endswith("."), parameter.name
        assert parameter.label, parameter.name
    labels = [p.label for p in spec.parameters]
    assert len(set(labels)) == len(labels)
    names = {p.name for p in spec.parameters}
    for parameter in spec.parameters:
        assert {name for name, _ in parameter.when} <= names
    for missing, reason in (("to_onnx", spec.no_onnx), ("to_python", spec.no_python)):
        assert not (reason and missing in spec.readings)


@pytest.mark.parametrize("module", [m for m in ALL if m.id not in WITHOUT_PIPELINE])
def test_the_smallest_pipeline_is_answered(module: type[Module], tmp_path: Path) -> None:
    """No module may raise an error in its own minimal pipeline."""
    (tmp_path / "prices.csv").write_text("work,price\nState,1.5\n")
    pipeline = minimal_pipeline(module, tmp_path / "prices.csv")
    with open_workspace(tmp_path / "workspace") as space:
        for name, frame in tables().items():
            space.datasets.register(name, frame)
        made = trained(pipeline, space, LIBRARY)
    ports = {("step", port.name) for port in module.spec().outputs}
    assert ports <= made.outputs.keys()


@pytest.mark.parametrize("module", ALL)
def test_a_module_without_a_reading_says_so(module: type[Module]) -> None:
    if "to_onnx" in module.spec().readings or not module.spec().outputs:
        return
    with pytest.raises(NotExportable) as refused:
        module.read({}).to_onnx(None)  # type: ignore[arg-type]
    assert refused.value.found


@pytest.mark.parametrize("module", ALL)
@FEW
@given(data=st.data())
def test_parameters_survive_json(module: type[Module], data: st.DataObject) -> None:
    instance = read(module, data.draw(settings_of(module)))
    if instance is None:
        return
    document = json.loads(json.dumps(instance.parameters()))
    again = module.read(document)
    assert again == instance
    assert again.parameters() == document
    assert isinstance(instance.summary(), str)
    assert [p.name for p in again.shown()] == [p.name for p in instance.shown()]


@pytest.mark.parametrize("module", ALL)
@FEW
@given(data=st.data())
def test_what_is_not_shown_decides_nothing(module: type[Module], data: st.DataObject) -> None:
    parameters = data.draw(settings_of(module))
    instance = read(module, parameters)
    if instance is None:
        return
    hidden = {p.name for p in module.spec().parameters} - {p.name for p in instance.shown()}
    others = {name: value for name, value in data.draw(settings_of(module)).items() if name in hidden}
    assert module.read({**parameters, **others}) == instance
    assert module.read({**parameters, **dict.fromkeys(hidden, object())}) == instance


def test_a_value_that_does_not_fit_matters_only_where_it_is_shown() -> None:
    node = {"mode": "Regular Expression", "fraction": 7, "pattern": r'\"a" ^x'}
    assert LIBRARY.read("split-data", 1, node) == LIBRARY.read("split-data", 1, {**node, "fraction": 0.5})
    problems = {
        "Split Rows": "7 is above 1",
        "Relative Expression": None,
        "Sideways": "'Sideways' is not one of the choices",
    }
    for mode, problem in problems.items():
        wrong = Pipeline(nodes={"split": Node("split", "split-data", 1, {**node, "mode": mode})})
        assert next((p.error.found for p in check(wrong, LIBRARY) if p.parameter), None) == problem


@pytest.mark.parametrize("module", ON_TABLES)
@FEW
@given(data=st.data())
def test_a_run_answers_as_inferred_and_leaves_its_inputs_alone(module: type[Module], data: st.DataObject) -> None:
    instance = read(module, data.draw(settings_of(module)))
    if instance is None:
        return
    tables = tables_for(module)
    before = [table.copy(deep=True) for table in tables]
    outputs = answers(instance, *tables)
    for table, copy in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)
    if outputs is None:
        return
    inferred = instance.infer(*(outline(table) for table in tables))
    known = list(inferred) if len(outputs) > 1 else [inferred]
    for value, schema in zip(outputs, known[: len(outputs)], strict=True):
        if isinstance(value, pd.DataFrame):
            assert_inferred(value, schema)
    for value, again in zip(outputs, answers(instance, *tables) or [], strict=True):
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(value, again)
        elif isinstance(value, Transformation):
            assert_applies(value, tables[0], None if module.spec().id in CROSS_FITTED else outputs[0])


def assert_inferred(table: pd.DataFrame, schema: Any) -> None:
    assert isinstance(schema, Schema)
    assert isinstance(table.index, pd.RangeIndex)
    for name in table.columns:
        assert isinstance(name, str)
        assert is_documented(table[name]), f"{name}: {table[name].dtype}"
    observed = [(column.name, column.kind) for column in Schema.of(table)]
    expected = [(column.name, column.kind) for column in schema]
    if schema.complete:
        assert observed == expected
    else:
        assert set(expected) <= set(observed)


def assert_applies(transformation: Transformation, table: pd.DataFrame, transformed: Any) -> None:
    """Assert that a transformation reproduces the module on its training table and infers the columns."""
    again = transformation.apply(table)
    if isinstance(transformed, pd.DataFrame):
        pd.testing.assert_frame_equal(again, transformed)
    inferred = transformation.infer(Schema.of(table))
    assert [(c.name, c.kind) for c in inferred] == [(c.name, c.kind) for c in Schema.of(again)]
    few = table[["whole", "text"]]
    try:
        partial = transformation.apply(few)
    except DesignerError:
        return
    inferred = transformation.infer(Schema.of(few))
    assert [(c.name, c.kind) for c in inferred] == [(c.name, c.kind) for c in Schema.of(partial)]


@pytest.mark.parametrize("module", ON_TABLES)
@FEW
@given(data=st.data(), rows=st.sampled_from([0, 1, 2]))
def test_an_empty_or_tiny_table_is_answered_or_refused(module: type[Module], data: st.DataObject, rows: int) -> None:
    instance = read(module, data.draw(settings_of(module)))
    if instance is None:
        return
    for table in (TABLE.head(rows), read_only(TABLE.head(rows).assign(decimal=float("nan")))):
        outputs = answers(instance, *tables_for(module, table))
        for value in outputs or []:
            if isinstance(value, pd.DataFrame):
                assert all(is_documented(value[name]) for name in value.columns)
    answers(instance, *tables_for(module, pd.DataFrame()))


@pytest.mark.parametrize("module", ON_TABLES)
@FEW
@given(data=st.data(), name=st.sampled_from(sorted(ODD)))
def test_odd_tables_are_answered_or_refused(module: type[Module], data: st.DataObject, name: str) -> None:
    instance = read(module, data.draw(settings_of(module)))
    if instance is None:
        return
    table = ODD[name]
    before = table.copy(deep=True)
    for value in answers(instance, *tables_for(module, table)) or []:
        if isinstance(value, pd.DataFrame):
            assert all(is_documented(value[column]) for column in value.columns)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("module", ON_TABLES)
def test_duplicate_names_are_answered_or_refused(module: type[Module]) -> None:
    twice = pd.DataFrame([[1, 2.5, "a"]] * 3, columns=["x", "x", "s"])
    answers(module.read({}), *tables_for(module, twice))


@pytest.mark.parametrize("module", ON_TABLES)
@FEW
@given(data=st.data())
def test_what_is_known_before_a_run_never_breaks(module: type[Module], data: st.DataObject) -> None:
    instance = read(module, data.draw(settings_of(module)))
    if instance is None:
        return
    full, problems = Schema.of(TABLE), list[str]()
    for schema in (full, full.select(["whole", "text"]).open(), Schema.unknown(), Schema()):
        try:
            instance.infer(*(schema for _ in tables_for(module)))
        except DesignerError as error:
            problems.append(error.found)
    assert all(problems)


@pytest.mark.parametrize("module", [m for m in ON_TABLES if "to_onnx" in m.values[0].spec().readings])  # type: ignore[attr-defined]
@FEW
@given(data=st.data())
def test_the_onnx_graph_answers_the_same(module: type[Module], data: st.DataObject) -> None:
    instance = read(module, data.draw(settings_of(module)))
    outputs = answers(instance, *tables_for(module)) if instance else None
    if instance is None or not outputs or not isinstance(outputs[0], pd.DataFrame):
        return
    table = TABLE.iloc[::-1].reset_index(drop=True)
    try:
        if isinstance(instance, Transform):
            state = outputs[-1].state
            expected = instance.apply(state, table)
            assert_same_in_onnx(table, expected, lambda graph, columns: instance.apply_onnx(state, graph, columns))
        else:
            expected = instance.run(*tables_for(module, table))
            ports = len(tables_for(module))
            assert_same_in_onnx(table, expected, lambda graph, columns: instance.to_onnx(graph, *[columns] * ports))
    except NotExportable:
        pass


@pytest.mark.parametrize("module", [m for m in ON_TABLES if "to_python" in m.values[0].spec().readings])  # type: ignore[attr-defined]
@FEW
@given(data=st.data())
def test_the_script_answers_the_same(module: type[Module], data: st.DataObject) -> None:
    instance = read(module, data.draw(settings_of(module)))
    outputs = answers(instance, *tables_for(module)) if instance else None
    if instance is None or not outputs:
        return
    inputs = {p.name: TABLE for p in module.spec().inputs if p.type is PortType.TABLE}
    try:
        script_outputs = through_script(instance, inputs)
    except NotExportable:
        return
    for value, written in zip(outputs, script_outputs, strict=True):
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(value, written)
        elif isinstance(value, Transformation):
            pd.testing.assert_frame_equal(value.apply(TABLE), written(TABLE))


@pytest.mark.parametrize("module", [m for m in ALL if issubclass(m.values[0], Learner)])  # type: ignore[arg-type]
@FEW
@given(data=st.data())
def test_scikit_learn_accepts_every_allowed_setting(module: type[Module], data: st.DataObject) -> None:
    instance = read(module, data.draw(settings_of(module)))
    if instance is None or instance.spec().inputs:
        return
    outputs = answers(instance)
    if outputs and isinstance(outputs[0], UntrainedModel):
        validate = getattr(outputs[0].estimator, "_validate_params", None)
        if validate and hasattr(
            outputs[0].estimator, "_parameter_constraints"
        ):  # those of other packages may have none
            validate()
