"""Scoring files in a stream, by both engines, against what the pipeline says of each row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.inference.convert import convert
from designer.inference.rewrite import rewrite
from designer.inference.rows import rows_of
from designer.inference.scorer import Scorer
from designer.serving.batch import ModuleTables, OnnxTables, ScoresTables, score_table_file
from designer.store.workspace import open_workspace
from tests.trained import people, people_pipeline, trained

NEEDED = ["age", "hours", "work", "member"]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ScoresTables]]:
    library = Library.scan()
    with open_workspace(tmp_path_factory.mktemp("batch")) as workspace:
        workspace.datasets.register("people", people())
        pipeline = people_pipeline("two-class-logistic-regression", "income")
        answer = rewrite(pipeline, trained(pipeline, workspace, library).results, "realtime", library)
        sources = workspace.sources(library)
        yield {
            "onnxruntime": OnnxTables(convert(answer.pipeline, library, sources)),
            "scikit-learn": ModuleTables(Scorer.load(answer.pipeline, library, sources)),
        }


@pytest.fixture(params=["onnxruntime", "scikit-learn"])
def engine(request: pytest.FixtureRequest, engines: dict[str, ScoresTables]) -> ScoresTables:
    return engines[request.param]


def expected(engines: dict[str, ScoresTables], table: pd.DataFrame) -> pd.DataFrame:
    modules = engines["scikit-learn"]
    assert isinstance(modules, ModuleTables)
    answers = modules._scorer.score(rows_of(table[NEEDED]))
    return pd.DataFrame(answers)[["Scored Labels", "Scored Probabilities"]]


@pytest.mark.parametrize("suffix", ["csv", "tsv", "parquet"])
def test_every_row_of_a_file_gets_its_score(
    suffix: str, engine: ScoresTables, engines: dict[str, ScoresTables], tmp_path: Path
) -> None:
    table = people(3000, seed=11)
    source = tmp_path / f"people.{suffix}"
    if suffix == "parquet":
        table.to_parquet(source)
    else:
        table.to_csv(source, index=False, sep="\t" if suffix == "tsv" else ",")
    progress: list[float] = []
    scored = score_table_file(engine, source, report=lambda fraction, text: progress.append(fraction))
    assert (scored.rows, scored.unscored, scored.refused, scored.errors) == (3000, 0, 0, None)
    assert scored.target == tmp_path / f"people.scored.{suffix}"
    read = pd.read_parquet(scored.target) if suffix == "parquet" else pd.read_csv(
        scored.target, sep="\t" if suffix == "tsv" else ",", keep_default_na=False, na_values=[""]
    )  # fmt: skip
    assert list(read.columns) == [*table.columns, "Scored Labels", "Scored Probabilities"]
    assert read["id"].tolist() == table["id"].tolist()
    wanted = expected(engines, table)
    assert read["Scored Labels"].tolist() == wanted["Scored Labels"].tolist()
    assert (read["Scored Probabilities"] - wanted["Scored Probabilities"]).abs().max() <= 1e-9
    assert progress == sorted(progress)


def test_a_row_that_cannot_be_read_goes_to_the_error_file_and_the_rest_is_scored(
    engine: ScoresTables, tmp_path: Path
) -> None:
    source = tmp_path / "people.csv"
    source.write_text("member,age,hours,work\ntrue,40,38.5,State\nperhaps,40,38.5,State\nfalse,forty,1,Self\n1,41,,\n")
    scored = score_table_file(engine, source)
    assert (scored.rows, scored.refused) == (4, 2)
    assert scored.errors is not None
    errors = pd.read_csv(scored.errors)
    assert errors["row"].tolist() == [2, 3]
    assert errors["reason"].tolist() == ["'member' is 'perhaps', not boolean", "'age' is 'forty', not integer"]
    assert pd.read_csv(scored.target)["age"].tolist() == [40, 41]


def test_a_row_without_a_number_the_model_needs_has_no_score(engine: ScoresTables, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("age,hours,work,member\n40,38.5,State,true\n,38.5,State,true\n")
    scored = score_table_file(engine, source, tmp_path / "answers" / "out.csv")
    assert (scored.rows, scored.unscored) == (2, 1)
    assert pd.read_csv(tmp_path / "answers" / "out.csv")["Scored Labels"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "empty"),
        (b"age,hours,work\n1,2,x\n", "no column 'member'"),
        (b"age,age,hours,work,member\n1,1,2,x,true\n", "two columns are named 'age'"),
        (b"age,hours,work,member\n1,2\n", "cannot be read"),
        (b"age,hours,work,member\n", "no rows"),
        (b"age,hours,work,member\n1,2,\xff\xfe,true\n", "cannot be read"),
    ],
)
def test_a_bad_file_is_refused_and_leaves_nothing_behind(
    content: bytes, found: str, engines: dict[str, ScoresTables], tmp_path: Path
) -> None:
    source = tmp_path / "bad.csv"
    source.write_bytes(content)
    with pytest.raises(DesignerError, match=found):
        score_table_file(engines["onnxruntime"], source)
    assert [file.name for file in tmp_path.iterdir()] == ["bad.csv"]


def test_a_missing_file_and_an_unknown_format_are_named(engines: dict[str, ScoresTables], tmp_path: Path) -> None:
    with pytest.raises(DesignerError, match="there is no file"):
        score_table_file(engines["onnxruntime"], tmp_path / "nothing.csv")
    (tmp_path / "people.docx").write_bytes(b"x")
    with pytest.raises(DesignerError, match="not a CSV, TSV or Parquet file"):
        score_table_file(engines["onnxruntime"], tmp_path / "people.docx")
