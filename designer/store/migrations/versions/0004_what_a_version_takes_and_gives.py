"""What a deployed version takes and gives, kept with it"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

VERSION = sa.table(
    "endpoint_version",
    sa.column("endpoint", sa.String()),
    sa.column("version", sa.Integer()),
    sa.column("document", sa.JSON()),
    sa.column("artifacts", sa.JSON()),
)


def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(VERSION)).all():
        signature = _signature(row.document)
        if signature:
            _keep(connection, row, {**row.artifacts, "signature": signature})


def downgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(VERSION)).all():
        _keep(connection, row, {name: value for name, value in row.artifacts.items() if name != "signature"})


def _keep(connection: sa.Connection, row: sa.Row[Any], artifacts: dict[str, Any]) -> None:
    its = (VERSION.c.endpoint == row.endpoint) & (VERSION.c.version == row.version)
    connection.execute(sa.update(VERSION).where(its).values(artifacts=artifacts))


def _signature(document: dict[str, Any]) -> dict[str, Any] | None:
    """By the ids that the two modules had when these versions were deployed."""
    nodes = {node.get("module"): node.get("parameters", {}) for node in document.get("nodes", {}).values()}
    if "web-service-input" not in nodes or "web-service-output" not in nodes:
        return None
    source, target = nodes["web-service-input"], nodes["web-service-output"]
    return {
        "input": source.get("name") or "WebServiceInput0",
        "output": target.get("name") or "WebServiceOutput0",
        "columns": source.get("columns", []),
    }
