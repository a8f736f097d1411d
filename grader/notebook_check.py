"""`from grader import check` in a notebook: `check("softmax", softmax)` gives the feedback of `grader check`.

The function is called in this very process, with copies of the visible checks' inputs: it is your own code. Nothing is
recorded or sent. To end a call that hangs, interrupt the kernel.
"""

import html
import linecache
import os
import pickle
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from grader.core.errors import UsageError
from grader.core.judging.grade_question import judge_question
from grader.core.judging.missing_names import MissingNames
from grader.core.judging.reference_data import (
    PUBLIC_SECRET,
    ReferenceData,
    compute_reference_data,
    fingerprint_secret,
)
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.question import Question
from grader.core.report.report import QuestionReport, SubmissionInfo, build_report
from grader.core.results.grading import Grading
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import gettext
from grader.core.wire.decode import decode
from grader.core.wire.job import Answer, Job, Request
from grader.core.wire.perform_actions import ExceptionFields, encode_answer, perform
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.core.wire.values import Value
from grader.course.bundle.read_bundle import Bundle
from grader.course.po_files import choose_language, load_program_language
from grader.sandbox.inside import tracebacks
from grader.sandbox.job_messages import encode_request, parse_answer
from grader.services.check import STATE_SIGNS, format_question_points, group_by_message
from grader.services.course_folder import choose_references, load_course_or_bundle

_ANSWER_OVERHEAD_BYTES: Final = 2**20
"""Bytes of an answer beside its values: names, lines, messages."""


