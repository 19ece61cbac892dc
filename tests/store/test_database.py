"""The database: migrations, damage, newer formats, concurrent writers without lost updates."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from designer.contract.errors import UnreadableFile
from designer.store import database
from designer.store.database import HEAD, Database, NewerWorkspace, WorkspaceBusy
from designer.store.workspace import Workspace, open_workspace
from tests.store.test_migrations import config


def test_migrations_make_exactly_the_tables_of_the_records(workspace: Workspace) -> None:
    engine = create_engine(f"sqlite:///{workspace.database.file}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    engine.dispose()
    assert differences == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_workspace_of_a_newer_designer_is_refused_by_name(tmp_path: Path) -> None:
    open_workspace(tmp_path).close()
    with sqlite3.connect(tmp_path / "designer.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(NewerWorkspace, match="newer Designer"):
        open_workspace(tmp_path)


def test_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "designer.db").write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(UnreadableFile, match=r"designer\.db"):
        open_workspace(tmp_path)


def test_damaged_page_is_found_by_the_check(tmp_path: Path) -> None:
    with open_workspace(tmp_path) as workspace:
        for number in range(50):
            workspace.drafts.create(f"draft {number}", {"nodes": {}, "text": "x" * 2000})
    file = tmp_path / "designer.db"
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 3 + 200] = b"\xff" * 200
    file.write_bytes(content)
    with open_workspace(tmp_path) as damaged:
        assert damaged.database.check() != []


def test_the_check_of_a_sound_database_reports_nothing(workspace: Workspace) -> None:
    assert workspace.database.check() == []


def test_backup_is_a_whole_workspace_database(workspace: Workspace, tmp_path: Path) -> None:
    draft = workspace.drafts.create("kept", {"nodes": {}})
    (tmp_path / "copy").mkdir()
    workspace.database.backup(tmp_path / "copy" / "designer.db")
    with open_workspace(tmp_path / "copy") as copy:
        assert copy.drafts.get(draft.id).name == "kept"


def test_failed_transaction_leaves_nothing(workspace: Workspace) -> None:
    from designer.store.records import Result

    def break_off() -> None:
        with workspace.database.write() as session:
            session.add(Result(key="k", module="m", made_at=0.0))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert workspace.results.find("k") is None


def test_a_locked_database_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_workspace(tmp_path).close()
    monkeypatch.setattr(database, "BUSY_SECONDS", 1)
    other = sqlite3.connect(tmp_path / "designer.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_workspace(tmp_path) as workspace:
        with pytest.raises(WorkspaceBusy, match="another program has locked the workspace database"):
            workspace.drafts.create("lost?", {"nodes": {}})
        assert workspace.drafts.all() == []
        other.execute("ROLLBACK")
        assert workspace.drafts.create("not lost", {"nodes": {}}).revision == 1
    other.close()


def test_several_processes_open_a_new_workspace_at_once(tmp_path: Path) -> None:
    code = f"from designer.store.workspace import open_workspace; open_workspace({str(tmp_path)!r}).close()"
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    Database(tmp_path / "designer.db").close()


WRITER = """
import sys
from designer.store.drafts import Conflict
from designer.store.workspace import open_workspace
workspace = open_workspace(sys.argv[1])
accepted = 0
while accepted < 40:
    draft = workspace.drafts.get(sys.argv[2])
    document = {**draft.document, "count": draft.document["count"] + 1}
    try:
        workspace.drafts.save(draft.id, draft.revision, document)
        accepted += 1
    except Conflict:
        pass
"""


def test_two_writers_lose_no_update(workspace: Workspace) -> None:
    draft = workspace.drafts.create("counter", {"nodes": {}, "count": 0})
    command = [sys.executable, "-c", WRITER, str(workspace.path), draft.id]
    writers = [subprocess.Popen(command) for _ in range(2)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    after = workspace.drafts.get(draft.id)
    assert (after.document["count"], after.revision) == (80, 81)
    assert [row.revision for row in workspace.drafts.history(draft.id)] == list(range(81, 0, -1))


def test_workspace_of_the_first_format_is_brought_up_to_date_with_all_that_is_in_it(tmp_path: Path) -> None:
    with open_workspace(tmp_path) as workspace:
        draft = workspace.drafts.create("kept", {"nodes": {}})
        queued, taken = (workspace.runs.create({"name": name, "nodes": {}}) for name in ("queued", "taken"))
    engine = create_engine(f"sqlite:///{tmp_path / 'designer.db'}")
    with engine.begin() as connection:
        command.downgrade(config(connection), "0001")
        owner = "UPDATE run SET owner_pid = 12, owner_started = 1764407700.25 WHERE id = ?"
        connection.exec_driver_sql(owner, (taken.id,))
    engine.dispose()
    with open_workspace(tmp_path) as workspace:
        assert workspace.drafts.get(draft.id).name == "kept"
        assert workspace.runs.queued() == [queued.id]
        assert [(run.experiment, run.number) for run in workspace.runs.all()] == [("Default", 2), ("Default", 1)]
        assert [run.owner for run in workspace.runs.owned()] == ["process 12 since 1764407700.25"]
        with workspace.database.read() as session:
            names = (
                session.connection().exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'").scalars()
            )
            assert {"run_by_time", "run_of_pipeline_by_time", "ix_event_at"} <= set(names)
