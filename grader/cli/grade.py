"""`grader grade`: record what lies there, judge what waits, say what came of it."""

import contextlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader import __version__
from grader.batch import Done, Setup, Task, default_workers
from grader.batch import grade as grade_batch
from grader.cli import scores, terminal
from grader.cli.intake import Wanted, found_in, recorded
from grader.core.bank import fingerprint
from grader.core.errors import UsageError
from grader.core.exercise import Course, Exercise
from grader.core.grading import Grading
from grader.core.report import Report
from grader.course import load
from grader.formats.naming import Found
from grader.sandbox.level import Level
from grader.store import Store, Submission, Unreadable

PAGE: Final = 200
"""Results stored in one transaction."""
PATIENCE: Final = 1.0
"""Seconds after which results are stored, however few: what a killed process may lose."""


@dataclass(frozen=True)
class How:
    """With how many processes, in which sandbox, and with which secret, if not the database's own."""

    workers: int | None
    level: Level
    least: Level
    secret: bytes | None = None


def run(paths: Sequence[Path], folder: Path, db: str, wanted: Wanted, how: How, *, as_json: bool) -> int:
    """Grades and prints; the exit code."""
    course = load(folder)
    if wanted.exercise is not None:
        course.exercise(wanted.exercise)
    found = found_in(paths, course) if paths else None
    with Store.open(db) as store:
        reports = grade(store, course, found, wanted, how)
        if not reports:
            raise UsageError(_nothing(found, wanted, store))
    if as_json:
        for one in reports:
            terminal.json_line(one.as_json())
    else:
        scores.show_table(reports, [e.name for e in course.exercises])
        scores.tell_errors(reports)
    return scores.exit_code(reports)


def grade(store: Store, course: Course, found: Sequence[Found] | None, wanted: Wanted, how: How) -> list[Report]:
    """Records files, or takes what is recorded, grades what waits, and reports on each in order."""
    if found is None:
        _judge(store, course, wanted, how, None)
        names = {e.name for e in course.exercises}  # the records may hold other courses too
        graded = store.latest(exercise=wanted.exercise, student=wanted.student)
        return [scores.as_report(course, one) for one in graded if one.submission.exercise in names]
    lines = list(recorded(store, course, found, wanted))
    _judge(store, course, wanted, how, {line.submission for line in lines if line.submission is not None})
    return list(scores.reports(store, course, lines))


def _nothing(found: Sequence[Found] | None, wanted: Wanted, store: Store) -> str:
    chosen = "".join(
        f" {name} {value!r}" for name, value in (("of", wanted.student), ("for", wanted.exercise)) if value is not None
    )
    if found is None:
        return f"nothing{chosen} is recorded in {store.info().url}: name the folder of what was handed in"
    return f"nothing{chosen} is among the {len(found)} files found: look at --student and --exercise"


def _judge(store: Store, course: Course, wanted: Wanted, how: How, ids: set[int] | None) -> None:
    """Judges what waits and stores results as they come, so that an interruption costs what is under way at most."""
    secret = how.secret or store.secret()
    setup = Setup(Path(course.folder), course.version, secret, how.level, how.least)
    waiting = _waiting(store, course, wanted, fingerprint(secret), ids)
    if not waiting:
        return
    tasks = (Task(s.id, s.exercise, s.file_name, store.data(s.id)) for s in waiting)
    exercises = {s.id: course.exercise(s.exercise) for s in waiting}
    with contextlib.closing(grade_batch(setup, tasks, how.workers or default_workers())) as results:
        shown = terminal.progress(results, len(waiting), "grading")
        _keep(store, ((done.id, _storable(done, setup, exercises[done.id])) for done in shown))


def _waiting(store: Store, course: Course, wanted: Wanted, seed: str, ids: set[int] | None) -> list[Submission]:
    """What has no sound grading yet; for a regrade, also what was graded by another version or with another seed."""
    names = {e.name for e in course.exercises}
    if wanted.regrade:
        selected = store.outdated(
            course.version, __version__, seed, exercise=wanted.exercise, student=wanted.student, ids=ids
        )
    else:
        selected = store.ungraded(exercise=wanted.exercise, student=wanted.student, ids=ids)
    return [submission for submission in selected if submission.exercise in names]


def _keep(store: Store, results: Iterable[tuple[int, Grading | Unreadable]]) -> None:
    """Appends results to the records, some at a time; those at hand also where something ends it early."""
    kept: list[tuple[int, Grading | Unreadable]] = []
    last = time.monotonic()
    try:
        for result in results:
            kept.append(result)
            if len(kept) >= PAGE or time.monotonic() - last > PATIENCE:
                store.append_many(kept)
                kept.clear()
                last = time.monotonic()
    finally:
        store.append_many(kept)


def _storable(done: Done, setup: Setup, exercise: Exercise) -> Grading | Unreadable:
    if isinstance(done.result, Grading):
        return done.result
    return Unreadable(done.result, setup.version, __version__, fingerprint(setup.secret), exercise.max_score)
