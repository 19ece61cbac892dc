"""Read Table: one file or several of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.contract.values import File, Folder
from designer.engine.exchange import for_module, for_port

LIBRARY = Library.scan()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "data" / "parts").mkdir(parents=True)
    (tmp_path / "data" / "notes.bin").write_bytes(b"\x00")
    (tmp_path / "data" / "parts" / "1.csv").write_text("id;name\n1;Ann\n")
    (tmp_path / "data" / "parts" / "2.csv").write_text("id;name\n2;Bo\n")
    return Folder(tmp_path / "data")


def read(folder: Folder, **settings: Any) -> pd.DataFrame:
    table: pd.DataFrame = LIBRARY["read-table"].read(settings).run(folder)
    return table


def test_one_file_is_named_by_its_path_in_the_folder(folder: Folder) -> None:
    assert read(folder, path="parts/2.csv", separator="Semicolon").to_dict("list") == {"id": [2], "name": ["Bo"]}


def test_a_pattern_reads_several_files_in_the_order_of_their_names(folder: Folder) -> None:
    assert read(folder, path="**/*.csv", separator="Semicolon")["id"].tolist() == [1, 2]


def test_without_a_name_the_only_table_is_read(folder: Folder) -> None:
    (folder.path / "parts" / "1.csv").unlink()
    assert read(folder, separator="Semicolon")["name"].tolist() == ["Bo"]


def test_several_tables_and_no_name_list_the_files(folder: Folder) -> None:
    with pytest.raises(DesignerError, match=r"holds 2 tables.*parts/1\.csv"):
        read(folder)


def test_an_unknown_name_gets_the_closest(folder: Folder) -> None:
    with pytest.raises(DesignerError, match=r"no file 'parts/3\.csv'.*Did you mean 'parts/"):
        read(folder, path="parts/3.csv")


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "parts/../../secret.csv"])
def test_no_name_leaves_the_folder(folder: Folder, path: str) -> None:
    (folder.path.parent / "secret.csv").write_text("a\n1\n")
    with pytest.raises(DesignerError, match="no file"):
        read(folder, path=path)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(DesignerError, match=r"0 tables.*It is empty"):
        read(Folder(tmp_path / "none"))


def test_columns_are_chosen_as_in_import_data(folder: Folder) -> None:
    assert list(read(folder, path="parts/1.csv", separator="Semicolon", columns=["name"]).columns) == ["name"]


def test_a_table_wired_to_a_folder_comes_back_equal(tmp_path: Path) -> None:
    table = pd.DataFrame({"n": [1, 2], "t": pd.Series(["a", None], dtype="str"), "d": pd.to_datetime(["2024", None])})
    module = LIBRARY["read-table"].read({})
    pd.testing.assert_frame_equal(module.run(**for_module(module, {"folder": table}, tmp_path)), table)


def test_a_file_wired_to_a_folder_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "blob").write_text("a\n1\n")
    folder = for_port(File(tmp_path / "blob", "scores.csv"), PortType.FOLDER, tmp_path / "in")
    assert read(folder, path="scores.csv")["a"].tolist() == [1]


@pytest.mark.parametrize(
    ("input", "output", "fits"),
    [
        (PortType.FOLDER, PortType.TABLE, True),
        (PortType.FOLDER, PortType.FILE, True),
        (PortType.FILE, PortType.TABLE, True),
        (PortType.FILE, PortType.FOLDER, False),
        (PortType.TABLE, PortType.FOLDER, False),
        (PortType.TABLE, PortType.FILE, False),
    ],
)
def test_files_and_tables_fit_ports_of_files_only(input: PortType, output: PortType, fits: bool) -> None:
    assert input.accepts(output) is fits


@pytest.mark.parametrize(("id", "version"), [("import-data", 1), ("import-data", 2), ("read-table", 1)])
def test_the_former_text_of_a_date_order_that_is_inferred_is_migrated(id: str, version: int) -> None:
    stored = {"path": "a.csv", "date_order": "By the values"}
    assert LIBRARY.migrated(id, version, stored) == {"path": "a.csv", "date_order": "Infer"}
    assert LIBRARY.migrated(id, version, {"date_order": "Day first"}) == {"date_order": "Day first"}
    assert LIBRARY.migrated(id, version, {}) == {}


def test_a_pipeline_parameter_with_the_former_text_is_read_as_before() -> None:
    module = LIBRARY["import-data"]
    former, present = module.read({"date_order": "By the values"}), module.read({"date_order": "Infer"})
    assert former == present == module.read({})
    assert former.parameters()["date_order"] == "Infer"
