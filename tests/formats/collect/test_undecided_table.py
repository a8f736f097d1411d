"""Tests of the table of undecided files: it is read back as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.errors import UsageError
from grader.formats.collect.undecided_table import count_decisions, read_decisions, write_undecided
from grader.formats.decode_text import escape_unprintable

WORD = st.text(max_size=20).map(escape_unprintable).map(str.strip)


@given(st.dictionaries(WORD, st.tuples(WORD, WORD, WORD), max_size=5))
def test_decisions_are_read_back_as_written(rows: dict[str, tuple[str, str, str]]) -> None:
    """Files, students, exercises and times are read back unchanged, even if they look like formulas."""
    keys = ("student", "exercise", "received_at")
    text = write_undecided({"file": file, **dict(zip(keys, row, strict=True))} for file, row in rows.items())
    read = read_decisions(text.encode())
    assert {file: (one.student, one.exercise, one.received_at) for file, one in read.items()} == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_decisions_in_any_encoding_of_unicode(encoding: str) -> None:
    """A table that was saved as "Unicode text" is read like any other."""
    assert read_decisions("file\tstudent\na.py\tadä\n".encode(encoding))["a.py"].student == "adä"


def test_every_row_is_taken_or_left_out() -> None:
    """A row without a decision, and one about a file that isn't there, are left out and counted."""
    decisions = read_decisions(b"file,student,exercise\na.py,ada,\nb.py,-,\nc.py,,\nd.py,,losses\n")
    why = "1 without a decision, 1 about files that are not there"
    assert str(count_decisions(decisions, ["a.py", "b.py", "c.py", "e.py"])) == (
        f"4 rows read, 2 taken, 2 left out ({why})"
    )


def test_no_cell_is_a_formula() -> None:
    """A name that a spreadsheet would evaluate is written as text."""
    assert "'=cmd" in write_undecided([{"file": "=cmd|' /C calc'!A0"}])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a,b\n", "no column file, student"),
        (b"file,student\nx,a\nx,b\n", "twice"),
        (b"\xff\xff", "UTF-8"),
        (b"\xff\xfea", "UTF-8"),
    ],
)
def test_errors_are_reported(data: bytes, why: str) -> None:
    """Each error is reported."""
    with pytest.raises(UsageError, match=why):
        read_decisions(data)


@pytest.mark.parametrize("table", ['file,student\na.py,"ada\nb.py,bob\n', "x" * 200_000 + ",file,student\n"])
def test_an_unclosed_quote_is_refused(table: str) -> None:
    """An unclosed quote would swallow the lines behind it; the header counts as a line."""
    with pytest.raises(UsageError, match=r"line \d+ of the decisions is not CSV"):
        read_decisions(table.encode())
