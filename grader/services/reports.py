"""Reports made from the records: of one grading or of each submission, in words; and the scores under the rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from grader.core.batches import split_into_batches
from grader.core.errors import UnreadableSubmission
from grader.core.questions.exercise import Course
from grader.core.report.report import Report, SubmissionInfo, build_error_report, build_report
from grader.core.results.disclosure import Audience, Instructor, Student
from grader.core.results.grading import Grading
from grader.core.results.policy import ScoreSheet, score_attempts
from grader.core.text.language import ENGLISH, Language
from grader.formats.answer_pictures import read_answer_pictures
from grader.formats.read_submission import parse_submission
from grader.services.ingest import IngestResult
from grader.store import GradedSubmission, Store, UnreadableResult

REPORTS_PER_BATCH: Final = 200
"""The number of gradings that are read at once."""

ScoreSheets = Mapping[tuple[str, str], ScoreSheet]
"""The calculation of each score, by student and exercise."""


def report_submissions(
    store: Store,
    course: Course,
    ingested: Sequence[IngestResult],
    anew: Mapping[int, Grading | UnreadableResult] | None = None,
) -> Iterator[Report]:
    """Yield an instructor's report of each file, in order, from its latest grading or from one that isn't recorded."""
    for page in split_into_batches((one for one in ingested if one.left_out is None), REPORTS_PER_BATCH):
        ids = {one.submission for one in page if one.submission is not None}
        graded = {one.submission.id: one for one in store.iterate_graded(ids=ids)}
        for one in page:
            found = graded.get(one.submission) if one.submission is not None else None
            if found and anew and found.submission.id in anew:
                found = replace(found, result=anew[found.submission.id])
            yield report_grading(course, found, audience=Instructor()) if found else _report_ungraded(course, one)


def describe_student(graded: GradedSubmission) -> Student:
    """Return the student of a submission as the reader of its report, now."""
    return Student(graded.submission.number, datetime.now(UTC))


def report_grading(
    course: Course, graded: GradedSubmission, language: Language = ENGLISH, audience: Audience = Student()
) -> Report:
    """Report a submission's result to a reader in words, without its code."""
    submission, result = graded.submission, graded.result
    if isinstance(result, UnreadableResult):
        report = build_error_report(submission.student, submission.exercise, result.error, result.max_score)
        return replace(report, submission=submission.number)
    return build_report(
        course.exercise(submission.exercise),
        result,
        SubmissionInfo(submission.student, submission.number, marks=graded.marks),
        language,
        audience,
    )


def _report_ungraded(course: Course, one: IngestResult) -> Report:
    full = next((e.max_score for e in course.exercises if e.name == one.exercise), 0.0)
    return build_error_report(
        one.student, one.exercise, one.error or "it could not be graded: run the command again", full
    )


def load_score_sheets(store: Store, course: Course, student: str | None = None) -> ScoreSheets:
    """Load the score calculations of everybody, or of one student, by (student, exercise)."""
    rules = {e.name: e.policy for e in course.exercises}
    return {
        (one.student, one.exercise): score_attempts(rules[one.exercise], one.attempts, one.extension, course.zone)
        for one in store.attempts(rules, student)
    }


def report_grading_with_code(
    store: Store, course: Course, graded: GradedSubmission, language: Language, audience: Audience = Student()
) -> Report:
    """Report a submission's result to a reader in words, with its code."""
    submission = graded.submission
    exercise = course.exercise(submission.exercise)
    title = language(exercise.title)
    if isinstance(graded.result, UnreadableResult):
        return replace(
            report_grading(course, graded, audience=audience),
            title=title,
            error=_explain_unreadable(store, graded, graded.result, language),
        )
    try:
        data = store.read_content(submission.id)
        program = parse_submission(submission.file_name, data)
    except UnreadableSubmission as error:  # it could be read when it was graded: the program has changed since
        return replace(report_grading(course, graded, language, audience), title=title, error=language(error.message))
    pictures = read_answer_pictures(submission.file_name, data, exercise.prose_questions)
    info = SubmissionInfo(submission.student, submission.number, program, graded.marks, pictures=pictures)
    return build_report(exercise, graded.result, info, language, audience)


def _explain_unreadable(store: Store, one: GradedSubmission, result: UnreadableResult, language: Language) -> str:
    """Return why a file can't be read: translated if it still fails for the recorded reason, else as recorded."""
    submission = one.submission
    try:
        parse_submission(submission.file_name, store.read_content(submission.id))
    except UnreadableSubmission as error:
        if str(error).rpartition(": ")[0] == result.error.rpartition(": ")[0]:  # the remedy may have another wording
            return language(error.message)
    return result.error
