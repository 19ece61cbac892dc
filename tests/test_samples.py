"""Contract tests for every sample, and comparison with plain scikit-learn scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.files.sources import using
from designer.contract.values import ASSIGNMENTS, SCORED_LABELS, SCORED_PROBABILITIES
from designer.engine.auditing import audit, observed, results_that_hold
from designer.engine.run import RunResult, execute
from designer.export.onnx import export_onnx
from designer.export.python import export_python
from designer.inference.create import create
from designer.inference.path import scoring_steps
from designer.inference.results import held_out, outputs_of, results_of
from designer.inference.scorer import Scorer
from designer.pipeline.check import check
from designer.pipeline.document import dumps, loads
from designer.pipeline.lint.lint import lint
from designer.pipeline.propagate import propagate
from designer.samples.templates import Template, template, templates
from designer.store.workspace import Workspace, open_workspace
from designer.ui.views.endpoint.texts import form, row_of
from tests.samples import bike_rentals, car_prices, census_income, customer_groups

EXPECTED = Path(__file__).parent / "samples"
TOLERANCE = 1e-6
SLOTS = 4


@dataclass(frozen=True)
class Place:
    """One workspace for all samples, with the results of the runs so far."""

    workspace: Workspace
    library: Library
    results: dict[str, RunResult]

    def run(self, sample: Template) -> RunResult:
        if sample.id not in self.results:
            self.results[sample.id] = execute(sample.pipeline, self.library, self.workspace, slots=SLOTS)
        return self.results[sample.id]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with open_workspace(tmp_path_factory.mktemp("samples")) as workspace:
        yield Place(workspace, workspace.library(), {})


@pytest.fixture(params=[sample.id for sample in templates()])
def sample(request: pytest.FixtureRequest) -> Template:
    result = template(request.param)
    assert result is not None
    return result


def metrics_of(result: RunResult) -> list[dict[str, float]]:
    return [model["metrics"] for node in result.nodes.values() for model in node.metrics or []]


def test_it_opens_without_problems_or_warnings(sample: Template, place: Place) -> None:
    with using(place.workspace.sources(place.library)):
        assert check(sample.pipeline, place.library) == []
        assert lint(sample.pipeline, place.library) == []
    assert sample.pipeline.notes
    assert sample.pipeline.description
    assert set(sample.pipeline.layout) == set(sample.pipeline.nodes)
    assert sample.dataset in {d.name for d in place.workspace.datasets.samples()}


def test_save_and_open_give_an_equal_pipeline(sample: Template) -> None:
    assert loads(dumps(sample.pipeline)) == sample.pipeline


def test_it_runs_and_its_metrics_are_the_expected_ones(sample: Template, place: Place) -> None:
    result = place.run(sample)
    assert result.ok, {id: node.error for id, node in result.nodes.items() if node.error}
    expected = json.loads((EXPECTED / f"{sample.id}.json").read_text())
    measured = metrics_of(result)
    assert len(measured) == len(expected)
    for model, metrics in zip(measured, expected, strict=True):
        assert model == pytest.approx(metrics, rel=TOLERANCE)


def test_after_the_run_its_data_brings_no_warning(sample: Template, place: Place) -> None:
    place.run(sample)
    outputs = results_that_hold(place.workspace, sample.pipeline, place.library)
    assert {edge.source for edge in sample.pipeline.edges} <= {id for id, _ in outputs}
    seen = audit(place.workspace, sample.pipeline, place.library, outputs, here=True)
    with using(place.workspace.sources(place.library)):
        known = propagate(sample.pipeline, place.library, observed(outputs))
        assert lint(sample.pipeline, place.library, known, seen.findings) == []


def test_the_same_bits_come_out_with_one_slot(sample: Template, place: Place, tmp_path: Path) -> None:
    many = outputs_of(place.workspace, place.run(sample).run_id)
    with open_workspace(tmp_path) as workspace:
        one = outputs_of(workspace, execute(sample.pipeline, workspace.library(), workspace, slots=1).run_id)
    assert {outlet: stored.digest for outlet, stored in one.items()} == {o: s.digest for o, s in many.items()}


def test_a_second_run_reuses_every_node(sample: Template, place: Place) -> None:
    place.run(sample)
    again = execute(sample.pipeline, place.library, place.workspace)
    assert {node.state for node in again.nodes.values()} == {"reused"}


def test_the_inference_pipeline_scores_rows_as_the_training_pipeline_did(sample: Template, place: Place) -> None:
    result = place.run(sample)
    rewritten = create(place.workspace, result.run_id, "realtime", place.library)
    assert rewritten.problems == []
    assert {reason.node for reason in rewritten.reasons} == set(sample.pipeline.nodes)
    again = create(place.workspace, result.run_id, "realtime", place.library)
    assert again.pipeline == rewritten.pipeline
    scorer = Scorer.load(rewritten.pipeline, place.library, place.workspace.sources(place.library))
    step = next(s for s in scoring_steps(sample.pipeline, place.library) if s.id == rewritten.score)
    rows = held_out(place.workspace, sample.pipeline, step, outputs_of(place.workspace, result.run_id), place.library)
    assert rows.scored is not None
    first = rows.rows.head(50)
    expected = rows.scored.head(50)
    answers = pd.DataFrame(scorer.score([_json(row) for row in first[scorer.schema.names].to_dict("records")]))
    compared = [name for name in expected if name.startswith((SCORED_LABELS, SCORED_PROBABILITIES, ASSIGNMENTS))]
    assert compared
    for name in compared:
        if pd.api.types.is_numeric_dtype(expected[name]):
            np.testing.assert_allclose(answers[name].astype(float), expected[name].astype(float), rtol=0, atol=1e-9)
        else:
            assert answers[name].tolist() == expected[name].astype(object).tolist()


def test_the_form_of_its_endpoint_asks_what_the_rows_ask(sample: Template, place: Place) -> None:
    rewritten = create(place.workspace, place.run(sample).run_id, "realtime", place.library)
    scorer = Scorer.load(rewritten.pipeline, place.library, place.workspace.sources(place.library))
    (door,) = (node for node in rewritten.pipeline.nodes.values() if node.module == "web-service-input")
    assert door.parameters["examples"]
    for row in door.parameters["examples"]:
        written = {field.name: field.value for field in form(scorer.schema, row)}
        assert list(written) == scorer.schema.names
        assert scorer.score([row_of(scorer.schema, written)]) == scorer.score([row])


def test_the_exported_script_prints_the_same_metrics_without_designer(
    sample: Template, place: Place, tmp_path: Path
) -> None:
    outputs = outputs_of(place.workspace, place.run(sample).run_id)
    observed = {outlet: result.known for outlet, result in results_of(place.workspace, outputs, place.library).items()}
    script = export_python(sample.pipeline, place.library, place.workspace.sources(place.library), observed)
    (file, *_) = script.write(tmp_path / "pipeline.py")
    assert "designer" not in file.read_text().replace("Designer", "")
    environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    answer = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", str(file)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    printed = answer.stdout
    for model in metrics_of(place.run(sample)):
        for name, value in model.items():
            assert name in printed
            if value is not None:
                assert f"{value:.6g}" in printed or any(
                    np.isclose(value, number, rtol=1e-5) for number in _numbers(printed)
                ), (name, value, printed)


@pytest.mark.parametrize("id", ["car-prices", "census-income", "wine-cultivars", "tumour-check", "customer-groups"])
def test_it_exports_as_one_onnx_file(id: str, place: Place, tmp_path: Path) -> None:
    sample = template(id)
    assert sample is not None
    rewritten = create(place.workspace, place.run(sample).run_id, "realtime", place.library)
    converted = export_onnx(rewritten.pipeline, place.workspace.path, tmp_path / "model.onnx")
    assert (tmp_path / "model.onnx").stat().st_size == len(converted.model)


def test_car_prices_equal_a_plain_script(place: Place) -> None:
    assert_equals_plain(place, "car-prices", car_prices.metrics)


def test_census_income_equals_a_plain_script(place: Place) -> None:
    assert_equals_plain(place, "census-income", census_income.metrics)


def test_bike_rentals_equal_a_plain_script(place: Place) -> None:
    assert_equals_plain(place, "bike-rentals", bike_rentals.metrics)


def test_customer_groups_equal_a_plain_script(place: Place) -> None:
    sample = template("customer-groups")
    assert sample is not None
    assigned = place.run(sample).value(place.workspace, place.library, "assign", _table_port(place, "assign", sample))
    table = place.workspace.value(place.workspace.datasets.stored(sample.dataset))
    groups, distances = customer_groups.assignments(table)
    assert assigned[ASSIGNMENTS].tolist() == groups.tolist()
    for group in range(4):
        name = next(n for n in assigned if n.startswith("DistancesToClusterCenter") and n.endswith(str(group)))
        np.testing.assert_allclose(assigned[name].to_numpy(), distances[:, group], rtol=1e-9, atol=1e-12)


def assert_equals_plain(place: Place, id: str, plain: Any) -> None:
    """Assert that the run gives the metrics that the plain script computes."""
    sample = template(id)
    assert sample is not None
    table = place.workspace.value(place.workspace.datasets.stored(sample.dataset))
    for metrics, expected in zip(metrics_of(place.run(sample)), plain(table), strict=True):
        assert {name: metrics[name] for name in expected} == pytest.approx(expected, rel=TOLERANCE)


def _table_port(place: Place, node: str, sample: Template) -> str:
    return place.library[sample.pipeline.nodes[node].module].spec().outputs[0].name


def _json(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def _numbers(text: str) -> list[float]:
    numbers = []
    for word in text.replace(",", " ").replace("{", " ").replace("}", " ").replace(":", " ").split():
        try:
            numbers.append(float(word))
        except ValueError:
            continue
    return numbers
