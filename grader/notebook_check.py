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

from grader.cli.check import MARKS, PUBLIC_SECRET, by_message, loaded, points_of
from grader.core.errors import UsageError
from grader.core.judging.grade_question import judge_question
from grader.core.judging.missing_names import Absences
from grader.core.judging.reference_data import Bank, bank, fingerprint, made
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.question import Check, Question
from grader.core.report.report import Handed, QuestionReport, report
from grader.core.results.grading import Grading
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import say
from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.job import Action, Answer, Call, Job, Missing, Parse, Raised, Returned
from grader.core.wire.normalize_source import normal_form
from grader.core.wire.observe import observe
from grader.core.wire.submission import Cell, Program
from grader.core.wire.values import Value
from grader.course.bundle.read_bundle import Kit, kit_above
from grader.course.loader import bundled
from grader.course.po_files import language

_MOST: Final = 2**26
"""Bytes of an answer that are looked at."""


class NotAsked(UsageError):
    """`check` was called with something that can't be used; a notebook shows it as one line."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class Checked:
    """What there is to say of one question; a notebook shows it as a table, a terminal as text."""

    question: QuestionReport
    language: Language = ENGLISH

    def __repr__(self) -> str:
        mark, _ = MARKS[self.question.state]
        lines = [f"{mark} {self.question.id}  {points_of(self.question, self.language)}".rstrip()]
        lines += [f"    {mark} {says}" + (f"\n      → {told}" if told else "") for mark, says, told in self._rows()]
        return "\n".join(lines + [f"    {hint}" for hint in self._hints()])

    def _repr_html_(self) -> str:
        mark, _ = MARKS[self.question.state]
        title = html.escape(f"{mark} {self.question.title}  {points_of(self.question, self.language)}")
        rows = "".join(
            f"<tr><td>{mark}</td><td>{html.escape(says)}</td><td>{html.escape(told)}</td></tr>"
            for mark, says, told in self._rows()
        )
        hints = "".join(f"<p>{html.escape(hint)}</p>" for hint in self._hints())
        asked, found = (html.escape(self.language(one)) for one in (say("asked"), say("found")))
        head = f"<thead><tr><th></th><th>{asked}</th><th>{found}</th></tr></thead>"
        body = f"<caption>{title}</caption>{head}<tbody>{rows}</tbody>"
        return f'<table lang="{html.escape(self.language.code)}">{body}</table>{hints}'

    def _rows(self) -> Iterable[tuple[str, str, str]]:
        for message, checks in by_message(self.question, passed=True).items():
            for check in checks:
                mark = "✓" if str(check.verdict) == "passed" else "○" if str(check.verdict) == "not_attempted" else "✗"
                yield "…" if check.pending else mark, check.says, message if check is checks[-1] else ""

    def _hints(self) -> Iterable[str]:
        return dict.fromkeys(check.hint for check in self.question.checks if check.hint)


def check(question: str, *answers: object, exercise: str = "", lang: str = "") -> Checked:
    """Checks your answer to a question: its function (or functions), its variable's value, or its text.

    `exercise` tells which is meant where two have a question of that name; `lang` is the language of what is said, by
    default `GRADER_LANG` or the course's own. Raises NotAsked.
    """
    place = kit_above(Path.cwd() / "cell") or bundled()
    kit = loaded(place)
    speech = _language(kit.course, lang or os.environ.get("GRADER_LANG"))
    try:
        return _check(kit, speech, question, answers, exercise)
    except NotAsked as error:
        raise NotAsked(speech(error.says)) from None


def _language(course: Course, wanted: str | None) -> Language:
    try:
        return language(course, wanted)
    except UsageError as error:
        raise NotAsked(error.says) from None


def _check(kit: Kit, speech: Language, question: str, answers: tuple[object, ...], exercise: str) -> Checked:
    found = [e for e in kit.course.exercises if e.question(question) and exercise in ("", e.name)]
    if not found:
        known = ", ".join(q.id for e in kit.course.exercises for q in e.questions)
        raise NotAsked(say("there is no question {name}; choose one of: {names}", name=repr(question), names=known))
    asked = found[0].question(question)
    assert asked
    if not answers:
        raise NotAsked(say("give your answer too: {call}", call=f"check({question!r}, {asked.function or question})"))
    judged_by = kit.banks.get(found[0].name) or bank(found[0], PUBLIC_SECRET, visible_only=True)
    told = _checked(found[0], asked, judged_by, _named(asked, answers), kit.course.version, speech)
    return Checked(told, speech)


def _named(question: Question, answers: tuple[object, ...]) -> dict[str, object]:
    """The answers by the names that they are asked for by; functions of several by their own."""
    names = question.functions or question.variables or ("",)  # "": a text has no name
    if len(answers) > len(names):
        raise NotAsked(
            say("{question} takes {n}, not {given} answers", question=question.id, n=len(names), given=len(answers))
        )
    if len(names) == 1 or not all(map(callable, answers)):
        return dict(zip(names, answers, strict=False))
    return {str(getattr(answer, "__name__", "")): answer for answer in answers}


def _given(question: Question, namespace: Mapping[str, object]) -> Question:
    """The question as far as its functions are given. Raises NotAsked where none is."""
    if not question.functions:
        return question
    checks = tuple(c for c in question.checks if isinstance(c, Check) and question.function_of(c) in namespace)
    if not checks:
        raise NotAsked(
            say(
                "{question} asks for {names}, not for {given}",
                question=question.id,
                names=", ".join(question.functions),
                given=", ".join(namespace),
            )
        )
    return replace(question, checks=checks)


def _checked(
    exercise: Exercise,
    question: Question,
    judged_by: Bank,
    namespace: Mapping[str, object],
    version: str,
    speech: Language,
) -> QuestionReport:
    answers = {
        (request.question, request.check): _answer(request.actions, namespace)
        for request in judged_by.requests
        if request.question == question.id
    }
    program = Program((Cell(str(namespace.get("", "")), "markdown", "cell", question.id),), exercise.name)
    result = judge_question(_given(question, namespace), judged_by, answers, Absences(Job((), ()), ()), program)
    grading = Grading(exercise.name, version, "", fingerprint(PUBLIC_SECRET), "none", (result,))
    return report(exercise, grading, Handed(None, 1, program), speech).questions[0]


def _answer(actions: tuple[Action, ...], namespace: Mapping[str, object]) -> Answer:
    returned: list[Returned] = []
    for action in actions:
        name = action.function if isinstance(action, Call) else action.name
        if name not in namespace or (isinstance(action, Call) and not callable(namespace[name])):
            returned.append(Returned(raised=Missing(name)))
        elif isinstance(action, Call):
            returned.append(_called(action, namespace[name]))  # type: ignore[arg-type]  # it is callable
        else:
            returned.append(_read(namespace[name], parse=isinstance(action, Parse)))
    return Answer(returned=tuple(returned))


def _called(call: Call, function: Callable[..., Value]) -> Returned:
    args = [made(arg) for arg in call.args]
    before = [_sent(arg) for arg in copy.deepcopy(args)]
    observed = observe(function, args, call.locals)
    drawn = observe(list, (observed.value,)) if isinstance(observed.value, types.GeneratorType) else observed
    error = observed.error or drawn.error
    if isinstance(error, KeyboardInterrupt):  # the kernel was interrupted
        raise error
    after = [_sent(arg) for arg in args]
    return Returned(
        value=_sent(drawn.value),
        arguments=tuple(after) if call.arguments else None,
        locals={name: _sent(value) for name, value in observed.locals.items()},
        changed=tuple(i for i, (old, new) in enumerate(zip(before, after, strict=True)) if repr(old) != repr(new)),
        raised=_raised(error, function) if error else None,
    )


def _read(value: object, *, parse: bool) -> Returned:
    plain = list(value) if isinstance(value, set | frozenset) else value
    try:
        if parse and isinstance(plain, str):
            plain = normal_form(plain)
        elif parse and isinstance(plain, list | tuple):
            plain = [normal_form(item) if isinstance(item, str) else item for item in plain]
    except (SyntaxError, ValueError) as error:
        return Returned(raised=Raised(type(error).__name__, str(error)))
    if isinstance(plain, dict):
        plain = {key: list(item) if isinstance(item, set | frozenset) else item for key, item in plain.items()}
    return Returned(_sent(plain))


def _sent(value: Value) -> Value:
    """The value as it would come out of the sandbox."""
    return decode(encode(value, _MOST))


def _raised(error: BaseException, function: Callable[..., Value]) -> Raised:
    """The exception, with the innermost line of the file, or cell, that the function stands in."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    line, text, step = None, "", error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            line = step.tb_lineno
            text = linecache.getline(str(file), line).strip()
        step = step.tb_next
    blank = isinstance(error, NameError) and error.name == "____"
    return Raised(type(error).__name__, str(error), "", line, text, getattr(function, "__name__", ""), blank)
