"""The entry point of Alembic.

Runs the migrations on the connection of the caller, in the transaction of the caller.
"""

from alembic import context

from fitquiz.store.tables.base import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
