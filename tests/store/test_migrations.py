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


def config(engine: sa.Engine) -> Config:
    """Configure Alembic for one connection, as the workspace does."""
    made = Config()
    made.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    made.attributes["connection"] = engine
    return made


def test_versions_deployed_before_say_what_they_take_and_give(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        settings = config(engine)
        settings.attributes["connection"] = connection
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
