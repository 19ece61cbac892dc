"""Computes"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compute",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("threads", sa.Integer(), nullable=False),
        sa.Column("memory", sa.BigInteger(), nullable=False),
        sa.Column("idle_seconds", sa.Float(), nullable=False),
        sa.Column("tls", sa.JSON(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.add_column("run", sa.Column("compute", sa.String(), nullable=False, server_default=""))
    op.add_column("node_run", sa.Column("compute", sa.String(), nullable=False, server_default=""))
    op.add_column("node_run", sa.Column("place", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("node_run", "place")
    op.drop_column("node_run", "compute")
    op.drop_column("run", "compute")
    op.drop_table("compute")
