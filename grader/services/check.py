"""Checking one's own work: the visible checks alone, with public inputs. Nothing is recorded or sent."""

import contextlib
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader.core.errors import GraderError, UnreadableSubmission, UsageError
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Course, Exercise
from grader.core.report.pictures import UnshownPicture
from grader.core.report.report import (
    Report,
    SubmissionInfo,
    build_error_report,
    build_report,
)
from grader.core.results.disclosure import Student
from grader.core.text.language import Language
from grader.core.text.messages import Message, as_message, gettext, ngettext
from grader.course.bundle.read_bundle import Bundle
from grader.course.po_files import choose_language, load_program_language
from grader.formats.answer_pictures import read_answer_pictures
from grader.formats.assemble_sets import FilePatterns, list_file_patterns
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import FoundFile, find_set_folder, find_submissions
from grader.formats.read_submission import SUBMISSION_SUFFIXES, parse_submission
from grader.grading.task_worker import Worker
from grader.grading.tasks import GradingConfig
from grader.sandbox.level import Level
from grader.services.course_folder import (
    choose_references,
    find_nearest_release,
    is_bundled_course,
    load_reference,
)
from grader.services.identify_exercise import IdentifiedExercise, assign_exercise, identify_exercise
from grader.services.progress import Progress


@dataclass(frozen=True)
class CheckedFile:
    """One file with its report and the remarks that go with it, all in `language`."""

    path: Path
    report: Report
    remarks: tuple[str, ...]
    language: Language
    judged_by: str = ""
    """The course or release that the file was checked against, where that isn't the nearest release."""
    saved: datetime | None = None
    """The moment when the file was saved, in this machine's time zone; None if that can't be read."""


def check_files(
    files: Sequence[Path], folder: Path | None, lang: str | None, progress: Progress, exercise: str | None = None
) -> Generator[CheckedFile]:
    """Check files against the course or release in `folder`, one result per file as soon as it is there.

    `exercise` is that of files whose names say none. Without a folder each file is checked against the release that it
    lies in; within the clone of this program also against the bundled course. The results are in the language that is
    asked for, else in the course's own. Raises UsageError where there is no file, or nothing to check it against.
    """
    by_folder: dict[Path, list[Path]] = {}
    with _translate_errors(load_program_language(lang or "en")):
        for file in files:
            if folder is None:
                _find_files([file], None)
            for place, one in choose_references(file, folder):
                by_folder.setdefault(place, []).append(one)
        for place, some in by_folder.items():
            yield from _check_against(load_reference(place, folder), some, lang, progress, exercise)


@contextlib.contextmanager
def _translate_errors(language: Language) -> Iterator[None]:
    """Translate the message of an error raised in this context."""
    try:
        yield
    except GraderError as error:
        raise type(error)(language(error.message), error.command_hint) from error


def _check_against(
    bundle: Bundle, files: Sequence[Path], lang: str | None, progress: Progress, exercise: str | None
) -> Iterator[CheckedFile]:
    course, language = bundle.course, choose_language(bundle.course, lang)
    with _translate_errors(language):
        if exercise is not None:
            course.exercise(exercise)
        found = assign_exercise(_find_files(files, course), exercise)
    config = GradingConfig(
        Path(course.folder), course.version, PUBLIC_SECRET, Level.FULL, Level.NONE, visible_only=True
    )
    with Worker(config, course, bundle.reference_data) as worker:
        if worker.level is Level.NONE:
            unsafe = gettext(
                "this check runs without a sandbox, which this machine does not support: check only your own code"
            )
            progress.note(language(unsafe))
        for one in found:
            saved = _read_saved_time(one.path)
            report, own_remarks = _check_file(worker, course, one, language, progress)
            remarks = tuple(language(remark) for remark in (*own_remarks, *_list_remarks(bundle, report)))
            judged_by = _name_reference(course, one.path, language)
            yield CheckedFile(one.path, report, remarks, language, judged_by, saved)


def _find_files(files: Sequence[Path], course: Course | None) -> list[FoundFile]:
    """Return the files to check, whose student needs no name here. Raises UsageError if there are none.

    A file of an exercise of several files stands for all of them.
    """
    exercises = course.exercise_names if course else ()
    wanted = list_file_patterns(course) if course else FilePatterns()
    places = [find_set_folder(file, wanted) or file for file in files]
    found = find_submissions(places, exercises, wanted=wanted)
    found = [replace(one, problem=None) if _is_readable(one) else one for one in found]
    if not found:
        where = ", ".join(escape_unprintable(str(file)) for file in files)
        raise UsageError(
            gettext("{where} has nothing to check: name a notebook (.ipynb) or a script (.py)", where=where)
        )
    return found


