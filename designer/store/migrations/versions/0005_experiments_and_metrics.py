"""Experiments, and what a run remembers: number, tags, source, trigger, logged metrics"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = ("submitted_by", "trigger", "source", "tags", "description", "number", "experiment")


def upgrade() -> None:
    op.add_column("run", sa.Column("experiment", sa.String(), nullable=False, server_default="Default"))
    op.add_column("run", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("run", sa.Column("description", sa.String(), nullable=False, server_default=""))
    for name in ("tags", "source", "trigger"):
        op.add_column("run", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("run", sa.Column("submitted_by", sa.String(), nullable=False, server_default=""))
    op.add_column("node_run", sa.Column("logged", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("node_run", sa.Column("unrecorded", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "experiment",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("archived", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "metric",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "node", "name", "sequence"),
    )
    _number_runs()
    op.create_index("run_of_experiment", "run", ["experiment", "number"])


def downgrade() -> None:
    op.drop_index("run_of_experiment", table_name="run")
    op.drop_table("metric")
    op.drop_table("experiment")
    op.drop_column("node_run", "unrecorded")
    op.drop_column("node_run", "logged")
    for name in ADDED:
        op.drop_column("run", name)


def _number_runs() -> None:
    """Put earlier runs into the experiment Default, in the order of time; imports of files belong to none."""
    op.execute(
        'UPDATE run SET experiment = \'\', "trigger" = \'{"kind": "import"}\' WHERE pipeline_id IS NULL'
        " AND json_extract(document, '$.nodes.import') IS NOT NULL"
    )
    op.execute(
        "UPDATE run SET number = earlier.number FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY created) AS number"
        " FROM run WHERE experiment = 'Default') AS earlier WHERE run.id = earlier.id"
    )
    op.execute(
        "INSERT INTO experiment (name, description, created)"
        " SELECT 'Default', '', MIN(created) FROM run WHERE experiment = 'Default' HAVING COUNT(*) > 0"
    )
