"""Schedules, and what became of each of their times"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedule",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("cron", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("every", sa.Float(), nullable=True),
        sa.Column("watch", sa.JSON(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("experiment", sa.String(), nullable=False),
        sa.Column("catch_up", sa.String(), nullable=False),
        sa.Column("overlap", sa.String(), nullable=False),
        sa.Column("starts", sa.Float(), nullable=True),
        sa.Column("ends", sa.Float(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("changed", sa.Float(), nullable=False),
        sa.Column("next_due", sa.Float(), nullable=True),
        sa.Column("checked", sa.Float(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_schedule_next_due", "schedule", ["next_due"])
    op.create_index("ix_schedule_endpoint", "schedule", ["endpoint"])
    op.create_table(
        "schedule_fire",
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("schedule", "due"),
    )
    op.create_index("ix_schedule_fire_run_id", "schedule_fire", ["run_id"])


def downgrade() -> None:
    op.drop_table("schedule_fire")
    op.drop_table("schedule")
