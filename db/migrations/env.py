"""How Alembic reaches our database: through the engine that db/migrate.py hands over."""

from alembic import context
from sqlalchemy import Connection

from db.tables import metadata


def _run() -> None:
    connection: Connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


_run()
