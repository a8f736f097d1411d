"""Students take turns."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from grader.store import QueuedSubmission
from grader.web.processes.fair_queue import FairQueue

MANY = 1000


def _pending(*students: int) -> list[QueuedSubmission]:
    return [QueuedSubmission(id, student, "losses", "a.py") for id, student in enumerate(students, 1)]


def _order(turns: FairQueue) -> list[int]:
    order = []
    while (one := turns.next(MANY)) is not None:
        order.append(one.student)
    return order


def test_ten_files_of_one_wait_for_the_first_of_another() -> None:
    """The first to come goes first; then the others' first files come before the second one."""
    turns = FairQueue()
    turns.add(_pending(*[1] * 10, 2, 3))
    assert _order(turns)[:4] == [1, 2, 3, 1]


def test_running_submissions_count() -> None:
    """While a student's file is being graded, another's goes first, even one that came later."""
    turns = FairQueue()
    turns.add(_pending(1, 1))
    first = turns.next(MANY)
    assert first is not None
    turns.begin(first)
    turns.add([QueuedSubmission(3, 2, "losses", "a.py"), QueuedSubmission(1, 1, "losses", "a.py")])
    assert [one.id for one in (turns.next(MANY), turns.next(MANY)) if one] == [3, 2]
    assert turns.next(MANY) is None


def test_one_student_never_has_more_than_a_share() -> None:
    """A student with as many running files as the share waits, even alone; the next one's file goes at once."""
    turns = FairQueue()
    turns.add(_pending(*[1] * 20))
    first = turns.next(1)
    assert first is not None
    turns.begin(first)
    assert turns.next(1) is None
    assert len(turns) == 19
    turns.add([QueuedSubmission(21, 2, "losses", "a.py")])
    second = turns.next(1)
    assert second is not None
    assert second.id == 21
    turns.end(first.id)
    assert (third := turns.next(1)) is not None
    assert third.student == 1


@given(st.lists(st.integers(1, 5), max_size=60))
def test_nobody_is_ever_two_ahead(students: list[int]) -> None:
    """Every file gets its turn once, and nobody is two turns ahead of a student who still waits."""
    turns = FairQueue()
    turns.add(_pending(*students))
    assert len(turns) == len(students)
    left, had = Counter(students), Counter[int]()
    for student in _order(turns):
        had[student] += 1
        left[student] -= 1
        waiting = [had[other] for other, count in left.items() if count]
        assert not waiting or had[student] - min(waiting) <= 1
    assert not +left