def _is_readable(one: FoundFile) -> bool:
    return one.path.suffix.lower() in SUBMISSION_SUFFIXES and os.path.isfile(one.path)


def _read_saved_time(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat(follow_symlinks=False).st_mtime).astimezone()
    except (OSError, ValueError, OverflowError):  # a moment that no calendar has
        return None


def _check_file(
    worker: Worker, course: Course, one: FoundFile, language: Language, progress: Progress
) -> tuple[Report, tuple[Message, ...]]:
    """Return a file's report, and remarks: how its exercise was recognized, and which pictures nobody will see."""
    try:
        data, set_remarks = one.read_with_remarks()
        program = parse_submission(one.file_name if one.file_set else str(one.path), data)
        found = (
            IdentifiedExercise(one.file_set.exercise)
            if one.file_set
            else identify_exercise(program, one, course.exercises)
        )
    except UnreadableSubmission as error:
        stem = one.stem_exercise
        points = _sum_visible_points(course.exercise(stem)) if stem else 0.0
        said = "; ".join(filter(None, (language(error.message), error.command_hint)))
        return build_error_report(None, stem or "", said, points), ()
    exercise = course.exercise(found.name)
    with progress.wait() as show:
        show(language(gettext("checking {file} …", file=escape_unprintable(one.path.name))))
        grading = worker.judge(found.name, program, lambda names: show(language(_describe_diagnosis(names))))
    reader = Student(now=datetime.now(UTC))
    report = build_report(exercise, grading, SubmissionInfo(None, 1, program), language, reader)
    recognized = () if found.remark is None else (found.remark,)
    return report, (*recognized, *map(as_message, set_remarks), *_list_unshown_pictures(one.file_name, data, exercise))


def _describe_diagnosis(functions: Sequence[str]) -> Message:
    """Say that the cause of wrong answers is looked for, which may take seconds."""
    names = ", ".join(f"`{one}`" for one in functions)
    return gettext("looking for the cause of what is wrong in {functions} …", functions=names)


def _list_unshown_pictures(name: str, data: bytes, exercise: Exercise) -> Iterator[Message]:
    """List the pictures of answers that whoever marks them will not see."""
    for question, pictures in read_answer_pictures(name, data, exercise.prose_questions).items():
        for picture in pictures:
            if isinstance(picture, UnshownPicture):
                yield gettext(
                    "{question}: the picture {name} can't be shown to the person who marks: {reason}",
                    question=question,
                    name=repr(picture.name),
                    reason=picture.reason,
                )


def _name_reference(course: Course, file: Path, language: Language) -> str:
    """Name the course that a file was checked against; "" for the nearest release, which needs no words."""
    nearest = find_nearest_release(file)
    if nearest is not None and os.path.samefile(nearest, course.folder):
        return ""
    title = language(course.title)
    if is_bundled_course(Path(course.folder)):
        return language(gettext("checked against the bundled course, {title}", title=title))
    return language(
        gettext("checked against {title}, in {folder}", title=title, folder=escape_unprintable(str(course.folder)))
    )


def _sum_visible_points(exercise: Exercise) -> float:
    return sum(c.points for q in exercise.questions for c in q.checks if not c.hidden)


def _list_remarks(bundle: Bundle, report: Report) -> Iterator[Message]:
    """List the differences between this check and grading: more checks, and errors carried forward."""
    for question, count in bundle.left_out.get(report.exercise, {}).items():
        yield ngettext(
            "{question}: one requirement is checked only during grading",
            "{question}: {n} requirements are checked only during grading",
            n=count,
            question=question,
        )
    if bundle.reference_data and report.questions:
        yield from _list_carried_questions(report, bundle.course.exercise(report.exercise))


def _list_carried_questions(report: Report, exercise: Exercise) -> Iterator[Message]:
    """List the questions for which only grading can tell errors that follow from an earlier one."""
    outputs: Mapping[str, set[str]] = {
        q.id: {c.output.label for c in q.checks if isinstance(c, Check)} for q in exercise.questions
    }
    for question in report.questions:
        if question.state in ("partly", "wrong") and len(outputs.get(question.id, ())) > 2:
            yield gettext(
                "{question}: in grading, a result that is wrong only because of an earlier error costs no points",
                question=question.id,
            )
