"""Marking as a use case: the queue, the rubric, proposals, and a table that is exported and imported.

Covers `services/marks_table.py`, `formats/row_count.py` and `store/tables/queue.py`.
"""

import base64
import csv
import io
from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.pictures import Picture, UnshownPicture
from grader.core.text.language import ENGLISH
from grader.course.loader import load_course
from grader.formats.row_count import RowCount
from grader.sandbox.level import Level
from grader.services import marks
from grader.services.grade import find_submissions_to_grade, grade_submissions
from grader.services.grading_run import GradeRequest, GradingOptions
from grader.services.marks import MarkFilter
from grader.services.marks_table import export_marks, format_proposal, import_marks
from grader.services.reports import report_grading_with_code
from grader.store import NewMark, Store
from tests.formats.pictures.samples import make_image, save

LEFT_OUT = {"without points and items": 0, "with a comment, but without points and items": 0}
SOLUTION = """

# %% [markdown] question="why"
# ### BEGIN SOLUTION
# Because it grows.
# ### END SOLUTION
"""
CHECKS = """

from grader.authoring import text_question

RUBRIC = {"It grows; always": 1.5, "By how much": 0.5}
why = text_question("why", title="Why?", points=2, rubric=RUBRIC, ideal="Because it grows.")
"""


@pytest.fixture
def course(course_folder: Path) -> Course:
    """Return the small course with a question that a person marks."""
    folder = course_folder / "reference" / "doubling"
    for name, more in (("solution.py", SOLUTION), ("checks.py", CHECKS)):
        (folder / name).write_text((folder / name).read_text() + more)
    return load_course(course_folder)


def hand_in(store: Store, course: Course, student: str, answer: str) -> int:
    """Record and grade an answer of a student, and return its id."""
    source = f'# %%\ndef twice(x):\n    return x + x\n\n# %% [markdown] question="why"\n# {answer}\n'
    id = store.record(student, "doubling", source.encode(), "doubling.py").id
    wanted = GradeRequest()
    options = GradingOptions(1, Level.FULL, Level.SECCOMP)
    grade_submissions(store, course, find_submissions_to_grade(store, course, None, wanted), wanted, options)
    return id


def test_an_answer_has_its_pictures(store: Store, course: Course) -> None:
    """Whoever marks sees the pictures beside the text, and so does the student's report."""
    picture = base64.b64encode(save(make_image("L"), "png")).decode()
    id = hand_in(store, course, "ada", f"See ![x](data:image/png;base64,{picture}) and ![y](y.png).")
    (answer,) = marks.load_answers(store, course, id)
    assert answer.text == "See ![x](picture) and ![y](y.png)."
    shown, missing = answer.pictures
    assert isinstance(shown, Picture)
    assert (shown.width, shown.height) == (37, 21)
    assert isinstance(missing, UnshownPicture)
    (graded,) = store.iterate_graded(ids=[id])
    report = report_grading_with_code(store, course, graded, ENGLISH)
    assert [question.pictures for question in report.questions] == [(), answer.pictures]


def test_the_queue_has_waiting_answers(store: Store, course: Course) -> None:
    """An answer waits until it is marked; with pseudonyms no name is shown."""
    id = hand_in(store, course, "ada", "It grows.")
    (one,) = marks.list_queue(store, course, MarkFilter())
    assert (one.name, one.to_mark.submission.id, one.to_mark.question) == ("ada", id, "why")
    (hidden,) = marks.list_queue(store, course, MarkFilter(anonymous=True))
    assert hidden.name == store.pseudonym("ada")
    assert marks.set_mark(store, course, NewMark(id, "why", 1.0))
    assert not marks.set_mark(store, course, NewMark(id, "why", 1.0))
    assert marks.list_queue(store, course, MarkFilter()) == []
    assert len(marks.list_queue(store, course, MarkFilter(include_marked=True))) == 1
    assert len(marks.list_countable_answers(store, course)) == 1
    with pytest.raises(UsageError, match="halving"):
        marks.list_queue(store, course, MarkFilter("halving"))


