"""`grader check`: the feedback on a notebook filled in by hand, and on unreadable files."""

import contextlib
import os
import pty
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
Fill = Callable[..., Path]

SHIFTED = "shifted = u - np.max(u, axis=-1, keepdims=True)"
POWERS = "powers = np.exp(shifted)"
SHARES = "return powers / np.sum(powers, axis=-1, keepdims=True)"
RIGHT = {"shifted = ____": SHIFTED, "powers = ____": POWERS, "return ____": SHARES}
OVERFLOW = (
    "Large scores overflow: exp(1000) is infinite. Subtract the largest score of each sample first; the result stays "
    "the same."
)
CASES: dict[str, tuple[dict[str, str], str, float, dict[str, str], str | None]] = {
    "right": ({}, "", 1.5, {}, None),
    "without the maximum": (
        {"shifted = ____": "shifted = u"},
        "",
        1.0,
        {"huge_scores": "The result has nan at 6 of 6 positions; the first is [0, 0], where 0.0900306 was expected."},
        OVERFLOW,
    ),
    "normalised over the whole batch": (
        {"return ____": "return powers / np.sum(powers)"},
        "",
        0.5,
        {
            "a_batch": "8 of 8 values of the result differ; the first is at [0, 0]: 0.0135928 instead of "
            "0.0320586. The largest difference is 0.370895.",
            "huge_scores": "6 of 6 values of the result differ; the first is at [0, 0]: 0.0463337 instead of "
            "0.0900306. The largest difference is 0.363022.",
        },
        "You subtracted the largest score of each sample, but divided by the sum over the whole batch. Each row is one "
        "sample: sum along its axis too, and keep that axis.",
    ),
    "maximum and sum of the whole batch": (
        {"shifted = ____": "shifted = u - np.max(u)", "return ____": "return powers / np.sum(powers)"},
        "",
        0.5,
        {
            "a_batch": "8 of 8 values of the result differ; the first is at [0, 0]: 0.0270799 instead of "
            "0.0320586. The largest difference is 0.40038.",
            "huge_scores": "3 of 6 values of the result differ; the first is at [1, 0]: 0 instead of "
            "0.705385. The largest difference is 0.705385.",
        },
        "You divided by the sum over the whole batch. Each row is one sample: sum along its own axis and keep it.",
    ),
    "raises": (
        {"powers = ____": "powers = np.exp(shifted).reshape(7, 7)"},
        "",
        0.0,
        {
            check: "Line 4 of cell 16 (`powers = np.exp(shifted).reshape(7, 7)`) raised ValueError: "
            f"cannot reshape array of size {size} into shape (7,7)"
            for check, size in (("one_sample", 3), ("a_batch", 8), ("huge_scores", 6))
        },
        None,
    ),
    "nothing returned": (
        {"return ____": SHARES.removeprefix("return ")},
        "",
        0.0,
        dict.fromkeys(
            ("one_sample", "a_batch", "huge_scores"),
            "The result should be an array of numbers, but is None: is a `return` missing?",
        ),
        None,
    ),
    "a patched numpy": (
        {"shifted = ____": "shifted = u"},
        "import numpy as np\nnp.allclose = lambda *a, **k: True",
        1.0,
        {"huge_scores": "The result has nan at 6 of 6 positions; the first is [0, 0], where 0.0900306 was expected."},
        OVERFLOW,
    ),
}


def _softmax(ran: Any) -> dict[str, Any]:
    (line,) = ran.lines
    return next(q for q in line["questions"] if q["id"] == "softmax")


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("case", CASES)
def test_a_notebook_filled_in_by_hand_gets_feedback(grader: Command, filled: Fill, case: str) -> None:
    """The output has the score, a fact per failed check, and the hint of the known mistake."""
    lines, first, score, messages, hint = CASES[case]
    ran = grader("check", filled(RIGHT | lines, first), "--json")
    question = _softmax(ran)
    assert question["score"] == score
    assert {c["name"]: c["message"] for c in question["checks"] if c["message"]} == messages
    assert {c["hint"] for c in question["checks"] if c["message"]} == ({hint} if messages else set())


