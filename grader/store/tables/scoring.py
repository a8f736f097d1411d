"""Scores of a whole class, computed by the database from latest gradings, latest marks, and each exercise's rules.

The sums equal those of `core.results.policy`, in the same order of floating-point operations; a test requires that both
agree. Times are compared in whole microseconds, and a started day counts as a day late. Days are those of the course's
clocks.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.types import BigInteger, Double, Integer, String, TypeEngine

from grader.core.results.policy import Attempt, Policy
from grader.store.db.base import UtcDateTime
from grader.store.records import ClassScore, StudentAttempts
from grader.store.tables.grading_rows import normalize_student_name

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MICROSECONDS_SQL: Final = {
    "sqlite": "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({0}, 21, 6) AS INTEGER)",
    "postgresql": "CAST(EXTRACT(EPOCH FROM {0}) * 1000000 AS BIGINT)",
}
_POLICY_COLUMNS: Final[tuple[tuple[str, TypeEngine[Any]], ...]] = (
    ("exercise", String()),
    ("deadline", BigInteger()),
    ("grace", BigInteger()),
    ("penalty", Double()),
    ("attempts", Integer()),
    ("best", Integer()),
)

_ATTEMPTS_SQL: Final = """
WITH rules (exercise, deadline, grace, penalty, attempts, best) AS ({rules}),
latest AS (
    SELECT submission_id, MAX(id) AS grading_id FROM gradings {theirs} GROUP BY submission_id
),
mark AS (
    SELECT m.submission_id, m.question, m.points
    FROM (SELECT MAX(id) AS id FROM marks {theirs} GROUP BY submission_id, question) last
    JOIN marks m ON m.id = last.id
    WHERE m.points IS NOT NULL
),
marked AS (
    SELECT latest.submission_id,
        SUM(CASE WHEN mark.points < q.max_score THEN mark.points ELSE q.max_score END - q.score) AS score,
        SUM(q.pending) AS pending
    FROM mark JOIN latest ON latest.submission_id = mark.submission_id
    JOIN question_results q ON q.grading_id = latest.grading_id AND q.question = mark.question
    GROUP BY latest.submission_id
),
extension AS (
    SELECT e.student_id, e.exercise, e.until
    FROM (SELECT MAX(id) AS id FROM extensions GROUP BY student_id, exercise) last JOIN extensions e ON e.id = last.id
),
attempt AS (
    SELECT s.id, s.student_id, s.exercise, s.number, s.received_at, extension.until,
        COALESCE(s.attempt, s.number) AS ordinal,
        g.score + COALESCE(marked.score, 0) AS points, g.max_score,
        g.pending - COALESCE(marked.pending, 0) AS pending,
        rules.attempts, rules.best, rules.penalty, rules.grace, {received} AS received,
        CASE WHEN {until} > rules.deadline THEN {until} ELSE rules.deadline END AS due
    FROM submissions s JOIN rules ON rules.exercise = s.exercise
    JOIN latest ON latest.submission_id = s.id JOIN gradings g ON g.id = latest.grading_id
    LEFT JOIN marked ON marked.submission_id = s.id
    LEFT JOIN extension ON extension.student_id = s.student_id AND extension.exercise = s.exercise
    WHERE NOT EXISTS (
        SELECT 1 FROM submissions later
        WHERE later.student_id = s.student_id AND later.exercise = s.exercise AND later.number > s.number
        AND COALESCE(later.attempt, later.number) = COALESCE(s.attempt, s.number)
    ) {of_one}
)
"""

_SCORES_SQL: Final = """,
elapsed AS (
    SELECT attempt.*, CASE WHEN received - due > grace
        THEN received + {received_offset} - due - {due_offset} + 86399999999 END AS elapsed
    FROM attempt WHERE attempts IS NULL OR ordinal <= attempts
),
day AS (
    SELECT elapsed.*, CASE WHEN elapsed IS NULL THEN 0 WHEN elapsed < 86400000000 THEN 1
        ELSE elapsed / 86400000000 END AS days
    FROM elapsed
),
share AS (
    SELECT day.*, CASE WHEN penalty * days < 1 THEN 1 - penalty * days ELSE 0.0 END AS kept FROM day
),
ranked AS (
    SELECT share.*, points * kept AS score, COUNT(*) OVER (PARTITION BY student_id, exercise) AS made,
        ROW_NUMBER() OVER (
            PARTITION BY student_id, exercise
            ORDER BY CASE WHEN best = 1 THEN points * kept END DESC, CASE WHEN best = 1 THEN number END, number DESC
        ) AS place
    FROM share
)
SELECT students.name, ranked.exercise, ranked.id, number, points, days, kept, score, max_score, pending, made
FROM ranked JOIN students ON students.id = ranked.student_id
WHERE place = 1 ORDER BY students.name, ranked.exercise
"""

_LIST_ATTEMPTS_SQL: Final = """
SELECT students.name, attempt.exercise, number, received_at, points, max_score, pending,
    CASE WHEN ordinal = number THEN 0 ELSE ordinal END, until
