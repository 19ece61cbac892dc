"""Streaming file scoring with both engines, compared with the pipeline's scores of each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Schema
from designer.inference.convert import convert
from designer.inference.create import create
from designer.inference.rewrite import rewrite
from designer.inference.rows import rows_of
from designer.inference.scorer import Scorer
from designer.pipeline.graph import Node
from designer.serving.batch.columns import read_cells
from designer.serving.batch.files import BATCH_ROWS
from designer.serving.batch.scoring import (
    ModuleTables,
    OnnxTables,
    ScoresTables,
    score_batch,
    score_file,
    score_table_file,
)
from designer.serving.batch.unseen import Unseen, merged
from designer.serving.endpoints import deploy
from designer.serving.workers.session import OnnxScorer
from designer.store.workspace import open_workspace
from tests.trained import people, people_pipeline, recorded, trained, wire

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
    scores = expected(engines, table)
    assert read["Scored Labels"].tolist() == scores["Scored Labels"].tolist()
    assert (read["Scored Probabilities"] - scores["Scored Probabilities"]).abs().max() <= 1e-9
    assert progress == sorted(progress)


def test_a_row_that_cannot_be_read_goes_to_the_error_file_and_the_rest_is_scored(
    engine: ScoresTables, tmp_path: Path
) -> None:
    source = tmp_path / "people.csv"
    source.write_text("member,age,hours,work\ntrue,40,38.5,State\nperhaps,40,38.5,State\nfalse,forty,1,Self\n1,41,,\n")
    scored = score_table_file(engine, source)
    assert (scored.rows, scored.refused) == (2, 2)
    assert scored.errors is not None
    errors = pd.read_csv(scored.errors)
    assert errors["row"].tolist() == [2, 3]
    assert errors["reason"].tolist() == [
        "column 'member': 'perhaps' is not true or false",
        "column 'age': 'forty' is not a whole number",
    ]
    assert pd.read_csv(scored.target)["age"].tolist() == [40, 41]


def test_a_file_column_named_like_a_score_is_replaced_and_reported(engine: ScoresTables, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("age,hours,work,member,Scored Labels\n40,38.5,State,true,mine\n")
    scored = score_table_file(engine, source)
    assert scored.replaced == ("Scored Labels",)
    assert scored.sentence.endswith("; 'Scored Labels' of the file gave way to the scores of that name")
    assert pd.read_csv(scored.target)["Scored Labels"].tolist() != ["mine"]


def test_values_that_training_did_not_have_are_counted_and_named(engine: ScoresTables, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text(
        "age,hours,work,member\n40,38.5,State,true\n41,38.5,purple,true\n42,38.5,blue,true\n43,38.5,,true\n"
    )
    scored = score_table_file(engine, source)
    assert scored.sentence.endswith("; 2 rows with a 'work' that training did not have, first 'purple'")
    assert merged({"a": Unseen(1, "x")}, {"a": Unseen(2, "y"), "b": Unseen(1, "z")}) == {
        "a": Unseen(3, "x"), "b": Unseen(1, "z"),
    }  # fmt: skip


def test_a_row_without_a_number_the_model_needs_has_no_score(engine: ScoresTables, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("age,hours,work,member\n40,38.5,State,true\n,38.5,State,true\n")
    scored = score_table_file(engine, source, tmp_path / "answers" / "out.csv")
    assert (scored.rows, scored.unscored) == (2, 1)
    assert pd.read_csv(tmp_path / "answers" / "out.csv")["Scored Labels"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"age,hours,work\n1,2,x\n", "no column 'member'"),
        (b"age,age,hours,work,member\n1,1,2,x,true\n", "several columns are named 'age'"),
        (b"age,hours,work,member\n1,2,x,true\n1,2\n", "row 3 has 2 cells where 4 are expected"),
        (b"age,hours,work,member\n", "no rows"),
        (b"age,hours,work,member\n1,2,\x81\x81,true\n", "row 2 holds a byte"),
    ],
)
def test_a_bad_file_is_refused_and_leaves_nothing_behind(
    content: bytes, message: str, engines: dict[str, ScoresTables], tmp_path: Path
) -> None:
    source = tmp_path / "bad.csv"
    source.write_bytes(content)
    with pytest.raises(DesignerError, match=message):
        score_table_file(engines["onnxruntime"], source)
    assert [file.name for file in tmp_path.iterdir()] == ["bad.csv"]


def test_a_missing_file_and_an_unknown_format_are_named(engines: dict[str, ScoresTables], tmp_path: Path) -> None:
    with pytest.raises(DesignerError, match="there is no file"):
        score_table_file(engines["onnxruntime"], tmp_path / "nothing.csv")
    (tmp_path / "people.docx").write_bytes(b"x")
    with pytest.raises(DesignerError, match="files that end in"):
        score_table_file(engines["onnxruntime"], tmp_path / "people.docx")


def test_scores_stand_in_their_columns_where_the_first_batch_holds_none(engine: ScoresTables, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    good = [f"{age},38.5,State,true" for age in range(30, 38)]
    source.write_text("\n".join(["age,hours,work,member", *["q,q,q,q"] * BATCH_ROWS, *good]) + "\n")
    scored = score_table_file(engine, source)
    assert (scored.rows, scored.unscored, scored.refused) == (8, 0, BATCH_ROWS)
    assert scored.sentence.startswith(f"8 rows scored by {engine.engine}")
    read = pd.read_csv(scored.target)
    assert list(read.columns) == ["age", "hours", "work", "member", "Scored Labels", "Scored Probabilities"]
    assert read["age"].tolist() == list(range(30, 38))
    alone = tmp_path / "alone.csv"
    alone.write_text("\n".join(["age,hours,work,member", *good]) + "\n")
    assert read.equals(pd.read_csv(score_table_file(engine, alone).target))


def test_a_file_of_refused_rows_only_is_refused_by_name(engine: ScoresTables, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("age,hours,work,member\nq,1,x,true\nr,1,x,true\n")
    with pytest.raises(
        DesignerError, match=r"every row is refused \(2 rows\); row 1: column 'age': 'q' is not a whole number"
    ):
        score_table_file(engine, source)
    assert [file.name for file in tmp_path.iterdir()] == ["people.csv"]


@pytest.mark.parametrize("cell", ["inf", "-inf", "nan", "NaN", "infinity", "1e999", "1_000", "0x10", "12,5", "1.2.3"])
def test_what_is_no_finite_number_is_refused(cell: str, engine: ScoresTables, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text(f'age,hours,work,member\n40,38.5,State,true\n40,"{cell}",State,true\n')
    scored = score_table_file(engine, source)
    assert (scored.rows, scored.refused) == (1, 1)
    assert scored.errors is not None
    why = "too large for a number" if cell == "1e999" else "not a number"
    assert pd.read_csv(scored.errors)["reason"].tolist() == [f"column 'hours': '{cell}' is {why}"]


def test_infinite_and_broken_numbers_of_a_parquet_file_are_refused(engine: ScoresTables, tmp_path: Path) -> None:
    table = pd.DataFrame({"age": [40.0, 40.5, 1e30, 40], "hours": [38.5, 38.5, 38.5, np.inf], "work": "State"})
    table.assign(member=True).to_parquet(tmp_path / "people.parquet")
    scored = score_table_file(engine, tmp_path / "people.parquet")
    assert scored.errors is not None
    reasons = pd.read_csv(scored.errors)
    assert reasons["row"].tolist() == [2, 3, 4]
    assert reasons["reason"].tolist() == [
        "column 'age': 40.5 is not a whole number",
        "column 'age': 1e+30 is not a whole number",
        "column 'hours': inf is not a number",
    ]


def test_numbers_of_a_file_are_read_with_blanks_around_them(engine: ScoresTables, tmp_path: Path) -> None:
    plain, padded = tmp_path / "plain.csv", tmp_path / "padded.csv"
    plain.write_text("age,hours,work,member\n30,44.5,State,true\n12,,Self,false\n")
    padded.write_text("age, hours , work,member\n 30, 44.5 ,State, true\n12 ,  ,Self,FALSE \n")
    answers = [pd.read_csv(score_table_file(engine, file).target) for file in (plain, padded)]
    assert answers[0][["Scored Labels", "Scored Probabilities"]].equals(
        answers[1][["Scored Labels", "Scored Probabilities"]]
    )


def test_decimals_of_a_parquet_file_keep_their_digits() -> None:
    whole = pa.array([Decimal("9007199254740993"), None], pa.decimal128(38, 0))
    values, refused = read_cells(whole, Column("id", Kind.INTEGER))
    assert (values.to_pylist(), refused) == ([9007199254740993, None], {})
    parts = pa.array([Decimal("1.50"), Decimal("-0.25")], pa.decimal128(9, 2))
    assert read_cells(parts, Column("price", Kind.DECIMAL))[0].to_pylist() == [1.5, -0.25]
    too_large = pa.array([Decimal(10**20), Decimal(7)], pa.decimal128(38, 0))
    values, refused = read_cells(too_large, Column("id", Kind.INTEGER))
    assert (values.to_pylist(), list(refused)) == ([None, 7], [0])


def test_a_whole_number_of_sixteen_digits_keeps_them() -> None:
    cells, bad = read_cells(pa.array(["9007199254740993", " +7 ", "8.0", None, "9223372036854775808"]),
                            Column("id", Kind.INTEGER))  # fmt: skip
    assert cells.to_pylist() == [9007199254740993, 7, 8, None, None]
    assert bad == {4: "column 'id': '9223372036854775808' does not fit into 64 bits"}


GERMAN = ReadOptions(separator=";", decimal=",", encoding="cp1252", skip_rows=1, missing=("", "?"))
ROWS = [(30, "44,5", "State", "true"), (12, "?", "S\u00e4lf", "false"), (55, "1,25", "Self", "true")]


def answers(engine: ScoresTables, source: Path, options: ReadOptions | None = None) -> list[list[Any]]:
    """Score the file; return label and probability of each row."""
    scored = score_table_file(engine, source, options=options)
    is_german = ";" in scored.target.read_text(encoding=scored.encoding).partition("\n")[0]
    marks: Any = {"sep": ";", "decimal": ","} if is_german else {}
    read = pd.read_csv(scored.target, encoding=scored.encoding, **marks)
    return read[["Scored Labels", "Scored Probabilities"]].astype(object).where(read.notna(), None).values.tolist()


def test_a_file_is_read_as_the_training_file_was(engine: ScoresTables, tmp_path: Path) -> None:
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    rows = [",".join(map(str, row)).replace("44,5", "44.5").replace("1,25", "1.25").replace("?", "") for row in ROWS]
    plain.write_text("\n".join(["age,hours,work,member", *rows]))
    lines = ["exported on Monday", "age; hours ;work;member", *(";".join(map(str, row)) for row in ROWS)]
    other.write_text("\n".join(lines), encoding="cp1252")
    assert answers(engine, other, GERMAN) == answers(engine, plain)
    # A file with another separator is still read.
    assert answers(engine, plain, ReadOptions(separator=";")) == answers(engine, plain)


@pytest.mark.parametrize("suffix", ["xlsx", "jsonl"])
def test_workbooks_and_json_lines_are_scored_into_a_csv_file(suffix: str, engine: ScoresTables, tmp_path: Path) -> None:
    table = people(50, seed=5)[NEEDED]
    source, plain = tmp_path / f"people.{suffix}", tmp_path / "plain.csv"
    if suffix == "xlsx":
        table.to_excel(source, index=False)
    else:
        table.to_json(source, orient="records", lines=True)
    table.to_csv(plain, index=False)
    scored = score_table_file(engine, source)
    assert (scored.target.name, scored.rows, scored.refused) == ("people.scored.csv", 50, 0)
    assert answers(engine, source) == answers(engine, plain)


LINES = [
    "note;age;hours;work;member",
    "K\u00fcndigung;30;44,5;State;true",
    '"a;b";12;38,25;"S ""x""";false',
    ";55;1,5;Self;true",
]


