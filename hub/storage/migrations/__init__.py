"""The one history of the schema (Alembic), shipped in the package."""
