"""How Alembic reaches the workspace database: over the connection that `designer.store.database` opened."""

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
