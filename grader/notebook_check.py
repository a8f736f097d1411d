"""`from grader import check` in a notebook: the feedback of `grader check` on functions, variables and texts in a cell.

    check("softmax")                  the function softmax that the notebook has defined
    check("softmax", other_name)      the same question, for another function
    check()                           every question whose answer is defined so far

The functions are called in this very process, with copies of the visible checks' inputs: it is your own code. Nothing
is recorded or sent. To end a call that hangs, interrupt the kernel. Where nothing known explains a wrong answer,
another process looks for the line at which it goes wrong and for small edits that mend it.
"""

import difflib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from grader.core.errors import GraderError, UsageError
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.question import Question
from grader.core.text.language import Language
from grader.core.text.messages import Message, gettext
from grader.course.bundle.format import CHECKS_FOLDER
from grader.course.bundle.read_bundle import Bundle
from grader.course.po_files import choose_language, load_program_language
from grader.feedback.cell_feedback import CellFeedback
from grader.services.check_in_process import check_in_process
from grader.services.course_folder import choose_references, load_reference


class CheckUsageError(UsageError):
    """`check` was called with something that can't be used; a notebook shows it as one line."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class CheckInterrupted(KeyboardInterrupt):
    """A check was interrupted; a notebook shows it as one line."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def check(
    question: object = None, *answers: object, exercise: str = "", lang: str = "", show: bool = True
) -> CellFeedback:
    """Check your answer to a question: its function (or functions), its variable's value, or its text.

    Without an answer, the names that the question asks for are taken from the notebook or script that calls; without a
    question, every question is checked whose answer is defined there. `exercise` selects one of several with a question
    of that name; `lang` is the language of the feedback, by default `GRADER_LANG` or the course's own. The feedback is
    returned and, unless `show` is false, shown. Raises CheckUsageError, or CheckInterrupted.
    """
    namespace = sys._getframe(1).f_globals
    wanted = lang or os.environ.get("GRADER_LANG")
    language = load_program_language(wanted or "en")
    try:
        bundle = _load_bundle()
        language = choose_language(bundle.course, wanted)
        feedback = _check(bundle, language, question, answers, exercise, namespace)
    except GraderError as error:
        raise CheckUsageError(language(error.message)) from None
    except KeyboardInterrupt:
        raise CheckInterrupted(language(gettext("the check was interrupted before it ended"))) from None
    if show:
        feedback.show()
    return feedback


def _check(
    bundle: Bundle,
    language: Language,
    question: object,
    answers: tuple[object, ...],
    exercise: str,
    namespace: Mapping[str, object],
) -> CellFeedback:
    if question is None:
        found = list(_find_defined(bundle.course, exercise, namespace))
        if not found:
            raise CheckUsageError(gettext("no answer is defined yet: run the cells that you have filled in first"))
    else:
        one, asked, answers = _find_question(bundle.course, question, answers, exercise)
        namespace = _find_in_modules(one, asked) | dict(namespace)
        found = [(one, asked, _name_answers(asked, answers) if answers else _take_answers(asked, namespace))]
    reports = [check_in_process(bundle, one, asked, given, language) for one, asked, given in found]
    return CellFeedback(tuple(reports), language)


def _find_in_modules(exercise: Exercise, question: Question) -> dict[str, object]:
    """Return a question's functions that lie in modules which the notebook has imported, by name."""
    found = {}
    for name in question.functions:
        dotted = exercise.files_by_name.get(name, "").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if hasattr(sys.modules.get(dotted), name):
            found[name] = getattr(sys.modules[dotted], name)
    return found


def _find_question(
    course: Course, question: object, answers: tuple[object, ...], exercise: str
) -> tuple[Exercise, Question, tuple[object, ...]]:
    """Return the exercise, the question and the answers that are meant; a function alone names its question."""
    name = question
    if callable(question) and not answers:
        name, answers = getattr(question, "__name__", ""), (question,)
    named = [e for e in course.exercises if exercise in ("", e.name)]
    if not named:
        problem = gettext("the exercise {name} does not exist", name=repr(exercise)[:80])
        raise CheckUsageError(_unknown(problem, str(exercise), [e.name for e in course.exercises]))
    if isinstance(name, str):
        pairs = [(one, asked) for one in named for asked in one.questions]
        by_id = [pair for pair in pairs if pair[1].id == name]
        for one, asked in by_id or [pair for pair in pairs if name in _names(pair[1])]:
            return one, asked, answers
    problem = gettext("the question {name} does not exist", name=repr(name)[:80])
    raise CheckUsageError(_unknown(problem, str(name), [q.id for e in named for q in e.questions]))


