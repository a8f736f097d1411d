"""Files are written completely or not at all: replaced, left unchanged, or created."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.atomic_write import create_file, replace_file, replace_if_changed


@pytest.mark.parametrize("write", [replace_file, replace_if_changed])
def test_a_file_is_replaced(write: Callable[[Path, bytes], object], tmp_path: Path) -> None:
    """The new content replaces the old, folders are created, and no other file is left."""
    file = tmp_path / "new" / "page.html"
    for data in (b"one", b"another", b""):
        write(file, data)
        assert file.read_bytes() == data
        assert os.listdir(file.parent) == ["page.html"]


def test_a_file_with_equal_content_is_unchanged(tmp_path: Path) -> None:
    """Equal content is not written again: the file keeps its identity and its time."""
    file = tmp_path / "page.html"
    assert replace_if_changed(file, b"same")
    before = file.stat()
    assert not replace_if_changed(file, b"same")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert replace_if_changed(file, b"other")


@pytest.mark.parametrize(
    ("write", "step", "before"),
    [
        (replace_file, "fsync", {"file": b"old"}),
        (replace_file, "replace", {"file": b"old"}),
        (replace_if_changed, "replace", {"file": b"old"}),
        (create_file, "fsync", {}),
        (create_file, "link", {}),
    ],
)
def test_a_failure_changes_nothing(
    write: Callable[[Path, bytes], object],
    step: str,
    before: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If a step fails, the folder has the same files as before, and no partial file."""
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="no space left"):
        write(tmp_path / "file", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    """If several threads create the same file, one succeeds, the others get FileExistsError, and it is complete."""
    file = tmp_path / "key"

    def create(number: int) -> bytes | None:
        data = str(number).encode() * 1000
        try:
            create_file(file, data, mode=0o600)
        except FileExistsError:
            return None
        return data

    with ThreadPoolExecutor(8) as pool:
        written = [data for data in pool.map(create, range(1, 9)) if data is not None]
    assert written == [file.read_bytes()]
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["key"]


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without links, a new file is written directly, and still replaces no other."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    file = tmp_path / "key"
    create_file(file, b"made")
    assert file.read_bytes() == b"made"
    with pytest.raises(FileExistsError):
        create_file(file, b"other")
