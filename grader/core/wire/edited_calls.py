"""Calls of an edited function: what the student's own text tells is looked up once, for all its trials."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from grader.core.wire.assignments import Function
from grader.core.wire.edited_function import FunctionText, UneditableFunctionError, compile_text, replace_code
from grader.core.wire.edits.combine import apply_edits
from grader.core.wire.edits.edit import read_edit
from grader.core.wire.line_limit import LineLimit, may_repeat
from grader.core.wire.student_namespace import ExceptionFields, StudentNamespace
from grader.core.wire.values import Value


@dataclass(frozen=True)
class EditedNamespace:
    """A student's namespace while one function is edited, whose tree is that of the student's own text."""

    student: StudentNamespace
    text: FunctionText
    tree: Function | None
    limit: LineLimit | None = None
    """The limit of the lines that may run; None for a function that repeats nothing."""
    is_edited: ClassVar = True

    @property
    def namespace(self) -> Mapping[str, Any]:
        """Functions and variables by name."""
        return self.student.namespace

    @property
    def blanks(self) -> Collection[str]:
        """Names to which nothing but a `____` was assigned."""
        return self.student.blanks

    def begin_call(self, function: str, set_right: Mapping[str, Value], answered: Collection[str] = ()) -> None:
        """Prepare for a call of the function."""
        self.student.begin_call(function, set_right, answered)
        if self.limit is not None:
            self.limit.begin()

    def end_call(self) -> Sequence[str]:
        """End what `begin_call` began."""
        if self.limit is not None:
            self.limit.end()
        return self.student.end_call()

    def parse_function(self, function: object) -> Function | None:
        """Return the syntax tree of the student's own text."""
        return self.tree

    def find_text(self, function: object) -> FunctionText | None:
        """Return the student's own text."""
        return self.text

    def describe_met_blank(self) -> ExceptionFields | None:
        """Return the `____` that was used since the call began."""
        return self.student.describe_met_blank()

    def describe_exception(self, error: BaseException) -> ExceptionFields:
        """Return an exception of student code as a value."""
        return self.student.describe_exception(error)


@contextmanager
def edit_function(
    student: StudentNamespace, name: str, edits: Sequence[Any], max_lines: int
) -> Iterator[EditedNamespace]:
    """Edit a function for a while, during which it may run so many lines if it has a loop or calls itself.

    Raises UneditableFunctionError or ConflictingEditsError if the edits don't fit.
    """
    function = student.namespace.get(name)
    text = student.find_text(function)
    if text is None:
        raise UneditableFunctionError("the function's text can't be found")
    edited = apply_edits(text.source, [edit for one in edits if (edit := read_edit(one))])
    tree = student.parse_function(function)
    with replace_code(function, lambda flags: compile_text(text, edited, flags)) as changed:
        limit = LineLimit(changed.__globals__, max_lines) if max_lines and may_repeat(changed) else None
        yield EditedNamespace(student, text, tree, limit)
