"""Import and export of data: registered datasets, typed tables, files, pinned values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import (
    DesignerError,
    FileMissing,
    InvalidParameter,
    MismatchedTables,
    UnreadableFile,
    WrongModel,
)
from designer.contract.files.sources import using
from designer.contract.schema import Kind, Schema
from modules.dataset.dataset import Dataset
from modules.dataset.enter_data_manually import EnterDataManually
from modules.dataset.export_data import ExportData
from modules.dataset.import_data import ImportData
from modules.dataset.saved_model import SavedModel
from modules.dataset.saved_transformation import SavedTransformation
from modules.transform.apply_transformation import ApplyTransformation
from modules.transform.normalize_data import NormalizeData
from tests.folder_sources import FolderSources
from tests.parity import through_script

FRAME = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "s": ["a,b", "c"], "x": [0.1, np.nan]})
SCALE = NormalizeData.read({"method": "MinMax"}).run(pd.DataFrame({"x": [0.0, 2.0]})).transformation_function


@pytest.fixture(autouse=True)
def sources(tmp_path: Path) -> Iterator[FolderSources]:
    current = FolderSources(tmp_path, {"things": FRAME}, {"abc": SCALE})
    with using(current):
        yield current


def test_a_dataset_knows_its_columns_before_it_is_read() -> None:
    module = Dataset.read({"name": "things"})
    assert module.infer() == Schema.of(FRAME)
    pd.testing.assert_frame_equal(module.run(), FRAME)
    assert len(module.fingerprint() or "") == 64


def test_a_dataset_that_does_not_exist_is_named_before_the_run() -> None:
    module = Dataset.read({"name": "none"})
    assert module.fingerprint() is None
    for reading in (module.run, module.infer):
        with pytest.raises(FileMissing, match="'none'"):
            reading()
    assert not Dataset.read({}).infer().complete
    with pytest.raises(FileMissing, match="no dataset is chosen"):
        Dataset.read({}).run()


def test_typed_rows_get_types_and_short_rows_missing_values() -> None:
    module = EnterDataManually.read({"data": "name,age,zip\nAnn,41,01234\nBo\n\n"})
    table = module.run()
    assert table["age"].tolist() == [41, pd.NA]
    assert table["zip"].tolist()[0] == "01234"
    assert [c.kind for c in module.infer()] == [Kind.STRING, Kind.INTEGER, Kind.STRING]
    plain = EnterDataManually.read({"data": "1\t2\n", "data_format": "TSV", "has_header": False}).run()
    assert list(plain.columns) == ["Col1", "Col2"]


def test_other_formats_are_typed_too() -> None:
    arff = "@relation r\n@attribute x numeric\n@attribute c {low,high}\n@data\n1.5,low\n?,high\n"
    table = EnterDataManually.read({"data": arff, "data_format": "ARFF"}).run()
    assert table["c"].cat.categories.tolist() == ["low", "high"]
    assert np.isnan(table["x"][1])
    light = EnterDataManually.read({"data": "1 1:0.5 3:2\n-1 2:1\n", "data_format": "SVMLight"}).run()
    assert list(light.columns) == ["Col1", "Col2", "Col3", "Labels"]
    assert light["Labels"].tolist() == [1.0, -1.0]


def test_blank_lines_at_the_end_are_no_rows_and_cells_not_written_are_missing() -> None:
    text = "a,b\n1,2\n,\n3\n\n   \n\n"
    table = EnterDataManually.read({"data": text}).run()
    assert [table["a"].tolist(), table["b"].tolist()] == [[1, pd.NA, 3], [2, pd.NA, pd.NA]]
    headless = EnterDataManually.read({"data": "1,2\n3\n \n", "has_header": False}).run()
    assert [headless["Col1"].tolist(), headless["Col2"].tolist()] == [[1, 3], [2, pd.NA]]
    quoted = EnterDataManually.read({"data": 'a\nx\n""\n  \n'}).run()
    assert quoted["a"].isna().tolist() == [False, True]


def test_arff_takes_no_text_and_its_question_marks_are_missing() -> None:
    with pytest.raises(UnreadableFile, match="String attributes") as error:
        EnterDataManually.read({"data": "@relation r\n@attribute s string\n@data\nx\n", "data_format": "ARFF"}).run()
    assert error.value.code == "0049"
    nominal = "@relation r\n@attribute c {low,high}\n@data\n?\nhigh\n"
    table = EnterDataManually.read({"data": nominal, "data_format": "ARFF"}).run()
    assert table["c"].isna().tolist() == [True, False]
    assert table["c"].cat.categories.tolist() == ["low", "high"]


def test_numbers_of_svmlight_are_those_that_are_written() -> None:
    table = EnterDataManually.read({"data": "1 1:3 2:4\n0 2:0.1 # last\n", "data_format": "SVMLight"}).run()
    assert table.to_dict("list") == {"Col1": [3.0, 0.0], "Col2": [4.0, 0.1], "Labels": [1.0, 0.0]}


@pytest.mark.parametrize(
    ("format", "text"), [("CSV", " "), ("CSV", "a,b\n1,2,3"), ("ARFF", "nonsense"), ("SVMLight", "x y")]
)
def test_text_that_does_not_obey_its_format_is_refused(format: str, text: str) -> None:
    with pytest.raises(UnreadableFile):
        EnterDataManually.read({"data": text, "data_format": format}).run()


@pytest.mark.parametrize("format", ["CSV", "TSV", "Excel", "JSON Lines", "Parquet"])
def test_what_is_exported_can_be_imported(format: str, sources: FolderSources) -> None:
    names = {"CSV": "a.csv", "TSV": "a.tsv", "Excel": "a.xlsx", "JSON Lines": "a.jsonl", "Parquet": "a.parquet"}
    export = ExportData.read({"path": names[format], "format": format})
    assert export.fingerprint() == "absent"
    export.run(Schema.of(FRAME).attach(FRAME.copy()))
    module = ImportData.read({"path": names[format]})
    pd.testing.assert_frame_equal(module.run(), FRAME)
    assert export.fingerprint() == module.fingerprint()
    assert sorted(path.name for path in sources.folder.iterdir()) == [names[format]]


def test_an_export_may_be_kept_from_replacing(sources: FolderSources) -> None:
    (sources.folder / "a.csv").write_text("old")
    with pytest.raises(InvalidParameter, match="exists") as error:
        ExportData.read({"path": "a.csv", "overwrite": False}).run(FRAME)
    assert error.value.code == "0057"
    assert (sources.folder / "a.csv").read_text() == "old"
    with pytest.raises(InvalidParameter, match="no file is named"):
        ExportData.read({}).run(FRAME)


def test_an_import_names_what_is_wrong_and_takes_chosen_columns(sources: FolderSources) -> None:
    (sources.folder / "a.csv").write_text("a;b;c\n1;?;3\n")
    module = ImportData.read({"path": "a.csv", "separator": "Semicolon", "missing_values": "?", "columns": ["a", "b"]})
    assert module.run().isna().to_numpy().tolist() == [[False, True]]
    assert [(column.name, column.kind) for column in module.infer()] == [("a", Kind.INTEGER), ("b", Kind.DECIMAL)]
    with pytest.raises(FileMissing, match="no file is chosen"):
        ImportData.read({}).run()
    with pytest.raises(InvalidParameter, match="addresses cannot be read"):
        ImportData.read({"path": "http://example.org/a.csv"}).run()
    missing = ImportData.read({"path": "none.csv"})
    assert missing.fingerprint() is None
    with pytest.raises(FileMissing, match=r"none\.csv"):
        missing.infer()


def test_an_exported_script_reads_the_same_file(sources: FolderSources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sources.folder)
    FRAME.to_csv("things.csv", index=False)
    for module in (Dataset.read({"name": "things"}), ImportData.read({"path": "things.csv"})):
        (table,) = through_script(module, {})
        pd.testing.assert_frame_equal(table, FRAME)


def test_pinned_values_are_checked_for_what_they_are() -> None:
    transformation = SavedTransformation.read({"artifact": "abc"})
    scaled = ApplyTransformation().run(transformation.run(), pd.DataFrame({"x": [1.0, 4.0]}))
    assert scaled["x"].tolist() == [0.5, 2.0]
    with pytest.raises(WrongModel, match="Transformation"):
        SavedModel.read({"artifact": "abc"}).run()
    gone = SavedModel.read({"artifact": "gone"})
    for reading in (gone.run, gone.infer, SavedTransformation.read({}).run):
        with pytest.raises(DesignerError):
            reading()
    assert SavedTransformation.read({}).infer() is None


def test_the_files_of_a_folder_stand_below_each_other_in_the_order_of_their_names(sources: FolderSources) -> None:
    folder = sources.folder / "sales"
    folder.mkdir()
    (folder / "b.csv").write_text("day,zip,n,note\n2024-02-01,01234,2.5,x\n")
    (folder / "a.csv").write_text("zip,day,n,note\n1234,2024-01-01,1,\n99,2024-01-02,,\n")
    module = ImportData.read({"path": "sales/*.csv"})
    table = module.run()
    assert list(table.columns) == ["zip", "day", "n", "note"]
    assert table["zip"].tolist() == ["1234", "99", "01234"]
    assert table["n"].tolist()[::2] == [1.0, 2.5]
    assert table["note"].tolist()[2] == "x"
    assert table["day"].tolist()[2] == pd.Timestamp("2024-02-01")
    before = module.fingerprint()
    (folder / "c.csv").write_text("day,zip,n,note\n2024-03-01,1,1,y\n")
    assert module.fingerprint() != before
    assert len(module.run()) == 4


@pytest.mark.parametrize(
    ("second", "code", "message"),
    [("a\n3\n", "0061", "the file has 1 column, '1.csv' has 2"), ("a,c\n3,4\n", "0010", "no column 'c'")],
)
def test_files_of_other_columns_are_named(second: str, code: str, message: str, sources: FolderSources) -> None:
    (sources.folder / "1.csv").write_text("a,b\n1,2\n")
    (sources.folder / "2.csv").write_text(second)
    with pytest.raises(MismatchedTables, match=rf"2\.csv.*{message}") as error:
        ImportData.read({"path": "*.csv"}).run()
    assert error.value.code == code


def test_files_of_other_formats_are_joined_by_their_types(sources: FolderSources) -> None:
    pd.DataFrame({"n": [1], "s": ["a"]}).to_parquet(sources.folder / "1.parquet")
    pd.DataFrame({"n": [2.5], "s": pd.Series([None], dtype="str")}).to_parquet(sources.folder / "2.parquet")
    table = ImportData.read({"path": "*.parquet"}).run()
    assert table["n"].tolist() == [1.0, 2.5]
    assert table["s"].isna().tolist() == [False, True]


def test_columns_that_cannot_be_read_are_left_out_by_the_selection(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"n": 1, "items": [1], "s": "a"}\n{"n": 2, "items": [2], "s": "b"}\n')
    by_names, by_positions = ["n", "s"], {"rules": [{"by": "indices", "indices": "1,3"}]}
    for columns in (by_names, by_positions):
        module = ImportData.read({"path": "a.jsonl", "columns": columns})
        assert module.run().to_dict("list") == {"n": [1, 2], "s": ["a", "b"]}
        assert module.infer().names == ["n", "s"]
    with pytest.raises(UnreadableFile, match="column 'items' holds lists"):
        ImportData.read({"path": "a.jsonl"}).run()
