"""Alembic's entry point: runs the migrations on the given connection, in its transaction."""

from alembic import context

from fitquiz.store.tables.base import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
