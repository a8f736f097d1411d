"""`grader marks`: from the queue to the page."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
HandIn = Callable[..., Path]

SOLUTION = """

# %% [markdown]
# Why does it grow?

# %% [markdown] question="why"
# *question: why*
#
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
def course(course_folder: Path) -> Path:
    """Return the small course with a question that a person marks."""
    folder = course_folder / "reference" / "doubling"
    for name, more in (("solution.py", SOLUTION), ("checks.py", CHECKS)):
        (folder / name).write_text((folder / name).read_text() + more)
    return course_folder


def _script(answer: str) -> str:
    return f'# %%\ndef twice(x):\n    return x + x\n\n# %% [markdown] question="why"\n# {answer}\n'


@pytest.fixture
def graded(grader: Command, hand_in: HandIn, course: Path) -> Path:
    """Grade ada and bob, whose answers wait for a mark. Return the course's folder."""
    for student in ("ada", "bob"):
        hand_in(student, _script(f"It grows, says {student}."))
    ran = grader("grade", "class", "--course", course, "--json")
    assert [(x["score"], x["pending"]) for x in ran.lines] == [(3.0, 2.0), (3.0, 2.0)]
    return course


def _queue(grader: Command, course: Path, *options: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = grader("marks", "queue", "--course", course, "--json", *options).lines
    return lines


def test_from_the_queue_to_the_page(grader: Command, graded: Path) -> None:
    """Items by number or words make the points; the page shows them; the queue is shorter; the score is final."""
    assert [(x["student"], x["question"], x["max_points"]) for x in _queue(grader, graded)] == [
        ("ada", "why", 2.0),
        ("bob", "why", 2.0),
    ]
    shown = grader("marks", "show", "1", "--course", graded)
    assert "It grows, says ada." in shown.out
    assert "1. [ ] 1.5  It grows; always" in shown.out
    assert re.search(r"question:\n +Why does it grow\?\n +answer:\n +It grows, says ada\.\n", shown.out)
    assert re.search(r"ideal answer:\n +Because it grows\.\n", shown.out)
    ran = grader(
        "marks", "set", "1", "why", "--item", "1", "--item", "By how much", "--comment", "Fine.", "--course", graded
    )
    assert (ran.code, ran.out) == (0, "marked\n")
    assert "1. [x] 1.5  It grows; always" in grader("marks", "show", "1", "why", "--course", graded).out
    assert [x["student"] for x in _queue(grader, graded)] == ["bob"]
    assert [x["points"] for x in _queue(grader, graded, "--marked")] == [2.0, None]
    (ada,) = grader("grade", "--student", "ada", "--course", graded, "--json").lines
    assert (ada["score"], ada["pending"]) == (5.0, 0.0)
    grader("report", "--to", "pages", "--course", graded)
    page = Path("pages/ada/doubling.html").read_text()
    assert "<li>By how much</li>" in page
    assert "Fine." in page


def test_a_mark_can_be_changed_and_taken_back(grader: Command, graded: Path) -> None:
    """The last mark holds."""
    assert grader("marks", "set", "1", "why", "0.5", "--course", graded).out == "marked\n"
    assert grader("marks", "set", "1", "why", "0.5", "--course", graded).out == "this mark is already recorded\n"
    assert grader("marks", "set", "1", "why", "1", "--course", graded).out == "marked\n"
    assert grader("marks", "set", "1", "why", "--withdraw", "--course", graded).out == "taken back\n"
    assert len(_queue(grader, graded)) == 2


def test_a_proposal_is_accepted_whole(grader: Command, hand_in: HandIn, graded: Path) -> None:
    """Points, items and comment of the earlier attempt are copied; without one, or once marked, one line says so."""
    at = ("--course", graded)
    refused = grader("marks", "set", "1", "why", "--proposed", *at)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "no earlier attempt is marked" in refused.err
    grader("marks", "set", "1", "why", "1.5", "--comment", "nearly", *at)
    hand_in("ada", _script("It grows twofold."))
    grader("grade", "class", *at)
    new = str(next(x["submission"] for x in _queue(grader, graded) if x["student"] == "ada"))
    assert grader("marks", "set", new, "why", "1", "--proposed", *at).code == 2
    assert grader("marks", "set", new, "why", "--proposed", *at).out == "marked as attempt 1: 1.5 of 2 points\n"
    shown = grader("marks", "show", new, *at).out
    assert "1.5 of 2 points" in shown
    assert "nearly" in shown
    assert "it is marked already" in grader("marks", "set", new, "why", "--proposed", *at).err


def test_a_new_attempt_shows_the_old_mark_as_a_proposal(grader: Command, hand_in: HandIn, graded: Path) -> None:
    """The new attempt waits for a mark; the first attempt keeps its own."""
    grader("marks", "set", "1", "why", "1.5", "--comment", "nearly", "--course", graded)
    hand_in("ada", _script("It grows twofold."))
    grader("grade", "class", "--course", graded)
    ada = next(x for x in _queue(grader, graded) if x["student"] == "ada")
    assert (ada["attempt"], ada["points"], ada["proposal"]) == (2, None, 1.5)
    assert "proposal: 1.5 (attempt 1); nearly" in grader("marks", "queue", "--course", graded).out


def test_the_queue_has_only_attempts_that_may_count(grader: Command, hand_in: HandIn, graded: Path) -> None:
    """The queue has the attempt that counts and the last allowed one, not one too many, whose mark would not count."""
    toml = graded / "reference" / "course.toml"
    toml.write_text(toml.read_text() + '\n[policy]\nattempts = 3\ncounts = "best"\n')
    for number in (2, 3, 4):
        hand_in("ada", _script(f"Attempt {number}.").replace("x + x", "x * x"))
        grader("grade", "class", "--course", graded)
    assert [(x["student"], x["attempt"]) for x in _queue(grader, graded)] == [("ada", 1), ("bob", 1), ("ada", 3)]
    all_of_them = [x["attempt"] for x in _queue(grader, graded, "--all-attempts", "--student", "ada")]
    assert all_of_them == [1, 2, 3, 4]


def test_a_table_is_exported_and_imported(grader: Command, graded: Path) -> None:
    """A table filled in with a spreadsheet marks once, however often it is read; a typing error marks nobody."""
    assert grader("marks", "export", "--to", "marks.csv", "--course", graded).out == "marks.csv: 2 answers\n"
    rows = list(csv.DictReader(io.StringIO(Path("marks.csv").read_text("utf-8-sig"))))
    assert [row["answer"] for row in rows] == ["It grows, says ada.", "It grows, says bob."]
    assert {(row["prompt"], row["rubric"], row["ideal"]) for row in rows} == {
        ("Why does it grow?", "It grows; always (1.5) | By how much (0.5)", "Because it grows.")
    }
    for row, points in zip(rows, ("1.5", "2"), strict=True):
        row |= {"points": points, "comment": "-well"}
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    Path("marks.csv").write_text(out.getvalue())
    assert grader("marks", "import", "marks.csv").out == "2 of 2 marks are new; 2 rows read, 2 taken, 0 left out\n"
    assert grader("marks", "import", "marks.csv").out == "0 of 2 marks are new; 2 rows read, 2 taken, 0 left out\n"
    assert [x["comment"] for x in _queue(grader, graded, "--marked")] == ["-well", "-well"]
    Path("items.csv").write_text("submission,question,points,items\n1,why,,2\n2,why,,\n")
    ran = grader("marks", "import", "items.csv", "--course", graded)
    assert ran.out == "1 of 1 mark is new; 2 rows read, 1 taken, 1 left out (without points and items)\n"
    grader("marks", "set", "1", "why", "1.5", "--comment", "-well", "--course", graded)
    Path("items.csv").write_text("submission,question,points,items\n1,why,,7\n")
    ran = grader("marks", "import", "items.csv", "--course", graded)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "line 2 of the marks: '7' is not in the rubric of why: choose one of its items, 1 to 2" in ran.err
    Path("marks.csv").write_text("submission,question,points\n1,why,0\n2,why,3\n")
    ran = grader("marks", "import", "marks.csv")
    assert (ran.code, ran.out) == (3, "")
    assert "3 points are out of range: give 0 to 2" in ran.err
    assert [x["points"] for x in _queue(grader, graded, "--marked")] == [1.5, 2.0]


def test_anonymous_marking_hides_names(grader: Command, graded: Path) -> None:
    """Pseudonyms replace names, the same in queue, answer and table; nothing else gives a name away."""
    hidden = [x["student"] for x in _queue(grader, graded, "--anonymous")]
    assert len(set(hidden)) == 2
    assert hidden == sorted(hidden)
    shown = grader("marks", "show", "1", "--anonymous", "--course", graded).out.replace("says ada", "")
    table = grader("marks", "export", "--anonymous", "--course", graded).out
    assert "ada" not in shown
    assert sum(name in shown for name in hidden) == 1
    assert [row["student"] for row in csv.DictReader(io.StringIO(table))] == hidden


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["set", "1", "why"], 2, "enter points, or tick rubric items"),
        (["set", "1", "why", "--item", "3"], 2, "'3' is not in the rubric of why"),
        (["set", "1", "why", "2.5"], 3, "2.5 points are out of range"),
        (["set", "9", "why", "1"], 3, "no graded submission has this question"),
        (["set", "9" * 24, "why", "1"], 2, "Invalid value for 'SUBMISSION'"),
        (["show", "9" * 24], 2, "Invalid value for 'SUBMISSION'"),
        (["show", "1", "twice"], 2, "submission 1 has no answer 'twice' to mark"),
        (["queue", "--exercise", "tripling"], 2, "there is no exercise 'tripling'"),
    ],
)
def test_a_mistyped_mark_changes_nothing(
    grader: Command, graded: Path, arguments: list[str], code: int, says: str
) -> None:
    """A mistyped command gives one line and changes nothing."""
    ran = grader("marks", *arguments, "--course", graded)
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
    assert says in ran.err
    assert len(_queue(grader, graded)) == 2
