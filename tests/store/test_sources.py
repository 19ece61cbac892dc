"""The files of a folder: without what is hidden, and without the files of the workspace itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer.contract.errors import FileMissing
from designer.contract.files.sources import using
from designer.store.workspace import open_workspace


def test_a_folder_around_the_workspace_is_read_without_it(tmp_path: Path) -> None:
    (tmp_path / "data" / ".hidden").mkdir(parents=True)
    for name in ("a.csv", ".b.csv", ".hidden/c.csv"):
        (tmp_path / "data" / name).write_text("x\n1\n")
    with open_workspace(tmp_path / "workspace") as workspace:
        upload = workspace.keep_upload("d.csv", b"x\n1\n")
        (tmp_path / "data" / "link.db").symlink_to(workspace.path / "designer.db")
        found = workspace.sources().files(str(tmp_path / "**"))
        assert found == sorted([tmp_path / "data" / "a.csv", upload])
        workspace.datastores.register("around", str(tmp_path))
        copied = workspace.sources().datastore_folder("around", "data")
        assert [path.name for path in copied.rglob("*") if path.is_file()] == ["a.csv"]


@pytest.mark.parametrize("module", ["import-data", "import-file"])
def test_a_path_to_a_file_of_the_workspace_itself_is_refused(module: str, tmp_path: Path) -> None:
    with open_workspace(tmp_path / "workspace") as workspace:
        (workspace.path / "secrets.json").write_text("{}")
        (tmp_path / "link.csv").symlink_to(workspace.path / "designer.db")
        upload = workspace.keep_upload("d.csv", b"x\n1\n")
        library = workspace.library()
        with using(workspace.sources(library)):
            around = workspace.path / "uploads" / ".." / "designer.db"
            for place in (workspace.path / "secrets.json", around, tmp_path / "link.csv"):
                with pytest.raises(FileMissing, match=f"'{place}' belongs to the workspace itself"):
                    library.read(module, 1, {"path": str(place)}).run()
            library.read(module, 1, {"path": str(upload)}).run()