class CheckUsageError(UsageError):
    """`check` was called with something that can't be used; a notebook shows it as one line."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class NotebookFeedback:
    """The feedback on one question; a notebook shows it as a table, a terminal as text."""

    question: QuestionReport
    language: Language = ENGLISH

    def __repr__(self) -> str:
        mark = STATE_SIGNS[self.question.state]
        lines = [f"{mark} {self.question.id}  {format_question_points(self.question, self.language)}".rstrip()]
        lines += [f"    {mark} {says}" + (f"\n      → {told}" if told else "") for mark, says, told in self._rows()]
        return "\n".join(lines + [f"    {line}" for line in (*self._remarks(), *self._hints())])

    def _repr_html_(self) -> str:
        mark = STATE_SIGNS[self.question.state]
        title = html.escape(f"{mark} {self.question.title}  {format_question_points(self.question, self.language)}")
        rows = "".join(
            f"<tr><td>{mark}</td><td>{html.escape(says)}</td><td>{html.escape(told)}</td></tr>"
            for mark, says, told in self._rows()
        )
        hints = "".join(f"<p>{html.escape(hint)}</p>" for hint in (*self._remarks(), *self._hints()))
        asked, found = (html.escape(self.language(one)) for one in (gettext("asked"), gettext("found")))
        head = f"<thead><tr><th></th><th>{asked}</th><th>{found}</th></tr></thead>"
        body = f"<caption>{title}</caption>{head}<tbody>{rows}</tbody>"
        return f'<table lang="{html.escape(self.language.code)}">{body}</table>{hints}'

    def _rows(self) -> Iterable[tuple[str, str, str]]:
        for message, checks in group_by_message(self.question, passed=True).items():
            for check in checks:
                mark = "✓" if str(check.verdict) == "passed" else "○" if str(check.verdict) == "not_attempted" else "✗"
                yield "…" if check.pending else mark, check.says, message if check is checks[-1] else ""

    def _remarks(self) -> Iterable[str]:
        said = dict.fromkeys(remark for check in self.question.checks for remark in check.remarks)
        return [self.language(gettext("remark: {remark}", remark=remark)) for remark in said]

    def _hints(self) -> Iterable[str]:
        return dict.fromkeys(check.hint for check in self.question.checks if check.hint)


def check(question: str, *answers: object, exercise: str = "", lang: str = "") -> NotebookFeedback:
    """Check your answer to a question: its function (or functions), its variable's value, or its text.

    `exercise` selects one of several with a question of that name; `lang` is the language of the feedback, by default
    `GRADER_LANG` or the course's own. Raises CheckUsageError.
    """
    try:
        named = os.environ.get("GRADER_COURSE")
        (place, _), *_ = choose_references(Path.cwd() / "cell", Path(named) if named else None)
    except UsageError as error:
        raise CheckUsageError(
            load_program_language(lang or os.environ.get("GRADER_LANG") or "en")(error.message)
        ) from None
    bundle = load_course_or_bundle(place)
    language = _language(bundle.course, lang or os.environ.get("GRADER_LANG"))
    try:
        return _check(bundle, language, question, answers, exercise)
    except CheckUsageError as error:
        raise CheckUsageError(language(error.message)) from None


def _language(course: Course, lang: str | None) -> Language:
    try:
        return choose_language(course, lang)
    except UsageError as error:
        raise CheckUsageError(error.message) from None


def _check(
    bundle: Bundle, language: Language, question: str, answers: tuple[object, ...], exercise: str
) -> NotebookFeedback:
    found = [e for e in bundle.course.exercises if e.question(question) and exercise in ("", e.name)]
    if not found:
        known = ", ".join(q.id for e in bundle.course.exercises for q in e.questions)
        raise CheckUsageError(
            gettext("the question {name} does not exist; choose one of: {names}", name=repr(question), names=known)
        )
    asked = found[0].question(question)
    assert asked
    if not answers:
        raise CheckUsageError(
            gettext("the answer is missing: write {call}", call=f"check({question!r}, {asked.function or question})")
        )
    judged_by = bundle.reference_data.get(found[0].name) or compute_reference_data(
        found[0], PUBLIC_SECRET, visible_only=True
    )
    told = _check_answers(found[0], asked, judged_by, _name_answers(asked, answers), bundle.course.version, language)
    return NotebookFeedback(told, language)


def _name_answers(question: Question, answers: tuple[object, ...]) -> dict[str, object]:
    """Return the answers by the names that the question requires; several functions keep their own names."""
    names = question.functions or question.variables or ("",)  # "": a text has no name
    if len(answers) > len(names):
        raise CheckUsageError(
            gettext(
                "{question}: you gave {given} answers, but the limit is {n}",
                question=question.id,
                n=len(names),
                given=len(answers),
            )
        )
    if len(names) == 1 or not all(map(callable, answers)):
        return dict(zip(names, answers, strict=False))
    return {str(getattr(answer, "__name__", "")): answer for answer in answers}


def _restrict_to_given(question: Question, namespace: Mapping[str, object]) -> Question:
    """Return the question with only the given functions. Raises CheckUsageError if none is given."""
    if not question.functions:
        return question
    checks = tuple(c for c in question.checks if isinstance(c, Check) and question.function_of(c) in namespace)
    if not checks:
        raise CheckUsageError(
            gettext(
                "{question} needs {names}, not {given}",
                question=question.id,
                names=", ".join(question.functions),
                given=", ".join(namespace),
            )
        )
    return replace(question, checks=checks)


@dataclass
class _AnswerNamespace:
    """The answers by name, as the namespace in which requests are performed. It is your own code, in no sandbox.

    A blank whose exception your code swallows is not noticed here.
    """

    namespace: Mapping[str, object]
    blanks: Collection[str] = ()
    _function: object = None

    def begin_call(self, function: str, set_right: Mapping[str, Value]) -> None:
        """Remember the function that is called. A visible check corrects nothing before the call."""
        self._function = self.namespace[function]

    def end_call(self) -> Sequence[str]:
        """Return that nothing was corrected."""
        return ()

    def describe_met_blank(self) -> ExceptionFields | None:
        """Return None: a blank that stops the function is described as its exception."""
        return None

    def describe_exception(self, error: BaseException) -> ExceptionFields:
        """Describe the exception as a value. Raises KeyboardInterrupt if the kernel was interrupted."""
        if isinstance(error, KeyboardInterrupt):
            raise error
        return _describe_exception(error, self._function)


def _check_answers(
    exercise: Exercise,
    question: Question,
    judged_by: ReferenceData,
    namespace: Mapping[str, object],
    version: str,
    language: Language,
) -> QuestionReport:
    given = _AnswerNamespace(namespace)
    answers = {
        (request.question, request.check): _perform_request(number, request, given)
        for number, request in enumerate(judged_by.requests)
        if request.question == question.id
    }
    program = ParsedSubmission((Cell(str(namespace.get("", "")), "markdown", "cell", question.id),), exercise.name)
    result = judge_question(
        _restrict_to_given(question, namespace), judged_by, answers, MissingNames(Job((), ()), ()), program
    )
    grading = Grading(exercise.name, version, "", fingerprint_secret(PUBLIC_SECRET), "none", (result,))
    return build_report(exercise, grading, SubmissionInfo(None, 1, program), language).questions[0]


def _perform_request(number: int, request: Request, namespace: _AnswerNamespace) -> Answer:
    """Return the response to a request as the sandbox gives it, with copied inputs."""
    message = pickle.loads(encode_request(number, request))
    answer = perform(message["actions"], namespace)
    return parse_answer(decode(encode_answer(answer, request.limits.output, _ANSWER_OVERHEAD_BYTES)), request)


def _describe_exception(error: BaseException, function: object) -> ExceptionFields:
    """Describe the exception, with the innermost line of the function's file or cell."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    found: ExceptionFields = {"line": None, "text": "", "function": ""}
    step = error.__traceback__
    while step is not None:
        if (code := step.tb_frame.f_code).co_filename == file:
            text = linecache.getline(code.co_filename, step.tb_lineno).strip("\n")
            found = {"line": step.tb_lineno, "text": text, "function": code.co_name}
        step = step.tb_next
    no_limit: ExceptionFields = {"memory": False, "wanted": None}  # a notebook's memory has none of ours
    return {**tracebacks.describe_exception(error), **found, **no_limit, "cell": ""}
