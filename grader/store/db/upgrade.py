"""What can be done to a database before it is opened: looking at its revision, and bringing it up to date."""

from grader.store.db import schema
from grader.store.db.engine import Database


def upgrade_database(url: str) -> tuple[str | None, str]:
    """Brings an older database up to date. Returns its revision before (None: it was new) and after."""
    database = Database(url)
    try:
        return schema.migrate_schema(database), schema.HEAD_REVISION
    finally:
        database.close()


def get_revisions(url: str) -> tuple[str, str]:
    """A database's revision and the one that this program needs, without changing anything."""
    database = Database(url)
    try:
        return schema.inspect_revision(database), schema.HEAD_REVISION
    finally:
        database.close()
