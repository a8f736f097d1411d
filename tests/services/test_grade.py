"""Grading as a use case: it reads files, returns reports, reports progress, and prints nothing.

Covers `services/grading_run.py`.
"""

from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.formats.discover import FoundFile, find_submissions
from grader.sandbox.level import Level
from grader.services.grade import check_names, find_submissions_to_grade, grade_files, grade_submissions
from grader.services.grading_run import GradeRequest, GradingOptions, GradingRun
from grader.store import Store

from .conftest import RecordedProgress

OPTIONS = GradingOptions(1, Level.FULL, Level.SECCOMP)


def write_class(folder: Path, **sources: str) -> list[FoundFile]:
    """Write one script per student and find them."""
    for student, source in sources.items():
        (folder / student).mkdir(parents=True)
        (folder / student / "doubling.py").write_text(source)
    return find_submissions([folder], ["doubling"])


def test_files_become_reports(
    store: Store, course: Course, tmp_path: Path, progress: RecordedProgress, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file has one report in order, also one that can't be read; a bar counts them, and nothing is printed."""
    found = write_class(
        tmp_path / "class", ada="def twice(x):\n    return 2 * x\n", bob="def twice(x):\n    return x\n", zoe="\0"
    )
    reports = grade_files(store, course, found, OPTIONS, progress)
    assert [(one.student, one.score, one.error is None) for one in reports] == [
        ("ada", 3.0, True),
        ("bob", 0.0, True),
        ("zoe", 0.0, False),
    ]
    assert progress.tracked == [("grading", 3, 3)]
    assert progress.notes == []
    assert capsys.readouterr() == ("", "")


def test_graded_submissions_are_not_graded_again(
    store: Store, course: Course, tmp_path: Path, progress: RecordedProgress
) -> None:
    """A second call gives the same reports from the records, without a bar."""
    found = write_class(tmp_path / "class", ada="def twice(x):\n    return 2 * x\n")
    first = grade_files(store, course, found, OPTIONS, progress)
    assert grade_files(store, course, found, OPTIONS, progress) == first
    assert progress.tracked == [("grading", 1, 1)]
    assert store.read_info().gradings == 1


def test_without_files_recorded_submissions_are_graded(store: Store, course: Course) -> None:
    """Only the requested student is graded, and submissions of another course are not listed."""
    for student in ("ada", "bob"):
        store.record(student, "doubling", b"def twice(x):\n    return x + x\n", "doubling.py")
    store.record("ada", "of_another_course", b"", "other.py")
    wanted = GradeRequest(student="ada")
    ingested = find_submissions_to_grade(store, course, None, wanted)
    (report,) = grade_submissions(store, course, ingested, wanted, OPTIONS)
    assert (report.student, report.score) == ("ada", 3.0)
    assert [one.student for one in store.iterate_ungraded(exercise="doubling")] == ["bob"]


def test_claimed_submissions_are_waited_for(
    store: Store, course: Course, tmp_path: Path, progress: RecordedProgress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is graded while another holds the claim; after some polls a note says so; then grading goes on."""
    monkeypatch.setattr("grader.services.grading_run.CLAIM_POLL_INTERVAL_S", 0.0)
    id = store.record("ada", "doubling", b"def twice(x):\n    return x + x\n", "doubling.py").id
    with Store.open(f"sqlite:///{tmp_path / 'records.db'}") as other:
        other.claim([id])
        note = progress.note

        def release(message: str) -> None:
            note(message)
            other.release_claims()

        monkeypatch.setattr(progress, "note", release)
        GradingRun(store, course, GradeRequest(), OPTIONS, progress).run([id], store.append_many)
    assert progress.notes == ["another command grades the rest; waiting for it"]
    assert list(store.iterate_ungraded()) == []


def test_unknown_names_are_refused(course: Course) -> None:
    """An unknown exercise or question raises UsageError, which names the known ones."""
    check_names(course, GradeRequest("doubling", question="twice"))
    with pytest.raises(UsageError, match="doubling"):
        check_names(course, GradeRequest("halving"))
    with pytest.raises(UsageError, match="choose one of: twice"):
        check_names(course, GradeRequest(question="thrice"))
