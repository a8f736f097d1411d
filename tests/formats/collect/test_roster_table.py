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
        ("student,name\nada,Ada\n", ("ada", "Ada", "", "", {}, "")),
        ("ID\nada\n", ("ada", "", "", "", {}, "")),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_known_tables(text: str, expected: tuple[object, ...], encoding: str) -> None:
    """Headers in any wording, with `,`, `;` or tabs, a BOM, and rows that are not students, are accepted."""
    (entry,) = read_roster(text.encode(encoding))
    assert (entry.student, entry.name, entry.email, entry.section, entry.ids, entry.participant) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\xe4", "not UTF-8"),
        (b"colour,size\nred,1\n", "no column for the students' ids"),
        (b"id,name\nada,A\nada,B\n", "line 3 .* line 2"),
        (b"id,name\n,Somebody\n", "line 2 .*'Somebody' has no id"),
        (b"id,name\na\x1bb,A\n", "is not an id"),
    ],
)
def test_errors_are_reported(data: bytes, why: str) -> None:
    """Each error is reported with its line."""
    with pytest.raises(UsageError, match=why) as refusal:
        read_roster(data)
    assert str(refusal.value).isprintable()


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    """Any bytes are a roster, or are reported in one line."""
    with contextlib.suppress(UsageError):
        assert all(one.student for one in read_roster(b"id,name\n" + data))
