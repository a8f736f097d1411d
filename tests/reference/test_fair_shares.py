"""One wrong line costs its share: where a question has several outputs, none of its lines costs more than half of it.

Every blank of the bundled course is filled in wrongly, in several ways, with all else right. `golden/fair_shares.md` is
the table of the points that are lost.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from grader.authoring.solution_script import BLANK_TEXT
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.question import Question
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.blanks import SourceCell
from grader.course.templates import read_source_cells
from grader.grading.judge import Judge
from tests.fake_runner import FakeRunner

FILLINGS: dict[str, Callable[[str], str]] = {
    "raises": lambda right: "1 / 0",
    "zero": lambda right: f"0 * ({right})",
    "sign": lambda right: f"-({right})",
    "plus one": lambda right: f"({right}) + 1",
    "`*` for a product": lambda right: re.sub(r"np\.dot\((.+?), (.+?)\)", r"(\1) * (\2)", right, count=1),
}
"""Wrong fillings of a blank: from the right expression to a wrong one."""


@dataclass(frozen=True)
class Line:
    """One blank: the solution's line, or the first one of a block, and the cell's text with another filling."""

    question: Question
    cell: int
    shown: str
    right: str
    is_block: bool
    fill: Callable[[str], str]


def list_lines(question: Question, number: int, cell: SourceCell) -> Iterator[Line]:
    """Yield the blanks of one cell of a question."""
    released, solved = cell.release_text.split("\n"), cell.solution_text.split("\n")
    start = 0
    for at, line in enumerate(released):
        end = start + 1
        if BLANK_TEXT in line:
            following = released[at + 1] if at + 1 < len(released) else None
            while line.strip().startswith(BLANK_TEXT) and end < len(solved) and solved[end] != following:
                end += 1
            before_blank = line.partition(BLANK_TEXT)[0]
            right = solved[start].split("  # ")[0].strip()

            def fill(wrong: str, lines: range = range(start, end), before: str = before_blank) -> str:
                return "\n".join([*solved[: lines.start], f"{before}{wrong}", *solved[lines.stop :]])

            yield Line(
                question, number, right, right[len(before_blank.lstrip()) :], line.strip().startswith(BLANK_TEXT), fill
            )
        start = end


def has_several_outputs(question: Question, blanks: int) -> bool:
    """Tell whether parts of the answer are judged on their own, and are written in lines of their own.

    A drawing is one answer, and so are the curves that one loop gives, although several checks judge them.
    """
    outputs = {
        (question.function_of(c), c.output.source, c.output.name, c.output.path) if isinstance(c, Check) else c.name
        for c in question.checks
    }
    return blanks > 1 and len(outputs) > 1 and question.id not in ("animal_classifier", "learning_rate_effect")


class Filler:
    """Judge an exercise's solution with one line filled in wrongly."""

    def __init__(self, course: Course, runner: FakeRunner, exercise: Exercise) -> None:
        self.cells = read_source_cells(exercise)
        self._course, self._runner, self._exercise = course, runner, exercise
        self._judges: dict[str, tuple[Judge, Exercise]] = {}

    def score(self, line: Line, wrong: str) -> float:
        """Return the score of the line's question."""
        question = line.question
        if question.id not in self._judges:
            alone = replace(self._exercise, questions=(question,))
            course = replace(self._course, exercises=(alone,))
            self._judges[question.id] = Judge(course, self._runner, b"fair shares", budget=None), alone
        judge, exercise = self._judges[question.id]
        sources = [
            Cell(line.fill(wrong) if number == line.cell else cell.solution_text, label=f"cell {number}")
            for number, cell in enumerate(self.cells)
            if cell.kind == "code" and cell.question in (None, question.id)
        ]
        return judge.judge(exercise, ParsedSubmission(tuple(sources), exercise.name)).score


@pytest.fixture(scope="module")
def lost(course: Course) -> dict[tuple[str, str, int], tuple[Line, dict[str, float]]]:
    """Return the points that each filling of each line loses, by exercise, question and number of the line."""
    runner = FakeRunner()
    table = {}
    for exercise in course.exercises:
        filler = Filler(course, runner, exercise)
        for question in exercise.questions:
            own = [(n, c) for n, c in enumerate(filler.cells) if c.question == question.id and c.kind == "code"]
            lines = [line for number, cell in own for line in list_lines(question, number, cell)]
            for number, line in enumerate(lines, 1):
                is_formula = question.kind.name == "code" and not line.is_block
                fillings = tuple(FILLINGS) if is_formula else ("raises",)
                table[exercise.name, question.id, number] = (
                    line,
                    {
                        name: question.max_score - filler.score(line, wrong)
                        for name in fillings
                        if (wrong := FILLINGS[name](line.right)) != line.right
                    },
                )
    return table


def test_no_line_costs_more_than_half(lost: dict[tuple[str, str, int], tuple[Line, dict[str, float]]]) -> None:
    """Where a question has several outputs, no wrong line costs more than half of its points."""
    counts = {key[:2]: sum(other[:2] == key[:2] for other in lost) for key in lost}
    unfair = {
        key: (line.shown, points)
        for key, (line, points) in lost.items()
        if has_several_outputs(line.question, counts[key[:2]]) and max(points.values()) > line.question.max_score / 2
    }
    assert unfair == {}


def test_every_line_counts(lost: dict[tuple[str, str, int], tuple[Line, dict[str, float]]]) -> None:
    """A line that raises costs points."""
    assert [key for key, (_, points) in lost.items() if points["raises"] <= 0] == []


def test_table(
    lost: dict[tuple[str, str, int], tuple[Line, dict[str, float]]], golden: Callable[[str, str], None]
) -> None:
    """The points that one wrong line loses are those of the table."""
    rows = ["| question | line | points | " + " | ".join(FILLINGS) + " |", "|---" * (3 + len(FILLINGS)) + "|"]
    for (_, question, _), (line, points) in lost.items():
        shown = line.shown.replace("|", "\\|")
        cells = [f"{points[name]:g}" if name in points else "" for name in FILLINGS]
        rows.append(f"| `{question}` | `{shown}` | {line.question.max_score:g} | {' | '.join(cells)} |")
    golden("fair_shares.md", "\n".join(rows) + "\n")
