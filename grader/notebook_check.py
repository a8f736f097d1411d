"""`from grader import check` in a notebook's cell: `check("softmax", softmax)` says what `grader check` says.

The function is called in this very process, with copies of the visible checks' inputs: it is your own code. Nothing is
recorded or sent. What hangs is ended as in any cell, by interrupting the kernel.
"""

import copy
import html
import linecache
import os
import types
from collections.abc import Callable, Iterable, Mapping
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
    materialize,
)
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.question import Question
from grader.core.report.report import QuestionReport, SubmissionInfo, build_report
from grader.core.results.grading import Grading
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import gettext
from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.job import Action, ActionResult, Answer, Call, ExceptionInfo, Job, MissingName, Parse
from grader.core.wire.normalize_source import normalize_source
from grader.core.wire.observe import observe
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.core.wire.values import Value
from grader.course.bundle.read_bundle import Bundle, find_bundle_folder
from grader.course.loader import bundled_course_folder
from grader.course.po_files import choose_language
from grader.services.check import STATE_SIGNS, format_question_points, group_by_message, load_course_or_bundle

_MAX_ANSWER_BYTES: Final = 2**26
"""Bytes of an answer that are looked at."""


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
        return "\n".join(lines + [f"    {hint}" for hint in self._hints()])

    def _repr_html_(self) -> str:
        mark = STATE_SIGNS[self.question.state]
        title = html.escape(f"{mark} {self.question.title}  {format_question_points(self.question, self.language)}")
        rows = "".join(
            f"<tr><td>{mark}</td><td>{html.escape(says)}</td><td>{html.escape(told)}</td></tr>"
            for mark, says, told in self._rows()
        )
        hints = "".join(f"<p>{html.escape(hint)}</p>" for hint in self._hints())
        asked, found = (html.escape(self.language(one)) for one in (gettext("asked"), gettext("found")))
        head = f"<thead><tr><th></th><th>{asked}</th><th>{found}</th></tr></thead>"
        body = f"<caption>{title}</caption>{head}<tbody>{rows}</tbody>"
        return f'<table lang="{html.escape(self.language.code)}">{body}</table>{hints}'

    def _rows(self) -> Iterable[tuple[str, str, str]]:
        for message, checks in group_by_message(self.question, passed=True).items():
            for check in checks:
                mark = "✓" if str(check.verdict) == "passed" else "○" if str(check.verdict) == "not_attempted" else "✗"
                yield "…" if check.pending else mark, check.says, message if check is checks[-1] else ""

    def _hints(self) -> Iterable[str]:
        return dict.fromkeys(check.hint for check in self.question.checks if check.hint)


def check(question: str, *answers: object, exercise: str = "", lang: str = "") -> NotebookFeedback:
    """Checks your answer to a question: its function (or functions), its variable's value, or its text.

    `exercise` tells which is meant where two have a question of that name; `lang` is the language of what is said, by
    default `GRADER_LANG` or the course's own. Raises NotAsked.
    """
    place = find_bundle_folder(Path.cwd() / "cell") or bundled_course_folder()
    kit = load_course_or_bundle(place)
    speech = _language(kit.course, lang or os.environ.get("GRADER_LANG"))
    try:
        return _check(kit, speech, question, answers, exercise)
    except CheckUsageError as error:
        raise CheckUsageError(speech(error.message)) from None


def _language(course: Course, wanted: str | None) -> Language:
    try:
        return choose_language(course, wanted)
    except UsageError as error:
        raise CheckUsageError(error.message) from None


def _check(
    kit: Bundle, speech: Language, question: str, answers: tuple[object, ...], exercise: str
) -> NotebookFeedback:
    found = [e for e in kit.course.exercises if e.question(question) and exercise in ("", e.name)]
    if not found:
        known = ", ".join(q.id for e in kit.course.exercises for q in e.questions)
        raise CheckUsageError(
            gettext("there is no question {name}; choose one of: {names}", name=repr(question), names=known)
        )
    asked = found[0].question(question)
    assert asked
    if not answers:
        raise CheckUsageError(
            gettext("give your answer too: {call}", call=f"check({question!r}, {asked.function or question})")
        )
    judged_by = kit.reference_data.get(found[0].name) or compute_reference_data(
        found[0], PUBLIC_SECRET, visible_only=True
    )
    told = _check_answers(found[0], asked, judged_by, _name_answers(asked, answers), kit.course.version, speech)
    return NotebookFeedback(told, speech)


