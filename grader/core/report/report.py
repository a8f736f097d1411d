"""Everything that a page, the terminal or the JSON may show of one grading to its reader.

Only `core.report` converts a stored Grading to text, as `core.results.disclosure` allows for the reader, so that no
template can show hidden data by mistake.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from grader.core.questions.exercise import Exercise
from grader.core.questions.file_patterns import describe_missing, list_missing
from grader.core.questions.kinds.prose_cells import extract_text_answer
from grader.core.questions.kinds.registry import is_prose
from grader.core.questions.question import Question
from grader.core.report import sentences
from grader.core.report.blocked_access import list_blocked_access
from grader.core.report.check_report import CheckReport, build_check_report
from grader.core.report.closed_checks import find_visibly_wrong, limit_names
from grader.core.report.exception_text import describe_cell_label
from grader.core.report.mistake_offer import MendingEdit, offer_mistake
from grader.core.report.pictures import AnswerPicture
from grader.core.results.disclosure import Audience, Disclosure, HiddenDetail, Student, choose_disclosure
from grader.core.results.grading import Grading, QuestionResult
from grader.core.results.mark import Mark, apply_mark
from grader.core.results.policy import ScoreSheet
from grader.core.results.reason import Repair
from grader.core.results.verdict import Verdict
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import gettext
from grader.core.wire.submission import Cell, ParsedSubmission


@dataclass(frozen=True)
class QuestionReport:
    """One question: its checks, the student's code for it, and a person's mark, which replaces its score."""

    id: str
    kind: str
    title: str
    score: float
    max_score: float
    pending: float
    checks: tuple[CheckReport, ...]
    code: str = ""
    code_label: str = ""
    mark: Mark | None = None
    pictures: tuple[AnswerPicture, ...] = ()
    """The pictures in an answer in prose."""

    @property
    def is_prose(self) -> bool:
        """Whether the answer is prose, which `code` contains."""
        return is_prose(self.kind)

    @property
    def shown_checks(self) -> tuple[CheckReport, ...]:
        """The checks to show: with a mark, those without a verdict are left out, because the mark replaces them."""
        if self.mark is None:
            return self.checks
        return tuple(c for c in self.checks if not c.pending and c.verdict is not Verdict.GRADER_ERROR)

    @property
    def state(self) -> str:
        """The state of the question: `pending`, `right`, `not_attempted`, `partly` or `wrong`."""
        if self.mark is not None:
            return "right" if self.score >= self.max_score else "partly" if self.score > 0 else "wrong"
        verdicts = {check.verdict for check in self.checks}
        if self.pending or Verdict.GRADER_ERROR in verdicts:
            return "pending"
        if verdicts <= {Verdict.PASSED}:
            return "right"
        if verdicts == {Verdict.NOT_ATTEMPTED}:
            return "not_attempted"
        return "partly" if self.score > 0 else "wrong"


@dataclass(frozen=True)
class Report:
    """One student's graded and marked submission; `score_sheet` is the calculation of the score from all attempts."""

    student: str | None
    exercise: str
    title: str
    submission: int
    score: float
    max_score: float
    pending: float
    seed: str
    course_version: str
    sandbox: str
    elapsed_ms: float
    questions: tuple[QuestionReport, ...]
    cell_remarks: tuple[tuple[str, str], ...] = ()
    """(cell label, sentence) for cells that raised, were stopped, or requested something unavailable."""
    error: str | None = None
    score_sheet: ScoreSheet | None = None
    cells: tuple[Cell, ...] = ()
    """The submitted cells, labelled in the report's language; empty for a script."""
    refusals: tuple[str, ...] = ()
    """Sentences about blocked access of cells, for instructors."""
    edits: tuple[MendingEdit, ...] = ()
    """The edits that mend the answers, for instructors."""

    @property
    def has_grader_error(self) -> bool:
        """Whether the grader itself failed, so that the submission will be graded again."""
        return any(c.verdict is Verdict.GRADER_ERROR for q in self.questions for c in q.checks)

    def as_json(self) -> dict[str, object]:
        """Return the JSON object of one grading, whose keys are a documented contract."""
        data: dict[str, object] = {
            "student": self.student,
            "exercise": self.exercise,
            "submission": self.submission,
            "score": round(self.score, 6),
            "max_score": round(self.max_score, 6),
            "pending": round(self.pending, 6),
            "seed": self.seed,
            "course_version": self.course_version,
            "sandbox": self.sandbox,
            "elapsed_ms": round(self.elapsed_ms, 1),
            "questions": [_question_json(q) for q in self.questions],
        }
        if self.cell_remarks:
            data["cells"] = [{"cell": cell, "message": message} for cell, message in self.cell_remarks]
        if self.error is not None:
            data["error"] = self.error
        return data


def _question_json(question: QuestionReport) -> dict[str, object]:
    data: dict[str, object] = {
        "id": question.id,
        "kind": question.kind,
        "score": round(question.score, 6),
        "max_score": round(question.max_score, 6),
        "checks": [check.as_json() for check in question.checks],
    }
    if question.mark is not None:
        items = list(question.mark.items)
        data["mark"] = {"points": question.score, "comment": question.mark.comment, "items": items}
    return data


