"""Runs in the order of time"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("run_by_time", "run", ["created"])
    op.create_index("run_of_pipeline_by_time", "run", ["pipeline_id", "created"])
    op.create_index(op.f("ix_event_at"), "event", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_event_at"), table_name="event")
    op.drop_index("run_of_pipeline_by_time", table_name="run")
    op.drop_index("run_by_time", table_name="run")