def _name_answers(question: Question, answers: tuple[object, ...]) -> dict[str, object]:
    """The answers by the names that they are asked for by; functions of several by their own."""
    names = question.functions or question.variables or ("",)  # "": a text has no name
    if len(answers) > len(names):
        raise CheckUsageError(
            gettext("{question} takes {n}, not {given} answers", question=question.id, n=len(names), given=len(answers))
        )
    if len(names) == 1 or not all(map(callable, answers)):
        return dict(zip(names, answers, strict=False))
    return {str(getattr(answer, "__name__", "")): answer for answer in answers}


def _restrict_to_given(question: Question, namespace: Mapping[str, object]) -> Question:
    """The question as far as its functions are given. Raises NotAsked where none is."""
    if not question.functions:
        return question
    checks = tuple(c for c in question.checks if isinstance(c, Check) and question.function_of(c) in namespace)
    if not checks:
        raise CheckUsageError(
            gettext(
                "{question} asks for {names}, not for {given}",
                question=question.id,
                names=", ".join(question.functions),
                given=", ".join(namespace),
            )
        )
    return replace(question, checks=checks)


def _check_answers(
    exercise: Exercise,
    question: Question,
    judged_by: ReferenceData,
    namespace: Mapping[str, object],
    version: str,
    speech: Language,
) -> QuestionReport:
    answers = {
        (request.question, request.check): _answer(request.actions, namespace)
        for request in judged_by.requests
        if request.question == question.id
    }
    program = ParsedSubmission((Cell(str(namespace.get("", "")), "markdown", "cell", question.id),), exercise.name)
    result = judge_question(
        _restrict_to_given(question, namespace), judged_by, answers, MissingNames(Job((), ()), ()), program
    )
    grading = Grading(exercise.name, version, "", fingerprint_secret(PUBLIC_SECRET), "none", (result,))
    return build_report(exercise, grading, SubmissionInfo(None, 1, program), speech).questions[0]


def _answer(actions: tuple[Action, ...], namespace: Mapping[str, object]) -> Answer:
    returned: list[ActionResult] = []
    for action in actions:
        name = action.function if isinstance(action, Call) else action.name
        if name not in namespace or (isinstance(action, Call) and not callable(namespace[name])):
            returned.append(ActionResult(raised=MissingName(name)))
        elif isinstance(action, Call):
            returned.append(_call_function(action, namespace[name]))  # type: ignore[arg-type]  # it is callable
        else:
            returned.append(_read(namespace[name], parse=isinstance(action, Parse)))
    return Answer(returned=tuple(returned))


def _call_function(call: Call, function: Callable[..., Value]) -> ActionResult:
    args = [materialize(arg) for arg in call.args]
    before = [_pass_through_codec(arg) for arg in copy.deepcopy(args)]
    observed = observe(function, args, call.locals)
    drawn = observe(list, (observed.value,)) if isinstance(observed.value, types.GeneratorType) else observed
    error = observed.error or drawn.error
    if isinstance(error, KeyboardInterrupt):  # the kernel was interrupted
        raise error
    after = [_pass_through_codec(arg) for arg in args]
    return ActionResult(
        value=_pass_through_codec(drawn.value),
        arguments=tuple(after) if call.arguments else None,
        locals={name: _pass_through_codec(value) for name, value in observed.locals.items()},
        changed=tuple(i for i, (old, new) in enumerate(zip(before, after, strict=True)) if repr(old) != repr(new)),
        raised=_describe_exception(error, function) if error else None,
    )


def _read(value: object, *, parse: bool) -> ActionResult:
    plain = list(value) if isinstance(value, set | frozenset) else value
    try:
        if parse and isinstance(plain, str):
            plain = normalize_source(plain)
        elif parse and isinstance(plain, list | tuple):
            plain = [normalize_source(item) if isinstance(item, str) else item for item in plain]
    except (SyntaxError, ValueError) as error:
        return ActionResult(raised=ExceptionInfo(type(error).__name__, str(error)))
    if isinstance(plain, dict):
        plain = {key: list(item) if isinstance(item, set | frozenset) else item for key, item in plain.items()}
    return ActionResult(_pass_through_codec(plain))


def _pass_through_codec(value: Value) -> Value:
    """The value as it would come out of the sandbox."""
    return decode(encode(value, _MAX_ANSWER_BYTES))


def _describe_exception(error: BaseException, function: Callable[..., Value]) -> ExceptionInfo:
    """The exception, with the innermost line of the file, or cell, that the function stands in."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    line, text, step = None, "", error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            line = step.tb_lineno
            text = linecache.getline(str(file), line).strip()
        step = step.tb_next
    blank = isinstance(error, NameError) and error.name == "____"
    return ExceptionInfo(type(error).__name__, str(error), "", line, text, getattr(function, "__name__", ""), blank)