@pytest.mark.parametrize(
    ("encoding", "line_end", "training"),
    [
        ("utf-8", "\n", ReadOptions(separator=";", decimal=",")),
        ("utf-8-sig", "\r\n", ReadOptions()),
        ("cp1252", "\r\n", ReadOptions()),
        ("utf-16", "\n", ReadOptions()),
        ("utf-8", "\n", GERMAN),
    ],
)
def test_scores_are_written_as_the_file_is_and_its_cells_come_back_as_they_were(
    encoding: str, line_end: str, training: ReadOptions, engine: ScoresTables, tmp_path: Path
) -> None:
    source, plain = tmp_path / "people.csv", tmp_path / "plain.csv"
    source.write_bytes(line_end.join([*LINES, ""]).encode(encoding))
    plain.write_text('age,hours,work,member\n30,44.5,State,true\n12,38.25,"S ""x""",false\n55,1.5,Self,true\n')
    known = pd.read_csv(score_table_file(engine, plain).target, dtype=str)
    scored = score_table_file(engine, source, options=training)
    written = scored.target.read_bytes()
    assert written.startswith("".encode(encoding))
    lines = written.decode(encoding).split(line_end)
    assert lines.pop() == ""
    assert [line.rsplit(";", 2)[0] for line in lines] == LINES
    answers = [line.rsplit(";", 2)[1:] for line in lines[1:]]
    assert [label for label, _ in answers] == known["Scored Labels"].tolist()
    assert [chance for _, chance in answers] == [text.replace(".", ",") for text in known["Scored Probabilities"]]
    assert all("," in chance for _, chance in answers)


