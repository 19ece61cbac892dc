"""The values that a run was given for the parameters of its pipeline"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("assignments", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("run", "assignments")
