"""What Alembic runs: our tables over the connection that `hub.storage.schema` hands in."""

from alembic import context
from sqlmodel import SQLModel

from hub.storage import tables  # noqa: F401 - fills the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
