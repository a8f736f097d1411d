"""What the tests of collecting share: items that are in no file."""

from collections.abc import Callable

import pytest

from grader.formats.collect.file_tree import Item

MakeItem = Callable[..., Item]


@pytest.fixture
def make_item() -> MakeItem:
    """Makes an item of a path, with contents."""

    def make(path: str, data: bytes = b"", *, doubtful: bool = False) -> Item:
        return Item(tuple(path.split("/")), path, lambda: data, doubtful)

    return make
