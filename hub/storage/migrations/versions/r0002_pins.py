"""The PIN of a kiosk's staff menu, salted and hashed; none for kiosks that are known already."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns."""
    for name in ("pin_salt", "pin_hash"):
        op.add_column("device", sa.Column(name, sa.String(), nullable=True))
