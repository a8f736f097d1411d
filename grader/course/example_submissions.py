"""Sample submissions beside an exercise, each with the verdict that it must get.

    reference/NAME/submissions/VERDICT/QUESTION.py              an answer to one question; of several
    reference/NAME/submissions/VERDICT/QUESTION__WHAT.py        each says what it is

`passed` means full marks for the question, less what waits for a person. With every other verdict some check says that,
and points are lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.core.errors import CourseError
from grader.core.questions.exercise import Exercise
from grader.core.results.grading import QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.text.source_location import SourceLocation
from grader.core.wire.submission import ParsedSubmission
from grader.formats.read_submission import parse_submission

EXAMPLES_FOLDER: Final = "submissions"


@dataclass(frozen=True)
class ExampleSubmission:
    """One sample submission, and what it must get."""

    file: Path
    question: str
    verdict: Verdict
    program: ParsedSubmission

    def find_problem(self, result: QuestionResult) -> str | None:
        """What is wrong with a result of its question; None where it is what was foreseen."""
        got = {check.verdict for check in result.checks}
        full = result.score + result.pending >= result.max_score
        if self.verdict is Verdict.PASSED:
            if full and got == {Verdict.PASSED}:
                return None
        elif self.verdict in got and not full:
            return None
        names = ", ".join(sorted(got))
        return f"{SourceLocation(str(self.file))}: it got {names} and {result.score:g} of {result.max_score:g} points"


def read_example_submissions(exercise: Exercise) -> Iterator[ExampleSubmission]:
    """The sample submissions of an exercise, by name. Raises CourseError for one that lies where none can."""
    folder = Path(exercise.folder) / EXAMPLES_FOLDER
    for file in sorted(file for file in folder.rglob("*") if file.suffix in (".py", ".ipynb")):
        question = file.stem.partition("__")[0]
        verdicts = ", ".join(Verdict)
        if file.parent.parent != folder or file.parent.name not in list(Verdict):
            raise CourseError(
                f"{SourceLocation(str(file))}: a submission lies in submissions/VERDICT/, one of {verdicts}"
            )
        if not exercise.question(question):
            known = ", ".join(q.id for q in exercise.questions)
            raise CourseError(
                f"{SourceLocation(str(file))}: there is no question {question!r}; name it QUESTION.py: {known}"
            )
        yield ExampleSubmission(
            file, question, Verdict(file.parent.name), parse_submission(file.name, file.read_bytes())
        )
