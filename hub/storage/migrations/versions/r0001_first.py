"""The first schema: tickets, numbering, journal, memory of requests, staff, devices."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('waiting', 'called', 'serving', 'held', 'no-show')")


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def upgrade() -> None:
    """Creates every table."""
    _create_queue()
    _create_journal()
    _create_people_and_devices()


def _create_queue() -> None:
    op.create_table(
        "ticket",
        *(_text("id"), _text("number"), _number("sequence"), _number("order"), _text("day"), _text("service")),
        *(_text("class_"), _text("language"), _text("asker"), _text("request_id"), _text("track_key")),
        *(_instant("issued_at"), _text("state"), _instant("since"), _text("counter", null=True)),
        *(_text("officer", null=True), _instant("called_at", null=True), _instant("started_at", null=True)),
        *(_instant("ended_at", null=True), _number("recalls"), _number("legs"), _text("slip"), _number("copies")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day", "number", name="ticket_number_once_a_day"),
        sa.UniqueConstraint("asker", "request_id", name="ticket_once_a_request"),
        sa.UniqueConstraint("track_key"),
    )
    op.create_index("ticket_live", "ticket", ["day", "order"], sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_table(
        "numbering", *(_text("day"), _text("service"), _number("next")), sa.PrimaryKeyConstraint("day", "service")
    )
    op.create_table("day", *(_number("turn"), _text("day"), _instant("opened_at")), sa.PrimaryKeyConstraint("turn"))
    op.create_table(
        "desk",
        *(_text("counter"), _text("officer", null=True), sa.Column("paused", sa.Boolean(), nullable=False)),
        _text("ticket", null=True),
        sa.PrimaryKeyConstraint("counter"),
    )
    op.create_table(
        "set_up",
        *(_number("version"), _instant("at"), sa.Column("document", sa.Text(), nullable=False)),
        sa.PrimaryKeyConstraint("version"),
    )


def _create_journal() -> None:
    op.create_table(
        "journal",
        *(_instant("entry"), _text("ticket", null=True), sa.Column("text", sa.Text(), nullable=False), _text("hash")),
        sa.PrimaryKeyConstraint("entry"),
    )
    op.create_index("ix_journal_ticket", "journal", ["ticket"])
    op.create_table(
        "epoch", *(_number("number"), _text("epoch"), _instant("began_at")), sa.PrimaryKeyConstraint("number")
    )
    op.create_table(
        "request",
        *(_text("asker"), _text("request_id"), _text("body_hash"), _instant("at")),
        *(sa.Column("ok", sa.Boolean(), nullable=False), sa.Column("answer", sa.Text(), nullable=False)),
        sa.PrimaryKeyConstraint("asker", "request_id"),
    )
    op.create_index("ix_request_at", "request", ["at"])


def _create_people_and_devices() -> None:
    op.create_table(
        "staff",
        *(_text("id"), _text("name"), _text("display_name"), _text("role"), _text("password_hash")),
        _instant("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "session",
        *(_text("token_hash"), _text("staff"), _text("csrf"), _instant("created_at"), _instant("seen_at")),
        _text("address"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_session_staff", "session", ["staff"])
    op.create_table(
        "system",
        *(_text("id"), _text("token_hash"), _text("role"), _instant("created_at")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "device",
        *(_text("id"), _text("role"), _text("boards"), _text("counter", null=True)),
        *(_number("kiosk_number", null=True), _text("fingerprint"), _instant("added_at")),
        _number("settings_version"),
        sa.PrimaryKeyConstraint("id"),
    )
