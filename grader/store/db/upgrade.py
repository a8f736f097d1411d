"""Actions on a database before it is opened: reading its revision, and upgrading it."""

from grader.store.db import schema
from grader.store.db.engine import Database


def upgrade_database(url: str) -> tuple[str | None, str]:
    """Upgrade an older database. Return its revision before (None: it was new) and after."""
    database = Database(url)
    try:
        return schema.migrate_schema(database), schema.HEAD_REVISION
    finally:
        database.close()


def get_revisions(url: str) -> tuple[str, str]:
    """Return a database's revision and the one that this program needs, without changing anything."""
    database = Database(url)
    try:
        return schema.inspect_revision(database), schema.HEAD_REVISION
    finally:
        database.close()
