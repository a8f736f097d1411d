"""Calls of an edited function: what the student's own text tells is looked up once, for all its trials."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from grader.core.wire.assignments import Function
from grader.core.wire.edited_function import FunctionText, UneditableFunctionError, compile_text, replace_code
from grader.core.wire.edits.combine import apply_edits
from grader.core.wire.edits.edit import read_edit
from grader.core.wire.student_namespace import ExceptionFields, StudentNamespace
from grader.core.wire.values import Value


@dataclass(frozen=True)
class EditedNamespace:
    """A student's namespace while one function is edited, whose tree is that of the student's own text."""

    student: StudentNamespace
    text: FunctionText
    tree: Function | None
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

    def end_call(self) -> Sequence[str]:
        """End what `begin_call` began."""
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
def edit_function(student: StudentNamespace, name: str, edits: Sequence[Any]) -> Iterator[EditedNamespace]:
    """Edit a function for a while. Raises UneditableFunctionError or ConflictingEditsError if the edits don't fit."""
    function = student.namespace.get(name)
    text = student.find_text(function)
    if text is None:
        raise UneditableFunctionError("the function's text can't be found")
    edited = apply_edits(text.source, [edit for one in edits if (edit := read_edit(one))])
    tree = student.parse_function(function)
    with replace_code(function, lambda flags: compile_text(text, edited, flags)):
        yield EditedNamespace(student, text, tree)
