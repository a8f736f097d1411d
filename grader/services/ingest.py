"""Reads files and records those that are submissions; for the others, the result gives the reason."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.text.messages import MessageLike, gettext
from grader.core.text.nfc import normalize_nfc
from grader.core.wire.submission import ParsedSubmission
from grader.formats.assemble_sets import list_file_patterns
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import HAND_IN_SUFFIXES, FoundFile, find_submissions, is_main_file, resolve_exercise
from grader.formats.file_set import SET_SUFFIX
from grader.formats.read_submission import parse_submission
from grader.formats.student_folders import find_empty_handed, open_archives
from grader.services.file_parts import FileParts, wrap_file
from grader.services.identify_exercise import assign_exercise, identify_exercise
from grader.services.progress import Progress, SilentProgress
from grader.services.transactions import split_into_transactions
from grader.services.untouched import HandInTemplates
from grader.store import NewSubmission, RecordedSubmission, Store
from grader.store.db.base import MAX_NAME_LENGTH

ExerciseIdentifier = Callable[[ParsedSubmission, FoundFile], str]
"""Returns the exercise that a file answers. Raises UnreadableSubmission if that is unknown."""


@dataclass(frozen=True)
class IngestResult:
    """One file: its submission, the n-th of its student for the exercise, or the reason why it isn't one.

    `left_out` is the reason why an untouched template was not recorded. `file` is the path as it is shown.
    """

    student: str | None
    exercise: str
    submission: int | None = None
    error: str | None = None
    left_out: str | None = None
    file: str = ""
    number: int = 0


def find_submission_files(paths: Sequence[Path], course: Course) -> list[FoundFile]:
    """Return the files below the paths, and a line for each student who has none. Raise UsageError if there is nothing.

    Archives in students' folders are opened, one level deep.
    """
    exercises = course.exercise_names
    wanted = list_file_patterns(course)
    found = open_archives(find_submissions(paths, exercises, HAND_IN_SUFFIXES, wanted), exercises, wanted)
    found += [one for path in paths if os.path.isdir(path) for one in find_empty_handed(path, found, exercises)]
    if not found:
        where = ", ".join(escape_unprintable(str(path)) for path in paths)
        expected = "STUDENT/EXERCISE.ipynb, STUDENT/EXERCISE.py or STUDENT__EXERCISE.ipynb"
        raise UsageError(f"{where} has nothing to grade: expected {expected}")
    return found


def record_files(
    store: Store,
    course: Course,
    files: Iterable[FoundFile],
    exercise: str | None = None,
    student: str | None = None,
    progress: Progress = SilentProgress(),
) -> Iterator[IngestResult]:
    """Record every file that is a submission, of the given exercise and student; return one result each.

    A student's files that say no exercise are of the given one, unless another file of the student is.

    The results are in the order of the files, but a student's untouched templates come last.
    """
    wanted = (one for one in files if _is_wanted(one, student))
    chosen = (
        one
        for one in _read_hand_ins(store, course, wanted, progress, exercise)
        if exercise in (None, one.content.exercise) or (one.file.path.is_dir() and not one.file.file_set)
    )
    for page in split_into_transactions(chosen, lambda one: one.data):
        recorded = iter(store.record_many(one.content for one in page if isinstance(one.content, NewSubmission)))
        for one in page:
            yield one.content if isinstance(one.content, IngestResult) else _describe_recorded(one, next(recorded))


@dataclass(frozen=True)
class _ReadFile:
    """A file, and its submission or the reason why it isn't one."""

    file: FoundFile
    content: IngestResult | NewSubmission
    program: ParsedSubmission | None = None
    remarks: tuple[MessageLike, ...] = ()

    @property
    def submission(self) -> NewSubmission | None:
        return self.content if isinstance(self.content, NewSubmission) else None

    @property
    def data(self) -> bytes:
        return self.submission.data if self.submission else b""


def _describe_recorded(one: _ReadFile, recorded: RecordedSubmission) -> IngestResult:
    file = escape_unprintable(str(one.file.path))
    return IngestResult(one.content.student, one.content.exercise, recorded.id, file=file, number=recorded.number)


def _read_hand_ins(
    store: Store, course: Course, files: Iterable[FoundFile], progress: Progress, exercise: str | None
) -> Iterator[_ReadFile]:
    """Read the files of one student after the other; leave out untouched templates that would replace something."""
    identify, identify_again = identify_in(course, progress), identify_in(course, SilentProgress())
    templates = HandInTemplates(store, course)
    parts = FileParts(store, course)
    for student, group in groupby(files, key=lambda one: one.student):
        set_aside: list[FoundFile] = []
        for file in _assign_unnamed(list(group), exercise, identify_again, course):
            one = _complete(parts, _read(file, identify, course))
            for remark in one.remarks:
                progress.note(gettext("{student}, {sentence}", student=str(student), sentence=remark))
            if student is not None and templates.set_aside(one.submission, one.program):
                set_aside.append(file)
            else:
                yield one
        for file in set_aside:
            one = _complete(parts, _read(file, identify_again, course))
            reason = templates.find_reason_to_leave_out(one.submission)
            yield replace(one, content=_describe_left_out(one, reason)) if reason else one


