"""Datasets by code: files, DataFrames and Arrow tables with versions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import get_args

import pandas as pd
import pyarrow as pa
import pytest

from designer.contract.errors import FileMissing, InvalidParameter, WrongColumnType
from designer.sdk import Workspace
from designer.sdk import modules as m
from designer.store.records import DatasetOrigin
from designer.store.workspace import open_workspace
from designer.ui.state.data.dataset import ORIGINS
from tests.sdk.conftest import Home

TABLE = pd.DataFrame({"age": [1, 2, 3], "name": ["a", "b", None]})


def test_a_file_becomes_a_dataset_as_import_data_reads_it(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("age;income\n1;2,5\n2;3,5\n")
    data = workspace.datasets.register("German", file, description="Mine", separator="Semicolon", decimal_mark="Comma")
    assert data.to_pandas()["income"].tolist() == [2.5, 3.5]
    assert [str(column.kind) for column in data.schema] == ["Integer", "Decimal"]
    assert (data.version, data.description) == (1, "Mine")
    with pytest.raises(InvalidParameter, match="seperator"):
        workspace.datasets.register("German", file, seperator="Semicolon")
    with pytest.raises(FileMissing, match="there is no such file"):
        workspace.datasets.register("German", tmp_path / "none.csv")


def test_a_dataset_says_what_it_was_made_from(home: Home, tmp_path: Path) -> None:
    registered = home.workspace.datasets.register
    file = tmp_path / "people.csv"
    file.write_text("age\n1\n")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.executescript("create table orders (id integer); insert into orders values (1)")
    shop = home.workspace.datastores.register("made_from", f"sqlite:///{tmp_path / 'shop.db'}", replace=True)
    registered("from a file", file)
    registered("from code", TABLE)
    registered("from Arrow", pa.table({"age": [1]}))
    registered("from a query", shop.query("SELECT * FROM orders"))
    run = home.workspace.submit(m.sort(home.workspace.datasets["from code"], columns=["age"])).wait(show=False)
    run["sort"].outputs["results_dataset"].register("from a run")
    with open_workspace(home.folder) as opened:
        made = {name: opened.datasets.get(name).origin for name in opened.datasets.names() if name.startswith("from ")}
    assert made == {
        "from a file": "upload", "from code": "code", "from Arrow": "code", "from a query": "query",
        "from a run": "output",
    }  # fmt: skip
    assert {name: ORIGINS[origin] for name, origin in made.items() if name != "from Arrow"} == {
        name: name for name in made if name != "from Arrow"
    }
    assert ORIGINS.keys() == set(get_args(DatasetOrigin))


def test_a_dataframe_and_an_arrow_table_become_versions(workspace: Workspace) -> None:
    first = workspace.datasets.register("table", TABLE)
    assert workspace.datasets.register("table", TABLE.copy()).version == 1
    second = workspace.datasets.register("table", pa.table({"age": pa.array([1, None, 3])}))
    assert second.version == 2
    assert [(each.name, each.pinned) for each in second.versions()] == [("table", 2), ("table", 1)]
    assert workspace.datasets["table", 1].to_pandas()["name"].tolist()[:2] == ["a", "b"]
    assert first.to_arrow().column_names == ["age"]
    changes = second.compare()
    assert (changes.rows.before, changes.rows.after, changes.removed, changes.added) == (3, 3, ["name"], [])
    assert changes.to_pandas().loc["age", "missing_after"] == 1
    assert "age: missing 0 → 1; different values 3 → 2" in repr(changes)
    assert repr(workspace.datasets["table", 1].compare(2)).splitlines()[1] == "Columns added: name"
    with pytest.raises(FileMissing, match="version 1 of 'table' is the first"):
        workspace.datasets["table", 1].compare()
    with pytest.raises(InvalidParameter, match="'Iris' is another dataset than 'table'"):
        second.compare(workspace.datasets["Iris"])
    table = second.to_pandas()
    assert table["age"].dtype.name == "Int64"
    table.loc[0, "age"] = 7
    assert second.to_pandas()["age"].tolist()[0] == 1


def test_what_is_no_table_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InvalidParameter, match=r"a list is not a table. Give a file, a DataFrame or an Arrow table"):
        workspace.datasets.register("odd", [1, 2])
    with pytest.raises(WrongColumnType, match="column 'a' holds"):
        workspace.datasets.register("odd", pd.DataFrame({"a": [1, "x", None, 2.5, []]}))
    with pytest.raises(InvalidParameter, match="'separator' says how a file is read"):
        workspace.datasets.register("odd", TABLE, separator="Comma")


def test_what_is_asked_for_wrongly_is_refused_with_what_would_do(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter, match=r"a Series is not a table\. Give series\.to_frame"):
        workspace.datasets.register("table", TABLE["age"])
    with pytest.raises(FileMissing, match="it is a folder, and a file is wanted"):
        workspace.datasets.register("table", tmp_path)
    workspace.datasets.register("once", TABLE)
    with pytest.raises(FileMissing, match=r"no dataset 'once' of version 99\. Its versions are 1\."):
        workspace.datasets["once", 99]
    with pytest.raises((FileMissing, InvalidParameter), match=r"no dataset ''|the name is empty"):
        workspace.datasets[""]


def test_an_index_with_a_name_is_a_column(workspace: Workspace) -> None:
    frame = TABLE.set_index("name")
    assert list(workspace.datasets.register("by name", frame).to_pandas()) == ["name", "age"]
    assert list(workspace.datasets.register("by number", TABLE.set_index([[7, 8, 9]])).to_pandas()) == ["age", "name"]
    assert list(workspace.datasets.register("arrow", pa.Table.from_pandas(frame)).to_pandas()) == ["age", "name"]


def test_datasets_and_samples_are_listed_and_named_by_the_close_one(workspace: Workspace) -> None:
    workspace.datasets.register("listed", TABLE)
    assert "listed" in workspace.datasets
    assert "Census income (generated)" in list(workspace.datasets)
    with pytest.raises(FileMissing, match=r"there is no dataset 'listd'. Did you mean 'listed'"):
        workspace.datasets["listd"]
    with pytest.raises(FileMissing, match="version 7"):
        workspace.datasets["listed", 7]


def test_rows_are_written_by_the_name_of_the_file(workspace: Workspace, tmp_path: Path) -> None:
    data = workspace.datasets.register("written", TABLE)
    assert pd.read_csv(data.download(tmp_path / "folder"))["age"].tolist() == [1, 2, 3]
    assert (tmp_path / "folder" / "written.csv").is_file()
    assert pd.read_parquet(data.download(tmp_path / "a.parquet"))["age"].tolist() == [1, 2, 3]
    assert pd.read_feather(data.download(tmp_path / "a.arrow"))["age"].tolist() == [1, 2, 3]
    with pytest.raises(InvalidParameter, match="no table file"):
        data.download(tmp_path / "a.docx")


def test_a_dataset_shows_its_first_rows_and_its_statistics(workspace: Workspace) -> None:
    data = workspace.datasets.register("shown", pd.DataFrame({"<b>": [1.0, 2.0, 4.5], "text": ["x", "<i>", None]}))
    bundle = data._repr_mimebundle_()
    assert "3 rows" in bundle["text/plain"]
    assert "<th>&lt;b&gt;<br><small>Decimal</small></th>" in bundle["text/html"]
    assert "<td>&lt;i&gt;</td>" in bundle["text/html"]
    profile = data.profile()
    assert profile.loc["<b>", "mean"] == 2.5
    assert profile.loc["text", "missing"] == 1
