"""The names that a student's code left behind, as those see them who perform requests."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from grader.core.wire.assignments import Function
from grader.core.wire.edited_function import FunctionText
from grader.core.wire.values import Value

ExceptionFields = dict[str, Any]
"""An exception as a value: the fields of `ExceptionInfo`, and whether memory ran out and how much was wanted."""


class StudentNamespace(Protocol):
    """The names that a student's code left behind, with the notes taken while its functions ran."""

    @property
    def namespace(self) -> Mapping[str, Any]:
        """Functions and variables by name."""

    @property
    def blanks(self) -> Collection[str]:
        """Names to which nothing but a `____` was assigned."""

    @property
    def is_edited(self) -> bool:
        """Whether the functions are edited for a while, so that only their values are of interest."""

    def begin_call(self, function: str, set_right: Mapping[str, Value], answered: Collection[str] = ()) -> None:
        """Prepare for a call of this function, with tensors by the label of the target that they replace.

        Calls of the `answered` functions may be answered by the grader.
        """

    def end_call(self) -> Sequence[str]:
        """End what `begin_call` began; return the labels of the targets that were replaced."""

    def parse_function(self, function: object) -> Function | None:
        """Return the syntax tree of a function; None if its text can't be found."""

    def find_text(self, function: object) -> FunctionText | None:
        """Return the text of a function; None if it can't be found."""

    def describe_met_blank(self) -> ExceptionFields | None:
        """Return the `____` that was used since the call began, even if the code swallowed its exception."""

    def describe_exception(self, error: BaseException) -> ExceptionFields:
        """Return an exception of student code as a value."""