FROM attempt JOIN students ON students.id = attempt.student_id
ORDER BY students.name, attempt.exercise, number
"""


def compute_scores(connection: Connection, policies: Mapping[str, Policy], student: str | None) -> list[ClassScore]:
    """Return every student's score in the exercises of `policies`, by student and exercise."""
    return [ClassScore(*row) for row in _run_query(connection, _SCORES_SQL, policies, student)]


def load_attempts(
    connection: Connection, policies: Mapping[str, Policy], student: str | None
) -> Iterator[StudentAttempts]:
    """Yield the attempts from which scores are computed, including those beyond the allowed number."""
    rows = _run_query(connection, _LIST_ATTEMPTS_SQL, policies, student)
    for (name, exercise), group in groupby(rows, lambda row: (row[0], row[1])):
        attempts = list(group)
        yield StudentAttempts(name, exercise, tuple(Attempt(*row[2:8]) for row in attempts), attempts[0].until)


def _run_query(connection: Connection, query: str, policies: Mapping[str, Policy], student: str | None) -> list[Any]:
    if not policies:
        return []
    microseconds = _MICROSECONDS_SQL[connection.dialect.name]
    of_student = "s.student_id = (SELECT id FROM students WHERE name = :student)"
    sql = (_ATTEMPTS_SQL + query).format(
        rules=" UNION ALL ".join(_make_rule_sql(i) for i in range(len(policies))),
        received=microseconds.format("s.received_at"),
        until=microseconds.format("extension.until"),
        of_one=f"AND {of_student}" if student is not None else "",
        received_offset=_make_offset_sql("received", policies),
        due_offset=_make_offset_sql("due", policies),
        theirs=f"WHERE submission_id IN (SELECT s.id FROM submissions s WHERE {of_student})"
        if student is not None
        else "",
    )
    statement = text(sql).bindparams(
        *(bindparam(f"{name}{i}", type_=kind) for i in range(len(policies)) for name, kind in _POLICY_COLUMNS)
    )
    values = {
        f"{name}{i}": value
        for i, item in enumerate(policies.items())
        for name, value in _make_parameters(*item).items()
    }
    if student is not None:
        values["student"] = normalize_student_name(student)
    return list(connection.execute(statement.columns(received_at=UtcDateTime(), until=UtcDateTime()), values))


def _make_rule_sql(i: int) -> str:
    kinds = {"exercise": "TEXT", "penalty": "DOUBLE PRECISION"}
    return "SELECT " + ", ".join(f"CAST(:{name}{i} AS {kinds.get(name, 'BIGINT')})" for name, _ in _POLICY_COLUMNS)


def _make_offset_sql(moment: str, policies: Mapping[str, Policy]) -> str:
    """Return the offset of the course's clocks at a moment, in microseconds."""
    by_clock: dict[tuple[tuple[datetime, timedelta], ...], list[str]] = {}
    for i, policy in enumerate(policies.values()):
        if policy.clock:
            by_clock.setdefault(policy.clock, []).append(f":exercise{i}")
    clocks = []
    for clock, exercises in by_clock.items():
        begins = [(moment - _EPOCH) // _MICROSECOND for moment, _ in clock[1:]]
        offsets = [offset // _MICROSECOND for _, offset in clock]
        steps = "".join(f" WHEN {moment} < {end} THEN {was}" for end, was in zip(begins, offsets[:-1], strict=True))
        by_moment = f"CASE{steps} ELSE {offsets[-1]} END" if steps else str(offsets[-1])
        clocks.append(f" WHEN exercise IN ({', '.join(exercises)}) THEN {by_moment}")
    return f"CASE{''.join(clocks)} ELSE 0 END" if clocks else "0"


def _make_parameters(exercise: str, policy: Policy) -> dict[str, Any]:
    return {
        "exercise": exercise,
        "deadline": None if policy.deadline is None else (policy.deadline - _EPOCH) // _MICROSECOND,
        "grace": policy.grace // _MICROSECOND,
        "penalty": policy.late_penalty,
        "attempts": policy.attempts,
        "best": int(policy.counts == "best"),
    }
