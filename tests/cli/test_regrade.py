"""`grader grade --regrade`: each score that changed, by how much, and by which check."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.store import NewMark, Store

Command = Callable[..., Any]
HandIn = Callable[..., Path]

WRONG = "def twice(x):\n    return x * x\n"
HALF = "import numpy as np\ndef twice(x):\n    return x + x if np.ndim(x) == 1 else x\n"


@pytest.fixture
def graded(grader: Command, hand_in: HandIn, course_folder: Path) -> Path:
    """Grade a class of three: ada is right, bob fails the table, cleo everything. Return the course's folder."""
    for student, source in (("ada", "def twice(x):\n    return 2 * x\n"), ("bob", HALF), ("cleo", WRONG)):
        hand_in(student, source)
    assert grader("grade", "class", "--course", course_folder).code == 0
    return course_folder


def _forgive(course: Path) -> None:
    """Change the course: a check that called the function with a table now calls it with a row."""
    checks = course / "reference" / "doubling" / "checks.py"
    text = checks.read_text().replace("rng.normal(size=(2, 3))", "rng.normal(size=2)")
    checks.write_text(text)


def _changes(ran: Any) -> dict[str, Any]:
    return {line["student"]: line["change"] for line in ran.lines}


def test_changed_scores_are_listed(grader: Command, graded: Path, url: str) -> None:
    """Only bob's score changes, by one check; everybody is regraded once, and every earlier grading is kept."""
    _forgive(graded)
    ran = grader("grade", "--regrade", "--course", graded, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert _changes(ran) == {
        "ada": None,
        "bob": {
            "before": 1.0,
            "after": 3.0,
            "difference": 2.0,
            "pending_before": 0.0,
            "pending_after": 0.0,
            "checks": [
                {
                    "question": "twice",
                    "check": "a_table",
                    "before": {"verdict": "wrong_answer", "points": 0.0},
                    "after": {"verdict": "passed", "points": 2.0},
                }
            ],
        },
        "cleo": None,
    }
    assert [line["score"] for line in ran.lines] == [3.0, 3.0, 0.0]
    with Store.open(url) as store:
        assert store.read_info().gradings == 6
        assert [e.what for e in store.history()] == ["regraded"]
    again = grader("grade", "--regrade", "--course", graded)
    assert again.out == "nothing to grade again: this version has graded everything\n"
    with Store.open(url) as store:
        assert store.read_info().gradings == 6


def test_points_that_moved_between_checks(grader: Command, graded: Path) -> None:
    """Students who passed both checks keep their sum; the one who passed only one gets another score."""
    checks = graded / "reference" / "doubling" / "checks.py"
    text = checks.read_text().replace("points=1)", "points=0)", 1).replace("points=2,", "points=1,")
    checks.write_text(text.replace("points=0)", "points=2)", 1))
    ran = grader("grade", "--regrade", "--course", graded)
    assert "ada  doubling, submission 1: 3 → 3 of 3 points (+0)\n" in ran.out
    assert "bob  doubling, submission 1: 1 → 2 of 3 points (+1)\n" in ran.out
    assert "cleo" not in ran.out
    assert ran.out.endswith("2 of 3 submissions changed, 1 of them in checks only, with the same score\n")


def test_changes_are_printed_for_people(grader: Command, graded: Path) -> None:
    """The output has a line per submission, one per check, and the number of changes."""
    _forgive(graded)
    ran = grader("grade", "--regrade", "--course", graded)
    assert ran.out == (
        "bob  doubling, submission 1: 1 → 3 of 3 points (+2)\n"
        "    twice / a_table: wrong answer 0 → passed 2\n"
        "1 of 3 submissions changed\n"
    )


def test_a_dry_run_records_nothing(grader: Command, graded: Path, url: str) -> None:
    """A dry run shows the same as the regrade, which can then still be done; the records are unchanged."""
    _forgive(graded)
    with Store.open(url) as store:
        before = list(store.iterate_graded())
    dry_run = grader("grade", "--regrade", "--dry-run", "--course", graded, "--json")
    with Store.open(url) as store:
        assert list(store.iterate_graded()) == before
        assert (store.read_info().gradings, store.history()) == (3, [])
    real = grader("grade", "--regrade", "--course", graded, "--json")
    assert _changes(dry_run) == _changes(real)
    assert [x["score"] for x in dry_run.lines] == [x["score"] for x in real.lines]


def test_only_one_student(grader: Command, graded: Path, url: str) -> None:
    """The other students wait for their own regrade."""
    _forgive(graded)
    assert set(_changes(grader("grade", "--regrade", "--student", "bob", "--course", graded, "--json"))) == {"bob"}
    with Store.open(url) as store:
        assert store.read_info().gradings == 4
    ran = grader("grade", "--regrade", "--exercise", "doubling", "--course", graded)
    assert ran.out == "0 of 2 submissions changed\n"


TWO = """

other = code_question("other", title="Other", points=1, reference=solution.twice)


@other.check(points=1)
def once_more(rng):
    '''Doubled once more.'''
    return rng.normal(size=(2, 2))
"""


def test_only_one_question(grader: Command, hand_in: HandIn, course_folder: Path, url: str) -> None:
    """Its checks are new, the other question keeps its result, and a whole regrade is still to be done."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    checks.write_text(checks.read_text() + TWO)
    hand_in("bob", HALF)
    grader("grade", "class", "--course", course_folder)
    checks.write_text(checks.read_text().replace("size=(2, 3)", "size=2").replace("size=(2, 2)", "size=3"))
    for expected in ((1.0, 3.0), None):
        ran = grader("grade", "--regrade", "--question", "twice", "--course", course_folder, "--json")
        change = _changes(ran)["bob"]
        assert (change and (change["before"], change["after"])) == expected
        assert [(q["id"], q["score"]) for q in ran.lines[0]["questions"]] == [("twice", 3.0), ("other", 0.0)]
    with Store.open(url) as store:
        assert store.read_info().gradings == 2
    ran = grader("grade", "--regrade", "--course", course_folder, "--json")
    assert (_changes(ran)["bob"]["before"], _changes(ran)["bob"]["after"]) == (3.0, 4.0)


def test_marks_are_kept(grader: Command, graded: Path, url: str) -> None:
    """A marked question is worth its mark before and after: no change."""
    with Store.open(url) as store:
        (bob,) = (s.id for s in store.submissions(student="bob"))
        store.marks.set_marks([NewMark(bob, "twice", 2.5, "half a point for the idea")])
    _forgive(graded)
    ran = grader("grade", "--regrade", "--course", graded, "--json")
    assert _changes(ran) == {"ada": None, "bob": None, "cleo": None}
    assert [line["score"] for line in ran.lines] == [3.0, 2.5, 0.0]
    mark = {"points": 2.5, "comment": "half a point for the idea", "items": []}
    assert ran.lines[1]["questions"][0]["mark"] == mark


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--dry-run"], "need --regrade: add it"),
        (["--question", "twice"], "need --regrade: add it"),
        (["class", "--regrade", "--dry-run"], "--dry-run records nothing and accepts no files"),
        (["--regrade", "--question", "thrice"], "there is no question 'thrice'; choose one of: twice"),
        (["--regrade", "--student", "zoe"], "nothing of 'zoe' is recorded"),
    ],
)
def test_contradictory_options_are_wrong_use(grader: Command, graded: Path, arguments: list[str], says: str) -> None:
    """Contradictory options give one line and exit code 2."""
    ran = grader("grade", *arguments, "--course", graded)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err


def test_changes_are_written_as_a_page(grader: Command, graded: Path, url: str) -> None:
    """--html writes the page for a dry run and a regrade; an existing file is refused before anything runs."""
    _forgive(graded)
    ran = grader("grade", "--regrade", "--dry-run", "--html", "preview.html", "--course", graded, "--json")
    assert ran.code == 0
    assert len(ran.lines) == 3
    preview = Path("preview.html").read_text("utf-8")
    assert "Nothing was saved." in preview
    assert "1 of 3 regraded submissions changed" in preview
    assert ">bob<" in preview
    assert ">ada<" not in preview
    ran = grader("grade", "--regrade", "--html", "preview.html", "--course", graded)
    assert (ran.code, ran.out) == (2, "")
    with Store.open(url) as store:
        assert store.read_info().gradings == 3
    assert grader("grade", "--regrade", "--html", "regrade.html", "--course", graded).code == 0
    assert "Nothing was saved." not in Path("regrade.html").read_text("utf-8")
