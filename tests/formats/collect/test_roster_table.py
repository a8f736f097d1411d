"""Tests of rosters as Canvas, Moodle, Gradescope and people write them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.errors import UsageError
from grader.formats.collect.roster_table import read_roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Losses (12)
    Points Possible,,,,,10.0
"Lovelace, Ada",4711,u1,ada,"Group 1 and Group 2",
"""
PARTICIPANTS = "\ufeffVorname;Nachname;ID number;Email address;Groups\nAda;Lovelace;77;ada@example.org;A\n"
WORKSHEET = "Identifier,Full name,Email address,Status\nParticipant 123,Ada Lovelace,ada@example.org,Submitted\n"
GRADESCOPE = "First Name\tLast Name\tSID\tEmail\tRole\nAda\tLovelace\t0123\tada@example.org\tStudent\n"
GERMAN = """\
ID;"Vollständiger Name";E-Mail-Adresse;Status;Bewertung
"Teilnehmer/in12345";"Ada Lovelace";ada@x.org;"Zur Bewertung abgegeben";
"""
OWN = "id;name;email;section;canvas\nada;Ada Lovelace;;B;4711\n\n;;;;\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            CANVAS,
            ("ada", "Ada Lovelace", "", "Group 1 and Group 2", {"canvas": "4711", "sis": "u1", "login": "ada"}, ""),
        ),
        (PARTICIPANTS, ("77", "Ada Lovelace", "ada@example.org", "A", {"sis": "77"}, "")),
        (WORKSHEET, ("ada@example.org", "Ada Lovelace", "ada@example.org", "", {}, "123")),
        (GRADESCOPE, ("0123", "Ada Lovelace", "ada@example.org", "", {"gradescope": "0123"}, "")),
        (OWN, ("ada", "Ada Lovelace", "", "B", {"canvas": "4711"}, "")),
        (GERMAN, ("ada@x.org", "Ada Lovelace", "ada@x.org", "", {}, "12345")),
        (
            "Prénom;Nom;Adresse de courriel\nAda;Lovelace;ada@x.org\n",
            ("ada@x.org", "Ada Lovelace", "ada@x.org", "", {}, ""),
        ),
        ("student,name\nada,Ada\n", ("ada", "Ada", "", "", {}, "")),
        ("ID\nada\n", ("ada", "", "", "", {}, "")),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_known_tables(text: str, expected: tuple[object, ...], encoding: str) -> None:
    """Headers in any wording, with `,`, `;` or tabs, a BOM, and rows that are not students, are accepted."""
    (entry,) = read_roster(text.encode(encoding)).entries
    assert (entry.student, entry.name, entry.email, entry.section, entry.ids, entry.participant) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\xe4", "not UTF-8"),
        (b"colour,size\nred,1\n", "no column for the students' ids"),
        (b"id,name\nada,A\nada,B\n", "line 3 .* line 2"),
        (b"id,name\n,Somebody\n", "line 2 .*'Somebody' has no id"),
        (b"id,name\nada,A\n1.23457E+11,B\n", "line 3 .*a spreadsheet has changed the id to '1.23457E.11'"),
        (b"id,name\n1E+11,B\n", "a spreadsheet"),
        (b"id,name\n4711.0,B\n", "a spreadsheet"),
        (b"id,name\n#N/A,B\n", "a spreadsheet has changed the id to '#N/A'"),
        (b"id,name\n#NAME?,B\n", "a spreadsheet"),
        (b"id,name\n####,B\n", "a spreadsheet"),
        (b'id,canvas,name\nada,"4,7E+09",B\n', "a spreadsheet"),
        (b"id,name\nParticipant 123,A\n", "line 2 .*'Participant 123' is a number within one assignment"),
        (b"id,email,name\nada,a@x.org,A\nParticipant 123,b@x.org,B\n", "line 3 .*within one assignment"),
        (b"id,name\na\x1bb,A\n", "is not an id"),
    ],
)
def test_errors_are_reported(data: bytes, why: str) -> None:
    """Each error is reported with its line."""
    with pytest.raises(UsageError, match=why) as refusal:
        read_roster(data)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("id", ["1e5", "12.5", "#ada", "E+11", "participle7", "0123"])
def test_unusual_ids_are_ids(id: str) -> None:
    """What only resembles a damaged id is one."""
    assert [entry.student for entry in read_roster(f"id,name\n{id},A\n".encode()).entries] == [id]


def test_staff_are_not_students() -> None:
    """Rows with a role of staff are left out and counted; a role that isn't known is named."""
    rows = (
        '1,Ada,Student\n2,Alan,TA\n3,Emmy,Instructor\n4,Kim,\n5,Eve,"Student, Teacher"\n6,Bob,Auditor\n,Mary,Reader\n'
    )
    roster = read_roster(f"SID,Name,Role\n{rows}".encode())
    assert [entry.student for entry in roster.entries] == ["1", "4", "6"]
    assert str(roster.rows) == "7 rows read, 3 taken, 4 left out (staff)"
    assert [str(remark) for remark in roster.remarks] == ["Roles taken for a student's: Auditor"]


def test_columns_that_are_not_used_are_named() -> None:
    """Columns of unknown headings are named, also if none of them is a name."""
    remarks = [str(remark) for remark in read_roster(b"id,Nombre,Group,Nota\nada,Ada,A,3\n").remarks]
    assert remarks == [
        "Columns of the roster that are not used: Nombre, Nota",
        "No column of the roster was read as the students' names: call it name.",
    ]
    assert read_roster(OWN.encode()).remarks == ()
    many = read_roster(("id,name," + ",".join(f"c{n}" for n in range(20)) + "\nada,A\n").encode()).remarks
    assert str(many[0]).endswith("c6, c7, … (+12)")


def test_numbers_within_one_assignment_are_not_ids() -> None:
    """Moodle's worksheet in German has them as `ID`: the e-mail address is the id, and a sentence says so."""
    remarks = [str(remark) for remark in read_roster(GERMAN.encode()).remarks]
    assert "numbers within one assignment (Teilnehmer/in12345): the column e-mail-adresse is used" in remarks[0]
    assert remarks[1:] == ["Columns of the roster that are not used: Status, Bewertung"]


def test_rows_add_up() -> None:
    """Every row that isn't empty is taken or left out."""
    assert str(read_roster(CANVAS.encode()).rows) == "2 rows read, 1 taken, 1 left out (not a student's)"
    assert str(read_roster(OWN.encode()).rows) == "1 row read, 1 taken, 0 left out"


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    """Any bytes are a roster, or are reported in one line."""
    with contextlib.suppress(UsageError):
        assert all(one.student for one in read_roster(b"id,name\n" + data).entries)