def _assign_unnamed(
    files: list[FoundFile], exercise: str | None, identify: ExerciseIdentifier, course: Course
) -> list[FoundFile]:
    """Return a student's files, those that say no exercise with the given one unless another file is of it.

    Of several scripts without a name, none is taken: which of them is the answer isn't known.
    """
    if exercise is None or all(one.problem or one.stem_exercise for one in files):
        return files
    said = [_read(one, identify, course).content.exercise for one in files]
    if exercise in said:
        return files
    assigned = assign_exercise(files, exercise)
    if sum(old is not new and not is_main_file(old) for old, new in zip(files, assigned, strict=True)) > 1:
        return files
    return [new if not name else old for old, new, name in zip(files, assigned, said, strict=True)]


def _complete(parts: FileParts, one: _ReadFile) -> _ReadFile:
    """Return a set of files with the earlier parts of it."""
    if one.submission is None:
        return one
    new, remarks = parts.complete(one.submission)
    program = one.program if new.data == one.data else parse_submission(new.file_name, new.data)
    return replace(one, content=new, program=program, remarks=(*one.remarks, *remarks))


def _describe_left_out(one: _ReadFile, reason: str) -> IngestResult:
    shown = escape_unprintable(str(one.file.path))
    return IngestResult(one.content.student, one.content.exercise, left_out=reason, file=shown)


def identify_in(course: Course, progress: Progress) -> ExerciseIdentifier:
    """Return the function that identifies a file's exercise in a course, and notes what only its questions say."""

    def identify(program: ParsedSubmission, file: FoundFile) -> str:
        found = identify_exercise(program, file, course.exercises)
        if found.remark is not None:
            progress.note(found.remark)
        return found.name

    return identify


def identify_by_name(exercises: Sequence[str]) -> ExerciseIdentifier:
    """Return the function that identifies a file's exercise where only the exercises' names are known."""
    return lambda program, file: resolve_exercise(program, file, exercises)


def read_files(
    files: Iterable[FoundFile], identify: ExerciseIdentifier, course: Course | None = None
) -> Iterator[IngestResult | NewSubmission]:
    """Return each file's submission, or the reason why it isn't one, in order.

    Without a course, it isn't known which exercises ask for several files.
    """
    return (_read(one, identify, course).content for one in files)


def _is_wanted(one: FoundFile, student: str | None) -> bool:
    return student is None or (one.student is not None and normalize_nfc(one.student) == normalize_nfc(student))


def _read(one: FoundFile, identify: ExerciseIdentifier, course: Course | None) -> _ReadFile:
    """Read the submission in a file, or find the reason why it isn't one."""
    try:
        return _make_submission(one, identify, course)
    except UnreadableSubmission as error:
        return _ReadFile(one, IngestResult(one.student, one.stem_exercise or "", error=str(error)))


def _make_submission(one: FoundFile, identify: ExerciseIdentifier, course: Course | None) -> _ReadFile:
    shown = escape_unprintable(str(one.path))
    if one.problem:
        raise UnreadableSubmission(one.problem)
    if one.student is None:
        raise UnreadableSubmission(f"{shown}: the student is unknown. Name the file STUDENT__EXERCISE.ipynb")
    if len(one.student) > MAX_NAME_LENGTH:
        raise UnreadableSubmission(
            f"{shown}: the student's name is longer than {MAX_NAME_LENGTH} characters; shorten it"
        )
    data, remarks = one.read_with_remarks()
    file_name = escape_unprintable(one.file_name)
    program = _parse(one, data)
    exercise = identify(program, one) if program and not one.file_set else str(one.stem_exercise)
    if course and not one.file_set and (found := course.exercise(exercise)).files:
        data, file_name = wrap_file(found, file_name, data), exercise + SET_SUFFIX
        program = parse_submission(file_name, data)
    return _ReadFile(one, NewSubmission(one.student, exercise, data, file_name), program, remarks)


def _parse(one: FoundFile, data: bytes) -> ParsedSubmission | None:
    """Parse a file; None for one that can't be read and is recorded for the exercise in its name."""
    try:
        return parse_submission(one.file_name if one.file_set else str(one.path), data)
    except UnreadableSubmission:
        if one.stem_exercise is None:
            raise
        return None
