"""Collecting a class as a use case: every file has an outcome, and uncertain ones become a table.

Covers `services/collect_outcome.py` and `services/collector.py`.
"""

import csv
from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.services.collect import (
    CollectRequest,
    collect_submissions,
    read_collect_input,
    write_undecided_table,
)
from grader.services.people import import_roster
from grader.store import Store

from .conftest import RecordedProgress


def write_files(folder: Path, **sources: str) -> Path:
    """Write scripts of the exercise `doubling`, one per student, in the form of a Canvas download."""
    folder.mkdir()
    for number, (name, source) in enumerate(sources.items(), 1):
        (folder / f"{name}_{number}_{number}_doubling.py").write_text(source)
    return folder


def test_each_file_has_an_outcome(
    store: Store, course: Course, tmp_path: Path, progress: RecordedProgress, capsys: pytest.CaptureFixture[str]
) -> None:
    """A student of the roster is recorded, an unknown one is undecided; nothing is printed."""
    (tmp_path / "roster.csv").write_text("id,name\nada,Ada Lovelace\n")
    folder = write_files(tmp_path / "download", lovelaceada="a = 1\n", stranger="b = 1\n")
    given = read_collect_input(course, CollectRequest([folder], "canvas", roster=tmp_path / "roster.csv"))
    assert given.roster is not None
    assert import_roster(store, given.roster.entries).count == 1
    outcomes = {one.student: one for one in collect_submissions(store, given, progress)}
    assert (outcomes["ada"].status, outcomes["ada"].exercise) == ("recorded", "doubling")
    assert outcomes[None].status == "undecided"
    assert [(one.student, one.file_name) for one in store.submissions()] == [("ada", "lovelaceada_1_1_doubling.py")]
    assert progress.tracked == [("collecting", 2, 2)]
    assert [note.partition(": ")[2] for note in progress.notes] == ["canvas, 2 notebooks and scripts"]
    assert capsys.readouterr() == ("", "")


def test_undecided_files_are_decided_in_a_table(
    store: Store, course: Course, tmp_path: Path, progress: RecordedProgress
) -> None:
    """The table is a new file with a line per undecided file; filled in, it decides them."""
    folder = write_files(tmp_path / "download", stranger="b = 1\n")
    outcomes = list(
        collect_submissions(store, read_collect_input(course, CollectRequest([folder], "canvas")), progress)
    )
    table = tmp_path / "undecided.csv"
    write_undecided_table(outcomes, table)
    with pytest.raises(FileExistsError):
        write_undecided_table(outcomes, table)
    with table.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    table.write_text(f"file,student\n{row['file']},zoe\n")
    given = read_collect_input(course, CollectRequest([folder], "canvas", decisions=table))
    assert [(one.status, one.student) for one in collect_submissions(store, given, progress)] == [("recorded", "zoe")]


@pytest.mark.parametrize(
    ("request_of", "why"),
    [
        (lambda folder: CollectRequest([]), "name a folder or a zip archive"),
        (lambda folder: CollectRequest([folder], "blackboard"), "is not a format"),
        (lambda folder: CollectRequest([folder], exercise="halving"), "halving"),
        (lambda folder: CollectRequest([folder], received_time="tomorrow"), "is not a date and time"),
        (lambda folder: CollectRequest([folder / "absent"]), "this file or folder does not exist"),
        (lambda folder: CollectRequest([folder], roster=folder / "absent"), "can't be read"),
    ],
)
def test_a_bad_request_is_refused_before_recording(
    course: Course, tmp_path: Path, request_of: object, why: str
) -> None:
    """Reading a request raises UsageError; it needs no records."""
    assert callable(request_of)
    with pytest.raises(UsageError, match=why):
        read_collect_input(course, request_of(tmp_path))
