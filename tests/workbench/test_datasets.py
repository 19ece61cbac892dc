"""Datasets of a workspace: files are read as on the page, without recording a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing, UnreadableFile
from designer.pipeline.document import to_document
from designer.pipeline.graph import Node, Pipeline
from designer.store.workspace import open_workspace
from designer.workbench.datasets import default_name
from designer.workbench.workbench import Workbench

LIBRARY = Library.scan()


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench(open_workspace(tmp_path / "workspace"), lambda: LIBRARY)


def written(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "orte.csv"
    file.write_bytes(content)
    return file


def test_the_encoding_is_seen_and_said(bench: Workbench, tmp_path: Path) -> None:
    notices: list[str] = []
    dataset = bench.datasets.add(written(tmp_path, "ort,n\nKöln,1\nBonn,2\n".encode("cp1252")), "Orte", {}, notices)
    assert bench.datasets.rows(dataset, 0, 2)["ort"].tolist() == ["Köln", "Bonn"]
    assert notices == ["It was read as Windows-1252: it is not UTF-8."]


def test_an_encoding_that_is_named_decides(bench: Workbench, tmp_path: Path) -> None:
    file = written(tmp_path, "ort,n\nKöln,1\n".encode("cp1252"))
    with pytest.raises(UnreadableFile, match="UTF-8"):
        bench.datasets.add(file, "Orte", {"encoding": "UTF-8"})


@pytest.mark.parametrize("name", ["K\u00fcndigungen 2024.csv", "bank-marketing_v2.csv", "USA (1).csv"])
def test_a_dataset_is_called_like_its_file(bench: Workbench, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a\n1\n")
    kept = bench.datasets.add(tmp_path / name)
    assert kept.name == name.removesuffix(".csv")
    assert kept.source is not None
    assert default_name(Path(kept.source).name) == kept.name, "as the page calls it, which knows the kept file only"


def test_a_file_without_rows_is_said_to_have_none(bench: Workbench, tmp_path: Path) -> None:
    notices: list[str] = []
    assert bench.datasets.add(written(tmp_path, b"ort,n\n"), "", None, notices).rows == 0
    names = "There are no rows. The file holds only the names of columns."
    assert notices == [f"{names} Where it does not tell their types, they are taken as Decimal."]


def test_nothing_is_said_of_a_usual_file(bench: Workbench, tmp_path: Path) -> None:
    notices: list[str] = []
    bench.datasets.add(written(tmp_path, "ort,n\nKöln,1\n".encode()), "Orte", None, notices)
    assert notices == []


def test_a_file_that_was_read_is_never_the_latest_run(bench: Workbench, tmp_path: Path) -> None:
    bench.datasets.add(written(tmp_path, b"ort,n\nBonn,1\n"), "Orte")
    with pytest.raises(FileMissing, match="no pipeline was run"):
        bench.runs.find("latest")
    pipeline = Pipeline("Own", nodes={"data": Node("data", "dataset", parameters={"name": "Orte"})})
    run = bench.workspace.runs.create(to_document(pipeline))
    bench.datasets.add(written(tmp_path, b"ort,n\nBonn,2\n"), "Orte")
    assert bench.runs.find("latest").id == run.id
