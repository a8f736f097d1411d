"""The common part of all question builders: source location, points, names, and errors with the author's line."""

import inspect
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePath
from typing import Any, Final

from grader.core.errors import CourseError
from grader.core.questions.checks import AnyCheck
from grader.core.questions.question import Question
from grader.core.text.source_location import SourceLocation
from grader.core.wire.job import Limits

_CREATED: Final[ContextVar["list[QuestionBuilder] | None"]] = ContextVar("created", default=None)
_HERE: Final = str(PurePath(__file__).parent)


def place() -> SourceLocation:
    """Return the line of the author's file that is being executed: the nearest caller outside this package."""
    frame = sys._getframe(1)
    while str(PurePath(frame.f_code.co_filename).parent) == _HERE and frame.f_back is not None:
        frame = frame.f_back
    return SourceLocation(frame.f_code.co_filename, frame.f_lineno)


@contextmanager
def record_questions() -> Iterator["list[QuestionBuilder]"]:
    """Yield a list to which every question is added that is declared in this context."""
    created: list[QuestionBuilder] = []
    token = _CREATED.set(created)
    try:
        yield created
    finally:
        _CREATED.reset(token)


class QuestionBuilder:
    """A question that is being declared. Every question has `id`, `title` and `points`."""

    def __init__(self, question: str, title: str, points: float) -> None:
        self.id = question
        self.place = place()
        self._title = title
        self._points = points
        if not isinstance(question, str) or not question.isidentifier():
            raise self._error(f"a question's id is one word such as 'softmax', not {question!r}")
        if not isinstance(title, str) or not title.strip():
            raise self._error('it needs a title: write title="…"')
        self._require_points(points)
        if (created := _CREATED.get()) is not None:
            created.append(self)

    def freeze(self) -> Question:
        """Return the question as data. Raises CourseError if it is incomplete."""
        raise NotImplementedError

    def _error(self, text: str, at: SourceLocation | None = None) -> CourseError:
        return CourseError(f"{at or place()}: question {self.id}: {text}")

    def _require_points(self, points: object, least: str = "above 0") -> None:
        number = isinstance(points, int | float) and not isinstance(points, bool)
        low = 0 if least == "from 0" else sys.float_info.min
        if not number or not low <= points < math.inf:  # type: ignore[operator]  # `number` says it is one
            raise self._error(f"points are a number {least}, not {points!r}")

    def _require_sum(self, checks: Mapping[str, AnyCheck], advice: str) -> None:
        """Raise CourseError if there are no checks, or if their points don't add up to the question's."""
        if not checks:
            raise self._error(f"it has no checks: {advice}", self.place)
        total = math.fsum(check.points for check in checks.values())
        if not math.isclose(total, self._points):
            stated = f"points={self._points:g} is declared, but its checks add up to {total:g}"
            raise self._error(f"{stated}: make them equal", self.place)

    def _require_limits(self, limits: Mapping[str, Any]) -> None:
        try:
            Limits().with_changes(limits)
        except (ValueError, AttributeError) as error:
            raise self._error(f"limits={limits!r}: {error}") from error

    def _require_variable(self, name: object) -> None:
        if not isinstance(name, str) or not name.isidentifier():
            raise self._error(f"a variable is one word such as {self.id!r}, not {name!r}")

    def _require_docstring(self, function: object, what: str, meaning: str) -> tuple[str, str]:
        """Return a decorated function's name and its docstring on one line. Raise CourseError if it has none."""
        if not inspect.isfunction(function) and not inspect.isclass(function):
            raise self._error(f"@{self.id}.{what} stands above a function, not above {function!r}")
        doc = " ".join(inspect.cleandoc(vars(function).get("__doc__") or function.__doc__ or "").split())
        if not doc:
            raise self._error(f"the {what} {function.__name__} has no docstring: write {meaning}")
        return function.__name__, doc

    def _require_new(self, name: str, known: Mapping[str, object], what: str) -> None:
        if name in known:
            raise self._error(f"there are two {what}s named {name!r}: rename one of them")
