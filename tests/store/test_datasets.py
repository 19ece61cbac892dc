"""Datasets: versions, samples, trash, and the view that modules have of a workspace."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.files.sources import Sources
from designer.contract.schema import Role, Schema
from designer.samples.data import census, sample_datasets
from designer.store.workspace import Workspace, open_workspace

FRAME = pd.DataFrame({"x": [1, 2, 3]})


def test_new_content_is_a_new_version_and_the_same_content_is_none(workspace: Workspace) -> None:
    numbers = [workspace.datasets.register("mine", frame).version for frame in (FRAME, FRAME, FRAME.assign(y=1), FRAME)]
    assert numbers == [1, 1, 2, 3]
    assert workspace.datasets.get("mine").version == 3
    assert list(workspace.value(workspace.datasets.stored("mine", 2)).columns) == ["x", "y"]
    assert [row.version for row in workspace.datasets.all()] == [3]


def test_dataset_keeps_source_and_options(workspace: Workspace) -> None:
    row = workspace.datasets.register("mine", FRAME, source="/data/a.csv", options={"separator": ";"}, description="d")
    with open_workspace(workspace.path) as again:
        kept = again.datasets.get("mine")
    assert (kept.source, kept.options, kept.description, kept.rows) == ("/data/a.csv", {"separator": ";"}, "d", 3)
    assert kept.digest == row.digest


@pytest.mark.parametrize("sample", sample_datasets(), ids=lambda s: s.name)
def test_sample_is_there_when_asked_for_and_always_the_same(workspace: Workspace, sample: object) -> None:
    name = sample.name  # type: ignore[attr-defined]
    stored = workspace.datasets.stored(name)
    frame = workspace.value(stored)
    assert len(frame) == stored.rows
    assert list(frame.columns) == list(sample.frame().columns)  # type: ignore[attr-defined]
    assert workspace.datasets.get(name).version == 1
    assert workspace.artifacts.put(sample.frame()).digest == stored.digest  # type: ignore[attr-defined]


def test_a_dataset_goes_for_ever_only_from_the_trash(workspace: Workspace) -> None:
    for value in (1, 2):
        workspace.datasets.register("mine", pd.DataFrame({"x": [value]}))
    with pytest.raises(FileMissing, match="in the trash"):
        workspace.datasets.forget("mine")
    workspace.datasets.delete("mine")
    workspace.datasets.forget("mine")
    assert workspace.datasets.versions("mine") == []
    assert workspace.datasets.all(trashed=True) == []
    assert workspace.datasets.register("mine", FRAME).version == 1


def test_damaged_sample_is_made_again(workspace: Workspace) -> None:
    file = workspace.artifacts.blobs.path(workspace.datasets.stored("Iris").digest)
    file.unlink()
    assert len(workspace.value(workspace.datasets.stored("Iris"))) == 150


def test_census_has_what_its_description_promises() -> None:
    frame = census()
    assert len(frame) == 20_000
    assert frame[["workclass", "occupation", "native-country", "hours-per-week"]].isna().any().all()
    assert 0.2 < (frame["income"] == ">50K").mean() < 0.3
    rich = frame["income"] == ">50K"
    assert frame.loc[rich, "education-years"].mean() > frame.loc[~rich, "education-years"].mean() + 1


def test_misspelled_dataset_suggests_the_closest(workspace: Workspace) -> None:
    with pytest.raises(FileMissing, match="Did you mean 'Iris'"):
        workspace.datasets.get("Irs")


@pytest.mark.parametrize("name", ["", "  ", "\n", "x" * 121])
def test_name_that_cannot_be_shown_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(InvalidParameter, match="Use 1 to 120"):
        workspace.datasets.register(name, FRAME)


def test_deleted_dataset_lies_in_the_trash(workspace: Workspace) -> None:
    workspace.datasets.register("mine", FRAME)
    workspace.datasets.delete("mine")
    assert "mine" not in workspace.datasets.names()
    with pytest.raises(FileMissing):
        workspace.datasets.get("mine")
    workspace.datasets.restore("mine")
    assert workspace.datasets.get("mine").version == 1


def test_sources_offer_datasets_with_their_roles(workspace: Workspace) -> None:
    labelled = Schema.of(FRAME).map(lambda c: type(c)(c.name, c.kind, Role.LABEL))
    workspace.datasets.register("mine", labelled.attach(FRAME.copy()))
    sources: Sources = workspace.sources()
    assert Schema.of(sources.dataset("mine")).with_role(Role.LABEL) == ["x"]
    assert sources.dataset_schema("mine").names == ["x"]
    before = sources.dataset_digest("mine")
    workspace.datasets.register("mine", FRAME)
    assert sources.dataset_digest("mine") != before
    assert {"mine", "Iris"} <= set(sources.dataset_names())


def test_uploads_are_found_by_their_relative_path(workspace: Workspace) -> None:
    place = workspace.keep_upload("../../my file.csv", b"a,b\n")
    assert place.is_relative_to(workspace.uploads)
    assert place.name == "my file.csv"
    assert workspace.sources().file(str(place.relative_to(workspace.uploads))) == place
    assert workspace.sources().file(str(place)) == place


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("K\u00fcndigungen.csv", "K\u00fcndigungen.csv"),
        ("Ku\u0308ndigungen.csv", "K\u00fcndigungen.csv"),  # decomposed Unicode, as macOS writes it
        ("\u0926\u093f\u0928 \u6570\u636e (1).xlsx", "\u0926\u093f\u0928 \u6570\u636e (1).xlsx"),
        ("..\\..\\C:\\a<b>*?.csv", "a_b___.csv"),
        ("\u202egnp\x00.csv", "_gnp_.csv"),
        ("...", "file"),
        ("\u0645\u06cc\u200c\u0634\u0648\u062f \U0001f388.csv", "\u0645\u06cc\u200c\u0634\u0648\u062f \U0001f388.csv"),
        ("\u4e2d" * 90 + ".parquet", "\u4e2d" * 37 + ".parquet"),
    ],
)
def test_an_upload_keeps_the_letters_of_its_name(workspace: Workspace, name: str, kept: str) -> None:
    assert workspace.keep_upload(name, b"a\n1\n").name == kept


@pytest.mark.parametrize("path", ["../designer.db", "a/../../designer.db", "http://x/y.csv", "", "a\0b", "\\\\host\\s"])
def test_path_out_of_the_workspace_is_no_file(workspace: Workspace, path: str) -> None:
    with pytest.raises(FileMissing):
        workspace.sources().file(path)


def test_the_files_of_a_folder_are_found_by_a_pattern_in_the_order_of_their_names(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "sales"
    (folder / "old").mkdir(parents=True)
    for name in ("b.csv", "a.csv", "old/c.csv", "notes.txt", ".hidden.csv"):
        (folder / name).write_text("x\n")
    sources = workspace.sources()

    def matches(path: str) -> list[str]:
        return [str(place.relative_to(folder)) for place in sources.files(path)]

    assert matches(f"{folder}/*.csv") == ["a.csv", "b.csv"]
    assert matches(f"{folder}/**") == ["a.csv", "b.csv", "notes.txt", "old/c.csv"]
    assert matches(f"{folder}/a.csv") == ["a.csv"]
    for nothing in (f"{folder}/*.xlsx", f"{folder}/new/**", "../../**", f"{folder}/c.csv"):
        with pytest.raises(FileMissing):
            sources.files(nothing)


def test_exports_have_a_folder_and_never_hit_the_workspace(workspace: Workspace, tmp_path: Path) -> None:
    sources = workspace.sources()
    assert sources.output("out/a.csv") == workspace.path / "exports" / "out" / "a.csv"
    assert (workspace.path / "exports" / "out").is_dir()
    assert sources.output(str(tmp_path / "new" / "b.csv")).parent.is_dir()
    with pytest.raises(FileMissing):
        sources.output("../designer.db")
    with pytest.raises(InvalidParameter, match="inside the workspace"):
        sources.output(str(workspace.path / "designer.db"))
