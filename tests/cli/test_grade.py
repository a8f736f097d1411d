"""`grader grade`: one line per file, graded once across interruptions; nothing finished is lost.

Covers `cli/score_table.py`.
"""

import contextlib
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.store import Store

Command = Callable[..., Any]
HandIn = Callable[..., Path]

WRONG = "def twice(x):\n    return x * x\n"
SLOW = "import time\ntime.sleep(100_000)\n"
PATIENT = "\n[limits]\nwall = 200_000\ncpu = 200\n"


def _gradings(url: str) -> Counter[str]:
    """Return the number of recorded gradings of each student."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(
            sqlalchemy.text(
                "SELECT students.name FROM gradings JOIN submissions ON submissions.id = gradings.submission_id "
                "JOIN students ON students.id = submissions.student_id"
            )
        )
        names = Counter(row.name for row in rows)
    engine.dispose()
    return names


def test_json_is_one_object_per_line(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """Each object has every key of the contract, a mistake with its hint, and what an instructor may see."""
    hand_in("ada", WRONG)
    ran = grader("grade", "class", "--course", course_folder, "--json")
    (line,) = ran.lines
    assert (ran.code, ran.err) == (0, "")
    assert line["elapsed_ms"] > 0
    assert re.fullmatch("[0-9a-f]{16}", line["seed"])
    assert re.fullmatch("[0-9a-f]{16}", line["course_version"])
    assert line["sandbox"] in ("seccomp", "landlock", "full")
    changing = dict.fromkeys(("elapsed_ms", "seed", "course_version", "sandbox"))
    (question,) = line.pop("questions")
    assert line | changing == changing | {
        "student": "ada",
        "exercise": "doubling",
        "submission": 1,
        "score": 0.0,
        "max_score": 3.0,
        "pending": 0.0,
    }
    visible, hidden = question.pop("checks")
    difference, mistake = hidden.pop("explanations")
    assert (difference["kind"], difference["text"].partition(";")[0]) == (
        "difference",
        "6 of 6 values of the result differ",
    )
    place = {"cell": None, "line": None, "certain": True}
    assert mistake == {"kind": "mistake", "text": "You squared it."} | place
    assert question == {"id": "twice", "kind": "code", "score": 0.0, "max_score": 3.0}
    assert re.fullmatch(r"3 of 3 values of the result differ; the first is at \[0\]: .*", visible["message"])
    assert hidden == {
        "name": "a_table",
        "says": "A table of numbers is doubled.",
        "verdict": "wrong_answer",
        "points": 0.0,
        "max_points": 2.0,
        "hidden": True,
        "message": "The result is not what was expected: its values differ.",
        "mistake": "squared",
        "hint": "You squared it.",
        "remarks": [],
        "carried": [],
    }


def test_every_file_is_one_line_graded_now_or_earlier(
    grader: Command, hand_in: HandIn, course_folder: Path, url: str
) -> None:
    """The same bytes of one student are one submission, other bytes the next; a second run grades nothing."""
    hand_in("ada")
    hand_in("ada", name="doubling (1).py")
    hand_in("ada", WRONG, name="doubling (2).py")
    hand_in("bob")
    ran = grader("grade", "class", "--course", course_folder, "--json")
    assert [(x["student"], x["submission"], x["score"]) for x in ran.lines] == [
        ("ada", 1, 3.0),
        ("ada", 1, 3.0),
        ("ada", 2, 0.0),
        ("bob", 1, 3.0),
    ]
    assert grader("grade", "class", "--course", course_folder, "--json").out == ran.out
    assert _gradings(url) == {"ada": 2, "bob": 1}
    everything = grader("grade", "--course", course_folder, "--json")
    assert [(x["student"], x["submission"]) for x in everything.lines] == [("ada", 1), ("ada", 2), ("bob", 1)]


def test_the_table_has_a_row_per_student(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """Names are shown literally, even those that look like markup or escape sequences."""
    hand_in("ada")
    hand_in("[bold]:smile:[", WRONG)
    hand_in("\x1b[2Jeve")
    ran = grader("grade", "class", "--course", course_folder)
    assert (ran.code, ran.err) == (0, "")
    assert [line.split() for line in ran.out.splitlines()] == [
        ["student", "doubling"],
        ["[bold]:smile:[", "0", "/", "3"],
        ["\\u001b[2Jeve", "3", "/", "3"],
        ["ada", "3", "/", "3"],
    ]


def test_one_student_or_exercise_can_be_chosen(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """The files of others are not even recorded; a choice without files is wrong use."""
    hand_in("ada")
    hand_in("bob")
    ran = grader("grade", "class", "--course", course_folder, "--student", "bob", "--exercise", "doubling", "--json")
    assert [line["student"] for line in ran.lines] == ["bob"]
    ran = grader("grade", "class", "--course", course_folder, "--student", "zoe")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "grader: nothing of 'zoe' is among the 2 files found: look at --student and --exercise\n"
    ran = grader("grade", "--course", course_folder, "--student", "ada")
    assert (ran.code, ran.out) == (2, "")
    expected = "grader: nothing of 'ada' is recorded in sqlite:///grader.db: name the folder of what was handed in\n"
    assert ran.err == expected
    ran = grader("grade", "class", "--course", course_folder, "--exercise", "nope")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("grader: there is no exercise 'nope' in ")


def test_a_new_version_of_the_course_regrades_only_on_request(
    grader: Command, hand_in: HandIn, course_folder: Path, url: str
) -> None:
    """Without --regrade an old grading stays; with it another is appended, once."""
    hand_in("ada", WRONG)
    before = grader("grade", "class", "--course", course_folder, "--json").lines
    checks = course_folder / "reference" / "doubling" / "checks.py"
    checks.write_text(checks.read_text().replace("points=2", "points=5").replace("points=3", "points=6"))
    hand_in("bob")
    kept = grader("grade", "class", "--course", course_folder, "--json").lines
    assert [(x["student"], x["max_score"]) for x in kept] == [("ada", 3.0), ("bob", 6.0)]
    assert kept[0]["course_version"] == before[0]["course_version"] != kept[1]["course_version"]
    for _ in range(2):
        ran = grader("grade", "class", "--course", course_folder, "--regrade", "--json")
        assert [(x["student"], x["max_score"]) for x in ran.lines] == [("ada", 6.0), ("bob", 6.0)]
        assert _gradings(url) == {"ada": 2, "bob": 1}


def test_records_of_another_course_are_left_alone(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """An exercise that this course doesn't know is neither graded nor an error."""
    with Store.open("sqlite:///grader.db") as store:
        store.record("ada", "knitting", b"x", "knitting.py")
    hand_in("ada")
    grader("grade", "class", "--course", course_folder)
    ran = grader("grade", "--course", course_folder, "--json")
    assert (ran.code, [line["exercise"] for line in ran.lines]) == (0, ["doubling"])


