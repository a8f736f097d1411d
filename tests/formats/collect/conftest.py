"""Fixtures for the tests of collecting: items that are not in a file."""

from collections.abc import Callable

import pytest

from grader.formats.collect.file_tree import DownloadedFile

MakeItem = Callable[..., DownloadedFile]


@pytest.fixture
def make_item() -> MakeItem:
    """Makes an item of a path, with contents."""

    def make(path: str, data: bytes = b"", *, doubtful: bool = False) -> DownloadedFile:
        return DownloadedFile(tuple(path.split("/")), path, lambda: data, doubtful)

    return make
