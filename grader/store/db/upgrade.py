"""What can be done to a database before it is opened: looking at its revision, and bringing it up to date."""

from grader.store.db import schema
from grader.store.db.engine import Database


def upgrade(url: str) -> tuple[str | None, str]:
    """Brings an older database up to date. Returns its revision before (None: it was new) and after."""
    database = Database(url)
    try:
        return schema.upgrade(database), schema.HEAD
    finally:
        database.close()


def revision(url: str) -> tuple[str, str]:
    """A database's revision and the one that this program needs, without changing anything."""
    database = Database(url)
    try:
        return schema.look(database), schema.HEAD
    finally:
        database.close()
