"""Tests of printed text: kept up to a limit in whole characters, and counted completely."""

import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.inside.captured_output import CapturedOutput, strip_addresses


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))), st.integers(0, 50))
def test_the_beginning_is_kept_and_all_is_counted(texts: list[str], limit: int) -> None:
    """The longest prefix of whole characters within the limit is kept; every byte is counted."""
    printed = CapturedOutput(limit)
    for text in texts:
        assert printed.write(text) == len(text)
    kept, size = printed.take()
    data = "".join(texts).encode()
    assert size == len(data)
    assert kept == data[:limit].decode("utf-8", "ignore")
    assert printed.take() == ("", 0)


def test_empty_writes_keep_nothing() -> None:
    """A million writes of empty text take no memory."""
    printed = CapturedOutput(10)
    for _ in range(1000):
        printed.write("")
    assert printed._kept == []


def test_lone_surrogates_are_replaced() -> None:
    """Text that isn't valid Unicode doesn't stop printing."""
    printed = CapturedOutput(10)
    printed.write("a\ud800b")
    assert printed.take() == ("a?b", 3)


def test_addresses_are_left_out() -> None:
    """Memory addresses, which differ from run to run, are left out; other numbers stay."""
    assert strip_addresses("<Net object at 0x7f00deadbeef> 0xff") == "<Net object at 0x…> 0xff"


def test_scripts_may_wrap_standard_output() -> None:
    """A script that chooses an encoding, or wraps standard output for it, still prints."""
    printed = CapturedOutput(100)
    printed.reconfigure(encoding="shift_jis")
    buffer: Any = printed.buffer
    wrapped = io.TextIOWrapper(buffer, encoding="utf-8", write_through=True)
    print("é", file=wrapped)
    assert printed.take() == ("é\n", 3)
