"""Sets of files: found in class folders and zips, completed by later parts, and graded."""

import tracemalloc
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.core.errors import UnreadableSubmission
from grader.course.loader import load_course
from grader.formats.file_set import pack_files, unpack_files
from grader.services.file_parts import FileParts, wrap_file
from grader.services.ingest import find_submission_files, record_files
from grader.services.transactions import SUBMISSIONS_PER_TRANSACTION, split_into_transactions
from grader.store import NewSubmission, Store
from tests import file_set_course as files

_MOMENT = datetime(2030, 1, 2, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterable[Store]:
    """An empty database."""
    with closing(Store.open(f"sqlite:///{tmp_path}/grader.db")) as opened:
        yield opened


def _paths(store: Store) -> dict[tuple[str, int], list[str]]:
    """Return the paths in each submission, by student and attempt; the last one of an attempt counts."""
    return {
        (one.student, one.attempt): sorted(unpack_files(store.read_content(one.id), 10**6))
        for one in store.submissions(exercise="nets")
    }


def test_every_way_to_hand_in_a_set_gives_the_same_submission(tmp_path: Path, store: Store) -> None:
    """A folder, a folder in it, a zip, and files without their folders are the same bytes."""
    course = load_course(files.write_course(tmp_path / "course"))
    work = tmp_path / "class"
    files.write_files(work / "ada", files.RIGHT)
    files.write_files(work / "bob" / "day1" / "nets", files.RIGHT)
    files.write_files(work / "cy", {path.rpartition("/")[2]: text for path, text in files.RIGHT.items()})
    (work / "dan").mkdir()
    (work / "dan" / "all.zip").write_bytes(files.zip_files({f"x/{path}": text for path, text in files.RIGHT.items()}))
    recorded = list(record_files(store, course, find_submission_files([work], course)))
    assert [(one.student, one.exercise, one.error) for one in recorded] == [
        (name, "nets", None) for name in ("ada", "bob", "cy", "dan")
    ]
    assert len({one.sha256 for one in store.submissions()}) == 1


def test_the_folder_of_one_student_is_a_set(tmp_path: Path, store: Store) -> None:
    """A folder that is itself the set's belongs to the student whose name it has."""
    course = load_course(files.write_course(tmp_path / "course"))
    files.write_files(tmp_path / "ada", files.RIGHT)
    (one,) = record_files(store, course, find_submission_files([tmp_path / "ada"], course))
    assert (one.student, one.exercise) == ("ada", "nets")


def test_parts_are_one_attempt(tmp_path: Path, store: Store) -> None:
    """Parts handed in one after the other are one attempt until the set is complete; the next one is another."""
    course = load_course(files.write_course(tmp_path / "course"))
    parts = FileParts(store, course)
    steps = [("models/linear.py", "1"), ("models/deep.py", "1"), ("nets.ipynb", "1"), ("models/linear.py", "2")]
    for day, (path, text) in enumerate(steps, 1):
        moment = _MOMENT.replace(day=day)
        new = NewSubmission("ada", "nets", pack_files({path: text.encode()}), "nets.zip", moment)
        store.record_one(parts.complete(new)[0])
    whole = sorted(files.RIGHT)
    assert _paths(store) == {("ada", 1): whole, ("ada", 2): whole}
    assert [(one.number, one.attempt, one.received_at.day) for one in store.submissions()] == [
        *((1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 4))
    ]


def test_a_large_class_takes_no_more_memory(tmp_path: Path, store: Store) -> None:
    """Sets that are on record are forgotten; parts find them there, and those of one transaction find each other."""
    course = load_course(files.write_course(tmp_path / "course"))
    parts = FileParts(store, course)
    names = [f"student{number}" for number in range(3 * SUBMISSIONS_PER_TRANSACTION)]

    def hand_in(paths: Iterable[tuple[str, str]]) -> Iterator[NewSubmission]:
        for name, path in paths:
            yield parts.complete(NewSubmission(name, "nets", pack_files({path: name.encode() * 2000}), "nets.zip"))[0]

    first = ((name, path) for name in names for path in ("models/linear.py", "models/deep.py"))
    tracemalloc.start()
    for page in split_into_transactions(hand_in(first), lambda new: new.data):
        store.record_many(page)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    one = 2 * len(names[-1]) * 2000
    assert held < 2 * SUBMISSIONS_PER_TRANSACTION * one
    (last,) = hand_in([(names[0], "nets.ipynb")])
    assert sorted(unpack_files(last.data, 10**6)) == sorted(files.RIGHT)


def test_the_same_parts_again_change_nothing(tmp_path: Path, store: Store) -> None:
    """A class's folder with parts is recorded once, however often it is read."""
    course = load_course(files.write_course(tmp_path / "course"))
    work = tmp_path / "class" / "ada"
    files.write_files(work / "a", {"nets.ipynb": files.NOTEBOOK})
    (work / "b.zip").write_bytes(files.zip_files({"linear.py": files.LINEAR, "deep.py": files.DEEP}))
    for _ in range(2):
        assert len(list(record_files(store, course, find_submission_files([work.parent], course)))) == 2
        assert _paths(store) == {("ada", 1): sorted(files.RIGHT)}


def test_a_later_file_replaces_a_folder_of_its_name(tmp_path: Path, store: Store) -> None:
    """A path that is a folder in one part and a file in another is what the later part says."""
    folder = files.write_course(tmp_path / "course")
    settings = folder / "reference" / "course.toml"
    settings.write_text(settings.read_text().replace('"nets.ipynb"', '"*.py", "*.py/x.py", "nets.ipynb"'))
    parts = FileParts(store, load_course(folder))
    for path in ("m.py/x.py", "m.py"):
        store.record_one(parts.complete(NewSubmission("ada", "nets", pack_files({path: b"1"}), "nets.zip"))[0])
    assert _paths(store) == {("ada", 1): ["m.py"]}


def test_missing_files_are_told(tmp_path: Path, store: Store) -> None:
    """The sentence names the files that the set still lacks."""
    course = load_course(files.write_course(tmp_path / "course"))
    new = NewSubmission("ada", "nets", pack_files({"models/linear.py": b"1"}), "nets.zip")
    (remark,) = FileParts(store, course).complete(new)[1]
    assert str(remark) == "nets: 2 files are missing: models/deep.py, nets.ipynb."


def test_one_file_becomes_a_set(tmp_path: Path) -> None:
    """A file is placed by its name, a notebook as the only one; any other file is refused with the names."""
    exercise = load_course(files.write_course(tmp_path / "course")).exercise("nets")
    assert list(unpack_files(wrap_file(exercise, "deep (2).py", b"1"), 100)) == ["models/deep.py"]
    assert list(unpack_files(wrap_file(exercise, "my work.ipynb", b"1"), 100)) == ["nets.ipynb"]
    with pytest.raises(UnreadableSubmission, match=r"other.py is none of the files of nets: hand in models/linear.py"):
        wrap_file(exercise, "other.py", b"1")