@pytest.mark.usefixtures("bundled")
def test_a_list_is_taken_as_an_array(grader: Command, filled: Fill) -> None:
    """A list gets the points of an array, and a remark."""
    as_list = "return (powers / np.sum(powers, axis=-1, keepdims=True)).tolist()"
    question = _softmax(grader("check", filled(RIGHT | {"return ____": as_list}), "--json"))
    assert question["score"] == 1.5
    assert {r for c in question["checks"] for r in c["remarks"]} == {
        "The result is a list; it was converted to an array. Use `np.array` to return an array."
    }


@pytest.mark.usefixtures("bundled")
def test_a_blank_that_is_left_is_named(grader: Command, filled: Fill) -> None:
    """A blank left in is not attempted: no points, and the line in which `____` still stands."""
    lines = {start: line for start, line in RIGHT.items() if not start.startswith("return")}
    question = _softmax(grader("check", filled(lines), "--json"))
    assert question["score"] == 0
    assert {c["verdict"] for c in question["checks"]} == {"not_attempted"}
    for check in question["checks"]:
        assert re.fullmatch(
            r"A blank \(`____`\) is still empty in line 5 of cell 16: `return ____ +# .*`", check["message"]
        )


def test_what_is_printed_is_short(grader: Command, filled: Fill, bundled: str) -> None:
    """The output has a line per question, expected and actual results, the hint once, and the cell that raised."""
    ran = grader("check", filled(RIGHT | {"shifted = ____": "shifted = u"}))
    assert (ran.code, ran.err) == (1, "")
    first, *lines = ran.out.splitlines()
    assert first + "\n" == bundled
    assert lines[0].startswith("Losses: how wrong is the network? ")
    at = lines.index("◐ softmax  1 / 1.5")  # the exercise may have other questions before it
    assert lines[at + 1 : at + 4] == [
        "    Positive and negative scores of a thousand and more still give probabilities.",
        "    → The result has nan at 6 of 6 positions; the first is [0, 0], where 0.0900306 was expected.",
        f"    {OVERFLOW}",
    ]


def test_only_visible_checks_are_run(grader: Command, course_folder: Path) -> None:
    """Full marks of the visible part give exit code 0; nothing hidden is named, nothing is recorded."""
    Path("doubling.py").write_text("def twice(x):\n    return x + x\n")
    ran = grader("check", "doubling.py", "--course", course_folder, "--json")
    (line,) = ran.lines
    assert ran.code == 0
    assert datetime.fromisoformat(line.pop("saved")).utcoffset() == timedelta()
    assert line | {"elapsed_ms": 0, "course_version": "", "seed": "", "sandbox": ""} == {
        "student": None,
        "exercise": "doubling",
        "submission": 1,
        "score": 1.0,
        "max_score": 1.0,
        "pending": 0.0,
        "seed": "",
        "course_version": "",
        "sandbox": "",
        "elapsed_ms": 0,
        "questions": [
            {
                "id": "twice",
                "kind": "code",
                "score": 1.0,
                "max_score": 1.0,
                "checks": [
                    {
                        "name": "a_row",
                        "says": "A row of numbers is doubled.",
                        "verdict": "passed",
                        "points": 1.0,
                        "max_points": 1.0,
                        "hidden": False,
                        "message": "",
                        "mistake": None,
                        "hint": None,
                        "remarks": [],
                        "carried": [],
                        "explanations": [],
                    }
                ],
            }
        ],
    }
    assert os.listdir() == ["doubling.py"]


