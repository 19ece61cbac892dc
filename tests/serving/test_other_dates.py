"""Files whose dates have the day and the month in another order than the training file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import ConversionFailed
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Schema
from designer.inference.create import create
from designer.inference.rows import RefusedRequest, RowReader
from designer.inference.scorer import Scorer
from designer.pipeline.graph import Node
from designer.serving.batch.other_dates import OtherDates
from designer.serving.batch.scoring import ModuleTables, ScoresTables, score_table_file
from designer.store.workspace import open_workspace
from tests.inference.test_evidence import from_file
from tests.trained import people, recorded, wire


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScoresTables]:
    """A pipeline trained on dates of the form dd.mm.yyyy."""
    library, folder = Library.scan(), tmp_path_factory.mktemp("dates")
    table = people(60)[["age", "income"]]
    table.insert(0, "begun", pd.date_range("2023-01-01", periods=60).strftime("%d.%m.%Y"))
    table.to_csv(folder / "people.csv", sep=";", index=False)
    plain = from_file(folder / "people.csv")
    parts = Node("parts", "time-features", parameters={"time": "begun"})
    wires = [wire("read.output_data > parts.dataset")]
    wires += [replace(e, source="parts", output="results_dataset") if e.source == "read" else e for e in plain.edges]
    dated = replace(plain, nodes={**plain.nodes, "parts": parts}, edges=tuple(wires))
    with open_workspace(folder / "workspace") as workspace:
        made = create(workspace, recorded(dated, workspace, library), "realtime", library)
        assert made.problems == []
        yield ModuleTables(Scorer.load(made.pipeline, library, workspace.sources(library)))


def sent(path: Path, dates: list[str]) -> Path:
    """A file of these dates in the format that the name of the path tells."""
    table = pd.DataFrame({"begun": dates, "age": 40})
    match path.suffix:
        case ".parquet":
            table.to_parquet(path)
        case ".xlsx":
            table.to_excel(path, index=False)
        case ".jsonl":
            path.write_text("\n".join(json.dumps(row) for row in table.to_dict("records")))
        case _:
            table.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("name", ["sent.csv", "sent.tsv", "sent.jsonl", "sent.xlsx", "sent.parquet"])
def test_a_file_of_the_other_order_is_refused_with_its_first_row_that_shows_it(
    name: str, engine: ScoresTables, tmp_path: Path
) -> None:
    if name.endswith("tsv"):
        pd.DataFrame({"begun": ["04/07/2023", "09/19/2023"], "age": 40}).to_csv(tmp_path / name, sep="\t", index=False)
    else:
        sent(tmp_path / name, ["04/07/2023", "09/19/2023", "10/30/2023"])
    with pytest.raises(ConversionFailed) as error:
        score_table_file(engine, tmp_path / name)
    assert error.value.found == (
        "column 'begun' has its dates month first, and the training file had them day first: row 2 holds '09/19/2023'"
    )
    assert error.value.remedy == "Write the dates of the column like 2023-09-19, or day first."
    place = error.value.place
    assert (place.file, place.column, place.row) == (name, "begun", 2)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_file_of_the_order_of_training_is_scored_whatever_its_marks(engine: ScoresTables, tmp_path: Path) -> None:
    source = sent(tmp_path / "sent.csv", ["04/07/2023", "19-09-2023", "2023-09-19", "30.10.2023 08:15"])
    scored = score_table_file(engine, source)
    assert (scored.rows, scored.refused) == (4, 0)


def test_one_date_of_the_other_order_among_dates_of_the_order_of_training_is_refused_alone(
    engine: ScoresTables, tmp_path: Path
) -> None:
    scored = score_table_file(engine, sent(tmp_path / "sent.csv", ["19.09.2023", "09/19/2023", "31.02.2023"]))
    assert (scored.rows, scored.refused) == (1, 2)
    assert scored.errors is not None
    assert pd.read_csv(scored.errors)["reason"].tolist() == [
        "column 'begun': '09/19/2023' is not a date in the order day first",
        "column 'begun': '31.02.2023' is not a date",
    ]


def test_the_row_of_a_later_batch_is_counted_from_the_start_of_the_file() -> None:
    schema = Schema((Column("at", Kind.DATETIME, date_order="month first"),))
    dates = OtherDates(schema, ReadOptions(), "long.csv")
    dates.check(pa.RecordBatch.from_pydict({"at": ["01/02/2023", None]}), 0)
    with pytest.raises(ConversionFailed, match="row 4 holds '13/02/2023'"):
        dates.check(pa.RecordBatch.from_pydict({"at": [" ", "13/02/2023"]}), 2)
    dates.check(pa.RecordBatch.from_pydict({"at": ["02/13/2023"]}), 2)
    dates.check(pa.RecordBatch.from_pydict({"at": ["13/02/2023"]}), 3)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("09/19/2023", "'at' is '09/19/2023', which is not a date in the order day first"),
        ("31.02.2023", "'at' is '31.02.2023'"),
        ("soon", "'at' is 'soon'"),
    ],
)
def test_a_request_with_a_date_of_the_other_order_is_refused_with_the_order_wanted(text: str, found: str) -> None:
    with pytest.raises(RefusedRequest) as error:
        RowReader(Schema((Column("at", Kind.DATETIME, date_order="day first"),))).read([{"at": text}])
    assert (error.value.code, error.value.found) == ("score.date", found)
