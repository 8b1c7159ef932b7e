"""Brings a database to the schema of this release, forwards only, in one transaction."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from db.engine import Database
from db.tables import metadata


class NewerDatabase(Exception):  # noqa: N818 - a state to explain, not a fault
    """The database was written by a later release than this one."""


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> None:
    """Run what is missing. Raises NewerDatabase when this release is the older one."""
    with database.engine().begin() as connection:
        config = _config(connection)
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        present = MigrationContext.configure(connection).get_current_revision()
        if present is not None and present not in known:
            raise NewerDatabase(
                f"This database was written by a newer Muster (schema {present}). Start that release, or restore a backup."
            )
        command.upgrade(config, "head")


def drift(database: Database) -> list[object]:
    """What differs between db/tables.py and the migrated database; empty when they agree."""
    with database.engine().begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return list(compare_metadata(context, metadata))


def write_revision(database: Database, message: str, revision: str) -> None:
    """Write a migration file from the difference between tables and database (for developers)."""
    with database.engine().begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=revision)
