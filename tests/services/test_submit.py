"""Recording one student's files as a use case, with a receipt for each.

Covers `core/results/receipt.py`, `services/ingest.py` and `services/receipts.py`.
"""

from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.results.receipt import Receipt
from grader.services.ingest import IngestResult
from grader.services.submit import parse_student_name, read_student_files, submit_files
from grader.store import Store

EXERCISES = ("doubling",)


def test_each_file_has_a_receipt_or_a_reason(store: Store, course: Course, tmp_path: Path) -> None:
    """A file is recorded, even if it can't be graded; a file of no exercise is not."""
    names = ("doubling.py", "doubling.ipynb", "other.py")
    for name in names:
        (tmp_path / name).write_text(f"x = {len(name)}\n")
    read = read_student_files([tmp_path / name for name in names], "ada", EXERCISES)
    found = list(submit_files(store, course, "ada", read))
    assert [one.path.name for one in found] == list(names)
    assert [one.can_be_graded for one in found] == [True, False, False]
    good, broken, other = (one.result for one in found)
    assert isinstance(good, Receipt)
    assert isinstance(broken, Receipt)
    assert isinstance(other, IngestResult)
    assert (good.student, good.submission, good.is_new, good.error) == ("ada", 1, True, None)
    assert (broken.submission, bool(broken.error)) == (2, True)
    assert "other.py" in (other.error or "")
    assert len(list(store.submissions())) == 2


def test_the_same_bytes_are_one_attempt(store: Store, course: Course, tmp_path: Path) -> None:
    """Handed in twice, a file has the receipt of its first attempt."""
    (tmp_path / "doubling.py").write_text("x = 1\n")
    for is_new in (True, False):
        (one,) = submit_files(store, course, "ada", read_student_files([tmp_path / "doubling.py"], "ada", EXERCISES))
        assert isinstance(one.result, Receipt)
        assert (one.result.submission, one.result.is_new) == (1, is_new)


def test_mistyped_arguments_are_wrong_use(store: Store, course: Course, tmp_path: Path) -> None:
    """A folder, an invisible name and a name almost like another raise UsageError."""
    with pytest.raises(UsageError, match="is a folder"):
        read_student_files([tmp_path], "ada", EXERCISES)
    for name in (" ", "a\u200bda"):
        with pytest.raises(UsageError, match="is not a name"):
            parse_student_name(name)
    assert parse_student_name("Zoe\u0308") == "Zo\u00eb"
    store.record("Ada", "doubling", b"x = 1\n", "doubling.py")
    with pytest.raises(UsageError, match="the student 'ada' is unknown, but 'Ada' exists"):
        list(submit_files(store, course, "ada", []))
