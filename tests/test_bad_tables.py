"""Every module handles every bad table: it returns documented types, or raises an error with a place and a remedy."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import ColumnNotFound, DesignerError, EmptySelection
from designer.contract.files.sources import using
from designer.contract.module import Module
from designer.contract.schema import Schema
from designer.contract.values import outline
from designer.engine.exchange import for_module
from designer.pipeline.walk import by_output
from tests.bad_tables import WAYS, spoiled, widened
from tests.folder_sources import FolderSources
from tests.minimal import WITHOUT_PIPELINE, minimal_pipeline, tables
from tests.tables import is_documented

LIBRARY = Library.scan()
MODULES = sorted(set(LIBRARY.modules) - WITHOUT_PIPELINE)
GOOD = tables(30)
UNREADABLE = ("equal names", "mixed objects")
WIDE = 10_000
NARROWER = {"cross-validate-model": 1000, "tune-model-hyperparameters": 1000}
"""Modules that train ten models: their run time is linear in the columns (30 s for 10,000)."""
Step = tuple[Module, dict[str, Any]]


@pytest.fixture(autouse=True)
def sources(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "prices.csv").write_text("work,price\nState,1.5\n")
    with using(FolderSources(tmp_path, GOOD)):
        yield


def steps_on_tables(id: str, folder: Path) -> list[Step]:
    """The module and the training and scoring steps after it, with their inputs in the smallest pipeline."""
    pipeline = minimal_pipeline(LIBRARY[id], folder / "prices.csv")
    values: dict[tuple[str, str], Any] = {}
    steps: list[Step] = []
    for name in pipeline.order():
        node = pipeline.nodes[name]
        module = LIBRARY.read(node.module, node.version, node.parameters)
        inputs = {edge.input: values[edge.source, edge.output] for edge in pipeline.incoming(name)}
        known = by_output(type(module), module.infer(**{port: outline(value) for port, value in inputs.items()}))
        for port, value in by_output(type(module), run(module, inputs)).items():
            is_table = isinstance(value, pd.DataFrame)
            values[name, port] = Schema.of(value).roles_from(known[port]).attach(value) if is_table else value
        mine = name == "step" or name in pipeline.descendants("step")
        if mine and any(isinstance(value, pd.DataFrame) for value in inputs.values()):
            steps.append((module, inputs))
    return steps


def run(module: Module, inputs: Mapping[str, Any]) -> Any:
    """The answer of a module; tables are converted for ports that take files."""
    with tempfile.TemporaryDirectory() as folder:
        return module.run(**for_module(module, inputs, Path(folder)))


def answered(module: Module, inputs: Mapping[str, Any]) -> dict[str, Any] | DesignerError:
    """The outputs of a module, or the error that it raises."""
    try:
        return by_output(type(module), run(module, inputs))
    except DesignerError as error:
        return error


def assert_in_order(answer: dict[str, Any] | DesignerError, what: str, readable: bool = True) -> None:
    """Assert that an error has a place and a remedy, and that tables have documented types if `readable`."""
    if isinstance(answer, DesignerError):
        place = answer.place
        assert place.port or place.parameter or place.column or place.file, f"{what}: {answer}"
        assert answer.remedy, f"{what}: {answer}"
        return
    for table in (value for value in answer.values() if isinstance(value, pd.DataFrame) and readable):
        assert all(is_documented(table[name]) for name in table), what


@pytest.mark.parametrize("id", MODULES)
def test_bad_tables_are_answered_or_refused(id: str, tmp_path: Path) -> None:
    for module, inputs in steps_on_tables(id, tmp_path):
        for way in WAYS:
            bad = {p: spoiled(v, way) if isinstance(v, pd.DataFrame) else v for p, v in inputs.items()}
            assert_in_order(answered(module, bad), f"{module.spec().title}, {way}", way not in UNREADABLE)


LASTING = {"summarize-data": pytest.mark.slow}
"""Modules that take most of a minute over so many columns; run last on 30 November 2026."""


@pytest.mark.parametrize(
    "id",
    [pytest.param(id, marks=LASTING.get(id, ())) for id in sorted({id for id in MODULES if LIBRARY[id].spec().inputs})],
)
def test_ten_thousand_columns_are_answered_or_refused(id: str, tmp_path: Path) -> None:
    for module, inputs in steps_on_tables(id, tmp_path)[:1]:
        wide = {p: widened(v, NARROWER.get(id, WIDE)) if isinstance(v, pd.DataFrame) else v for p, v in inputs.items()}
        assert_in_order(answered(module, wide), module.spec().title)


@pytest.mark.parametrize("id", MODULES)
def test_a_selection_that_matches_nothing_is_named(id: str, tmp_path: Path) -> None:
    for module, inputs in steps_on_tables(id, tmp_path)[:1]:
        pickers = [p for p in module.shown() if p.editor in ("columns", "column")]
        for picker in pickers:
            nothing: Any = "nothing" if picker.editor == "column" else ["nothing"]
            answer = answered(type(module).read({**module.parameters(), picker.name: nothing}), inputs)
            assert isinstance(answer, ColumnNotFound | EmptySelection), f"{picker.label}: {answer}"
            assert answer.place.parameter == picker.label
            assert answer.place.column == "nothing"