def test_bad_files_are_reported_and_the_others_graded(
    grader: Command, hand_in: HandIn, course_folder: Path, elsewhere: Path
) -> None:
    """Exit code 3; each bad file is one line with an error, also when it is asked for again."""
    hand_in("good")
    hand_in("text", "hello", "doubling.ipynb")
    hand_in("empty", "")
    os.truncate(hand_in("huge", "", "doubling.ipynb"), 100_000_000)
    hand_in("types", '{"cells": 3, "metadata": [], "nbformat": 4, "nbformat_minor": 5}', "doubling.ipynb")
    hand_in("latin", "# café\n".encode("latin-1"))
    hand_in("utf16", "# hello\n".encode("utf-16"))
    hand_in("unknown", "x = 1\n", "mystery.py")
    nameless = '{"cells": [], "metadata": {"grader": {"exercise": "nope"}}, "nbformat": 4, "nbformat_minor": 5}'
    hand_in("other", nameless, "other.ipynb")
    hand_in("n" * 220)
    os.mkfifo(hand_in("fifo").with_suffix(".ipynb"))
    hand_in("fifo").unlink()
    hand_in("link").unlink()
    (elsewhere / "class" / "link" / "doubling.py").symlink_to("../good/doubling.py")
    (elsewhere / "class" / "linked").symlink_to("good")
    with socket.socket(socket.AF_UNIX) as unopenable:
        hand_in("socket").unlink()
        unopenable.bind("class/socket/doubling.py")
    said = {
        "empty": "doubling.py is empty: save your work and try again",
        "fifo": "class/fifo/doubling.ipynb is not a regular file: choose the notebook or script itself",
        "huge": "class/huge/doubling.ipynb is 100.0 MB, more than the limit of 25 MB: clear its outputs, save it and "
        "try again",
        "latin": "doubling.py is not UTF-8 text (it looks like Latin-1 or a Windows encoding; line 1): save it as "
        "UTF-8",
        "link": "class/link/doubling.py is a link, which is not followed: choose the file itself",
        "linked": "class/linked: this is a link, which is not followed; put the folder itself there",
        "n" * 220: f"class/{'n' * 220}/doubling.py: the student's name is longer than 200 characters; shorten it",
        "other": "class/other/other.ipynb: the exercise 'nope' does not exist. Name the file after one of: doubling; "
        "or add --exercise NAME",
        "socket": "class/socket/doubling.py can't be opened (No such device or address): check the path and its "
        "permissions",
        "text": "doubling.ipynb is not a notebook (not JSON): download or save the .ipynb file itself",
        "types": "doubling.ipynb is not a valid notebook (in the notebook, 'metadata' is not an object): open it in "
        "Jupyter, save it and try again",
        "unknown": "class/unknown/mystery.py: the exercise is unknown. Name the file after one of: doubling; or add "
        "--exercise NAME. Authors allow other names by aliases in course.toml",
        "utf16": "doubling.py is not UTF-8 text (it looks like UTF-16; line 1): save it as UTF-8",
    }
    for _ in range(2):
        ran = grader("grade", "class", "--course", course_folder, "--json")
        assert (ran.code, ran.err) == (3, "")
        assert {x["student"]: x["error"] for x in ran.lines if "error" in x} == said
        assert [(x["student"], x["score"]) for x in ran.lines if "error" not in x] == [("good", 3.0)]
        assert all(x["questions"] == [] and x["score"] == 0 for x in ran.lines if "error" in x)
    ran = grader("grade", "class", "--course", course_folder)
    assert ran.code == 3
    assert ran.err.splitlines() == [f"not graded: {student}: {error}" for student, error in said.items()]


