"""Orders to devices, with what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "device_order",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "device", "order")),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("ordered_at", "expires_at")),
        sa.Column("message", sa.Text(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("state", "detail")),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_device_order_device", "device_order", ["device"])
