"""Alembic environment of the workspace database: migrates over the connection opened by `designer.store.database`."""

from alembic import context
from sqlmodel import SQLModel

from designer.store import records

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

__all__ = ["records"]
