"""The language of `checks.py`: questions, their checks, and known mistakes.

    softmax = code_question("softmax", title="Softmax", points=4, reference=solution.softmax)

    @softmax.check(points=4, repeat=5, hidden=True)
    def each_row_on_its_own(rng):
        \"""A batch is normalised row by row.\"""
        return rng.normal(size=(rng.integers(2, 9), 10))

    @softmax.mistake
    def whole_batch(u):
        \"""You divided by the sum over the whole batch.\"""
        return np.exp(u) / np.sum(np.exp(u))

    optimised_values = choice_question(
        "optimised_values", title="Optimised values", points=2,
        options={"X": "the input", "W": "the weights", "b": "the biases"}, right={"W", "b"},
    )

The functions return builders, which are mutable and exist only while a course is loaded; `freeze` converts them to the
dataclasses of `core.questions`. Every mistake in `checks.py` raises a CourseError with the file, the line, the question
and the right form.
"""

from grader.authoring.builder import QuestionBuilder, place
from grader.authoring.code_questions import CodeQuestion, argument, code_question, local, returned
from grader.authoring.fixed_answers import choice_question, matching_question, reading_question, text_question
from grader.authoring.value_questions import (
    call,
    call_if_defined,
    drawing_question,
    experiment_question,
    given,
    read,
    variables_question,
)
from grader.core.compare.curves import as_curve
from grader.core.compare.networks import Drawing
from grader.core.compare.networks import make_complete_network as Network
from grader.core.compare.tensors import Tolerance
from grader.core.text.messages import Message as Phrase
from grader.core.text.messages import gettext as say
from grader.core.text.messages import ngettext as say_n
from grader.core.wire.values import Code, Seed

__all__ = [
    "Code",
    "CodeQuestion",
    "Drawing",
    "Network",
    "Phrase",
    "QuestionBuilder",
    "Seed",
    "Tolerance",
    "argument",
    "as_curve",
    "call",
    "call_if_defined",
    "choice_question",
    "code_question",
    "drawing_question",
    "experiment_question",
    "given",
    "local",
    "matching_question",
    "place",
    "read",
    "reading_question",
    "returned",
    "say",
    "say_n",
    "text_question",
    "variables_question",
]
