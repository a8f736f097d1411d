"""Read the example submissions beside an exercise, each with the verdict that it must get.

    reference/NAME/submissions/VERDICT/QUESTION.py              an answer to one question
    reference/NAME/submissions/VERDICT/QUESTION__TOPIC.py       one of several answers to it, named by its topic

`passed` requires full marks for the question, except for points that a person gives. Any other verdict must be that of
at least one check, and the question must lose points.
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
    """One example submission, and the verdict that it must get."""

    file: Path
    question: str
    verdict: Verdict
    program: ParsedSubmission

    def find_problem(self, result: QuestionResult) -> str | None:
        """Describe the difference between a result of the question and the required verdict; None if there is none."""
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
    """Yield the example submissions of an exercise, by name. Raises CourseError for a file in a wrong place."""
    folder = Path(exercise.folder) / EXAMPLES_FOLDER
    for file in sorted(file for file in folder.rglob("*") if file.suffix in (".py", ".ipynb")):
        question = file.stem.partition("__")[0]
        verdicts = ", ".join(Verdict)
        if file.parent.parent != folder or file.parent.name not in list(Verdict):
            raise CourseError(
                f"{SourceLocation(str(file))}: a submission lies in submissions/VERDICT/, one of {verdicts}"
            )
        if not exercise.question(question):
            advice = "name it QUESTION__TOPIC.py, with QUESTION one of " + ", ".join(q.id for q in exercise.questions)
            raise CourseError(f"{SourceLocation(str(file))}: there is no question {question!r}: {advice}")
        yield ExampleSubmission(
            file, question, Verdict(file.parent.name), parse_submission(file.name, file.read_bytes())
        )
