"""What is packed by a worker is what its coordinator unpacks, and what comes again travels as a number."""

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
def test_what_arrives_is_what_was_sent(batches: list[list[int]]) -> None:
    """Whatever comes again, in whatever order, and however often both ends begin anew."""
    known = [_question(number) for number in range(701)]
    sender, receiver = GradingPacker(), GradingUnpacker()
    for numbers in batches:
        grading = _grading(*(known[number] for number in numbers))
        assert receiver.unpack(pickle.loads(pickle.dumps(sender.pack(grading)))) == grading


def test_what_comes_again_is_the_same_object() -> None:
    """Sent once as a whole, then as a number; equal results that are two objects are two."""
    sender, receiver = GradingPacker(), GradingUnpacker()
    one, other = _question(1), _question(1)
    parcels = [sender.pack(_grading(one)), sender.pack(_grading(other, one))]
    assert parcels[1].questions == (other, 0)
    first, second = (receiver.unpack(parcel) for parcel in parcels)
    assert second.questions[1] is first.questions[0]


def test_no_end_keeps_more_and_more() -> None:
    """After so many results nothing that was kept is referred to any more."""
    sender = GradingPacker()
    one = _question(1)
    sender.pack(_grading(one))
    for number in range(MAX_REMEMBERED_QUESTIONS):
        sender.pack(_grading(_question(number)))
    assert sender.pack(_grading(one)).questions == (one,)
