"""Steps in code: names and values are checked where they are written."""

from __future__ import annotations

import inspect
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, InvalidParameter, UnfittingWire
from designer.sdk import Columns, Dataset, Step
from designer.sdk import modules as m
from designer.sdk.calls import Functions


def test_importing_the_sdk_loads_no_pandas() -> None:
    code = (
        "import sys, designer.sdk; print([name for name in ('pandas', 'pyarrow', 'sqlmodel') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_a_step_unpacks_into_its_outputs() -> None:
    training, held_out = m.split_data(m.dataset(name="people"), fraction=0.7)
    assert (training.name, held_out.name) == ("results_dataset1", "results_dataset2")
    assert training.step.parameters == {"fraction": 0.7}
    assert training.step.results_dataset2.step is held_out.step


def test_a_wrong_name_is_refused_with_the_close_one() -> None:
    with pytest.raises(InvalidParameter, match=r"Split Data: there is no input or setting 'fractoin'.* 'fraction'"):
        m.split_data(m.dataset(name="people"), fractoin=0.7)
    with pytest.raises(AttributeError, match=r"no module is called 'split_dat'.* 'split_data'"):
        m.split_dat  # noqa: B018
    with pytest.raises(UnfittingWire, match=r"has no output 'results_dataset'"):
        m.split_data(m.dataset(name="people"))["results_dataset"]
    with pytest.raises(AttributeError, match=r"has no output .results_dataset.. Did you mean"):
        m.split_data(m.dataset(name="people")).results_dataset  # noqa: B018


def test_a_wrong_value_is_refused_with_what_would_do() -> None:
    with pytest.raises(InvalidParameter, match=r"Split Data, Fraction.*: 1.7 is above 1"):
        m.split_data(m.dataset(name="people"), fraction=1.7)
    with pytest.raises(InvalidParameter, match=r"Choose one of: Split Rows"):
        m.split_data(m.dataset(name="people"), mode="split rows")
    with pytest.raises(InvalidParameter, match=r"fraction: a DataFrame is not a value of a setting"):
        m.split_data(m.dataset(name="people"), fraction=pd.DataFrame({"a": [1]}))
    with pytest.raises(InvalidParameter, match="nan is not finite"):
        m.split_data(m.dataset(name="people"), fraction=float("nan"))


def test_a_wrong_wire_is_refused_with_what_would_do() -> None:
    table = m.dataset(name="people")
    with pytest.raises(UnfittingWire, match=r"Train Model, untrained_model: .*no output of dataset is untrained model"):
        m.train_model(table, table)
    with pytest.raises(UnfittingWire, match=r"2 outputs of split-data fit.*results_dataset1, results_dataset2"):
        m.sort(m.split_data(table))
    with pytest.raises(UnfittingWire, match=r"'dataset' of dataset is data. Connect untrained model"):
        m.train_model(table.dataset, table)
    with pytest.raises(UnfittingWire, match=r"a DataFrame cannot be connected. .*a dataset"):
        m.sort(pd.DataFrame({"a": [1]}))
    with pytest.raises(UnfittingWire, match="2 inputs are given, and there are 1"):
        m.sort(table, table)
    with pytest.raises(UnfittingWire, match="the input 'dataset' is given twice"):
        m.sort(table, dataset=table)


def test_of_several_outputs_the_one_that_fits_is_connected() -> None:
    clean = m.clean_missing_data(m.dataset(name="people"), columns=["age"])
    applied = m.apply_transformation(clean, m.dataset(name="others"))
    assert applied.inputs["transformation"].name == "cleaning_transformation"
    assert m.sort(clean).inputs["dataset"].name == "cleaned_dataset"


def test_values_become_plain_json() -> None:
    step = Step("any", parameters={"a": np.int64(3), "b": ("x", "y"), "c": Columns.named("age"), "d": np.float32(0.5)})
    assert step.parameters["a"] == 3
    assert type(step.parameters["a"]) is int
    assert step.parameters["b"] == ["x", "y"]
    assert step.parameters["c"] == Columns.named("age").model_dump(mode="json")
    assert step.parameters["d"] == 0.5


def test_an_input_and_a_setting_of_the_same_name_are_told_apart_by_the_value() -> None:
    texts, words = m.dataset(name="texts"), m.dataset(name="words")
    step = m.preprocess_text(texts, words, stop_words=True)
    assert set(step.inputs) == {"dataset", "stop_words"}
    assert step.parameters == {"stop_words": True}


def test_a_dataset_is_one_step_however_often_it_is_used() -> None:
    data = Dataset("people", 2)
    joined = m.join_data(data, data, left_keys=["a"], right_keys=["a"])
    assert joined.inputs["left_dataset"].step is joined.inputs["right_dataset"].step
    assert data.as_step().parameters == {"name": "people", "version": 2}


def test_every_module_has_a_function_with_its_names_and_help() -> None:
    library = Library.scan()
    functions = Functions(lambda: library)
    assert len(dir(functions)) == len(library)
    for name in dir(functions):
        function = getattr(functions, name)
        spec = next(module.spec() for module in library if module.spec().title and function.__name__ == name)
        assert spec
        assert inspect.signature(function)
        assert inspect.getdoc(function)
    signature = inspect.signature(functions.split_data)
    assert list(signature.parameters)[:3] == ["dataset", "mode", "fraction"]
    assert signature.parameters["fraction"].default == 0.5


def test_probing_attributes_finds_nothing() -> None:
    step = m.dataset(name="people")
    assert not hasattr(step, "_repr_html_")
    assert not hasattr(step, "__array__")
    assert not hasattr(m, "_repr_html_")
    with pytest.raises(DesignerError):
        list(Step("unknown"))
