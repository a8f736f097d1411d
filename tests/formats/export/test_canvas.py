"""Tests of Canvas's gradebook, against a small importer that works as Canvas's does.

Covers `formats/export/match_rows.py`.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.core.errors import UsageError
from grader.core.report.gradebook import Gradebook
from grader.formats.export.canvas import from_roster, from_template

Golden = Callable[[str, bytes], None]
Grades = dict[tuple[str, str], str]
"""Maps (student's id, assignment's id) to a grade."""

EXPORTED = """\
Student,ID,SIS User ID,SIS Login ID,Section,Losses: how wrong? (7001),Homework 2 (7002),Essay (7003),Final Score
    ,,,,,Manual Posting,,,
    Points Possible,,,,,8.25,4,10,(read only)
"Lovelace, Ada",101,S1,alovelace,A,5,,9,80
"Müller, Bob",,S2,bmueller,B,1.5,3,,70
"Cleo",103,S3,cleo,A,2,1,,60
"Dora",104,S4,dora,A,7,,,50
"=HYPERLINK(""x"")",105,S5,eve,A,EX,,,40
"Student, Test",999,,test,A,,,,
"""


def imported(data: bytes, grades: Grades) -> Grades:
    """Return Canvas's grades after the import: matched by ids; an empty cell clears, a missing one changes nothing."""
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert "Student" in header[0]
    assert header[1] == "ID"
    assert "Section" in header[4]
    after = dict(grades)
    for row in rows:
        if "Points Possible" in row[0] or all(re.fullmatch(r"\s*(Manual Posting.*)?\s*", cell) for cell in row):
            continue
        student = row[1] or {"S2": "102"}[row[2]]
        for at, name in enumerate(header[5:], 5):
            found = re.fullmatch(r".* \((\d+)\)", name)
            assert found, f"Canvas would make a new assignment of {name!r}"
            after[student, found[1]] = row[at]
    return after


BEFORE: Grades = {
    ("101", "7001"): "5",
    ("101", "7003"): "9.5",  # graded after the template was downloaded
    ("102", "7001"): "1.5",
    ("102", "7002"): "3",
    ("103", "7001"): "2",
    ("103", "7002"): "1",
    ("104", "7001"): "7",
    ("105", "7001"): "EX",
}


def test_only_new_scores_change_anything(book: Gradebook) -> None:
    """The import changes only grades that have a score; pending, excused and foreign ones stay."""
    filled = from_template(book, EXPORTED.encode(), {"update": "Homework 2"})
    after = imported(filled.table.to_bytes(), BEFORE)
    ours = {("101", "7001"): "8.25", ("101", "7002"): "4", ("102", "7001"): "6.4", ("102", "7002"): "0.333333"}
    assert after == BEFORE | ours
    assert filled.count == 4
    assert filled.rows is not None
    assert filled.rows.read == EXPORTED.strip().count("\n")
    assert any("excused in Canvas and left unchanged: 1" in remark for remark in filled.remarks)


def test_filled_template_matches_golden_file(book: Gradebook, golden: Golden) -> None:
    """Columns about students, ids in headers and both rows above the students are kept; no name is a formula."""
    golden("canvas.csv", from_template(book, EXPORTED.encode(), {"update": "7002"}).table.to_bytes())


def test_missing_scores_are_reported(book: Gradebook) -> None:
    """An unknown row, a missing row, a missing column and other points give one sentence each."""
    short = "".join(line for line in EXPORTED.splitlines(keepends=True) if "Lovelace" not in line)
    filled = from_template(book, short.replace("8.25", "100").encode(), {})
    said = "\n".join(filled.remarks)
    assert "Student, Test of the template" in said
    assert "ada: no row" in said
    assert "no column of the template matches update, whose scores are left out" in said
    assert "losses has 100 points in Canvas and 8.25 here" in said


def test_delimiter_and_byte_order_mark_are_kept(book: Gradebook) -> None:
    """The file is written with the delimiter and byte order mark of the template."""
    text = "\ufeff" + EXPORTED.replace('"Lovelace, Ada"', "Ada").replace(",", ";").replace("8.25", "8,25")
    data = from_template(book, text.encode(), {}).table.to_bytes()
    assert data.startswith(b"\xef\xbb\xbfStudent;ID;SIS User ID;SIS Login ID;Section;Losses: how wrong? (7001)\r\n")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_template_in_any_encoding_of_unicode(book: Gradebook, encoding: str) -> None:
    """A template in UTF-16 is filled in like one in UTF-8; the file is written in UTF-8."""
    data = from_template(book, EXPORTED.encode(encoding), {}).table.to_bytes()
    plain = from_template(book, EXPORTED.encode(), {}).table.to_bytes()
    assert data.decode("utf-8-sig") == plain.decode()


def test_two_rows_of_one_student_stay_unchanged(book: Gradebook) -> None:
    """Two rows that match one student both stay as they were, and that is reported."""
    text = EXPORTED + '"Someone else",,S1,x,A,1,,,\n'
    filled = from_template(book, text.encode(), {})
    assert "Lovelace" not in filled.table.to_bytes().decode()
    assert "Someone else" in "\n".join(filled.remarks)


@pytest.mark.parametrize(
    ("template", "names", "says"),
    [
        (b"\xe4", {}, "not UTF-8 text"),
        (b"", {}, "no column ID"),
        (b"Student,ID,Section,Other (1)\n", {}, "its columns are: Other (1); name one with --column EXERCISE=NAME"),
        (b"Student,ID,Section,losses (1),losses (2)\n", {}, "several columns match losses"),
        (EXPORTED.encode(), {"losses": "Nothing"}, "has no column 'Nothing'"),
        (
            b'Student,ID,Section,losses (1)\na,1,A,2\n"b,2,A,3\nc,3,A,4\n',
            {},
            "line 3 of the template is not CSV: a quote is",
        ),
        (b'Student,ID,Section,losses (1)\n"a"b,1,A,2\n', {}, "line 2 of the template is not CSV"),
        (b"Student,ID,Section,losses (1)\na,1,A,2,3\n", {}, "line 2 of the template has 5 cells"),
    ],
)
def test_an_unusable_template_is_refused(book: Gradebook, template: bytes, names: dict[str, str], says: str) -> None:
    """An unusable template is refused with one line that names its problem."""
    with pytest.raises(UsageError, match=re.escape(says)):
        from_template(book, template, names)


def test_roster_export_matches_golden_file(book: Gradebook, golden: Golden) -> None:
    """One exercise without a template lists everybody with a score, with ids where the roster has them."""
    one = replace(book, columns=book.columns[:1])
    golden("canvas_roster.csv", from_roster(one, {"losses": "Losses (7001)"}).table.to_bytes())


def test_no_empty_cell_is_written_beside_a_score(book: Gradebook) -> None:
    """An empty cell would clear a grade in Canvas, so it is refused, with both remedies."""
    with pytest.raises(UsageError, match=r"1 student lacks a score .*one exercise at a time.*as the template"):
        from_roster(book, {})
