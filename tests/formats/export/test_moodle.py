"""Tests of Moodle's worksheet and grade import, against a small importer that works as Moodle's does."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.core.errors import UsageError
from grader.core.report.gradebook import Gradebook
from grader.formats.export.moodle import from_roster, from_worksheet

Golden = Callable[[str, bytes], None]

WORKSHEET = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 11","Ada Lovelace",ada@example.org,"Submitted for grading",5.00,8.25,Yes,\
"Tuesday, 20 May 2031, 9:00 PM",-,"Points: 5 of 8.25"
"Participant 12","Bob Müller",bob@example.org,"Submitted for grading",,8.25,Yes,\
"Tuesday, 20 May 2031, 9:00 PM",-,"Well tried, Bob"
"Participant 13",Cleo,cleo@example.org,"Submitted for grading",2.00,8.25,Yes,-,-,"Wait for me"
"Participant 14",Dora,dora@example.org,"No submission",7.00,8.25,Yes,-,-,
"Participant 15","=cmd()",eve@example.org,"Submitted for grading",1.00,8.25,No,-,-,
"Participant 16",Zoe,zoe@example.org,"No submission",3.00,8.25,Yes,-,-,"Hello, Zoe"
"""

State = dict[str, tuple[str, str]]
BEFORE: State = {
    "Participant 11": ("5.00", "Points: 5 of 8.25"),
    "Participant 12": ("", "Well tried, Bob"),
    "Participant 13": ("2.00", "Wait for me"),
    "Participant 14": ("7.00", ""),
    "Participant 15": ("1.00", ""),
    "Participant 16": ("3.00", "Hello, Zoe"),
}


@pytest.fixture
def losses(book: Gradebook) -> Gradebook:
    """Return the gradebook of the worksheet's one exercise."""
    return replace(book, columns=book.columns[:1])


def uploaded(data: bytes, before: State) -> State:
    """Return the state of Moodle after the upload: an empty grade is skipped, a comment always replaces the old one."""
    after = dict(before)
    for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        grade, _ = after[row["Identifier"]]
        after[row["Identifier"]] = (row["Grade"] or grade, row["Feedback comments"])
    return after


def test_only_new_scores_change_anything(losses: Gradebook) -> None:
    """Ada's and Bob's grades are new; no other grade and no person's comment is lost, pending ones included."""
    filled = from_worksheet(losses, WORKSHEET.encode())
    assert uploaded(filled.table.to_bytes(), BEFORE) == BEFORE | {
        "Participant 11": ("8.25", "Points: 8.25 of 8.25<br>Softmax: 2 of 2."),
        "Participant 12": ("6.4", "Well tried, Bob"),
    }
    assert filled.count == 2
    assert str(filled.rows) == (
        "6 rows read: 2 filled, 4 left out (2 without a score, 1 can't be changed, 1 not in the records)"
    )
    said = "\n".join(filled.remarks)
    assert "Zoe of the template: not in the records" in said
    assert "can't be changed in Moodle, left as they were: 1" in said
    assert "comments that a person wrote in Moodle, left as they were: 1" in said


def test_filled_worksheet_matches_golden_file(losses: Gradebook, golden: Golden) -> None:
    """Every column stays in its place; no name is a formula."""
    blank = WORKSHEET.replace('"Well tried, Bob"', "")
    golden("moodle_worksheet.csv", from_worksheet(losses, blank.encode()).table.to_bytes())


def test_comments_are_html_without_markup(losses: Gradebook) -> None:
    """Comments of authors and markers are escaped text, with line breaks between lines and none within."""
    blank = WORKSHEET.replace('"Well tried, Bob"', "").encode()
    comment = uploaded(from_worksheet(losses, blank).table.to_bytes(), BEFORE)["Participant 12"][1]
    assert comment == ("Points: 6.4 of 8.25<br>Softmax: 0 of 2. &lt;b&gt;x&lt;/b&gt; is a vector &amp; no matrix")


def test_a_different_maximum_is_reported(losses: Gradebook) -> None:
    """A different maximum is reported, with a warning if it is smaller, because Moodle skips higher grades."""
    (said, *_) = from_worksheet(losses, WORKSHEET.replace("8.25,Yes", "5,Yes").encode()).remarks
    assert "5 points in Moodle and 8.25 here" in said
    assert "skips those beyond" in said


def test_a_worksheet_in_another_language_is_refused(losses: Gradebook) -> None:
    """A worksheet with translated column names is refused, with a remedy."""
    with pytest.raises(UsageError, match=re.escape("no column Grade")):
        from_worksheet(losses, WORKSHEET.replace("Grade", "Bewertung").encode())


def test_grade_import_matches_golden_file(losses: Gradebook, golden: Golden) -> None:
    """Everybody with a score has a line with key, grade and comment."""
    golden("moodle_import.csv", from_roster(losses).table.to_bytes())


def test_incomplete_key_columns_are_left_out(losses: Gradebook) -> None:
    """Moodle attributes a line with an empty key to the student before, so such a column is left out."""
    assert from_roster(losses).table.header[:3] == ("username", "email", "idnumber")
    nobodys = replace(losses, people=(replace(losses.people[0], email=""), *losses.people[1:]))
    assert from_roster(nobodys).table.header[:2] == ("username", "idnumber")


def test_no_empty_cell_is_written_beside_a_score(book: Gradebook) -> None:
    """An empty cell would remove a grade in Moodle, so it is refused."""
    with pytest.raises(UsageError, match="Moodle clears a grade if its cell is empty"):
        from_roster(book)
