"""`grader submit`: one student's files are recorded, each with a receipt.

Covers `cli/receipts.py`.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader.store import Store

Command = Callable[..., Any]
HandIn = Callable[..., Path]


@pytest.fixture
def rules(course_folder: Path) -> Callable[[str], Path]:
    """Return the small course with the test's own rules."""

    def write(text: str) -> Path:
        with (course_folder / "reference" / "course.toml").open("a") as file:
            file.write(text)
        return course_folder

    return write


def test_a_receipt_says_what_is_on_record(
    grader: Command, hand_in: HandIn, course_folder: Path, database_url: str
) -> None:
    """Attempt, time and hash are those of the records, on either kind of database; the bytes are stored."""
    before = datetime.now(UTC)
    file = hand_in("x")
    ran = grader("submit", file, "--student", "ada", "--course", course_folder, "--db", database_url, "--json")
    assert (ran.code, ran.err) == (0, "")
    (said,) = ran.lines
    assert said["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    wanted = {"student": "ada", "exercise": "doubling", "submission": 1, "is_new": True, "late": False, "error": None}
    assert wanted.items() <= said.items()
    assert (said["due"], said["attempts_left"], said["counts"]) == (None, None, True)
    with Store.open(database_url) as store:
        (one,) = store.submissions()
        assert store.read_content(one.id) == file.read_bytes()
    assert datetime.fromisoformat(said["received_at"]) == one.received_at
    assert before <= one.received_at <= datetime.now(UTC)


def test_the_same_bytes_are_one_attempt(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """Submitting the same bytes gives the first receipt, and says so; other bytes are the next attempt."""
    call = ("--student", "ada", "--course", course_folder, "--json")
    (first,) = grader("submit", hand_in("x"), *call).lines
    (again,) = grader("submit", hand_in("x"), *call).lines
    assert again == first | {"is_new": False}
    (other,) = grader("submit", hand_in("x", "y = 1\n"), *call).lines
    assert (other["submission"], other["is_new"]) == (2, True)


def test_a_receipt_states_the_rules(grader: Command, hand_in: HandIn, rules: Callable[[str], Path], url: str) -> None:
    """The receipt says late by the deadline or in time by an extension, the attempts left, and one too many."""
    course = rules("[policy]\nlate_penalty = 0.25\nattempts = 2\ndeadline = 2020-05-20T12:00:00\n")
    call = ("--student", "ada", "--course", course, "--json")
    (late,) = grader("submit", hand_in("x"), *call).lines
    assert (late["late"], late["attempts_left"], late["counts"]) == (True, 1, True)
    assert late["days_late"] > 365
    assert late["due"] == "2020-05-20T12:00:00+00:00"
    with Store.open(url) as store:
        store.people.extend("ada", "doubling", datetime.now(UTC) + timedelta(days=1))
    (extended,) = grader("submit", hand_in("x", "y = 1\n"), *call).lines
    assert (extended["late"], extended["attempts_left"], extended["counts"]) == (False, 0, True)
    ran = grader("submit", hand_in("x", "y = 2\n"), "--student", "ada", "--course", course)
    assert ran.code == 0
    assert "does not count: only 2 attempts do" in ran.out


def test_a_receipt_for_people(grader: Command, hand_in: HandIn, rules: Callable[[str], Path]) -> None:
    """The receipt has three lines per file: submission, rules and bytes, on the course's clocks."""
    course = rules('time_zone = "Europe/Berlin"\n[policy]\nattempts = 3\ndeadline = 2031-05-20T23:59:00\n')
    first, second, third = grader("submit", hand_in("x"), "--student", "ada", "--course", course).out.splitlines()
    assert first.startswith("recorded: ada, doubling, attempt 1, 20")
    assert second == "  in time (deadline 2031-05-20 23:59:00 CEST); attempts left: 2 of 3"
    assert third.startswith("  sha256 ")


def test_files_that_cannot_be_read(grader: Command, hand_in: HandIn, course_folder: Path, url: str) -> None:
    """Each unreadable file gets its reason and exit code 3; the others are recorded, broken bytes too."""
    files = [
        hand_in("x", "y = 1\n", "unknown.py"),
        hand_in("x"),
        hand_in("y", b"\xff\xfe", "doubling.py"),
        hand_in("x", b"", "doubling.txt"),
    ]
    ran = grader("submit", *files, "--student", "ada", "--course", course_folder, "--json")
    assert ran.code == 3
    assert [one["submission"] for one in ran.lines] == [None, 1, 2, None]
    assert [bool(one["error"]) for one in ran.lines] == [True, False, True, True]
    assert len(ran.err.splitlines()) == 3
    with Store.open(url) as store:
        assert [store.read_content(one.id) for one in store.submissions()] == [files[1].read_bytes(), b"\xff\xfe"]


@pytest.mark.parametrize("student", ["", " ", "a\nb", "a\u202eb"])
def test_invisible_names_are_refused(grader: Command, hand_in: HandIn, course_folder: Path, student: str) -> None:
    """An empty name, or one with invisible characters, is wrong use."""
    ran = grader("submit", hand_in("x"), "--student", student, "--course", course_folder)
    assert (ran.code, ran.out) == (2, "")
    assert "is not a name" in ran.err
    assert not Path("grader.db").exists()


def test_a_mistyped_name_makes_no_second_person(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """A name that differs from a recorded one only in case or accents is refused; another encoding is the same."""
    call = ("--course", course_folder, "--json")
    assert grader("submit", hand_in("x"), "--student", "Zoë", *call).code == 0
    assert grader("submit", hand_in("x"), "--student", "Zoe\u0308", *call).code == 0
    for other in ("zoe", "ZOË"):
        ran = grader("submit", hand_in("x"), "--student", other, *call)
        assert (ran.code, ran.out) == (2, "")
        assert "'Zoë'" in ran.err
    assert json.loads(grader("db", "info", "--json").out)["students"] == 1


def test_a_folder_is_refused(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """A folder is refused, with the command that accepts it."""
    ran = grader("submit", hand_in("x").parent, "--student", "ada", "--course", course_folder)
    assert ran.code == 2
    assert "grader collect" in ran.err


def test_the_exercise_of_a_file_without_a_name_is_given(grader: Command, course_folder: Path) -> None:
    """--exercise says what a file's name doesn't; without it the file is not recorded, and the message names it."""
    Path("mine.py").write_text("y = 1\n")
    call = ("submit", "mine.py", "--student", "ada", "--course", course_folder)
    ran = grader(*call)
    assert ran.code == 3
    assert "add --exercise NAME" in ran.err
    (said,) = grader(*call, "--exercise", "doubling", "--json").lines
    assert (said["exercise"], said["submission"]) == ("doubling", 1)
    assert grader(*call, "--exercise", "halving").code == 2
