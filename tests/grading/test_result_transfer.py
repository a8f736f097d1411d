"""Tests of packing gradings: the coordinator unpacks them unchanged, and repeated results are sent as numbers."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.verdict import Verdict
from grader.grading.result_transfer import MAX_REMEMBERED_QUESTIONS, GradingPacker, GradingUnpacker


def _question(number: int) -> QuestionResult:
    return QuestionResult(f"q{number}", "code", (CheckResult("c", Verdict.PASSED, number, number, False),))


def _grading(*questions: QuestionResult) -> Grading:
    return Grading("losses", "v", "0", "s", "full", questions)


@given(st.lists(st.lists(st.integers(0, 700), max_size=200), max_size=20))
def test_gradings_arrive_unchanged(batches: list[list[int]]) -> None:
    """Gradings arrive unchanged for any repetitions, however often both ends start again."""
    known = [_question(number) for number in range(701)]
    sender, receiver = GradingPacker(), GradingUnpacker()
    for numbers in batches:
        grading = _grading(*(known[number] for number in numbers))
        assert receiver.unpack(pickle.loads(pickle.dumps(sender.pack(grading)))) == grading


def test_a_repeated_result_is_the_same_object() -> None:
    """A result is sent whole once, then as a number; equal but distinct objects are both sent."""
    sender, receiver = GradingPacker(), GradingUnpacker()
    one, other = _question(1), _question(1)
    packed_gradings = [sender.pack(_grading(one)), sender.pack(_grading(other, one))]
    assert packed_gradings[1].questions == (other, 0)
    first, second = (receiver.unpack(packed) for packed in packed_gradings)
    assert second.questions[1] is first.questions[0]


def test_kept_results_are_bounded() -> None:
    """After the limit, results that were kept are no longer referenced."""
    sender = GradingPacker()
    one = _question(1)
    sender.pack(_grading(one))
    for number in range(MAX_REMEMBERED_QUESTIONS):
        sender.pack(_grading(_question(number)))
    assert sender.pack(_grading(one)).questions == (one,)
