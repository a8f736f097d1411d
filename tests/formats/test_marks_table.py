"""Tests of marks as CSV: they are read back as written, and no cell is a formula."""

import contextlib
import csv
import io
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.errors import UsageError
from grader.formats.marks_table import MarkLine, read_marks, write_marks

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
STARTS = st.sampled_from(["", "=", "+", "-", "@", "'=", "' ", " =1", "\t=1", "''-"])


@given(
    st.builds(str.__add__, STARTS, TEXT), st.lists(st.sampled_from(["-a", "=b; c", "d"]), unique=True), st.floats(0, 9)
)
def test_marks_are_read_back_as_written(comment: str, items: list[str], points: float) -> None:
    """Comments and rubric items of any text, formulas and quotes included, are read back unchanged."""
    points = round(points, 2)
    row = {"submission": 7, "question": "why", "points": points, "items": tuple(items), "comment": comment}
    (read,) = read_marks(write_marks([row]).encode()).lines
    assert read == MarkLine(7, "why", points, tuple(items), comment, read.line)


@given(st.builds(str.__add__, STARTS, TEXT))
def test_no_cell_is_a_formula(text: str) -> None:
    """A cell begins with = + - or @, even behind white space, only if it is a plain number such as `+0`."""
    table = write_marks([{"submission": 1, "student": text, "answer": text}])
    for row in csv.reader(io.StringIO(table)):
        texts = [cell for cell in row if not re.fullmatch(r"[+-]?\d+([.,]\d+)?", cell)]
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in texts)


def test_every_row_is_taken_or_left_out() -> None:
    """A row with items needs no points; rows with neither are counted, those with a comment by themselves."""
    head = b"submission,question,points,items,comment\n"
    table = read_marks(head + b'1,why,,1 | It grows,\n2,why,,,\n3,why,,,later\n4,why,1,,good\n,,,,\n5,why,,"1, 2",\n')
    assert [(m.submission, m.points, m.items) for m in table.lines] == [
        (1, None, ("1", "It grows")),
        (4, 1.0, ()),
        (5, None, ("1", "2")),
    ]
    why = "1 without points and items, 1 with a comment, but without points and items"
    assert str(table.rows) == f"5 rows read, 3 taken, 2 left out ({why})"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_tables_in_any_encoding_of_unicode(encoding: str) -> None:
    """A table that was saved as "Unicode text" is read like any other."""
    (mark,) = read_marks("submission;question;points;comment\n3;why;1,5;schön\n".encode(encoding)).lines
    assert (mark.submission, mark.points, mark.comment) == (3, 1.5, "schön")


def test_tables_saved_by_spreadsheets_are_read() -> None:
    """Semicolons, decimal commas, a BOM and other columns are accepted; a line without points is left out."""
    data = "\ufeffpoints;note;question;submission\n1,5;x;why;3\n;;why;4\n 2 ;;why;5\n".encode()
    assert [(m.submission, m.points, m.line) for m in read_marks(data).lines] == [(3, 1.5, 2), (5, 2.0, 4)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no column submission, question, points"),
        (b"submission,points\n", "no column question"),
        (b"submission,question,points\nx,why,1\n", "line 2 of the marks: 'x' is not the number of a submission"),
        (
            b"submission,question,points\n999999999999999999999,why,1\n",
            "'999999999999999999999' is not the number of a sub",
        ),
        (b"submission,question,points\n-1,why,1\n", "'-1' is not the number of a submission"),
        (
            b"submission,question,points\n1,why,1\n1,how,2\n1,why,1\n1,why,2\n",
            "line 5 of the marks: 'why' of submission 1 is marked otherwise in line 2; delete one of the two",
        ),
        (b"submission,question,points\n1,why,\n1,why,many\n", "line 3 of the marks: 'many' is not a number of points"),
        (b"submission,question,points\n1,why,nan\n", "'nan' is not a number of points"),
        (b"submission,question,points\n1,why,1e999\n", "'1e999' is not a number of points"),
        (b"submission,question,points\n1,why,\xff\n", "not UTF-8 text"),
        (b'submission,question,points\n1,"why,' + b"x" * 200_000 + b",1\n", "is not CSV"),
    ],
)
def test_an_error_names_its_line(data: bytes, says: str) -> None:
    """The error is one line that says what to write instead."""
    with pytest.raises(UsageError, match=says) as refusal:
        read_marks(data)
    assert str(refusal.value).isprintable()


@given(st.binary(max_size=200))
def test_any_bytes_are_marks_or_an_error(data: bytes) -> None:
    """Only UsageError is ever raised, and points are always finite numbers."""
    with contextlib.suppress(UsageError):
        assert all(
            m.points is not None and math.isfinite(m.points)
            for m in read_marks(b"submission,question,points\n" + data).lines
        )


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('submission,question,points,comment\n1,why,1,"never closed\n2,why,1,\n', "not CSV"),
        ("submission,submission,question,points\n1,2,why,1\n", "two columns submission"),
        ("x" * 200_000 + ",question,points\n", "line 1 of the marks is not CSV"),
    ],
)
def test_an_ambiguous_table_is_refused(table: str, says: str) -> None:
    """An unclosed quote would swallow lines, and repeated columns are ambiguous; the header counts as a line."""
    with pytest.raises(UsageError, match=says):
        read_marks(table.encode())
