"""Migration of the rows of an older workspace."""

from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from designer.store import database

VERSION = {
    "document": {
        "nodes": {
            "in": {"module": "web-service-input", "parameters": {"name": "Rows", "columns": [{"name": "age"}]}},
            "out": {"module": "web-service-output"},
        }
    },
    "artifacts": {"scores": ["Scored Labels"]},
}


def config(connection: sa.Connection) -> Config:
    """Configure Alembic for one connection, as the workspace does."""
    made = Config()
    made.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    made.attributes["connection"] = connection
    return made


def test_versions_deployed_before_say_what_they_take_and_give(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        settings = config(connection)
        command.upgrade(settings, "0003")
        connection.execute(
            sa.text(
                "INSERT INTO endpoint_version (endpoint, version, document, engine, reason, artifacts, certificate,"
                " example, state, created) VALUES ('e', 1, :document, 'onnxruntime', '', :artifacts, '{}', '{}',"
                " 'ready', 1.0)"
            ),
            {name: json.dumps(value) for name, value in VERSION.items()},
        )
        command.upgrade(settings, "0004")
        kept = connection.execute(sa.text("SELECT artifacts FROM endpoint_version")).scalar_one()
        assert json.loads(kept) == {
            "scores": ["Scored Labels"],
            "signature": {"input": "Rows", "output": "WebServiceOutput0", "columns": [{"name": "age"}]},
        }
        command.downgrade(settings, "0003")
        kept = connection.execute(sa.text("SELECT artifacts FROM endpoint_version")).scalar_one()
        assert json.loads(kept) == VERSION["artifacts"]
    engine.dispose()


def test_earlier_runs_are_numbered_in_the_default_experiment_and_imports_are_in_none(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        settings = config(connection)
        command.upgrade(settings, "0004")
        insert = sa.text(
            "INSERT INTO run (id, pipeline_id, name, document, state, created, force, attempt, cancel_requested)"
            " VALUES (:id, :pipeline, :id, :document, 'finished', :created, 0, 1, 0)"
        )
        nodes = {"import": {"module": "import-data"}}
        for id, pipeline, created in (("second", "p", 2.0), ("first", None, 1.0), ("an import", None, 1.5)):
            document = json.dumps({"nodes": nodes if id == "an import" else {}})
            row = {"id": id, "pipeline": pipeline, "created": created, "document": document}
            connection.execute(insert, row)
        command.upgrade(settings, "0005")
        rows = connection.execute(sa.text('SELECT id, experiment, number, "trigger" FROM run ORDER BY created')).all()
        assert [tuple(row) for row in rows] == [
            ("first", "Default", 1, "{}"),
            ("an import", "", None, '{"kind": "import"}'),
            ("second", "Default", 2, "{}"),
        ]
        experiments = connection.execute(sa.text("SELECT name, created FROM experiment")).all()
        assert [tuple(row) for row in experiments] == [("Default", 1.0)]
        command.downgrade(settings, "0004")
    engine.dispose()
