"""Fixtures for the tests of exports: a small class with every kind of score."""

from datetime import UTC, datetime, timedelta

import pytest

from grader.core.report.gradebook import Column, Gradebook, GradebookStudent, ScoreKey
from grader.core.results.policy import Attempt, Policy, ScoreSheet, score_attempts

DUE = datetime(2031, 5, 20, 21, 59, tzinfo=UTC)
LOSSES = Column("losses", "Losses: how wrong?", 8.25, Policy(DUE, timedelta(minutes=15), 0.1, 3, "best"))
UPDATE = Column("update", "The update step", 4.0)
HOSTILE = '=HYPERLINK("https://evil.example","ada")'


def sheet(column: Column, *points: float, pending: float = 0.0, hours: int = -1) -> ScoreSheet:
    """Return a score sheet of attempts with these points, the first submitted so many hours after the deadline."""
    when = DUE + timedelta(hours=hours)
    attempts = [
        Attempt(n, when + timedelta(minutes=n), score, column.max_score, pending) for n, score in enumerate(points, 1)
    ]
    return score_attempts(column.policy, attempts)


@pytest.fixture
def book() -> Gradebook:
    """Ada did everything, Bob was late, Cleo's waits for marking, Dora submitted nothing, Eve's name is a formula."""
    people = (
        GradebookStudent("ada", "Ada Lovelace", "ada@example.org", "A", {"canvas": "101", "moodle": "11", "sis": "S1"}),
        GradebookStudent("bob", "Bob Müller", "bob@example.org", "B", {"canvas": "102", "moodle": "12", "sis": "S2"}),
        GradebookStudent("cleo", "Cleo", "cleo@example.org", "A", {"canvas": "103", "moodle": "13", "sis": "S3"}),
        GradebookStudent("dora", "Dora", "dora@example.org", "A", {"canvas": "104", "moodle": "14", "sis": "S4"}),
        GradebookStudent("eve", HOSTILE, "@eve", "-A", {"canvas": "105", "moodle": "15", "sis": "S5"}),
    )
    sheets: dict[ScoreKey, ScoreSheet] = {
        ("ada", "losses"): sheet(LOSSES, 5.0, 8.25, 6.0),
        ("ada", "update"): sheet(UPDATE, 4.0),
        ("bob", "losses"): sheet(LOSSES, 8.0, hours=30),
        ("bob", "update"): sheet(UPDATE, 1 / 3),
        ("cleo", "losses"): sheet(LOSSES, 3.0, pending=2.0),
        ("eve", "losses"): sheet(LOSSES, 0.0),
    }
    comments: dict[ScoreKey, tuple[str, ...]] = {
        ("ada", "losses"): ("Points: 8.25 of 8.25", "Softmax: 2 of 2."),
        ("bob", "losses"): ("Points: 6.4 of 8.25", "Softmax: 0 of 2. <b>x</b>\nis a vector & no matrix"),
        ("eve", "losses"): ("Points: 0 of 8.25",),
    }
    return Gradebook("Course", "v1", (LOSSES, UPDATE), people, sheets, comments=comments)