@dataclass(frozen=True)
class SubmissionInfo:
    """Data of a report that are not in the grading: student, submission, marks and score calculation."""

    student: str | None = None
    submission: int = 1
    program: ParsedSubmission = field(default_factory=lambda: ParsedSubmission(()))
    marks: Mapping[str, Mark] = field(default_factory=dict)
    score_sheet: ScoreSheet | None = None
    pictures: Mapping[str, tuple[AnswerPicture, ...]] = field(default_factory=dict)
    """The pictures in the answers in prose, by question."""


def build_report(
    exercise: Exercise,
    grading: Grading,
    submission: SubmissionInfo,
    language: Language = ENGLISH,
    audience: Audience = Student(),
) -> Report:
    """Build the report of a grading for its reader, in a language, with the exercise's current texts."""
    visibly_wrong = find_visibly_wrong(exercise, grading.questions)
    questions = tuple(
        _build_question_report(
            exercise.question(q.id),
            q,
            submission,
            language,
            choose_disclosure(exercise.feedback, q.id, audience),
            visibly_wrong,
        )
        for q in grading.questions
    )
    return Report(
        student=submission.student,
        exercise=exercise.name,
        title=language(exercise.title),
        submission=submission.submission,
        score=sum((q.score for q in questions), 0.0),
        max_score=grading.max_score,
        pending=sum((q.pending for q in questions), 0.0),
        seed=grading.seed,
        course_version=grading.course_version,
        sandbox=grading.sandbox,
        elapsed_ms=grading.elapsed_ms,
        questions=questions,
        cell_remarks=(
            *_list_file_remarks(exercise, submission.program, language),
            *(
                (language(describe_cell_label(cell.label)), s)
                for cell in grading.cells
                for s in sentences.cell_sentences(cell, language)
            ),
        ),
        score_sheet=submission.score_sheet,
        cells=() if submission.program.statement_by_statement else _label_cells(submission.program, language),
        edits=tuple(dict.fromkeys(e for q in grading.questions for e in _list_edits(exercise.question(q.id), q))),
        refusals=tuple(dict.fromkeys(s for cell in grading.cells for s in list_blocked_access(cell))),
    )


def _list_file_remarks(exercise: Exercise, program: ParsedSubmission, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the sentences about files of a set that are missing or can't be read, each with a heading."""
    missing = list_missing(exercise.files, program.paths) if program.paths else []
    for sentence in ([describe_missing(missing)] if missing else []) + list(program.problems):
        yield language(gettext("files")), language(sentence)


def build_error_report(student: str | None, exercise: str, error: str, max_score: float = 0.0) -> Report:
    """Build the report of a file that could not be read or graded."""
    return Report(student, exercise, exercise, 0, 0.0, max_score, 0.0, "", "", "", 0.0, (), error=error)


def _build_question_report(
    question: Question | None,
    result: QuestionResult,
    submission: SubmissionInfo,
    language: Language,
    shown: Disclosure,
    visibly_wrong: Collection[str],
) -> QuestionReport:
    mark = submission.marks.get(result.id)
    score, pending = apply_mark(result, mark)
    code, label = find_own_code(question, submission.program) if question else ("", "")
    checks = {check.name: check for check in question.checks} if question else {}
    is_closed = shown.hidden < HiddenDetail.EXPLANATIONS
    results = limit_names(result.checks, visibly_wrong) if is_closed else result.checks
    reports = [build_check_report(question, checks.get(c.name), c, label, language, shown) for c in results]
    return QuestionReport(
        id=result.id,
        kind=result.kind,
        title=language(question.title) if question else result.id,
        score=score,
        max_score=result.max_score,
        pending=pending,
        checks=tuple(reports if mark is None else map(_drop_pending_message, reports)),
        code=code,
        code_label=language(describe_cell_label(label)) if label else "",
        mark=mark,
        pictures=submission.pictures.get(result.id, ()),
    )


def _label_cells(program: ParsedSubmission, language: Language) -> tuple[Cell, ...]:
    """Return the cells under the names by which sentences and questions refer to them."""
    return tuple(replace(cell, label=language(describe_cell_label(cell.label))) for cell in program.cells)


def _list_edits(question: Question | None, result: QuestionResult) -> Iterator[MendingEdit]:
    for check in result.checks if question is not None else ():
        for one in check.explanations:
            if isinstance(one, Repair) and question is not None:
                yield from (offer_mistake(question, check.name, edit) for edit in one.edits)


def _drop_pending_message(check: CheckReport) -> CheckReport:
    """Return a check of a marked question: what waited for a person doesn't wait any more."""
    return replace(check, message="") if check.pending else check


def find_own_code(question: Question, program: ParsedSubmission) -> tuple[str, str]:
    """Return a student's code for a question, and its cell's label: the last cell that defines a name asked for.

    Without such a cell, it is the last one marked with the question. For an answer in prose, it is the text.
    """
    marked = [cell for cell in program.cells if cell.question == question.id]
    if question.kind.is_prose:
        return extract_text_answer(program, question.id), marked[-1].label if marked else ""
    names = "|".join(map(re.escape, (*question.functions, *question.variables)))
    makes = re.compile(rf"\bdef (?:{names})\(|^[ \t]*(?:{names})\b[^=\n]*=(?!=)", re.MULTILINE)
    making = [cell for cell in program.cells if names and cell.kind != "markdown" and makes.search(cell.source)]
    chosen = making or marked
    return (chosen[-1].source, chosen[-1].label) if chosen else ("", "")