@pytest.mark.parametrize(
    ("source", "verdict", "message"),
    [
        ("def twice(x:\n", "runtime_error", "Line 1 of your code (`def twice(x:`) raised SyntaxError: '(' was never"),
        ("def twice(x):\n    1 / 0\n", "runtime_error", "Line 2 of your code (`1 / 0`) raised ZeroDivisionError: div"),
        ("import os\ndef twice(x):\n    os._exit(0)\n", "runtime_error", "Your code ended the Python process (it ende"),
        ("def twice(x):\n    while True: pass\n", "time_limit", "Stopped"),
        (
            "def twice(x):\n    return bytes(2**40)\n",
            "memory_limit",
            "Stopped: the limit of 512 MB of memory was exceeded",
        ),
        (
            "x = 1\n",
            "not_attempted",
            "`twice` was not found: it does not exist after your cells have run.",
        ),
    ],
)
def test_failures_of_a_submission_are_verdicts(
    grader: Command, course_folder: Path, source: str, verdict: str, message: str
) -> None:
    """A syntax error, an exception, a crash, a hang or too much memory is exit code 1, not a grader error."""
    Path("doubling.py").write_text(source)
    ran = grader("check", "doubling.py", "--course", course_folder, "--json")
    (check,) = ran.lines[0]["questions"][0]["checks"]
    assert (ran.code, ran.err) == (1, f"checked against Small, in {course_folder}\n")
    assert check["verdict"] == verdict
    assert check["message"].startswith(message)


def test_escape_sequences_of_a_submission_are_not_printed(grader: Command, course_folder: Path) -> None:
    """An exception's text is one line without escape sequences, and is not read as markup."""
    Path("doubling.py").write_text("def twice(x):\n    raise ValueError('\\x1b[2J[red]:smile:\\nnext')\n")
    ran = grader("check", "doubling.py", "--course", course_folder)
    assert ran.out.splitlines()[-1].endswith("raised ValueError: [2J[red]:smile: next")
    assert "\x1b" not in ran.out


def _bad(folder: Path) -> dict[Path, str]:
    """Write unreadable files, and return the message expected for each."""
    (folder / "types.ipynb").write_text('{"cells": 3, "metadata": [], "nbformat": 4, "nbformat_minor": 5}')
    (folder / "text.ipynb").write_text("hello")
    (folder / "empty.ipynb").touch()
    (folder / "huge.ipynb").touch()
    os.truncate(folder / "huge.ipynb", 100_000_000)
    (folder / "latin.py").write_bytes("# café\n".encode("latin-1"))
    (folder / "utf16.py").write_bytes("# hello\n".encode("utf-16"))
    (folder / "unknown.py").write_text("x = 1\n")
    (folder / "notes.txt").write_text("x = 1\n")
    os.mkfifo(folder / "fifo.ipynb")
    (folder / "link.ipynb").symlink_to("unknown.py")
    with socket.socket(socket.AF_UNIX) as unopenable:  # as one without rights is, to root too
        unopenable.bind("socket.py")
    return {
        Path(
            "types.ipynb"
        ): "types.ipynb is not a valid notebook (in the notebook, 'metadata' is not an object): open it in "
        "Jupyter, save it and try again",
        Path("text.ipynb"): "text.ipynb is not a notebook (not JSON): download or save the .ipynb file itself",
        Path("empty.ipynb"): "empty.ipynb is empty: save your work and try again",
        Path(
            "huge.ipynb"
        ): "huge.ipynb is 100.0 MB, more than the limit of 25 MB: clear its outputs, save it and try again",
        Path(
            "latin.py"
        ): "latin.py is not UTF-8 text (it looks like Latin-1 or a Windows encoding; line 1): save it as UTF-8",
        Path("utf16.py"): "utf16.py is not UTF-8 text (it looks like UTF-16; line 1): save it as UTF-8",
        Path("unknown.py"): "unknown.py: the exercise is unknown. Name the file after one of: doubling; or add "
        "--exercise NAME. Authors allow other names by aliases in course.toml",
        Path("notes.txt"): "notes.txt is not a notebook (.ipynb) or a script (.py): choose one of these",
        Path("fifo.ipynb"): "fifo.ipynb is not a regular file: choose the notebook or script itself",
        Path("link.ipynb"): "link.ipynb is a link, which is not followed: choose the file itself",
        Path("socket.py"): "socket.py can't be opened (No such device or address): check the path and its permissions",
    }


