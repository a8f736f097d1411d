"""`grader grade`: record what lies there, judge what waits, say what came of it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.table import Table

from grader import __version__
from grader.batch import Done, Setup, Task, default_workers
from grader.batch import grade as grade_batch
from grader.cli import terminal
from grader.core.bank import fingerprint
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.exercise import Course, Exercise
from grader.core.grading import Grading
from grader.core.report import Handed, Report, report, unreadable
from grader.course import load
from grader.formats.naming import Found, exercise_of, find
from grader.formats.reading import load as load_file
from grader.formats.reading import read
from grader.formats.text import printable
from grader.sandbox.level import Level
from grader.store import Graded, HandIn, Store, Unreadable

PAGE: Final = 200  # submissions recorded, or results stored, in one transaction


@dataclass(frozen=True)
class Wanted:
    """Which submissions."""

    exercise: str | None = None
    student: str | None = None
    regrade: bool = False


@dataclass(frozen=True)
class How:
    """With how many processes, in which sandbox, and with which secret, if not the database's own."""

    workers: int | None
    level: Level
    least: Level
    secret: bytes | None = None


@dataclass(frozen=True)
class _Line:
    """One file found: the submission that it is, or why it is none."""

    found: Found | None = None
    exercise: str | None = None
    submission: int | None = None
    error: str | None = None


def run(paths: Sequence[Path], folder: Path, db: str, wanted: Wanted, how: How, *, as_json: bool) -> int:
    """Grades and prints; the exit code."""
    course = load(folder)
    if wanted.exercise is not None:
        course.exercise(wanted.exercise)
    found = _found(paths, course)
    with Store.open(db) as store:
        reports = grade_found(store, course, found, wanted, how)
    _print(reports, [e.name for e in course.exercises], as_json=as_json)
    return 3 if any(r.error is not None or _faulted(r) for r in reports) else 0


def _found(paths: Sequence[Path], course: Course) -> list[Found] | None:
    """The files below the paths; None, which means all records, where no path is given."""
    if not paths:
        return None
    found = find(paths, [e.name for e in course.exercises])
    if not found:
        where = ", ".join(printable(str(path)) for path in paths)
        expected = "STUDENT/EXERCISE.ipynb, STUDENT/EXERCISE.py or STUDENT__EXERCISE.ipynb"
        raise UsageError(f"nothing to grade in {where}: expected {expected}")
    return found


def grade_found(store: Store, course: Course, found: Sequence[Found] | None, wanted: Wanted, how: How) -> list[Report]:
    """Records files, or takes what is recorded, grades what waits, and reports on each in order."""
    lines = list(_recorded(store, found or (), [e.name for e in course.exercises], wanted))
    ids = None if found is None else {line.submission for line in lines if line.submission is not None}
    _judge(store, course, wanted, how, ids)
    graded = {g.submission.id: g for g in store.latest(exercise=wanted.exercise, student=wanted.student, ids=ids)}
    if found is None:
        lines = [_Line(exercise=g.submission.exercise, submission=g.submission.id) for g in graded.values()]
    return [_report(course, line, graded) for line in lines]


def _recorded(store: Store, found: Sequence[Found], exercises: list[str], wanted: Wanted) -> Iterator[_Line]:
    """Records every file that is a submission; one line each, in order."""
    for start in range(0, len(found), PAGE):
        page = [_read(one, exercises, wanted) for one in found[start : start + PAGE]]
        recorded = iter(store.record_many(hand_in for _, hand_in in page if hand_in))
        for line, hand_in in page:
            if line is not None:
                yield _Line(line.found, line.exercise, next(recorded).id if hand_in else None, line.error)


