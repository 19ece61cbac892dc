"""Who carries out a run"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("owner", sa.String(), nullable=True))
    op.execute(
        "UPDATE run SET owner = 'process ' || owner_pid || ' since ' || COALESCE(owner_started, 0)"
        " WHERE owner_pid IS NOT NULL"
    )
    op.drop_column("run", "owner_started")
    op.drop_column("run", "owner_pid")


def downgrade() -> None:
    op.add_column("run", sa.Column("owner_pid", sa.Integer(), nullable=True))
    op.add_column("run", sa.Column("owner_started", sa.Float(), nullable=True))
    op.drop_column("run", "owner")
