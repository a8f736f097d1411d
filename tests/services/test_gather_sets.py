"""Sets of files that are submitted, uploaded to the portal, or collected from a learning platform.

Covers `web/uploads.py` for exercises of several files.
"""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.formats.assemble_sets import list_file_patterns
from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import DownloadedFile
from grader.formats.file_set import unpack_files
from grader.services.hand_ins import sort_hand_ins
from grader.services.submit import StudentFile, read_student_files
from grader.store import NewSubmission, Store
from grader.web.uploads import UploadRecorder, UploadRefusal
from tests import file_set_course as files

_WHOLE = sorted(files.RIGHT)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The course with an exercise of three files."""
    return load_course(files.write_course(tmp_path / "course"))


@pytest.fixture
def store(tmp_path: Path) -> Iterable[Store]:
    """An empty database."""
    with closing(Store.open(f"sqlite:///{tmp_path}/grader.db")) as opened:
        yield opened


def _paths(one: StudentFile) -> list[str]:
    assert isinstance(one.content, NewSubmission)
    return sorted(unpack_files(one.content.data, 10**6))


@pytest.mark.parametrize("names", [["ada"], ["ada.zip"], ["ada/models", "ada/nets.ipynb"], _WHOLE])
def test_a_set_is_submitted_in_every_way(tmp_path: Path, course: Course, names: list[str]) -> None:
    """A folder, a zip, folders and files, or single files become one submission."""
    files.write_files(tmp_path / "ada", files.RIGHT)
    (tmp_path / "ada.zip").write_bytes(files.zip_files({f"work/{path}": text for path, text in files.RIGHT.items()}))
    paths = [tmp_path / name if name.startswith("ada") else tmp_path / "ada" / name for name in names]
    exercises = [one.name for one in course.exercises]
    (one,) = read_student_files(paths, "ada", exercises, wanted=list_file_patterns(course), course=course)
    assert _paths(one) == _WHOLE


def test_other_files_are_submitted_beside_a_set(tmp_path: Path, course: Course) -> None:
    """The work for another exercise is a submission of its own."""
    files.write_files(tmp_path, {"linear.py": files.LINEAR, "warmup.py": files.WARMUP})
    paths = [tmp_path / "linear.py", tmp_path / "warmup.py"]
    found = read_student_files(paths, "ada", ["nets", "warmup"], wanted=list_file_patterns(course), course=course)
    assert [one.content.exercise for one in found] == ["nets", "warmup"]


def test_the_portal_takes_files_zips_and_parts(course: Course, store: Store) -> None:
    """Files without folders, then a zip with the rest, are one attempt; nothing else is taken."""
    uploads = UploadRecorder(store, course)
    first = uploads.record_files(
        "ada", "nets", [("linear.py", files.LINEAR.encode()), ("deep.py", files.DEEP.encode())]
    )
    rest = files.zip_files({"x/nets.ipynb": files.NOTEBOOK})
    second = uploads.record("ada", "nets", "rest.zip", rest)
    assert not isinstance(first, UploadRefusal)
    assert not isinstance(second, UploadRefusal)
    assert [(one.number, one.attempt) for one in store.submissions()] == [(1, 1), (2, 1)]
    assert sorted(unpack_files(store.read_content(second.id), 10**6)) == _WHOLE
    refused = uploads.record_files("ada", "nets", [("report.pdf", b"%PDF"), ("../evil.sh", b"")])
    assert isinstance(refused, UploadRefusal)
    assert str(refused.reason).startswith("none of these is a file of this exercise: hand in models/linear.py")


def test_files_of_a_download_are_one_claim(course: Course) -> None:
    """Files that a platform renames and lays flat are put together by their owner, also out of a zip."""
    ada, bob = FileOwner("ada", "1"), FileOwner("bob", "2")

    def claim(owner: FileOwner, name: str, stem: str, data: bytes) -> FileClaim:
        return FileClaim(DownloadedFile((name,), name, lambda: data), (owner,), stem)

    claims = [
        claim(ada, "ada_1_7_linear-1.py", "linear-1", files.LINEAR.encode()),
        claim(ada, "ada_1_8_nets.ipynb", "nets", files.NOTEBOOK.encode()),
        claim(ada, "ada_1_9_deep.zip", "deep", files.zip_files({"deep.py": files.DEEP})),
        claim(bob, "bob_2_9_warmup.py", "warmup", b"x = 1\n"),
    ]
    found = sort_hand_ins(claims, ["nets", "warmup"], list_file_patterns(course))
    assert [(one.owners[0].name, one.stem, one.item.is_set) for one in found.claims] == [
        ("ada", "nets", True),
        ("bob", "warmup", False),
    ]
    assert sorted(unpack_files(found.claims[0].item.load(), 10**6)) == _WHOLE
