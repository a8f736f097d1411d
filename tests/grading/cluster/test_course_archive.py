"""Tests of a course as bytes: it is unpacked unchanged, and nothing is written outside its folder."""

from pathlib import Path

import numpy as np
import pytest

from grader.core.wire.encode import encode
from grader.core.wire.values import InvalidValueError, Value
from grader.course.loader import bundled_course_folder, load_course
from grader.grading.cluster.course_archive import hash_archive, pack_course, unpack_course


def test_an_unpacked_course_is_the_same_course(tmp_path: Path) -> None:
    """The unpacked course has the same version and questions; packing gives the same bytes each time."""
    archive = pack_course(bundled_course_folder())
    assert archive == pack_course(bundled_course_folder())
    there, here = (
        load_course(unpack_course(archive, hash_archive(archive), tmp_path)),
        load_course(bundled_course_folder()),
    )
    assert there.version == here.version
    assert [(e.name, [q.id for q in e.questions]) for e in there.exercises] == [
        (e.name, [q.id for q in e.questions]) for e in here.exercises
    ]


def test_a_damaged_archive_is_refused(course_folder: Path, tmp_path: Path) -> None:
    """One changed byte is enough for a refusal."""
    archive = pack_course(course_folder)
    damaged = archive[:-1] + bytes([archive[-1] ^ 1])
    with pytest.raises(InvalidValueError, match="was damaged in transfer"):
        unpack_course(damaged, hash_archive(archive), tmp_path / "there")
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside", "a/../../outside", "", ".", "a\0b"])
def test_no_file_is_written_outside(name: str, tmp_path: Path) -> None:
    """A path outside the folder is refused even if the archive's hash is right."""
    (tmp_path / "there").mkdir()
    data = encode([(name, np.frombuffer(b"x", np.uint8))], 1000)
    with pytest.raises(InvalidValueError, match="contains an invalid file"):
        unpack_course(data, hash_archive(data), tmp_path / "there")
    assert list(tmp_path.iterdir()) == [tmp_path / "there"]


@pytest.mark.parametrize("items", [7, [7], [("a", "b")], [("a", np.zeros(3))], [("a", np.zeros((2, 2), np.uint8))]])
def test_malformed_archives_are_refused(items: Value, tmp_path: Path) -> None:
    """A value that isn't an archive raises InvalidValueError."""
    data = encode(items, 1000)
    with pytest.raises(InvalidValueError):
        unpack_course(data, hash_archive(data), tmp_path)