def _unknown(problem: Message, name: str, names: list[str]) -> Message:
    """Say that a name is unknown, with the nearest known one, or all of them."""
    if near := difflib.get_close_matches(name, names, 1):
        return gettext("{problem}; did you mean {name}?", problem=problem, name=repr(near[0]))
    return gettext("{problem}; choose one of: {names}", problem=problem, names=", ".join(names))


def _find_defined(
    course: Course, exercise: str, namespace: Mapping[str, object]
) -> Iterator[tuple[Exercise, Question, dict[str, object]]]:
    """Yield the questions whose answers are defined. A name of several exercises is taken for the one most defined."""
    defined = {
        e.name: {n for q in e.questions for n in _names(q) if n in namespace}
        for e in course.exercises
        if exercise in ("", e.name)
    }
    taken: set[str] = set()
    for name in sorted(defined, key=lambda one: -len(defined[one])):
        one = course.exercise(name)
        for question in one.questions:
            names = [n for n in _names(question) if n in defined[name] and n not in taken]
            if names and _is_answer(question, [namespace[n] for n in names]):
                yield one, question, {n: namespace[n] for n in names}
        taken |= defined[name]


def _names(question: Question) -> tuple[str, ...]:
    return tuple(question.functions or question.variables)


def _is_answer(question: Question, values: list[object]) -> bool:
    """Tell whether values are what a question asks for, and no modules or functions of a library of that name."""
    return all(map(callable, values)) if question.functions else not any(map(callable, values))


def _take_answers(question: Question, namespace: Mapping[str, object]) -> dict[str, object]:
    """Return the answers that the calling notebook has defined. Raises CheckUsageError if there are none."""
    names = _names(question)
    found = {name: namespace[name] for name in names if name in namespace}
    if not names:
        raise CheckUsageError(
            gettext("the answer is missing: write {call}", call=f'check("{question.id}", "your text")')
        )
    if not found:
        raise CheckUsageError(
            gettext("{name} is not defined yet: run the cell that defines it first", name=" / ".join(names))
        )
    _require_functions(question, found.values())
    return found


def _name_answers(question: Question, answers: tuple[object, ...]) -> dict[str, object]:
    """Return the answers by the names that the question requires; several functions keep their own names."""
    names = _names(question) or ("",)  # "": a text has no name
    if len(answers) > len(names):
        raise CheckUsageError(
            gettext(
                "{question}: you gave {given} answers, but the limit is {n}",
                question=question.id,
                n=len(names),
                given=len(answers),
            )
        )
    _require_functions(question, answers)
    if len(names) == 1 or not question.functions:
        return dict(zip(names, answers, strict=False))
    return {str(getattr(answer, "__name__", "")): answer for answer in answers}


def _require_functions(question: Question, answers: Iterable[object]) -> None:
    """Raise CheckUsageError if a question asks for functions and an answer is none."""
    if question.functions and not all(map(callable, answers)):
        raise CheckUsageError(
            gettext(
                "{question} checks a function, not a value: write {call}, without calling the function",
                question=question.id,
                call=f'check("{question.id}", {question.functions[0]})',
            )
        )


def _load_bundle() -> Bundle:
    """Return the release around the notebook, or the named one; it is read once, and again when its files change."""
    named = Path(folder) if (folder := os.environ.get("GRADER_COURSE")) else None
    (place, _), *_ = choose_references(Path.cwd() / "cell", named)
    return _load_unchanged(place, named, _stamp(place))


@lru_cache(maxsize=1)
def _load_unchanged(place: Path, named: Path | None, stamp: object) -> Bundle:
    return load_reference(place, named)


def _stamp(place: Path) -> object:
    """Return a value that changes when a release's or a course's files do."""
    files = [file for folder in (CHECKS_FOLDER, "reference") for file in sorted((place / folder).rglob("*.*"))]
    return tuple((file, found.st_mtime_ns, found.st_size) for file in files if (found := file.stat()))