def test_an_answer_comes_with_its_rubric(store: Store, course: Course) -> None:
    """The text is the submitted one; the items have their points; other questions have no answer to mark."""
    id = hand_in(store, course, "ada", "It grows, says ada.")
    (answer,) = marks.load_answers(store, course, id)
    assert "It grows, says ada." in answer.text
    assert answer.rubric == {"It grows; always": 1.5, "By how much": 0.5}
    with pytest.raises(UsageError, match="has no answer 'twice' to mark"):
        marks.load_answers(store, course, id, "twice")


def test_points_follow_from_the_rubric(store: Store, course: Course) -> None:
    """Items are named by number or words and add up; given points stand; with neither it is wrong use."""
    id = hand_in(store, course, "ada", "It grows.")
    ticked = marks.apply_rubric(store, course, NewMark(id, "why", None, "", ("1", "By how much", "2")))
    assert (ticked.points, ticked.items) == (2.0, ("It grows; always", "By how much"))
    assert marks.apply_rubric(store, course, NewMark(id, "why", 0.5, "", ("1",))).points == 0.5
    with pytest.raises(UsageError, match="tick a rubric item or enter points"):
        marks.apply_rubric(store, course, NewMark(id, "why", None))
    with pytest.raises(UsageError, match="'3' is not in the rubric of why: choose one of its items, 1 to 2"):
        marks.apply_rubric(store, course, NewMark(id, "why", None, "", ("3",)))
    with pytest.raises(UsageError, match=r"'9+' is not in the rubric of why"):  # Python reads no number as long as this
        marks.apply_rubric(store, course, NewMark(id, "why", None, "", ("9" * 5000,)))


def test_a_proposal_is_the_mark_of_an_earlier_attempt(store: Store, course: Course) -> None:
    """It is copied whole; a withdrawn mark can't be withdrawn again."""
    first = hand_in(store, course, "ada", "It grows.")
    marks.set_mark(store, course, NewMark(first, "why", None, "good", ("1",)))
    second = hand_in(store, course, "ada", "It grows. ")
    with pytest.raises(UsageError, match="no earlier attempt is marked"):
        marks.accept_proposal(store, hand_in(store, course, "bob", "It shrinks."), "why")
    one = marks.accept_proposal(store, second, "why")
    assert format_proposal(one) == "1.5 (attempt 1); It grows; always; good"
    assert marks.withdraw_mark(store, second, "why")
    assert not marks.withdraw_mark(store, second, "why")


def test_a_table_is_exported_and_imported(store: Store, course: Course) -> None:
    """It has a line per answer; filled in, it marks them, and importing it again changes nothing."""
    for student in ("ada", "bob"):
        hand_in(store, course, student, f"It grows, says {student}.")
    text, count = export_marks(store, course, MarkFilter())
    rows = list(csv.DictReader(io.StringIO(text)))
    assert count == len(rows) == 2
    filled = io.StringIO()
    writer = csv.DictWriter(filled, rows[0].keys())
    writer.writeheader()
    writer.writerows(row | {"points": "1.5"} for row in rows)
    data = filled.getvalue().encode()
    assert import_marks(store, data, lambda: course) == (2, RowCount(2, LEFT_OUT))
    assert import_marks(store, data, lambda: course) == (0, RowCount(2, LEFT_OUT))
    assert marks.list_queue(store, course, MarkFilter()) == []


def test_items_of_a_table_are_those_of_the_rubric(store: Store, course: Course) -> None:
    """A row with items and no points gets their sum, by number, words, or words with points; given points stand."""
    for student in ("ada", "bob", "eve", "kim"):
        hand_in(store, course, student, f"It grows, says {student}.")
    head = b"submission,question,points,items\n"
    rows = b"1,why,,1\n2,why,,By how much\n3,why,,It grows; always (1.5) | 2\n4,why,1,1\n"
    assert import_marks(store, head + rows, lambda: course)[0] == 4
    given = {id: found["why"] for id, found in store.marks.load([1, 2, 3, 4]).items()}
    assert [given[id].points for id in (1, 2, 3, 4)] == [1.5, 0.5, 2.0, 1.0]
    assert given[3].items == ("It grows; always", "By how much")
    for wrong in ("3", "it shrinks"):
        data = head + f"1,why,0,\n2,why,,{wrong}\n".encode()
        with pytest.raises(UsageError, match=f"line 3 of the marks: '{wrong}' is not in the rubric of why"):
            import_marks(store, data, lambda: course)
    assert store.marks.load([1])[1]["why"].points == 1.5
