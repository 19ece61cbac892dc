"""The evidence about a training run at the deployment of its inference pipeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from designer.contract.catalogue.library import Library
from designer.contract.schema import Kind
from designer.inference.create import create
from designer.inference.evidence import evidence
from designer.inference.rows import RowReader
from designer.pipeline.graph import Node, Pipeline
from designer.serving.batch.columns import read_cells
from designer.store.workspace import Workspace
from tests.trained import people, pipeline_of, recorded, wire


def from_file(path: Path) -> Pipeline:
    reading = {"path": str(path), "separator": "Semicolon", "decimal_mark": "Comma", "missing_values": "?"}
    return pipeline_of(
        {
            "read": ("import-data", reading),
            "learner": ("two-class-decision-forest", {"number_of_decision_trees": 4}),
            "train": ("train-model", {"label_column": "income"}),
            "score": ("score-model", {}),
        },
        [
            "learner.untrained_model > train.untrained_model",
            "read.output_data > train.dataset",
            "train.trained_model > score.trained_model",
            "read.output_data > score.dataset",
        ],
    )


def test_how_the_training_file_was_read_is_known(workspace: Workspace, library: Library, tmp_path: Path) -> None:
    table = people(60)[["age", "hours", "income"]]
    table.to_csv(tmp_path / "people.csv", sep=";", decimal=",", na_rep="?", index=False)
    run = recorded(from_file(tmp_path / "people.csv"), workspace, library)
    made = create(workspace, run, "realtime", library)
    assert made.problems == []
    known = evidence(workspace, made.pipeline, made.schema, library, run)
    assert known.available == 60
    assert known.reading is not None
    assert (known.reading.separator, known.reading.decimal) == (";", ",")
    assert "?" in known.reading.missing


def test_dates_of_the_training_file_are_read_alike_where_a_row_alone_does_not_tell(
    workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    table = people(60)[["age", "income"]]
    days = pd.date_range("2023-01-01", periods=60)
    table.insert(0, "begun", days.strftime("%d.%m.%Y"))
    table.to_csv(tmp_path / "people.csv", sep=";", decimal=",", na_rep="?", index=False)
    plain = from_file(tmp_path / "people.csv")
    parts = Node("parts", "time-features", parameters={"time": "begun"})
    wires = [wire("read.output_data > parts.dataset")]
    wires += [replace(e, source="parts", output="results_dataset") if e.source == "read" else e for e in plain.edges]
    dated = replace(plain, nodes={**plain.nodes, "parts": parts}, edges=tuple(wires))
    run = recorded(dated, workspace, library)
    made = create(workspace, run, "realtime", library)
    assert made.problems == []
    begun = made.schema["begun"]
    assert (begun.kind, begun.date_order) == (Kind.DATETIME, "day first")
    (cells, *_) = RowReader(made.schema).read([{"begun": "03.04.2023", "age": 40}, {"begun": "2023-04-03", "age": 1}])
    assert cells == [datetime(2023, 4, 3), datetime(2023, 4, 3)]
    values, refused = read_cells(pa.array(["03.04.2023", "31.02.2023"]), begun)
    assert values.to_pylist() == [datetime(2023, 4, 3), None]
    assert refused == {1: "column 'begun': '31.02.2023' is not a date"}
    unknown = replace(begun, date_order="")
    assert "whether the day or the month is first" in read_cells(pa.array(["03.04.2023"]), unknown)[1][0]
