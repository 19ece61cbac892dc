"""Files go to datastores without those of the workspace itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer.contract.errors import FileMissing
from designer.store.workspace import open_workspace
from designer.workbench.workbench import Workbench
from tests.workbench.test_datasets import LIBRARY


def test_a_folder_around_the_workspace_is_uploaded_without_it(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "a.csv").write_text("x\n1\n")
    with open_workspace(tmp_path / "project" / ".designer") as workspace:
        bench = Workbench(workspace, lambda: LIBRARY)
        bench.datastores.register("shop", "postgresql://ada:secret@db/shop")
        bench.datastores.register("lake", str(tmp_path / "lake"))
        sent = workspace.keep_upload("b.csv", b"x\n1\n")
        uploaded = bench.datastores.upload([tmp_path / "project"], "lake")
        assert [entry.path for entry in uploaded] == ["project/a.csv"]
        for own in (workspace.path, workspace.path / "secrets.json"):
            with pytest.raises(FileMissing, match="belongs to the workspace itself"):
                bench.datastores.upload([own], "lake")
        (sent.parent / "link.json").symlink_to(workspace.path / "secrets.json")
        assert [entry.path for entry in bench.datastores.upload([sent], "lake")] == ["b.csv"]
        sent.with_name("c.csv").write_text("x\n1\n")
        (sent.with_name("b.csv")).unlink()
        folder = bench.datastores.upload([sent.parent], "lake", "more")
        assert [entry.path for entry in folder] == [f"more/{sent.parent.name}/c.csv"]
        assert sorted(path.name for path in (tmp_path / "lake").rglob("*.*")) == ["a.csv", "b.csv", "c.csv"]
