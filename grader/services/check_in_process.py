"""Checking answers in this very process, as a notebook's cell does: one's own code, with copies of the inputs.

Nothing is recorded or sent, and there is no sandbox. To end a call that hangs, interrupt the kernel. Wrong answers that
nothing explains are diagnosed in another process.
"""

import linecache
import pickle
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from grader.core.errors import UsageError
from grader.core.judging.failed_calls import require_return
from grader.core.judging.grade_question import judge_question
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import (
    PUBLIC_SECRET,
    compute_reference_data,
    fingerprint_secret,
)
from grader.core.judging.unearned_points import UnearnedPoints
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.report.report import QuestionReport, SubmissionInfo, build_report
from grader.core.results.disclosure import Student
from grader.core.results.grading import Grading
from grader.core.text.language import Language
from grader.core.text.messages import gettext
from grader.core.wire.assignments import Function
from grader.core.wire.decode import decode
from grader.core.wire.edited_function import FunctionText
from grader.core.wire.encode_answer import encode_answer
from grader.core.wire.failed_operation import find_failed_operation
from grader.core.wire.job import Answer, Job, Request
from grader.core.wire.perform_actions import perform
from grader.core.wire.student_namespace import ExceptionFields
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.core.wire.values import Value
from grader.course.bundle.read_bundle import Bundle
from grader.sandbox.inside import tracebacks
from grader.sandbox.inside.function_source import find_text, parse_function
from grader.sandbox.job_messages import encode_request
from grader.sandbox.parse_answers import parse_answer
from grader.services.diagnose_in_child import diagnose_in_child

_ANSWER_OVERHEAD_BYTES: Final = 2**20
"""Bytes of an answer beside its values: names, lines, messages."""


def check_in_process(
    bundle: Bundle, exercise: Exercise, question: Question, answers: Mapping[str, object], language: Language
) -> QuestionReport:
    """Check the answers to one question, by the names that it asks for; a text has the name "".

    Raises UsageError if none of the functions that the question needs is among them, KeyboardInterrupt if the call was
    interrupted.
    """
    reference_data = bundle.reference_data.get(exercise.name) or compute_reference_data(
        exercise, PUBLIC_SECRET, visible_only=True
    )
    restricted = _restrict_to_given(question, answers)
    namespace = _AnswerNamespace(answers)
    performed = {
        (request.question, request.check): _perform_request(number, request, namespace)
        for number, request in enumerate(reference_data.requests)
        if request.question == question.id
    }
    program = ParsedSubmission((Cell(str(answers.get("", "")), "markdown", "cell", question.id),), exercise.name)
    origins = NameOrigins(Job((), ()), ())
    result = judge_question(restricted, reference_data, performed, origins, program)
    result = require_return(restricted, result, performed, origins)
    result = diagnose_in_child(bundle, exercise, answers, result)
    result = UnearnedPoints(exercise, reference_data).withhold(question, result)
    grading = Grading(exercise.name, bundle.course.version, "", fingerprint_secret(PUBLIC_SECRET), "none", (result,))
    reader = Student(now=datetime.now(UTC))
    return build_report(exercise, grading, SubmissionInfo(None, 1, program), language, reader).questions[0]


def _restrict_to_given(question: Question, namespace: Mapping[str, object]) -> Question:
    """Return the question with only the given functions. Raises UsageError if none is given."""
    if not question.functions:
        return question
    checks = tuple(c for c in question.checks if isinstance(c, Check) and question.function_of(c) in namespace)
    if not checks:
        raise UsageError(
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
    is_edited: bool = False
    _function: object = None

    def begin_call(self, function: str, set_right: Mapping[str, Value], answered: Collection[str] = ()) -> None:
        """Remember the function that is called. A visible check corrects and answers nothing."""
        self._function = self.namespace[function]

    def end_call(self) -> Sequence[str]:
        """Return that nothing was corrected."""
        return ()

    def parse_function(self, function: object) -> Function | None:
        """Return the syntax tree of a function; None if its text can't be found."""
        return parse_function(function)

    def find_text(self, function: object) -> FunctionText | None:
        """Return the text of a function; None if it can't be found."""
        return find_text(function)

    def describe_met_blank(self) -> ExceptionFields | None:
        """Return None: a blank that stops the function is described as its exception."""
        return None

    def describe_exception(self, error: BaseException) -> ExceptionFields:
        """Describe the exception as a value. Raises KeyboardInterrupt if the kernel was interrupted."""
        if isinstance(error, KeyboardInterrupt):
            raise error
        return _describe_exception(error, self._function)


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
    found["operation"] = find_failed_operation(error, lambda name: name == file, tracebacks.read_source)
    no_limit: ExceptionFields = {"memory": False, "wanted": None}  # a notebook's memory has none of ours
    return {**tracebacks.describe_exception(error), **found, **no_limit, "cell": ""}