def _read(one: Found, exercises: list[str], wanted: Wanted) -> tuple[_Line | None, HandIn | None]:
    """What to say of a file and what to record of it; nothing of one that isn't wanted."""
    if wanted.student is not None and one.student != wanted.student:
        return None, None
    exercise = one.stem_exercise
    try:
        if one.problem:
            raise UnreadableSubmission(one.problem)
        data = load_file(one.path)
        try:
            exercise = exercise_of(read(one.path.name, data), one, exercises)
        except UnreadableSubmission:
            if exercise is None or one.student is None:
                raise
        if one.student is None:
            raise UnreadableSubmission(f"{printable(str(one.path))}: whose is it? name it STUDENT__EXERCISE.ipynb")
    except UnreadableSubmission as error:
        return _Line(one, exercise, error=str(error)), None
    if wanted.exercise is not None and exercise != wanted.exercise:
        return None, None
    return _Line(one, exercise), HandIn(one.student, exercise, data, printable(one.path.name))


def _judge(store: Store, course: Course, wanted: Wanted, how: How, ids: set[int] | None) -> None:
    """Judges what waits and stores results as they come, so that an interruption costs at most what is under way."""
    secret = how.secret or store.secret()
    setup = Setup(Path(course.folder), course.version, secret, how.level, how.least)
    names = {e.name for e in course.exercises}
    seed = fingerprint(secret)
    selected = store.ungraded(course.version, seed, exercise=wanted.exercise, student=wanted.student, ids=ids)
    waiting = [submission for submission in selected if submission.exercise in names]
    if not waiting:
        return
    tasks = (Task(s.id, s.exercise, s.file_name, store.data(s.id)) for s in waiting)
    results = grade_batch(setup, tasks, how.workers or default_workers())
    exercises = {submission.id: submission.exercise for submission in waiting}
    kept: list[tuple[int, Grading | Unreadable]] = []
    try:
        for done in terminal.progress(results, len(waiting), "grading"):
            kept.append((done.id, _storable(done, setup, course.exercise(exercises[done.id]))))
            if len(kept) >= PAGE:
                store.append_many(kept)
                kept.clear()
    finally:
        store.append_many(kept)


def _storable(done: Done, setup: Setup, exercise: Exercise) -> Grading | Unreadable:
    if isinstance(done.result, Grading):
        return done.result
    return Unreadable(done.result, setup.version, __version__, fingerprint(setup.secret), exercise.max_score)


def _report(course: Course, line: _Line, graded: dict[int, Graded]) -> Report:
    one = graded.get(line.submission) if line.submission is not None else None
    if one is None:
        student = line.found.student if line.found else None
        return unreadable(student, line.exercise or "", line.error or "it could not be graded")
    return as_report(course, one)


def as_report(course: Course, graded: Graded) -> Report:
    """What was found about a submission, in words, without its code."""
    submission, result = graded.submission, graded.result
    if isinstance(result, Unreadable):
        return unreadable(submission.student, submission.exercise, result.error, result.max_score)
    handed = Handed(submission.student, submission.number)
    return report(course.exercise(submission.exercise), result, handed)


def _faulted(one: Report) -> bool:
    return any(check.verdict == "grader_error" for question in one.questions for check in question.checks)


def _print(reports: list[Report], exercises: list[str], *, as_json: bool) -> None:
    if as_json:
        for one in reports:
            terminal.line(json.dumps(one.as_json(), ensure_ascii=False, allow_nan=False))
        return
    terminal.out.print(score_table(reports, exercises))
    for one in reports:
        if one.error is not None:
            terminal.remark(f"not graded: {one.student or '?'}: {one.error}")


def score_table(reports: list[Report], exercises: list[str]) -> Table:
    """A row a student, a column an exercise; the last submission of each counts."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student")
    shown = [name for name in exercises if any(r.exercise == name for r in reports)]
    for name in shown:
        table.add_column(name, justify="right")
    scores: dict[str, dict[str, str]] = {}
    for one in reports:
        text = "not readable" if one.error is not None else f"{one.score:g} / {one.max_score:g}"
        text += f" ({one.pending:g} pending)" if one.pending else ""
        scores.setdefault(one.student or "?", {})[one.exercise] = text
    for student in sorted(scores):
        table.add_row(student, *(scores[student].get(name, "–") for name in shown))
    return table