def test_a_file_that_cannot_be_read_is_one_line(grader: Command, course_folder: Path, elsewhere: Path) -> None:
    """Exit code 3; each unreadable file is named on standard error, the others are checked."""
    Path("doubling.py").write_text("def twice(x):\n    return x + x\n")
    said = _bad(elsewhere)
    ran = grader("check", *said, "doubling.py", "--course", course_folder)
    assert ran.code == 3
    assert ran.err.splitlines() == [f"grader: {line}" for line in said.values()]
    assert re.sub(r"saved [\w ]+ \(\d\d:\d\d\)", "saved then", ran.out).splitlines()[1:] == [
        "Doubling doubling.py, saved then: 1 of 1 points",
        "✓ twice  1 / 1",
    ]


def test_a_file_that_cannot_be_read_is_a_line_of_json(grader: Command, course_folder: Path, elsewhere: Path) -> None:
    """The line has `error`, no questions and score 0; standard error only names the course."""
    Path("doubling.py").write_text("def twice(x):\n    return x + x\n")
    said = _bad(elsewhere)
    ran = grader("check", *said, "doubling.py", "--course", course_folder, "--json")
    assert (ran.code, ran.err) == (3, f"checked against Small, in {course_folder}\n")
    assert [line.get("error") for line in ran.lines] == [*said.values(), None]
    assert all((line["questions"], line["score"]) == ([], 0) for line in ran.lines[:-1])


def test_a_terminal_shows_what_takes_time(course_folder: Path) -> None:
    """On a terminal, standard error names the function whose cause of failure is looked for; nothing of it remains."""
    Path("doubling.py").write_text("def twice(x):\n    return x * 2 + 0.5 * x\n")
    shown, theirs = pty.openpty()
    command = [sys.executable, "-m", "grader", "check", "--course", str(course_folder), "doubling.py"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "200"}
    said = b""
    with (
        Path("printed").open("wb") as file,
        subprocess.Popen(command, stdout=file, stderr=theirs, env=environment) as run,
    ):
        os.close(theirs)
        with contextlib.suppress(OSError):  # raised at the end of a terminal that nobody writes to
            while part := os.read(shown, 65536):
                said += part
    os.close(shown)
    assert run.returncode == 1
    assert "looking for the cause of what is wrong in `twice` …" in said.decode()
    assert "looking for" not in Path("printed").read_text()


@pytest.mark.parametrize("name", ["x.ipynb", "folder"])
def test_an_empty_folder_holds_nothing_to_check(grader: Command, name: str) -> None:
    """A folder without notebooks is wrong use, whatever its name."""
    Path(name).mkdir()
    ran = grader("check", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"grader: {name} has nothing to check: name a notebook (.ipynb) or a script (.py)\n"


def test_closed_streams_are_no_error(course_folder: Path) -> None:
    """A command without standard streams still ends with its exit code."""
    Path("doubling.py").write_text("def twice(x):\n    return x + x\n")
    done = subprocess.run(
        f"{sys.executable} -m grader check doubling.py --course {course_folder} <&- >&- 2>errors; echo $? >code; "
        f"{sys.executable} -m grader check doubling.py --course {course_folder} <&- >&- 2>&-; echo $? >>code",
        shell=True,
        timeout=200,
    )
    assert done.returncode == 0
    assert (Path("code").read_text(), Path("errors").read_text()) == ("0\n0\n", "")


def test_the_exercise_of_a_file_without_a_name_is_given(grader: Command, course_folder: Path, elsewhere: Path) -> None:
    """--exercise says what a file's name doesn't, and one that the course doesn't have is wrong use."""
    Path("mine.py").write_text("y = 1\n")
    ran = grader("check", "mine.py", "--course", course_folder, "--exercise", "doubling", "--json")
    assert [one["exercise"] for one in ran.lines] == ["doubling"]
    ran = grader("check", "mine.py", "--course", course_folder, "--exercise", "halving")
    assert ran.code == 2
    assert "choose one of: doubling" in ran.err