def test_scores_with_a_decimal_comma_are_quoted_between_commas(engine: ScoresTables, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text('age,hours,work,member\n40,"38,5",State,true\n41,40,State,true\n')
    rows = score_table_file(engine, source).target.read_text().splitlines()
    assert rows[1].startswith('40,"38,5",State,true,')
    assert rows[2].startswith("41,40,State,true,")
    chances = pd.read_csv(tmp_path / "people.scored.csv", decimal=",")["Scored Probabilities"]
    assert chances.between(0, 1, inclusive="neither").all()


def test_a_comma_that_may_stand_between_thousands_is_refused(engine: ScoresTables, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("age;hours;work;member\n40;1,234;State;true\n41;38;State;true\n")
    scored = score_table_file(engine, source)
    assert scored.errors is not None
    assert scored.errors.read_text() == "row;reason\n1;column 'hours': '1,234' is not a number\n"


def test_an_answer_that_the_encoding_of_the_file_lacks_is_named(tmp_path: Path) -> None:
    class Greek:
        schema, engine = Schema((Column("n", Kind.INTEGER),)), "none"

        def score(self, columns: Mapping[str, pa.Array], count: int) -> dict[str, pa.Array]:
            return {"Scored Labels": pa.array(["\u03a9"] * count)}

    (tmp_path / "a.csv").write_bytes("ort;n\nK\u00f6ln;1\n".encode("cp1252"))
    with pytest.raises(DesignerError, match="'\u03a9' cannot be written in Windows-1252, the file's encoding"):
        score_table_file(Greek(), tmp_path / "a.csv")
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "tag;wert\n1;2\n",
            (
                "none of the 4 columns that the endpoint needs ('age', 'hours', 'work', 'member') is among the file's "
                "2 columns, read with the separator semicolon ('tag', 'wert'). Is the file meant for another endpoint?"
            ),
        ),
        (
            "Age;hours;work;id\n1;2;x;y\n",
            (
                "no columns 'age', 'member' among the file's 4 columns, read with the separator semicolon "
                "('Age', 'hours', 'work', 'id'). Add the columns to the file."
            ),
        ),
        (
            "Age|hours|work|member\n1|2|x|y\n",
            (
                "no column 'age' among the file's 4 columns, read with the separator pipe "
                "('Age', 'hours', 'work', 'member'). Rename 'Age' to 'age'."
            ),
        ),
    ],
)
@pytest.mark.parametrize("training", [ReadOptions(), GERMAN])
def test_a_file_of_other_columns_is_answered_by_those_it_lacks_and_those_it_has(
    training: ReadOptions, content: str, message: str, engines: dict[str, ScoresTables], tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text(content)
    with pytest.raises(DesignerError) as raised:
        score_table_file(engines["onnxruntime"], tmp_path / "other.csv", options=training)
    assert str(raised.value) == f"other.csv: {message}"


@pytest.mark.parametrize("separator", [" ", "|", "\t", ";"])
@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_a_file_is_read_with_the_separator_that_shows_its_columns(
    suffix: str, separator: str, engine: ScoresTables, tmp_path: Path
) -> None:
    source = tmp_path / f"people.{suffix}"
    source.write_text("age,hours,work,member\n40,38.5,State,true\n".replace(",", separator))
    assert score_table_file(engine, source).rows == 1


def test_a_row_of_too_few_cells_is_named(engine: ScoresTables, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,hours,work,member\n1,2,x,true\n1,2\n")
    with pytest.raises(DesignerError, match="row 3 has 2 cells where 4 are expected"):
        score_table_file(engine, tmp_path / "people.csv")


def test_scores_are_not_written_under_the_name_of_a_workbook(engine: ScoresTables, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,hours,work,member\n1,2,x,true\n")
    with pytest.raises(DesignerError, match="Name a CSV, TSV or Parquet file"):
        score_table_file(engine, tmp_path / "people.csv", tmp_path / "out.xlsx")


CELLS = st.sampled_from(
    ["", " ", "0", "40", " 40 ", "-1", "38.5", "1e3", "1e300", "1e999", "inf", "nan", "true", "State", "NA", "07",
     "1_0", "9007199254740993", "\u0664\u0662"]
)  # fmt: skip


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_engines_refuse_and_score_the_same_rows(
    rows: list[tuple[str, ...]], engines: dict[str, ScoresTables]
) -> None:
    arrays = [pa.array([cell or None for cell in cells], pa.string()) for cells in zip(*rows, strict=True)]
    batch = pa.RecordBatch.from_arrays(arrays, names=NEEDED)
    one, other = (score_batch(engine, batch) for engine in engines.values())
    assert list(one.refused) == list(other.refused)
    assert one.answer.num_rows == len(rows) - len(one.refused)
    for left, right in zip(one.answer.to_pylist(), other.answer.to_pylist(), strict=True):
        assert left["Scored Labels"] == right["Scored Labels"]
        assert left["Scored Probabilities"] == pytest.approx(right["Scored Probabilities"], abs=1e-9)


FILLS = """
import pandas as pd
from sklearn.linear_model import LogisticRegression


class AzureMLModel:
    def __init__(self):
        self.model, self.columns, self.means = LogisticRegression(), [], None

    def train(self, df_train, df_label):
        self.columns = [name for name in df_train if name != "work"]
        self.means = df_train[self.columns].astype("float64").mean()
        self.model.fit(self.numbers(df_train), df_label.iloc[:, 0])

    def numbers(self, df):
        return df[self.columns].astype("float64").fillna(self.means)

    def predict(self, df):
        chances = self.model.predict_proba(self.numbers(df))[:, 1]
        return pd.DataFrame({"Chance": chances, "Rich": chances > 0.5})
"""


def test_a_model_of_own_code_that_fills_gaps_scores_them_on_every_path(tmp_path: Path) -> None:
    library = Library.scan()
    pipeline = people_pipeline("create-python-model", "income", {"python_script": FILLS})
    edges = [edge for edge in pipeline.edges if "clean" not in (edge.source, edge.target)]
    nodes = {id: node for id, node in pipeline.nodes.items() if id not in ("clean", "evaluate")}
    edges = [edge for edge in edges if edge.target != "evaluate"] + [wire("select.results_dataset > split.dataset")]
    with open_workspace(tmp_path) as workspace:
        workspace.datasets.register("people", people())
        answer = create(workspace, recorded(replace(pipeline, nodes=nodes, edges=tuple(edges)), workspace, library),
                        "realtime", library)  # fmt: skip
        assert answer.problems == []
        deployed = deploy(workspace, library, answer.pipeline, "own")
        assert deployed.certificate.passed, deployed.certificate.sentence
        assert deployed.certificate.held_out == 120
        scorer = Scorer.load(answer.pipeline, library, workspace.sources(library))
        gaps = {"age": None, "hours": None, "work": None, "member": None}
        rows = [{"age": 40, "hours": None, "work": None, "member": True}, gaps]
        single = [row["Chance"] for row in scorer.score(rows)]
        (tmp_path / "gaps.csv").write_text("age,hours,work,member\n40,,,true\n,,,\n")
        scored = score_file(workspace, library, "own", tmp_path / "gaps.csv", tmp_path / "out.csv")
    assert all(0 < chance < 1 for chance in single)
    assert (scored.rows, scored.refused, scored.unscored) == (2, 0, 0)
    assert pd.read_csv(tmp_path / "out.csv")["Chance"].tolist() == pytest.approx(single, abs=1e-12)


@pytest.mark.parametrize("learner", ["two-class-logistic-regression", "two-class-neural-network"])
def test_a_number_that_overflows_on_its_way_to_the_model_is_answered_by_neither_engine(
    learner: str, tmp_path: Path
) -> None:
    library = Library.scan()
    pipeline = people_pipeline(learner, "income")
    scale = Node("scale", "normalize-data", parameters={"columns": ["hours"], "method": "ZScore"})
    split = wire("clean.cleaned_dataset > split.dataset")
    edges = [edge for edge in pipeline.edges if edge != split]
    edges += [wire("clean.cleaned_dataset > scale.dataset"), wire("scale.transformed_dataset > split.dataset")]
    pipeline = replace(pipeline, nodes={**pipeline.nodes, "scale": scale}, edges=tuple(edges))
    with open_workspace(tmp_path) as workspace:
        workspace.datasets.register("people", people().assign(hours=lambda table: table["hours"] * 1e-5))
        answer = rewrite(pipeline, trained(pipeline, workspace, library).results, "realtime", library)
        sources = workspace.sources(library)
        converted, scorer = convert(answer.pipeline, library, sources), Scorer.load(answer.pipeline, library, sources)
    for hours in (1e304, 3e304, 1e308, -1e308, 1.7e308):
        row = {"age": 40, "hours": hours, "work": "State", "member": True}
        batch = pa.RecordBatch.from_pylist([row])
        one, other = score_batch(OnnxTables(converted), batch), score_batch(ModuleTables(scorer), batch)
        assert (one.refused, other.refused) == ({}, {})
        assert one.unscored == other.unscored
        answers = [answer.answer["Scored Probabilities"].to_pylist() for answer in (one, other)]
        assert answers[0] == pytest.approx(answers[1], abs=1e-12)
        assert OnnxScorer(converted).score([row])[0]["Scored Labels"] == scorer.score([row])[0]["Scored Labels"]
    assert other.unscored == 1
    fine = {"age": 40, "hours": 4e-4, "work": "State", "member": True}
    mixed = [{**fine, "hours": 1.7e308}, fine, {**fine, "age": 70}, {**fine, "hours": -1.7e308}, {**fine, "work": None}]
    batch = pa.RecordBatch.from_pylist(mixed)
    one, other = (score_batch(tables, batch) for tables in (OnnxTables(converted), ModuleTables(scorer)))
    assert one.answer.schema == other.answer.schema
    for column in ("age", "Scored Labels"):
        assert one.answer[column].to_pylist() == other.answer[column].to_pylist()
    chances = other.answer["Scored Probabilities"].to_pylist()
    assert [chance is None for chance in chances] == [True, False, False, True, False]
