"""Where tickets stand that came back or were sent to a counter, since when and why counters pause, and notes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns, empty for what is there, and the table."""
    op.add_column("ticket", sa.Column("place", sa.Integer(), nullable=True))
    op.add_column("ticket", sa.Column("sent_to", sa.String(), nullable=True))
    for name in ("since", "until"):
        op.add_column("desk", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("desk", sa.Column("reason", sa.String(), nullable=True))
    op.create_table(
        "note",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("key", "ticket", "day")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_note_ticket", "note", ["ticket"])
