"""Wrong answers as learners write them, each with its faults, and what a student is told about them.

`golden/learner_answers.md` lists, for each answer, the faults that a teacher would name and the sentences that the
student is shown. It measures explanations: a person reviews it, and a sentence that isn't true of its answer is a bug.
The answers were written from what the questions ask for and from what learners get wrong, not from what the program can
explain; none may be changed to suit an explanation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from grader.core.questions.exercise import Course
from grader.core.report.report import QuestionReport, SubmissionInfo, build_report
from grader.core.text.numbers import format_points
from grader.grading.judge import Judge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from tests.reference.answer_corpus import (
    EXPLANATIONS,
    LearnerAnswer,
    Sentence,
    collect_sentences,
    has_rule_only,
    is_explained,
    is_said_not_attempted,
    read_answers,
)

ANSWERS = tuple(read_answers())
LEAST_ANSWERS, LEAST_COMBINED = 80, 60


@dataclass(frozen=True)
class Graded:
    """An answer, the report on its question, and what its student is told."""

    answer: LearnerAnswer
    question: QuestionReport
    sentences: list[Sentence]


@pytest.fixture(scope="module")
def graded(course: Course) -> list[Graded]:
    """Return all answers, judged with visible and hidden checks, by one judge for all."""
    with Sandbox(packages=course.packages, min_level=Level.SECCOMP) as sandbox:
        judge = Judge(course, sandbox, b"learner answers")
        return [_grade(answer, course, judge) for answer in ANSWERS]


def _grade(answer: LearnerAnswer, course: Course, judge: Judge) -> Graded:
    exercise, program = course.exercise(answer.exercise), answer.program
    grading = judge.judge(exercise, program)
    report = build_report(exercise, grading, SubmissionInfo(program=program))
    result = next(result for result in grading.questions if result.id == answer.question)
    question = next(question for question in report.questions if question.id == answer.question)
    return Graded(answer, question, collect_sentences(result, report))


def test_enough_answers() -> None:
    """There are enough answers, most of which combine faults."""
    assert len(ANSWERS) >= LEAST_ANSWERS
    assert sum(len(answer.faults) > 1 for answer in ANSWERS) >= LEAST_COMBINED


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer.question}-{answer.name}")
def test_faults_are_at_lines_of_code(answer: LearnerAnswer) -> None:
    """Each fault has a line that contains code, unless the answer was not attempted."""
    lines = ["", *answer.source.split("\n")]
    assert answer.faults
    assert [fault for fault in answer.faults if answer.is_attempted and not lines[fault.line].strip()] == []


def test_every_answer_loses_points(graded: list[Graded]) -> None:
    """No answer gets full marks, and a stub gets none."""
    assert [one.answer.name for one in graded if one.question.score >= one.question.max_score] == []
    assert [one.answer.name for one in graded if not one.answer.is_attempted and one.question.score > 0] == []


def test_table(graded: list[Graded], golden: Callable[[str, str], None]) -> None:
    """What students are told is what the golden file says."""
    golden("learner_answers.md", "\n".join([*_list_counts(graded), *_list_answers(graded)]))


def _list_counts(graded: list[Graded]) -> Iterator[str]:
    """Yield the table of counts by question."""
    yield "# What students are told about wrong answers\n"
    yield "An answer is explained if something is said of it beyond differing values or shapes, exceptions, and what an"
    yield "author's rule found (such as `Sample 3 occurs 2 times in the epoch`). `rule only` counts those of which a"
    yield "rule's sentence alone is said. The columns after it count kinds of explanations; an answer may have several."
    yield "Whether they are true and complete is for a person to review.\n"
    yield f"| question | answers | explained | rule only | {' | '.join(EXPLANATIONS)} | stubs | told as not attempted |"
    yield "|---" * (6 + len(EXPLANATIONS)) + "|"
    by_question: dict[str, list[Graded]] = {}
    for one in graded:
        by_question.setdefault(f"`{one.answer.question}`", []).append(one)
    for name, some in [*by_question.items(), ("all", graded)]:
        attempted = [one for one in some if one.answer.is_attempted]
        counts = [
            sum(is_explained(one.sentences) for one in attempted),
            sum(has_rule_only(one.sentences) for one in attempted),
            *(sum(any(s.kind == kind for s in one.sentences) for one in attempted) for kind in EXPLANATIONS),
        ]
        stubs = [one for one in some if not one.answer.is_attempted]
        told = sum(is_said_not_attempted(one.question) for one in stubs)
        yield f"| {name} | {len(attempted)} | {' | '.join(map(str, counts))} | {len(stubs)} | {told} |"
    yield ""


def _list_answers(graded: list[Graded]) -> Iterator[str]:
    """Yield each answer's faults and sentences."""
    for one in graded:
        answer, question = one.answer, one.question
        points = f"{format_points(question.score)} of {format_points(question.max_score)} points"
        yield f"## `{answer.question}/{answer.name}`: {points}, {question.state}\n"
        for fault in answer.faults:
            yield f"- fault in line {fault.line}: {fault.text}" if fault.line else f"- {fault.text}"
        if answer.coupled:
            yield f"- coupled: {answer.coupled}"
        yield "\nThe student is told:\n"
        for said in one.sentences:
            checks = f" ({said.visible} visible, {said.hidden} hidden)" if said.visible or said.hidden else ""
            yield f"- {said.kind}{checks}: {said.text}"
        yield ""
