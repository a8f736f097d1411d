"""Sessions that ended by signing out."""

from datetime import timedelta

from sqlalchemy import text

from grader.store import Store
from grader.store.db.engine import Database

WEEK = timedelta(days=7)


def test_an_ended_session_is_known_until_its_cookie_expires(database_url: str) -> None:
    """Ending is final, once or twice; other sessions go on; expired ones are forgotten, and no id is stored."""
    with Store.open(database_url) as store:
        sessions = store.ended_sessions
        assert not sessions.has_ended("one")
        for _ in range(2):
            sessions.end("one", WEEK)
        sessions.end("old", -WEEK)
        assert (sessions.has_ended("one"), sessions.has_ended("two")) == (True, False)
        sessions.end("three", WEEK)
        assert not sessions.has_ended("old")
    database = Database(database_url)
    with database.read() as connection:
        found = connection.execute(text("SELECT sha256 FROM ended_sessions")).scalars().all()
    database.close()
    assert len(found) == 2
    assert {len(one) for one in found} == {64}
