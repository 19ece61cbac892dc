"""Values of pipeline parameters are read by the declared type and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.contract.errors import InvalidParameter
from designer.pipeline.assignments import NoDefault, UnknownParameter, read_assignments, read_value, text_of, values_of
from designer.pipeline.graph import PipelineParameter

COUNT = PipelineParameter("count", "integer", 10, minimum=1, maximum=30)
SHARE = PipelineParameter("share", "number", 0.5, minimum=0, maximum=1)
FLAG = PipelineParameter("flag", "boolean", False)
MODE = PipelineParameter("mode", "choice", "front", choices=("front", "back"))
NAME = PipelineParameter("name", "string", "a")
KEEP = PipelineParameter("keep", "columns", ["a"])
DATA = PipelineParameter("data", "dataset")


@pytest.mark.parametrize(
    ("parameter", "given_value", "value"),
    [
        (COUNT, "20", 20),
        (COUNT, " +7 ", 7),
        (COUNT, 20, 20),
        (SHARE, "0.25", 0.25),
        (SHARE, ".5", 0.5),
        (SHARE, "1e-3", 0.001),
        (SHARE, 1, 1),
        (FLAG, "true", True),
        (FLAG, "False", False),
        (FLAG, True, True),
        (MODE, "back", "back"),
        (PipelineParameter("folds", "choice", 5, choices=(5, 10)), "10", 10),
        (NAME, "", ""),
        (NAME, "20", "20"),
        (KEEP, "a, b", ["a", "b"]),
        (KEEP, "all but a", {"start": "all", "rules": [{"action": "exclude", "names": ["a"]}]}),
        (KEEP, '["a,b", "c"]', ["a,b", "c"]),
        (KEEP, {"start": "all"}, {"start": "all"}),
        (DATA, "Iris:3", "Iris:3"),
    ],
)
def test_text_and_values_are_read_by_the_type(parameter: PipelineParameter, given_value: Any, value: Any) -> None:
    read = read_value(parameter, given_value)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("parameter", "given_value", "words"),
    [
        (COUNT, "20.5", "count: '20.5' is not a whole number. Use a whole number at least 1 and at most 30."),
        (COUNT, 20.0, "count: 20.0 is not a whole number."),
        (COUNT, "", "count: '' is not a whole number."),
        (COUNT, True, "count: True is not a whole number."),
        (COUNT, "0", "count: 0 is below 1."),
        (COUNT, 31, "count: 31 is above 30."),
        (COUNT, 10**400, "count: a number of 1329 bits is beyond 64 bits."),
        (COUNT, "1" + "0" * 400, "is beyond 64 bits."),
        (COUNT, None, "count: no value is given."),
        (SHARE, "nan", "share: 'nan' is not a number. Use a number at least 0 and at most 1."),
        (SHARE, float("nan"), "share: nan is not a finite number."),
        (SHARE, float("inf"), "share: inf is not a finite number."),
        (SHARE, "1e400", "share: '1e400' is not a finite number."),
        (SHARE, 10**400, "share: a number of 1329 bits is not a finite number."),
        (SHARE, "1_0", "share: '1_0' is not a number."),
        (FLAG, "yes", "flag: 'yes' is not true or false."),
        (FLAG, 1, "flag: 1 is not true or false."),
        (MODE, "Front", "mode: 'Front' is not one of the choices. Choose one of: front, back."),
        (NAME, 20, "name: 20 is not text."),
        (KEEP, 3, "keep: 3 is not a choice of columns."),
        (KEEP, {"rules": "x"}, "is not a choice of columns."),
        (DATA, ["Iris"], "data: ['Iris'] is not text. Use the name of a dataset, or NAME:VERSION."),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(
    parameter: PipelineParameter, given_value: Any, words: str
) -> None:
    with pytest.raises(InvalidParameter) as refused:
        read_value(parameter, given_value)
    assert words in str(refused.value)


def test_an_unknown_name_is_refused_with_the_closest_one() -> None:
    with pytest.raises(UnknownParameter, match=r"no parameter 'cuont' \(2 parameters\). Did you mean 'count'\?"):
        read_assignments({"count": COUNT, "share": SHARE}, {"cuont": 3})
    with pytest.raises(UnknownParameter, match="Parameters are: count"):
        read_assignments({"count": COUNT}, {"zzz": 3})
    with pytest.raises(UnknownParameter, match="it has none"):
        read_assignments({}, {"count": 3})


def test_a_parameter_without_a_default_must_be_given() -> None:
    with pytest.raises(NoDefault, match="data: no value is given, and it has no default"):
        values_of({"data": DATA}, {})
    assert values_of({"data": DATA, "count": COUNT}, {"data": "Iris"}) == {"data": "Iris", "count": 10}


def test_a_default_that_does_not_fit_is_named_as_such() -> None:
    with pytest.raises(InvalidParameter, match="count: its default does not fit: 99 is above 30"):
        values_of({"count": PipelineParameter("count", "integer", 99, maximum=30)}, {})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(parameter=st.sampled_from([COUNT, SHARE, FLAG, MODE, NAME, KEEP, DATA]), anything=ANYTHING)
def test_any_value_is_read_or_refused_in_words_and_reading_again_changes_nothing(
    parameter: PipelineParameter, anything: Any
) -> None:
    try:
        value = read_value(parameter, anything)
    except InvalidParameter as refused:
        words = str(refused)
    else:
        assert read_value(parameter, value) == value
        return
    assert words.startswith(f"{parameter.name}: ")


@given(
    parameter_value=st.one_of(
        st.tuples(st.just("integer"), st.integers(-(2**63) + 1, 2**63 - 1)),
        st.tuples(st.just("number"), st.floats(allow_nan=False, allow_infinity=False)),
        st.tuples(st.just("boolean"), st.booleans()),
        st.tuples(st.just("string"), st.text()),
        st.tuples(st.just("columns"), st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=4)),
    )
)
def test_the_text_of_a_value_is_read_as_that_value(parameter_value: tuple[Any, Any]) -> None:
    kind, value = parameter_value
    assert read_value(PipelineParameter("p", kind), text_of(value)) == value