def test_failures_of_submissions_are_no_error(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """A syntax error, an exception, a crash and a hang are verdicts, with exit code 0."""
    hand_in("crash", "import os\ndef twice(x):\n    os._exit(1)\n")
    hand_in("hang", "def twice(x):\n    while True: pass\n")
    hand_in("raise", "def twice(x):\n    1 / 0\n")
    hand_in("syntax", "def twice(x:\n")
    ran = grader("grade", "class", "--course", course_folder, "--json")
    verdicts = {x["student"]: {c["verdict"] for c in x["questions"][0]["checks"]} for x in ran.lines}
    assert (ran.code, ran.err) == (0, "")
    assert verdicts.pop("hang") == {"time_limit"}
    assert verdicts == {student: {"runtime_error"} for student in ("crash", "raise", "syntax")}


@pytest.mark.parametrize("name", ["empty", "doubling.ipynb"])
def test_an_empty_folder_is_wrong_use(grader: Command, course_folder: Path, name: str) -> None:
    """The message names the expected layout; a folder is a folder, whatever its name."""
    Path(name).mkdir()
    ran = grader("grade", name, "--course", course_folder)
    assert (ran.code, ran.out) == (2, "")
    expected = "expected STUDENT/EXERCISE.ipynb, STUDENT/EXERCISE.py or STUDENT__EXERCISE.ipynb"
    assert ran.err == f"grader: {name} has nothing to grade: {expected}\n"


def test_student_code_runs_without_a_sandbox_only_on_demand(
    grader: Command, hand_in: HandIn, course_folder: Path
) -> None:
    """--unsafe-no-sandbox is recorded as the level `none`."""
    hand_in("ada")
    ran = grader("grade", "class", "--course", course_folder, "--unsafe-no-sandbox", "--json")
    assert [(x["score"], x["sandbox"]) for x in ran.lines] == [(3.0, "none")]


@pytest.fixture
def settings(course_folder: Path) -> Path:
    """Return the path of the small course's `course.toml`."""
    return course_folder / "reference" / "course.toml"


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_keeps_what_is_finished_and_the_next_run_goes_on(
    process: Command, hand_in: HandIn, settings: Path, course_folder: Path, url: str
) -> None:
    """Ctrl-C gives exit code 130 and one line; the next run grades only the rest."""
    for number in range(8):
        hand_in(f"s{number}")
    hand_in("slow", SLOW + WRONG)
    hurried = settings.read_text()
    settings.write_text(hurried + PATIENT)
    arguments = [sys.executable, "-m", "grader", "grade", "class", "--course", str(course_folder), "--workers", "2"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(arguments[0], arguments, {**os.environ, "TERM": "xterm", "COLUMNS": "100"})
    try:
        screen = _read_until(terminal, rb"8/9")
        os.write(terminal, b"\x03")
        screen += _read_until(terminal, None)
    finally:
        os.close(terminal)  # which also ends a grader that the test no longer waits for
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 130, screen
    assert b"grader: interrupted; what was finished is kept" in screen
    assert b"Traceback" not in screen
    assert _gradings(url) == {f"s{number}": 1 for number in range(8)}
    settings.write_text(hurried + "\n[limits]\nwall = 1\n")
    ran = process("grade", "--course", course_folder, "--json")
    assert ran.code == 0
    assert len(ran.lines) == 9
    assert _gradings(url) == {"slow": 1} | {f"s{number}": 1 for number in range(8)}


def _read_until(terminal: int, pattern: bytes | None) -> bytes:
    """Return a terminal's output until the pattern has come, or to the end."""
    screen = b""
    while not (pattern and re.search(pattern, screen)):
        try:
            data = os.read(terminal, 4096)
        except OSError:  # its other end is closed
            data = b""
        if not data:
            break
        screen += data
    assert pattern is None or re.search(pattern, screen), screen
    return screen


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_from_a_script_is_exit_code_130(hand_in: HandIn, settings: Path, course_folder: Path) -> None:
    """SIGINT to the whole process group, with one process doing everything, gives exit code 130 and no traceback."""
    hand_in("slow", SLOW + WRONG)
    settings.write_text(settings.read_text() + PATIENT)
    with _running_alone(course_folder) as running:
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate()
    assert (running.returncode, out) == (130, "")
    assert err == "grader: interrupted; what was finished is kept\n"


def test_in_the_background_of_a_script_it_continues(hand_in: HandIn, settings: Path, course_folder: Path) -> None:
    """`grader grade ... &` in a script ignores Ctrl-C, as it inherits, and finishes."""
    hand_in("slow", "import time\ntime.sleep(3)\n" + WRONG)
    settings.write_text(settings.read_text() + PATIENT)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with _running_alone(course_folder) as running:
            os.killpg(running.pid, signal.SIGINT)
            out, err = running.communicate()
    finally:
        signal.signal(signal.SIGINT, before)
    assert (running.returncode, err) == (0, "")
    assert re.search("slow +0 / 3", out)


@contextlib.contextmanager
def _running_alone(course_folder: Path) -> "Iterator[subprocess.Popen[str]]":
    """Start a grader in its own process group; yield once its zygote has a child, and kill it at the end."""
    running = subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", "class", "--course", str(course_folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        while not _has_grandchild(running.pid):
            assert running.poll() is None, running.communicate()
            time.sleep(0.05)
        yield running
    finally:
        running.kill()
        running.communicate()


def _has_grandchild(pid: int) -> bool:
    """Return whether a zygote has forked the child that runs student code."""
    return any(_children(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    try:
        return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def test_grading_without_records_says_what_to_name(grader: Command, course_folder: Path) -> None:
    """Without a folder and without records, the command that was called is not the advice."""
    ran = grader("grade", "--course", course_folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "grader: sqlite:///grader.db does not exist; name the folder of what was handed in: grader grade DIR; or name "
        "other records with --db\n"
    )


def test_the_exercise_of_files_without_a_name_is_given(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """--exercise is that of unnamed files, but of no helper module, no second answer and no choice of scripts."""
    hand_in("alone", "y = 1\n").rename("class/alone/my work.py")
    hand_in("named", "def twice(x):\n    return 2 * x\n")
    hand_in("several", "y = 2\n").rename("class/several/a.py")
    for file in ("named/notes.py", "several/b.py"):
        Path("class", file).write_text("y = 1\n")
    ran = grader("grade", "class", "--course", course_folder, "--exercise", "doubling", "--json")
    assert [(one["student"], one["score"]) for one in ran.lines] == [("alone", 0.0), ("named", 3.0)]


def test_aliases_are_names_of_files(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """A file whose name is an alias is graded, with the student in front of it or as a folder."""
    with (course_folder / "reference" / "course.toml").open("a") as file:
        file.write('\n[exercise.doubling]\naliases = ["Week4_*"]\n')
    right = hand_in("ada", "def twice(x):\n    return 2 * x\n")
    Path("class/ben__week4-planar (1).py").write_bytes(right.read_bytes())
    right.rename("class/ada/Week4_Planar.py")
    ran = grader("grade", "class", "--course", course_folder, "--json")
    found = [(one["student"], one["exercise"], one["score"]) for one in ran.lines]
    assert found == [("ada", "doubling", 3.0), ("ben", "doubling", 3.0)]
