"""Published pipelines: their names, labels and parameters, and requests that were sent once"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("endpoint", sa.Column("title", sa.String(), nullable=False, server_default=""))
    op.add_column("endpoint_version", sa.Column("label", sa.String(), nullable=False, server_default=""))
    op.add_column("endpoint_version", sa.Column("parameters", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "idempotency",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("idempotency_by_time", "idempotency", ["created"])
    op.add_column("run", sa.Column("published", sa.String(), nullable=True))
    op.create_index("run_of_published", "run", ["published", "created"])


def downgrade() -> None:
    op.drop_index("run_of_published", "run")
    op.drop_column("run", "published")
    op.drop_table("idempotency")
    op.drop_column("endpoint_version", "parameters")
    op.drop_column("endpoint_version", "label")
    op.drop_column("endpoint", "title")
